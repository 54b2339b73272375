import Foundation
import ShardIngest
import ShardModel
import Testing

/// Documents with the values that Python's json module finds in them (`make_expected.py`).
@Suite struct JSONPythonTests {
  struct Case: Decodable {
    var document: String
    var values: [Value]
  }

  /// `[path, type, what...]`
  struct Value: Decodable, Equatable {
    var words: [String] = []

    init(_ words: String...) { self.words = words }

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      while !container.isAtEnd {
        if let text = try? container.decode(String.self) {
          words.append(text)
        } else {
          words.append(String(try container.decode(Int.self)))
        }
      }
    }
  }

  private static func cases() throws -> [Case] {
    let url = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/json/documents.json")
    return try JSONDecoder().decode([Case].self, from: try Data(contentsOf: url))
  }

  @Test("values, paths, texts and lengths are those that Python finds")
  func values() throws {
    let cases = try Self.cases()
    #expect(cases.count > 350)
    let shared = JSONReader(layout: .values)
    for (index, one) in cases.enumerated() {
      let padded = PaddedBytes(Array(one.document.utf8))
      // A reader that knows the fields of other documents must not take them for this one's.
      for reader in [JSONReader(layout: .values), shared] {
        reader.read(padded.base, count: padded.count, origin: BatchOrigin(), isFinal: true)
        let batch = reader.batch
        let wrong = batch.defects.contains { [.malformed, .truncated].contains($0.kind) }
        let found = Self.flatten(batch)
        guard batch.records.count == 1, !wrong, found.values == one.values else {
          let difference = zip(found.values, one.values).first { $0 != $1 }
          Issue.record(
            "document \(index): \(one.document.debugDescription) \(String(describing: difference))")
          break
        }
        let integers = one.values.count { $0.words.count == 4 && $0.words[3].hasSuffix("nteger") }
        #expect(found.integers == integers, "document \(index)")
      }
    }
  }

  @Test("a document on a line, in a list and in pieces has the same values")
  func layouts() throws {
    let documents = try Self.cases().map { $0.document.filter { !$0.isNewline } }
    let lines = Array(documents.joined(separator: "\n").utf8)
    let array = Array(("[" + documents.joined(separator: ",") + "]").utf8)
    let byLine = JSONReader(layout: .lines).readAll(lines)
    let byElement = JSONReader(layout: .array).readAll(array)
    #expect(byLine.records.count == documents.count && byElement.records.count == documents.count)
    #expect(byLine.rejected.isEmpty && byElement.rejected.isEmpty)
    #expect(byLine.values.map(\.bits) == byElement.values.map(\.bits))
    #expect(byLine.values.map(\.path) == byElement.values.map(\.path))
    for steps in [[1], [7], [64, 3]] {
      #expect(JSONReader(layout: .lines).read(lines, steps: steps) == byLine)
      #expect(JSONReader(layout: .array).read(array, steps: steps) == byElement)
    }
  }

  /// All values in the order of the bytes, found through the format as a report would.
  private static func flatten(_ batch: RecordBatch) -> (values: [Value], integers: Int) {
    var found: [(position: UInt32, value: Value)] = []
    var integers = 0
    func add(_ field: Int, _ position: UInt32, _ words: String...) {
      var value = Value(batch.format.path(of: position, field: field, row: 0, in: batch))
      value.words += words
      found.append((position, value))
    }
    for field in batch.fields.indices {
      let column = batch.columns[field]
      integers += column.integers
      for position in column.objects.values { add(field, position, "object") }
      for position in column.nulls.values { add(field, position, "null") }
      for position in column.trues.values { add(field, position, "true") }
      for position in column.falses.values { add(field, position, "false") }
      for list in column.lists.values { add(field, list.position, "list", String(list.count)) }
      for text in column.texts.values {
        let content = String(decoding: batch.format.unescaped(text, in: batch), as: UTF8.self)
        add(field, text.offset, "text", content, String(text.characters))
      }
      for (index, number) in column.numbers.values.enumerated() {
        guard let position = position(of: index, field, batch) else { continue }
        add(field, position, "number", hex(number), kind(index, column, position, batch))
      }
    }
    found.sort { $0.position < $1.position }
    return (found.map(\.value), integers)
  }

  private static func position(of index: Int, _ field: Int, _ batch: RecordBatch) -> UInt32? {
    guard batch.fields[field].role == .element else { return batch.columns[field].numberPositions[index] }
    let lists = batch.columns[batch.fields[field].parent].lists.values
    guard let list = lists.last(where: { $0.firstNumber <= index }) else { return nil }
    return batch.format.elementPosition(
      number: index - Int(list.firstNumber), list: list.position, in: batch)?.position
  }

  private static func kind(_ index: Int, _ column: Column, _ position: UInt32, _ batch: RecordBatch) -> String
  {
    if let exception = column.exceptions.values.first(where: { $0.index == index }) {
      return "\(exception.kind)"
    }
    let bytes = batch.format.valueBytes(at: position, in: batch)
    return bytes.allSatisfy { "-0123456789".utf8.contains($0) } ? "integer" : "real"
  }

  /// As Python's `float.hex`.
  private static func hex(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    let sign = number.sign == .minus ? "-" : ""
    if number == 0 { return sign + "0x0.0p+0" }
    let digits = String(number.significandBitPattern, radix: 16)
    let mantissa = String(repeating: "0", count: 13 - digits.count) + digits
    let exponent = number.isNormal ? Int(number.exponent) : -1022
    return "\(sign)0x\(number.isNormal ? 1 : 0).\(mantissa)p\(exponent < 0 ? "" : "+")\(exponent)"
  }
}
