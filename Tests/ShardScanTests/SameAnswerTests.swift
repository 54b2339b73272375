import ShardChecks
import ShardModel
import ShardReports
import ShardScan
import ShardTestSupport
import Testing

extension Double {
  /// Rough, but the same everywhere: a unit vector to four digits.
  fileprivate var sine: Double {
    var (term, sum) = (self, self)
    for step in 1...14 {
      term *= -self * self / Double(2 * step * (2 * step + 1))
      sum += term
    }
    return sum
  }

  fileprivate var cosine: Double {
    var (term, sum) = (1.0, 1.0)
    for step in 1...14 {
      term *= -self * self / Double(2 * step * (2 * step - 1))
      sum += term
    }
    return sum
  }
}

/// The same shards give the same answer for any number of threads and for any split of the shards.
struct SameAnswerTests {
  /// Records with a bit of everything that can be wrong, some of it only by comparison with the others.
  static func shard(seed: UInt64, records: Int) -> String {
    var random = RepeatableRandom(seed: seed)
    var text = ""
    for index in 0..<records {
      let score = random.normal()
      let label = Int.random(in: 0..<5, using: &random)
      var line = "{\"id\":\(seed * 100_000 + UInt64(index)),\"score\":\(score),\"label\":\(label)"
      line += ",\"name\":\"name \(Int.random(in: 0..<50, using: &random)) é\",\"meta\":{\"w\":\(index % 7)}"
      let list = (0..<Int.random(in: 0..<9, using: &random)).map { _ in "\(random.normal())" }
      line += ",\"list\":[\(list.joined(separator: ","))]"
      let angle = Double(index % 60) / 10
      let norm = index % 97 == 0 ? 2.0 : 1.0
      line += ",\"vector\":[\(norm * angle.sine),\(norm * angle.cosine)],\"width\":640,\"height\":480"
      let right = index % 89 == 0 ? 700 : 20 + index % 600
      line += ",\"bbox\":[10,20,\(right),\(index % 83 == 0 ? 5 : 300)]}"
      switch Int.random(in: 0..<300, using: &random) {
      case 0: line = line.replacing("\"score\":\(score)", with: "\"score\":NaN")
      case 1: line = line.replacing("\"score\":\(score)", with: "\"score\":\"0.5\"")
      case 2: line = line.replacing("\"score\":\(score),", with: "")
      case 3: line = line.replacing("\"score\":\(score)", with: "\"score\":1e6")
      case 4: line = line.replacing("\"label\":\(label)", with: "\"label\":null")
      case 5: line.removeLast(3)
      case 6: line = line.replacing("\"meta\":{\"w\"", with: "\"meta\":{\"x\"")
      case 7: line = line.replacing("\"list\":[", with: "\"list\":[NaN,")
      default: break
      }
      text += line + "\n"
    }
    return text
  }

  static func makeShards(_ folder: TemporaryFolder) -> [String] {
    (0..<6).map { index in
      folder.write(
        "data/part-0\(index).jsonl", shard(seed: UInt64(index + 1), records: index == 3 ? 9_000 : 700))
    }
  }

  private func expectSame(_ left: Outcome, _ right: Outcome, _ comment: Comment) {
    #expect(left.lines == right.lines, comment)
    #expect(left.shards == right.shards, comment)
    #expect(left.result.fields == right.result.fields, comment)
    #expect(left.result.findings == right.result.findings, comment)
    #expect(left.result.checks == right.result.checks, comment)
    #expect(left.result.totals == right.result.totals, comment)
    #expect(left.result.gate == right.result.gate, comment)
    #expect(HTMLReport.render(left.result) == HTMLReport.render(right.result), comment)
  }

