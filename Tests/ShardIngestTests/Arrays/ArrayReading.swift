import Foundation
import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

/// A shard of arrays read through `ChunkSource` and `ArrayReader`: each row as the values that it holds, and what else
/// was said.
struct ArrayReading: Equatable {
  struct Row: Equatable {
    var offset: UInt64
    var length: UInt64
    /// As `Double.bitPattern`, NaN in one form, true and false as 1 and 0.
    var values: [UInt64] = []
    var texts: [String] = []
    var paths: [String] = []
    var kinds: [NumberKind?] = []
    var defects: [String] = []
  }

  /// By the member's name, empty where there are none.
  var rows: [String: [Row]] = [:]
  var said: [String] = []
  var formats: [String] = []
  var isCutByLimit = false
  var tooLong: [UInt64] = []

  /// - Parameter name: in the folder.
  init(
    _ folder: ShardTestSupport.TemporaryFolder, _ name: String,
    _ change: (inout IngestOptions) -> Void = { _ in }
  ) throws {
    var options = IngestOptions()
    change(&options)
    let path = folder.path + "/" + name
    let source = try ChunkSource(
      ShardInput(name: path, path: path), options: options, workspace: DecodingWorkspace())
    let buffer = ChunkBuffer()
    var reader: ArrayReader?
    while let piece = source.next(into: buffer) {
      switch piece {
      case .records(let count, let origin, .array(let layout), let isFinal):
        let used = reader ?? ArrayReader(layout: layout)
        reader = used
        used.use(layout)
        used.read(buffer.bytes, count: count, origin: origin, isFinal: isFinal)
        if origin.line != 0 { said.append("line \(origin.line)") }
        let found = Self.rows(of: used.batch)
        if Int(origin.record) != rows[origin.member ?? ""]?.count ?? 0 {
          said.append("record \(origin.record) where \(rows[origin.member ?? ""]?.count ?? 0) were read")
        }
        rows[origin.member ?? "", default: []] += found
      case .tooLong(let origin, let length):
        tooLong.append(length)
        rows[origin.member ?? "", default: []].append(Row(offset: origin.offset, length: length))
      case .failure(let error, let origin):
        said.append("\(origin.member.map { $0 + ": " } ?? "")\(error)")
      case .notDecoded(let reason, let origin, let isHazard):
        said.append("\(origin.member.map { $0 + ": " } ?? "")\(isHazard ? "hazard: " : "")\(reason)")
      default: said.append("\(piece)")
      }
    }
    formats = source.formats
    isCutByLimit = source.isCutByLimit
  }

  /// - Parameter bytes: of a `.npy` file.
  static func of(_ bytes: [UInt8], _ change: (inout IngestOptions) -> Void = { _ in }) throws -> ArrayReading
  {
    let folder = ShardTestSupport.TemporaryFolder()
    folder.write("a.npy", bytes)
    return try ArrayReading(folder, "a.npy", change)
  }

  private static func rows(of batch: RecordBatch) -> [Row] {
    var rows = batch.records.values.enumerated().map { index, record in
      let extent =
        batch.format.storedExtent(ofRow: index, in: batch)
        ?? (batch.origin.offset + UInt64(record.offset), UInt64(record.length))
      return Row(offset: extent.offset, length: extent.length)
    }
    for (index, field) in batch.fields.enumerated() { add(batch, index, field, &rows) }
    for defect in batch.defects { rows[defect.row].defects.append("\(defect.kind): \(defect.detail)") }
    return rows
  }

  private static func add(_ batch: RecordBatch, _ index: Int, _ field: Field, _ rows: inout [Row]) {
    let column = batch.columns[index]
    var kinds: [Int: NumberKind] = [:]
    for exception in column.exceptions.values { kinds[Int(exception.index)] = exception.kind }
    let lists = batch.columns[field.parent].lists
    func note(_ position: UInt32, _ bits: UInt64, _ kind: NumberKind?) {
      let row = batch.row(at: position)
      rows[row].values.append(bits)
      rows[row].texts.append(batch.format.spelling(at: position, in: batch) ?? "nothing")
      rows[row].paths.append(batch.format.path(of: position, field: index, row: row, in: batch))
      rows[row].kinds.append(kind)
    }
    for (number, value) in column.numbers.values.enumerated() {
      var position = UInt32.max
      if field.role == .element {
        // The list that holds it is the last one that starts at or before it.
        let list = lists.values.last { Int($0.firstNumber) <= number }
        guard let list else { continue }
        let ordinal = number - Int(list.firstNumber)
        position =
          batch.format.elementPosition(number: ordinal, list: list.position, in: batch)?.position ?? 0
      } else {
        position = column.numberPositions[number]
      }
      note(position, value.isNaN ? UInt64.max : value.bitPattern, kinds[number])
    }
    let truths =
      column.trues.values.map { ($0, 1.0) } + column.falses.values.map { ($0, 0.0) }
    for (position, value) in truths.sorted(by: { $0.0 < $1.0 }) { note(position, value.bitPattern, nil) }
  }
}

/// Files that NumPy wrote (`make_expected.py`).
enum ArrayFixture {
  struct Row: Decodable {
    var bits: [String]
    var texts: [String]
  }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: String
    var shape: [Int]
    var rows: [Row]

    var testDescription: String { name }
    var data: [UInt8] { ArrayFixture.data(bytes) }
  }

  struct Undecoded: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: String
    var dtype: String

    var testDescription: String { name }
    var data: [UInt8] { ArrayFixture.data(bytes) }
  }

  struct All: Decodable, Sendable {
    var arrays: [Case] = []
    var undecoded: [Undecoded] = []
  }

  static let all: All = {
    guard let data = try? Data(contentsOf: url("arrays.json")) else { return All() }
    return (try? JSONDecoder().decode(All.self, from: data)) ?? All()
  }()

  static func url(_ name: String) -> URL {
    let folder = Bundle.module.resourceURL ?? URL(fileURLWithPath: "/")
    return folder.appending(path: "Fixtures/arrays").appending(path: name)
  }

  private static func data(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16) ?? 0
    }
  }
}

extension ArrayHeaderParser {
  static func parse(_ bytes: [UInt8]) throws(ArrayHeaderError) -> ArrayHeader {
    let result: Result<ArrayHeader, ArrayHeaderError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(ArrayHeaderError) {
        return .success(try parse(buffer))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

/// A file as NumPy writes it, with any text for a header.
func arrayFile(_ dictionary: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
  var text = Array(dictionary.utf8)
  let preamble = version == 1 ? 10 : 12
  while (preamble + text.count + 1) % 64 != 0 { text.append(0x20) }
  text.append(0x0A)
  var bytes = ArrayHeader.magic + [version, 0]
  for place in 0..<(preamble - 8) { bytes.append(UInt8(truncatingIfNeeded: text.count >> (8 * place))) }
  return bytes + text + data
}
