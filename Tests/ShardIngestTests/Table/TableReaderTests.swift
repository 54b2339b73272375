import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct TableReaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var cells: [[String]]
    var defects: [String] = []
    var columns = 2
    var testDescription: String { "\(text.debugDescription)" }
  }

  static let cases: [Case] = [
    Case(text: "", cells: []),
    Case(text: "1,x\n", cells: [["1.0", "'x'"]]),
    Case(text: "1,x", cells: [["1.0", "'x'"]]),
    Case(text: "1,2\r\n3,4\r\n", cells: [["1.0", "2.0"], ["3.0", "4.0"]]),
    Case(text: "x,y\r\nz,w\r", cells: [["'x'", "'y'"], ["'z'", "'w'"]]),
    Case(
      text: ",\n\"\",\"\"\n", cells: [["~", "~"], ["~", "~"]],
      defects: [
        "empty@0:0 all 2 cells are empty", "empty@1:2 all 2 cells are empty",
      ]),
    Case(text: "1,\n,2\r\n3,", cells: [["1.0", "~"], ["~", "2.0"], ["3.0", "~"]]),
    Case(text: "\"a,b\",\"c\nd\"\n", cells: [["'a,b'", "'c\nd'"]]),
    Case(text: "\"a\"\"b\",\"\"\"\"\n", cells: [["'a\"b'", "'\"'"]]),
    Case(text: "a\"b\",c\"\n", cells: [["'a\"b\"'", "'c\"'"]]),
    Case(text: " \"a\",b\n", cells: [["' \"a\"'", "'b'"]]),
    Case(text: "\"12\",\" 3 \"\r\n", cells: [["12.0", "3.0"]]),
    Case(text: "007,-0\n", cells: [["'007'", "-0.0"]]),
    Case(text: " 1,2\t\n", cells: [["1.0", "2.0"]]),
    Case(text: "nan,-Infinity\n", cells: [["nan!nan", "-inf!infinity"]]),
    Case(text: "1e999,1e-999\n", cells: [["inf!overflow", "0.0!underflow"]]),
    Case(text: "9007199254740993,1\n", cells: [["9007199254740992.0!largeInteger", "1.0"]]),
    Case(text: "日本,é😀\n", cells: [["'日本'", "'é😀'"]]),
    Case(text: "a\0b,\0\n", cells: [["'a\0b'", "'\0'"]]),
    Case(text: "a\rb,c\n", cells: [["'a\rb'", "'c'"]]),
    Case(
      text: "1\n2,3\n", cells: [[], ["2.0", "3.0"]], defects: ["cellCount@0:0 expected 2 cells, found 1"]),
    Case(
      text: "1,2\n1e999,x,1.5\n,4\n", cells: [["1.0", "2.0"], [], ["~", "4.0"]],
      defects: ["cellCount@1:4 expected 2 cells, found 3"]),
    Case(
      text: "1,2\n\n\r\n3,4\n", cells: [["1.0", "2.0"], [], [], ["3.0", "4.0"]],
      defects: [
        "empty@1:4 blank line", "empty@2:5 blank line",
      ]),
    Case(
      text: "1,2\n \n", cells: [["1.0", "2.0"], []], defects: ["cellCount@1:4 expected 2 cells, found 1"]),
    Case(
      text: "5,\"a\"b\n1,2\n", cells: [[], ["1.0", "2.0"]],
      defects: ["malformed@0:5 expected ',' or the end of the row after a closing quote, found 'b'"]),
    Case(
      text: "\"a\"\rb,\"c\nd\"\n1,2\n", cells: [[], ["1.0", "2.0"]],
      defects: ["malformed@0:3 expected ',' or the end of the row after a closing quote, found byte 0xD"]),
    Case(
      text: "1,2\n3,\"abc\n4,5\n", cells: [["1.0", "2.0"], []],
      defects: ["truncated@1:6 the data end inside a quoted cell"]),
    Case(text: "1,\"", cells: [[]], defects: ["truncated@0:2 the data end inside a quoted cell"]),
    Case(text: "1,\"\"\"", cells: [[]], defects: ["truncated@0:2 the data end inside a quoted cell"]),
    Case(text: "1,\"a\"", cells: [["1.0", "'a'"]]),
    Case(text: "x\n\n1\n\"\"\n", cells: [["'x'"], ["~"], ["1.0"], ["~"]], columns: 1),
    Case(text: "x,y\n", cells: [[]], defects: ["cellCount@0:0 expected 1 cell, found 2"], columns: 1),
  ]

  @Test("small tables have these cells and defects", arguments: cases)
  func smallTables(_ item: Case) {
    let parsed = parse(item.text, columns: item.columns)
    #expect(parsed.cells == item.cells)
    #expect(parsed.defects == item.defects)
  }

  @Test("records have their place and length without the line break")
  func records() {
    let rows = parse("1,2\r\n\"a\nb\",c\n\n5,6", columns: 2).rows
    #expect(rows.map(\.offset) == [0, 5, 13, 14])
    #expect(rows.map(\.length) == [3, 7, 0, 3])
  }

  @Test("integers are counted, and not those of rows that are taken back")
  func integers() {
    let parsed = parse("1,2.0\n+3,4\n5,6,7\n8.5,9,1\n\"10\",11\n", columns: 2)
    #expect(parsed.integers == [3, 2])
  }

  @Test("lone carriage returns end rows and make line feeds ordinary")
  func carriageReturns() {
    let dialect = TableDialect(terminator: .carriageReturn, hasHeader: false, columns: ["a", "b"])
    let reader = TableReader(dialect: dialect)
    #expect(reader.batch.endsLinesWithCarriageReturn)
    let parsed = parse(Array("1,x\r\"y\r\",\n2\r\r3,4".utf8), dialect)
    #expect(parsed.cells == [["1.0", "'x'"], ["'y\r'", "'\n2'"], [], ["3.0", "4.0"]])
    #expect(parsed.defects == ["empty@2:12 blank line"])
  }

  @Test("bytes that are no UTF-8 are a defect of their cell and count as one character each")
  func invalidEncoding() {
    let dialect = TableDialect(hasHeader: false, columns: ["a", "b"])
    let bytes = Array("1,x".utf8) + [0xFF, 0xC3] + Array(",\n2,é".utf8) + [0xE2, 0x82] + Array("z\n".utf8)
    // The first row has three cells, so that its encoding no longer matters.
    let parsed = parse(bytes, dialect)
    #expect(
      parsed.defects == [
        "cellCount@0:0 expected 2 cells, found 3", "invalidEncoding@1:11 in b byte 0xE2 is not UTF-8",
      ])
    let reader = TableReader(dialect: dialect)
    withPadding(bytes) { pointer in
      reader.read(pointer, count: bytes.count, origin: BatchOrigin(), isFinal: true)
      #expect(reader.batch.columns[2].texts.values.map(\.characters) == [4])
    }
  }

  @Test("fields are kept over shards by their names, whatever their order")
  func fieldsByName() {
    let reader = TableReader(dialect: TableDialect(columns: ["a", "b"]))
    reader.use(TableDialect(columns: ["c", "b", "a"]))
    #expect(reader.batch.fields.map(\.name) == ["", "a", "b", "c"])
    let bytes = Array("3,2,1\n".utf8)
    withPadding(bytes) { pointer in
      reader.read(pointer, count: bytes.count, origin: BatchOrigin(), isFinal: true)
    }
    #expect((1...3).map { reader.batch.columns[$0].numbers[0] } == [1, 2, 3])
    reader.forgetFields()
    #expect(reader.batch.fields.map(\.name) == ["", "c", "b", "a"])
  }

  @Test("columns beyond the limit are counted and left out, ignored ones only left out")
  func limits() {
    var limits = TableLimits()
    limits.fields = 2
    let dialect = TableDialect(columns: ["a", "skip", "b", "c", "d"])
    let reader = TableReader(dialect: dialect, limits: limits) { $0 == "skip" }
    let bytes = Array("1,2,3,4,x\n1,2,3,,\n1,2,3,5\n\"6\",7,8,9,\"y".utf8)
    withPadding(bytes) { pointer in
      reader.read(pointer, count: bytes.count, origin: BatchOrigin(), isFinal: true)
    }
    #expect(reader.batch.fields.map(\.name) == ["", "a", "b"])
    #expect(reader.batch.valuesBeyondFieldLimit == 4)
    #expect(Array(reader.batch.columns[2].numbers.values) == [3, 3])
    #expect(reader.batch.defects.map(\.kind) == [.cellCount, .truncated])
  }
}