  @Test("One thread says the same as two and as eight, also under the rules that read a shard again")
  func threads() throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder)
    for rule in ["iqr:3", "iqr:0.2", "z:2", "mad:3", "none"] {
      var settings = ScanSettings()
      settings.checks.outliers = try #require(OutlierRule(rule))
      let name = rule.replacing(":", with: "-")
      let one = try scan(paths, out: folder.path + "/one-\(name)", settings: settings)
      #expect(one.result.totals.quarantined > 20)
      for threads in [2, 8] {
        let many = try scan(
          paths, out: folder.path + "/\(threads)-\(name)", threads: threads, settings: settings)
        expectSame(one, many, "\(rule), \(threads) threads")
      }
    }
  }

  @Test(
    "Any split of the shards, scanned apart and merged in any order, says the same as one scan",
    arguments: 0..<8)
  func splits(_ seed: UInt64) throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder)
    let whole = try scan(paths, out: folder.path + "/whole")
    var random = RepeatableRandom(seed: seed)
    var groups = [[String]](repeating: [], count: 3)
    for path in paths { groups[Int.random(in: 0..<3, using: &random)].append(path) }
    var outputs: [String] = []
    for (index, group) in groups.enumerated() where !group.isEmpty {
      let out = folder.path + "/part-\(index)"
      _ = try scan(group, out: out, threads: 2)
      outputs.append(out)
    }
    outputs.shuffle(using: &random)
    let merged = try merge(outputs, out: folder.path + "/merged")
    expectSame(whole, merged, "seed \(seed)")
    let again = try merge([folder.path + "/merged"], out: folder.path + "/again")
    expectSame(whole, again, "merged once more, seed \(seed)")
  }

  @Test("What only the whole data set shows to be wrong is found in a shard that is wrong throughout")
  func oddShard() throws {
    let folder = TemporaryFolder()
    for index in 0..<9 {
      folder.write("data/\(index).jsonl", String(repeating: "{\"a\": 1, \"b\": 2}\n", count: 500))
    }
    folder.write("data/9.jsonl", String(repeating: "{\"a\": \"x\"}\n", count: 50))
    let outcome = try scan(
      [folder.path + "/data"], out: folder.path + "/out", threads: 2, settings: .withoutDuplicates)
    #expect(outcome.result.totals.quarantined == 50)
    #expect(outcome.checks(record: 49) == ["field-missing", "field-type"])
    #expect(outcome.lines.allSatisfy { $0.shard.hasSuffix("9.jsonl") })
  }
}

struct MixedDataTests {
  @Test("Shards of several kinds of records lie side by side: a field is missing only where its kind has it")
  func mixed() throws {
    let folder = TemporaryFolder()
    var lines = [String](repeating: "{\"caption\": \"x\", \"id\": 1}", count: 100)
    lines[40] = "{\"id\": 1}"
    folder.write("data/pairs.jsonl", lines.joined(separator: "\n") + "\n")
    folder.write("data/tokens.jsonl", String(repeating: "{\"ids\": [1, 2], \"id\": 1}\n", count: 300))
    let outcome = try scan(
      [folder.path + "/data"], out: folder.path + "/out", settings: .withoutDuplicates)
    #expect(outcome.brief == ["40 field-missing caption"])
  }

  @Test("The first records of a shard lack what the others have, and the shard is read again to name them")
  func late() throws {
    let folder = TemporaryFolder()
    // More than a chunk of records without the field, in a data set where nearly all have it.
    let without = String(
      repeating: "{\"id\": 1, \"pad\": \"\(String(repeating: "x", count: 300))\"}\n", count: 1_000)
    let with = String(
      repeating: "{\"id\": 1, \"a\": 1, \"pad\": \"\(String(repeating: "x", count: 300))\"}\n", count: 50_000)
    folder.write("data/0.jsonl", without + with)
    folder.write("data/1.jsonl", String(repeating: "{\"b\": 1, \"id\": 2, \"pad\": \"\"}\n", count: 60_000))
    let one = try scan(
      [folder.path + "/data"], out: folder.path + "/one", settings: .withoutDuplicates)
    #expect(one.result.totals.quarantined == 1_000)
    #expect(one.lines.first?.findings.location.record == 0)
    #expect(one.lines.last?.findings.location.record == 999)
    #expect(one.result.checks.keys.sorted().contains("field-missing"))
    let two = try scan(
      [folder.path + "/data"], out: folder.path + "/two", threads: 2, settings: .withoutDuplicates)
    #expect(one.lines == two.lines)
  }
}
