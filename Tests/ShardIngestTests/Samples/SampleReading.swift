import Foundation
import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

/// A tar of samples read through `ChunkSource` and reader, one line for each thing that was seen.
struct SampleReading {
  /// `record key extension offset size` of each member.
  private(set) var members: [String] = []
  /// Fields and values of each record.
  private(set) var records: [String] = []
  private(set) var defects: [String] = []
  private(set) var failures: [String] = []
  private(set) var tooLong: [UInt64] = []
  private(set) var formats: [String] = []
  private(set) var chunks = 0

  init(_ path: String, _ change: (inout IngestOptions) -> Void = { _ in }) throws {
    var options = IngestOptions()
    change(&options)
    let source = try ChunkSource(
      ShardInput(name: path, path: path), options: options, workspace: DecodingWorkspace())
    let buffer = ChunkBuffer()
    var reader: SampleReader?
    while let piece = source.next(into: buffer) {
      switch piece {
      case .records(let count, let origin, .samples(let naming), let isFinal):
        let known = reader ?? SampleReader(naming: naming)
        reader = known
        known.read(buffer.bytes, count: count, origin: origin, isFinal: isFinal)
        note(known.batch)
        chunks += 1
      case .tooLong(_, let length): tooLong.append(length)
      case .failure(let error, _): failures.append("\(error)")
      default: failures.append("\(piece)")
      }
    }
    formats = source.formats
  }

  private mutating func note(_ batch: RecordBatch) {
    var places: [[(UInt64, String)]] = batch.records.values.map { _ in [] }
    var values: [[String]] = batch.records.values.map { _ in [] }
    // What the format shows of a key is bounded.
    let keyField = batch.fields.firstIndex { $0.name == "__key__" } ?? 0
    let keys = batch.columns[keyField].texts.values.map {
      String(decoding: batch.format.unescaped($0, in: batch), as: UTF8.self)
    }
    for index in batch.fields.indices.dropFirst() {
      let field = batch.fields[index]
      let column = batch.columns[index]
      func add(_ position: UInt32, _ value: String) {
        let row = batch.row(at: position)
        let path = batch.format.path(of: position, field: index, row: row, in: batch)
        values[row].append("\(path)=\(value)")
      }
      func addMember(_ position: UInt32, _ offset: UInt32, _ size: Int) {
        let row = batch.row(at: position)
        let key = row < keys.count ? keys[row] : ""
        let place = batch.origin.offset + UInt64(offset)
        places[row].append(
          (place, "\(batch.origin.record + UInt64(row))\t\(key)\t\(field.name)\t\(place)\t\(size)"))
      }
      for (number, value) in column.numbers.values.enumerated() where number < column.numberPositions.count {
        add(column.numberPositions[number], "\(value)")
      }
      for text in column.texts.values {
        let content = batch.format.unescaped(text, in: batch)
        add(text.offset - 1, "'\(String(decoding: content, as: UTF8.self))'\(text.characters)")
        if field.parent == 0, field.name != "__key__" {
          addMember(text.offset - 1, text.offset + (text.length == 0 ? 1 : 0), text.length)
        }
      }
      for list in column.lists.values { add(list.position, "list of \(list.count)") }
      for position in column.objects.values { add(position, "object") }
      for position in column.nulls.values { add(position, "null") }
      for blob in column.blobs.values {
        add(blob.position, "picture of \(blob.length)")
        addMember(blob.position, blob.offset, Int(blob.length))
      }
      for file in column.files.values {
        add(file.position, "file of \(file.length)")
        addMember(file.position, file.offset, Int(file.length))
      }
    }
    members += places.flatMap { row in row.sorted { $0.0 < $1.0 }.map(\.1) }
    for (row, record) in batch.records.values.enumerated() {
      let place = "\(batch.origin.record + UInt64(row)) at \(batch.origin.offset + UInt64(record.offset))"
      records.append("\(place) of \(record.length): \(values[row].sorted().joined(separator: ", "))")
    }
    for defect in batch.defects {
      defects.append(
        "\(batch.origin.record + UInt64(defect.row)) \(defect.kind) at "
          + "\(batch.origin.offset + UInt64(defect.position)): \(defect.detail)")
    }
  }
}

enum SampleFixture {
  static func path(_ name: String) -> String {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/samples").path ?? ""
    return folder + "/" + name
  }

  static func lines(_ name: String) throws -> [String] {
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }.dropLast()
  }
}

/// A tar of these members and its end marker.
func sampleTar(_ members: [(String, String)], endMarker: Bool = true) -> [UInt8] {
  members.flatMap { SampleArchive.member(named: $0.0, Array($0.1.utf8)) }
    + (endMarker ? SampleArchive.endMarker : [])
}
