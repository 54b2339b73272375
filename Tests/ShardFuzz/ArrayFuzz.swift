import ShardIngest
import ShardModel

/// A `.npy` file of any bytes through header, chunks, reader and format.
///
/// The first byte chooses how it is cut. In large and in small chunks the rows must be the same, and every value kept can
/// be located and spelled.
enum ArrayFuzz {
  private static let scratch = ScratchFolder("array")
  private static let workspace = Shared(DecodingWorkspace())

  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let path = scratch.write("a.npy", input.dropFirst())
    var options = IngestOptions()
    options.maximumRecordBytes = 1 << 12
    let whole = read(path, options)
    options.chunks.bytes = [1, 5, 16, 33][Int(choice) % 4]
    options.chunks.mostRecords = [1, 3, 1 << 14][Int(choice) / 4 % 3]
    let pieces = read(path, options)
    for (left, right) in zip(whole, pieces) {
      expect(left == right, "large chunks \(left), small chunks \(right)")
    }
    expect(whole.count == pieces.count, "large chunks \(whole.count), small chunks \(pieces.count)")
  }

  /// A line for each row, and what else is said.
  private static func read(_ path: String, _ options: IngestOptions) -> [String] {
    var seen: [String] = []
    do throws(IngestError) {
      let source = try ChunkSource(
        ShardInput(name: path, path: path), options: options, workspace: workspace.value)
      let buffer = ChunkBuffer()
      var record: UInt64 = 0
      while let piece = source.next(into: buffer) {
        switch piece {
        case .records(let count, let origin, .array(let layout), let isFinal):
          let reader = ArrayReader(layout: layout)
          reader.read(buffer.bytes, count: count, origin: origin, isFinal: isFinal)
          expect(origin.record == record, "record \(origin.record), not \(record)")
          record += UInt64(reader.batch.records.count)
          Locating.check(reader.batch, hasQuotedTexts: false)
          note(reader.batch, &seen)
        case .tooLong(let origin, let length):
          record += 1
          seen.append("long \(origin.offset) \(length)")
        case .failure(let error, let origin):
          expect(!error.isOutsideTheBytes, "\(error)")
          seen.append("\(error) \(origin.offset)")
        case .notDecoded(let reason, _, let isHazard): seen.append("\(reason) \(isHazard)")
        default: expect(false, "\(piece) of a plain file")
        }
      }
    } catch {
      expect(false, "a file that can be read is not: \(error)")
    }
    return seen
  }

  private static func note(_ batch: RecordBatch, _ seen: inout [String]) {
    var rows = batch.records.values.map { "\(batch.origin.offset + UInt64($0.offset)) \($0.length)" }
    for (index, field) in batch.fields.enumerated() {
      let column = batch.columns[index]
      let lists = batch.columns[field.parent].lists
      for (number, value) in column.numbers.values.enumerated() {
        // Every list has as many numbers as the others.
        let row =
          field.role == .element
          ? number / max(1, column.numbers.count / max(1, lists.count))
          : batch.row(at: column.numberPositions[number])
        rows[row] += value.isNaN ? " nan" : " \(value.bitPattern)"
      }
      for position in column.trues.values { rows[batch.row(at: position)] += " true \(index)" }
      for position in column.falses.values { rows[batch.row(at: position)] += " false \(index)" }
    }
    for defect in batch.defects { rows[defect.row] += " \(defect.kind) \(defect.detail)" }
    seen += rows
  }
}
