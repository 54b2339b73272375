import Foundation
import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct TableFixtureTests {
  private static func fixture(_ name: String) throws -> Data {
    let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/table")
    return try Data(contentsOf: folder.appending(path: name))
  }

  static let spectrum = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
    "quotes_and_newlines", "simple", "simple_crlf", "utf8",
  ]

  @Test("the files of csv-spectrum have the cells that their authors say", arguments: spectrum)
  func csvSpectrum(_ name: String) throws {
    let bytes = Array(try Self.fixture("csv-spectrum/csvs/\(name).csv"))
    let json = try Self.fixture("csv-spectrum/json/\(name).json")
    let expected = try JSONDecoder().decode([[String: String]].self, from: json)
    let dialect = try #require(TableDialect.sniffed(bytes))
    #expect(dialect.hasHeader)
    #expect(Set(dialect.columns) == Set(expected.first?.keys.map { $0 } ?? []))
    let rows = cells(bytes, dialect)
    let found = rows.map { row in Dictionary(uniqueKeysWithValues: zip(dialect.columns, row)) }
    #expect(found == expected)
  }

  struct Table: Decodable {
    var delimiter: String
    var terminator: String
    var text: String
    var header: [String]
    var rows: [[String]]
  }

  @Test("random tables read as Python's csv module reads them, whole and in any pieces")
  func randomTables() throws {
    let tables = try JSONDecoder().decode([Table].self, from: try Self.fixture("tables.json"))
    #expect(tables.count >= 200)
    var random = RepeatableRandom(seed: 7)
    for (index, table) in tables.enumerated() {
      let bytes = Array(table.text.utf8)
      let dialect = try #require(
        TableDialect.sniffed(bytes, forced: table.delimiter.utf8.first, header: true), "table \(index)")
      #expect(dialect.columns == table.header, "table \(index)")
      let endsLines = !table.rows.isEmpty || table.text.hasSuffix("\r")
      #expect(
        (dialect.terminator == .carriageReturn) == (table.terminator == "\r" && endsLines), "table \(index)")
      #expect(cells(bytes, dialect) == table.rows.map { $0.map(Self.withoutSpaces) }, "table \(index)")
      let whole = parse(bytes, dialect)
      #expect(parse(bytes, dialect, steps: [1]) == whole, "table \(index)")
      for _ in 0..<4 {
        let steps = (0..<5).map { _ in Int.random(in: 1...40, using: &random) }
        #expect(parse(bytes, dialect, steps: steps) == whole, "table \(index), steps \(steps)")
      }
    }
  }

  struct Spelling: Decodable {
    enum Part: Decodable {
      case text(String)
      case truth(Bool)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let truth = try? container.decode(Bool.self) {
          self = .truth(truth)
        } else {
          self = .text(try container.decode(String.self))
        }
      }

      var description: String {
        switch self {
        case .text(let text): text
        case .truth(let truth): "\(truth)"
        }
      }
    }

    var text: String
    var number: [Part]?
  }

  @Test("cells are the numbers that Python's float() makes of them, bit by bit")
  func numbers() throws {
    let spellings = try JSONDecoder().decode([Spelling].self, from: try Self.fixture("numbers.json"))
    #expect(spellings.count > 150)
    let dialect = TableDialect(delimiter: UInt8(ascii: ";"), hasHeader: false, columns: ["a", "b"])
    for spelling in spellings {
      let expected = spelling.number.map { $0.map(\.description) }
      for text in [
        "\(spelling.text);x\n", "x;\(spelling.text)\r\n", "\"\(spelling.text)\";x\n", "x;\(spelling.text)",
      ] {
        let bytes = Array(text.utf8)
        let reader = TableReader(dialect: dialect)
        withPadding(bytes) { pointer in
          reader.read(pointer, count: bytes.count, origin: BatchOrigin(), isFinal: true)
        }
        #expect(reader.batch.defects.isEmpty, "\(text.debugDescription)")
        let columns = [reader.batch.columns[1], reader.batch.columns[2]]
        let found = columns.first { !$0.numbers.isEmpty }.map { describe($0) }
        #expect(found == expected, "\(text.debugDescription)")
      }
    }
  }

  private func describe(_ column: Column) -> [String] {
    let bits = String(column.numbers[0].bitPattern, radix: 16)
    let kind = column.exceptions.values.first.map { "\($0.kind)" } ?? "plain"
    let written = kind == "nan" ? "nan" : String(repeating: "0", count: 16 - bits.count) + bits
    return [written, kind, "\(column.integers == 1)"]
  }

  /// The texts of all cells, of numbers as they are written, of nulls empty.
  private func cells(_ bytes: [UInt8], _ dialect: TableDialect) -> [[String]] {
    let reader = TableReader(dialect: dialect)
    let body = bytes[dialect.headerLength...]
    return withPadding(body) { pointer in
      reader.read(pointer, count: body.count, origin: BatchOrigin(), isFinal: true)
      let batch = reader.batch
      var rows = batch.records.values.map { _ in [String]() }
      for field in 1..<batch.fields.count {
        let column = batch.columns[field]
        var found: [(UInt32, [UInt8])] = column.nulls.values.map { ($0, []) }
        found += column.texts.values.map { ($0.offset, batch.format.unescaped($0, in: batch)) }
        found += column.numberPositions.values.map { ($0, Array(batch.format.valueBytes(at: $0, in: batch))) }
        for (position, bytes) in found {
          rows[batch.row(at: position)].append(String(decoding: bytes, as: UTF8.self))
        }
      }
      return rows
    }
  }

  /// A number is told without the spaces around it.
  private static func withoutSpaces(_ cell: String) -> String {
    let trimmed = cell.trimmingCharacters(in: CharacterSet(charactersIn: " \t"))
    // Swift's Double would stop at a zero byte.
    let isNumber =
      !trimmed.utf8.contains(0) && Double(trimmed) != nil && trimmed.utf8.first != UInt8(ascii: "0")
    return isNumber ? trimmed : cell
  }
}
