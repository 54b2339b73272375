import ShardIngest
import ShardTestSupport
import Testing

@Suite struct TableSnifferTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var delimiter: Character
    var columns: [String]
    var headerLength: Int
    var testDescription: String { "\(text.debugDescription)" }
  }

  static let cases: [Case] = [
    Case(text: "a,b\n1,2\n", delimiter: ",", columns: ["a", "b"], headerLength: 4),
    Case(text: "a\tb\r\n1\t2,3\r\n", delimiter: "\t", columns: ["a", "b"], headerLength: 5),
    Case(text: "a;b\n1,5;2,5\n", delimiter: ";", columns: ["a", "b"], headerLength: 4),
    Case(text: "a|b|c\nx,y|1|2\nz,w|3|4\n", delimiter: "|", columns: ["a", "b", "c"], headerLength: 6),
    Case(text: "\"x;y;z\",b\n\"1;2;3\",2\n", delimiter: ",", columns: ["x;y;z", "b"], headerLength: 10),
    Case(
      text: "\"say \"\"hi\"\"\",\"two\nlines\"\n1,2", delimiter: ",", columns: ["say \"hi\"", "two\nlines"],
      headerLength: 25),
    Case(text: "1,2\n3,4\n", delimiter: ",", columns: ["c0", "c1"], headerLength: 0),
    Case(text: "nan,x\n1,y\n", delimiter: ",", columns: ["c0", "c1"], headerLength: 0),
    Case(text: "score\n1\n2\n", delimiter: ",", columns: ["score"], headerLength: 6),
    Case(text: "text\n\"Hello, world\"\n\"a, b\"\n", delimiter: ",", columns: ["text"], headerLength: 5),
    Case(text: "1\n2\n3\n", delimiter: ",", columns: ["c0"], headerLength: 0),
    Case(
      text: "name,city\nAnn,Rome\nBob,Oslo\n", delimiter: ",", columns: ["name", "city"], headerLength: 10),
    Case(text: "Rome,pos\nOslo,neg\nBonn,pos\n", delimiter: ",", columns: ["c0", "c1"], headerLength: 0),
    Case(
      text: "What is this?,no\nWho is that?,yes\n", delimiter: ",", columns: ["c0", "c1"], headerLength: 0),
    Case(text: "\u{FEFF}a,b\n1,2\n", delimiter: ",", columns: ["a", "b"], headerLength: 7),
    Case(text: "\u{FEFF}1,2\n", delimiter: ",", columns: ["c0", "c1"], headerLength: 3),
    Case(text: "\n\r\na,b\n1,2\n", delimiter: ",", columns: ["a", "b"], headerLength: 7),
    Case(text: ",a,b\n0,x,1\n1,y,2\n", delimiter: ",", columns: ["c0", "a", "b"], headerLength: 5),
    Case(text: "a,b\n1,2\n3\n4,5,6\n7,8\n", delimiter: ",", columns: ["a", "b"], headerLength: 4),
    Case(text: "a,b", delimiter: ",", columns: ["a", "b"], headerLength: 3),
    Case(text: "a,\"b\n1,2\n", delimiter: ",", columns: ["c0", "c1"], headerLength: 0),
    Case(text: "a,b\r1,2\r", delimiter: ",", columns: ["a", "b"], headerLength: 4),
  ]

  @Test("delimiter and header are found", arguments: cases)
  func dialects(_ item: Case) throws {
    let dialect = try #require(TableDialect.sniffed(Array(item.text.utf8)))
    #expect(dialect.delimiter == item.delimiter.asciiValue)
    #expect(dialect.columns == item.columns)
    #expect(dialect.headerLength == item.headerLength)
    #expect(dialect.hasHeader == (item.columns[item.columns.count - 1] != "c\(item.columns.count - 1)"))
    #expect(dialect.notes.isEmpty == (item.columns[0] != "c0" || !dialect.hasHeader))
  }

  @Test("line breaks inside of quotes say nothing about those between rows")
  func terminators() throws {
    for (text, isReturn) in [
      ("a,b\r1,\"x\ny\"\r", true), ("\"a\nb\",c\r", true), ("a\rb,c\n1,2\n", false), ("a,b\r\n", false),
      ("a", false),
      ("\"a\rb\",c\n", false), ("\"a\"\"\nb\",c\r1,2\r", true),
    ] {
      let dialect = try #require(TableDialect.sniffed(Array(text.utf8)))
      #expect((dialect.terminator == .carriageReturn) == isReturn, "\(text.debugDescription)")
    }
  }

  @Test("a prefix without a whole row says nothing, unless there is no more")
  func prefixes() {
    #expect(TableDialect.sniffed([]) == nil)
    #expect(TableDialect.sniffed([0xEF, 0xBB, 0xBF]) == nil)
    #expect(TableDialect.sniffed(Array("\n\n".utf8)) == nil)
    #expect(TableDialect.sniffed(Array("a,b".utf8), isWhole: false) == nil)
    #expect(TableDialect.sniffed(Array("a,\"b\n1,2\n".utf8), isWhole: false) == nil)
    let cut = TableDialect.sniffed(Array("a,b\n1,2\n3;4;5;6;7;".utf8), isWhole: false)
    #expect(cut?.columns == ["a", "b"])
  }

  @Test("a known delimiter is used, and refused where it could be part of a cell")
  func forcedDelimiters() {
    let bytes = Array("a,b;c\n1,2;3\n".utf8)
    #expect(TableDialect.sniffed(bytes, forced: UInt8(ascii: ";"))?.columns == ["a,b", "c"])
    #expect(TableDialect.sniffed(bytes, forced: 0x09)?.columns == ["c0"])
    for byte in [
      UInt8(ascii: "\""), 0x0A, 0x0D, UInt8(ascii: "e"), UInt8(ascii: "1"), UInt8(ascii: "."), 0xC3,
    ] {
      #expect(TableDialect.sniffed(bytes, forced: byte) == nil)
    }
    #expect(TableDialect.sniffed(Array("1,2\n".utf8), header: true)?.columns == ["1", "2"])
    #expect(TableDialect.sniffed(Array("a,b\n1,2\n".utf8), header: false)?.columns == ["c0", "c1"])
  }

  @Test("names are made unique, and that is noted")
  func uniqueNames() throws {
    let dialect = try #require(
      TableDialect.sniffed(Array("name,,name,c3,,name#2,name\n1,2,3,4,5,6,7\n".utf8)))
    #expect(dialect.columns == ["name", "c1", "name#3", "c3", "c4", "name#2", "name#4"])
    #expect(
      dialect.notes == [
        "column 2 has no name; it is called \"c1\"",
        "columns 1 and 3 are both named \"name\"; the latter is called \"name#3\"",
        "column 5 has no name; it is called \"c4\"",
        "columns 1 and 7 are both named \"name\"; the latter is called \"name#4\"",
      ])
    let many = Array((String(repeating: "x,", count: 300) + "y\n1\n").utf8)
    let crowded = try #require(TableDialect.sniffed(many, header: true))
    #expect(Set(crowded.columns).count == 301)
    #expect(crowded.notes.count == 11)
    #expect(crowded.notes.last == "289 more columns have no name or one that was there before")
  }

  @Test("random bytes never crash and always give different names")
  func randomBytes() {
    var random = RepeatableRandom(seed: 1)
    let alphabet = Array("\",;\t|\n\r019 aé.".utf8) + [0xFF, 0x00, 0xEF, 0xBB, 0xBF]
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      guard let dialect = TableDialect.sniffed(bytes, isWhole: Bool.random(using: &random)) else { continue }
      #expect(Set(dialect.columns).count == dialect.columns.count)
      #expect(!dialect.columns.isEmpty && dialect.headerLength <= bytes.count)
    }
  }
}
