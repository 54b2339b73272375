import ShardTestSupport
import Testing

/// What the hash of a record's content takes for the same.
struct RecordHashTests {
  @Test(
    "Spelling makes no difference",
    arguments: [
      (#"{"a": 1, "b": 2}"#, #"{"b":2,"a":1}"#),
      (#"{"a":1}"#, "  {\t\"a\" : 1 } "),
      (#"{"a":1}"#, #"{"a":1.0}"#), (#"{"a":1}"#, #"{"a":1e0}"#), (#"{"a":100}"#, #"{"a":1E+2}"#),
      (#"{"a":0}"#, #"{"a":-0.0}"#), (#"{"a":[1,0]}"#, #"{"a":[1.0,-0.0]}"#),
      (#"{"a":0.1}"#, #"{"a":0.1000000000000000055}"#),
      (#"{"a":NaN}"#, #"{"a":nan}"#), (#"{"a":-Infinity}"#, #"{"a":-inf}"#),
      (#"{"a":"é/x"}"#, #"{"\u0061":"\u00e9\/x"}"#), (#"{"a":"😀"}"#, #"{"a":"\ud83d\ude00"}"#),
      (#"{"a":["x","y"]}"#, #"{"a":["\u0078","y"]}"#),
      (#"{"a":[1,"x",null]}"#, #"{"a":[ 1.0 , "x" , null ]}"#),
      (#"{"a":{"b":1,"c":2},"d":3}"#, #"{"d":3,"a":{"c":2,"b":1}}"#),
      (#"{"l":[{"a":1,"b":2},{"a":3}]}"#, #"{"l":[{"b":2,"a":1},{"a":3}]}"#),
      (#"{"l":[{"t":[1,{"u":true}],"v":"x"}]}"#, #"{"l":[{"v":"x","t":[1,{"u":true}]}]}"#),
      (#"{"a":[12345678901234567890,1]}"#, #"{"a":[12345678901234567890,1.0]}"#),
      ("[1,2]", "[ 1.0, 2 ]"), ("\"x\"", "\"\\u0078\""),
    ])
  func same(_ left: String, _ right: String) throws {
    let hashes = recordHashes(left + "\n" + right + "\n")
    #expect(hashes.count == 2 && hashes[0] != nil)
    #expect(hashes[0] == hashes[1])
    // A neighbour in the batch changes nothing.
    let mixed = recordHashes("{\"a\":[\"x\",1,{}],\"l\":[1]}\n" + right + "\n")
    #expect(mixed[1] == hashes[0])
  }

  @Test(
    "What differs has another hash",
    arguments: [
      [
        #"{"a":1}"#, #"{"a":"1"}"#, #"{"a":[1]}"#, #"{"a":true}"#, #"{"a":null}"#, #"{"a":{}}"#, #"{"a":[]}"#,
        #"{"b":1}"#, #"{"a":2}"#, #"{"a":-1}"#, #"{"a":false}"#, #"{"a":""}"#, #"{"a":"null"}"#,
        #"{"a":NaN}"#,
        #"{"a":Infinity}"#, #"{"a":-Infinity}"#, #"{"a":1,"b":null}"#, #"{"a":[null]}"#, #"{"a":[{}]}"#,
        #"{"a":[[]]}"#, #"{"a":[[],[]]}"#, #"{"a":{"a":1}}"#, #"{"a":0.1}"#, #"{"a":0.10000000000000002}"#,
        "\"1\"", "[1]", "[[1]]",
      ],
      [
        #"{"a":[1,2]}"#, #"{"a":[2,1]}"#, #"{"a":[1,2,2]}"#, #"{"a":[[1],2]}"#, #"{"a":[[1],[2]]}"#,
        #"{"a":[[1,2]]}"#,
      ],
      [
        #"{"a":[[1,2],[3]]}"#, #"{"a":[[1],[2,3]]}"#, #"{"a":[[1,2,3]]}"#, #"{"a":[[1,2,3],[]]}"#,
        #"{"a":[[],[1,2,3]]}"#,
      ],
      [#"{"a":[{"b":1},{}]}"#, #"{"a":[{},{"b":1}]}"#, #"{"a":[{"b":1}]}"#, #"{"a":[{"b":1},{"b":1}]}"#],
      [
        #"{"a":[{"b":1,"c":2},{"b":3}]}"#, #"{"a":[{"b":1},{"b":3,"c":2}]}"#,
        #"{"a":[{"b":3,"c":2},{"b":1}]}"#,
      ],
      [#"{"a":[1,"x",2]}"#, #"{"a":["x",1,2]}"#, #"{"a":[1,2,"x"]}"#, #"{"a":[1,"x",2.5]}"#],
      [#"{"a":[true,false]}"#, #"{"a":[false,true]}"#, #"{"a":[true,null]}"#, #"{"a":[null,true]}"#],
      [#"{"a":["x","y"]}"#, #"{"a":["y","x"]}"#, #"{"a":["xy",""]}"#, #"{"a":["xy"]}"#, #"{"a":["","xy"]}"#],
      [#"{"a":"x","b":"y"}"#, #"{"a":"y","b":"x"}"#, #"{"a":"xy","b":""}"#],
      [#"{"a":1,"b":2}"#, #"{"a":2,"b":1}"#, #"{"a":1,"b":1}"#, #"{"a":2,"b":2}"#],
      [#"{"a":9007199254740993}"#, #"{"a":9007199254740992}"#, #"{"a":9007199254740994}"#],
      [
        #"{"a":[9007199254740993,1]}"#, #"{"a":[9007199254740992,1]}"#, #"{"a":[1,9007199254740993]}"#,
        #"{"a":[[9007199254740993],1]}"#, #"{"a":[[9007199254740992],1]}"#,
      ],
      [
        #"{"a":[9007199254740993,9007199254740995]}"#, #"{"a":[9007199254740995,9007199254740993]}"#,
        #"{"a":[[9007199254740993],[9007199254740995]]}"#, #"{"a":[[9007199254740995],[9007199254740993]]}"#,
      ],
      [#"{"a.b":1}"#, #"{"a":{"b":1}}"#, #"{"a[]":1}"#], [#"{"a":{"b":[1]}}"#, #"{"a":[{"b":1}]}"#],
      [#"{"a":[[{"b":1}],[{}]]}"#, #"{"a":[[{}],[{"b":1}]]}"#, #"{"a":[[{"b":1},{}],[]]}"#],
    ])
  func different(_ records: [String]) throws {
    let hashes = recordHashes(records.joined(separator: "\n") + "\n")
    #expect(hashes.allSatisfy { $0 != nil })
    #expect(Set(hashes).count == records.count)
  }

  @Test(
    "Records that are no content, or that readers disagree about, are not compared",
    arguments: [
      "", "{}", "[]", "{\"a\": 1", "{\"a\": 1, \"a\": 2}", "null", "1", "true", "{\"a\": \"\\ud800\"}",
    ])
  func notCompared(_ record: String) throws {
    #expect(
      recordHashes("{\"b\": 1}\n" + record + "\n{\"b\": 2}\n").map { $0 == nil } == [false, true, false])
  }

  @Test("Rows of a table are compared by the values of their cells, and with records of JSON")
  func table() throws {
    let rows = recordHashes("a,b\n1,x\n1.0,x\n+1,\"x\"\n1,y\n,x\n1,\"x \"\n1\n", name: "a.csv")
    #expect(rows[0] == rows[1] && rows[1] == rows[2])
    #expect(Set(rows).count == 5)
    #expect(rows.last == .some(nil))
    let records = recordHashes("{\"b\": \"x\", \"a\": 1}\n{\"a\": null, \"b\": \"x\"}\n")
    #expect(records == [rows[0], rows[4]])
  }

  // MARK: Any records

  private indirect enum Value: Hashable {
    case null, yes, no
    case number(Int)
    case text(String)
    case list([Value])
    case object([String: Value])

    static func random(_ depth: Int, _ random: inout RepeatableRandom) -> Value {
      switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
      case 0: return .null
      case 1: return Bool.random(using: &random) ? .yes : .no
      case 2: return .text(["", "x", "é\n", "1", "\"q\\"].randomElement(using: &random) ?? "")
      case 3, 4: return .number(Int.random(in: -2..<3, using: &random))
      case 5, 6:
        return .list((0..<Int.random(in: 0..<4, using: &random)).map { _ in .random(depth - 1, &random) })
      default:
        var members: [String: Value] = [:]
        for name in ["a", "b", "c é"] where Bool.random(using: &random) {
          members[name] = .random(depth - 1, &random)
        }
        return .object(members)
      }
    }

    /// One of the many ways to write the value.
    func spelled(_ random: inout RepeatableRandom) -> String {
      let space = Bool.random(using: &random) ? " " : ""
      switch self {
      case .null: return "null"
      case .yes: return "true"
      case .no: return "false"
      case .number(let value):
        return ["\(value)", "\(value).0", "\(value)e0", "\(value * 10)E-1"].randomElement(using: &random)
          ?? ""
      case .text(let text): return Self.spelled(text, &random)
      case .list(let values):
        return "[" + space + values.map { $0.spelled(&random) }.joined(separator: "," + space) + "]"
      case .object(let members):
        let parts = members.keys.shuffled(using: &random).map { name in
          Self.spelled(name, &random) + space + ":" + (members[name]?.spelled(&random) ?? "")
        }
        return "{" + parts.joined(separator: "," + space) + space + "}"
      }
    }

    private static func spelled(_ text: String, _ random: inout RepeatableRandom) -> String {
      var result = "\""
      for scalar in text.unicodeScalars {
        let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
        if mustEscape || Int.random(in: 0..<4, using: &random) == 0 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
      return result + "\""
    }
  }

  @Test("Two records have the same hash exactly where they say the same, however written", arguments: 0..<12)
  func anyRecords(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let values = (0..<400).map { _ in
      Value.object(["r": .random(3, &random), "s": .random(1, &random)])
    }
    // Three spellings of each, in any order.
    let order = (0..<(3 * values.count)).map { $0 % values.count }.shuffled(using: &random)
    let text = order.map { values[$0].spelled(&random) + "\n" }.joined()
    let hashes = recordHashes(text)
    var byValue: [Value: String] = [:]
    var byHash: [String: Value] = [:]
    for (place, hash) in zip(order, hashes) {
      let hash = try #require(hash)
      #expect(byValue[values[place], default: hash] == hash)
      #expect(byHash[hash, default: values[place]] == values[place])
      byValue[values[place]] = hash
      byHash[hash] = values[place]
    }
    #expect(byValue.count > 100)
  }
}
