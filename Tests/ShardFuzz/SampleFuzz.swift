import ShardIngest
import ShardModel

/// A tar of samples of any bytes through framer, chunks, reader and format.
///
/// The first byte chooses how it is cut and whether the checksums of its blocks are made right, without which hardly any
/// header would be one. In large and in small chunks the samples must be the same, and every value kept can be located.
/// Then with a limit of the length and of the number of records, which must hold.
enum SampleFuzz {
  private static let scratch = ScratchFolder("samples")
  private static let workspace = Shared(DecodingWorkspace())

  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    var bytes = Array(input.dropFirst())
    if choice & 0x80 == 0 { repair(&bytes) }
    let path = scratch.write("a.tar", bytes)
    var options = IngestOptions()
    options.format = .webdataset
    let whole = read(path, options)
    options.chunks.bytes = [1, 100, 512, 1_537][Int(choice) % 4]
    options.chunks.mostRecords = [1, 3, 1 << 14][Int(choice) / 4 % 3]
    let pieces = read(path, options)
    for (left, right) in zip(whole, pieces) {
      expect(left == right, "large chunks \(left), small chunks \(right)")
    }
    expect(whole.count == pieces.count, "large chunks \(whole.count), small chunks \(pieces.count)")
    options.maximumRecordBytes = 1_024
    _ = read(path, options)
    options.recordLimit = 2
    let limited = read(path, options).filter { $0.hasPrefix("record") || $0.hasPrefix("long") }
    expect(limited.count <= 2, "\(limited.count) records, not 2")
  }

  private static func repair(_ bytes: inout [UInt8]) {
    for start in stride(from: 0, to: bytes.count - 511, by: 512) where bytes[start] != 0 {
      for index in 148..<156 { bytes[start + index] = 0x20 }
      var sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
      for index in (148..<154).reversed() {
        bytes[start + index] = 0x30 + UInt8(sum & 7)
        sum >>= 3
      }
    }
  }

  /// A line for each sample, and what else is said.
  private static func read(_ path: String, _ options: IngestOptions) -> [String] {
    var seen: [String] = []
    do throws(IngestError) {
      let source = try ChunkSource(
        ShardInput(name: path, path: path), options: options, workspace: workspace.value)
      let buffer = ChunkBuffer()
      var record: UInt64 = 0
      while let piece = source.next(into: buffer) {
        switch piece {
        case .records(let count, let origin, .samples(let naming), let isFinal):
          let reader = SampleReader(naming: naming)
          reader.read(buffer.bytes, count: count, origin: origin, isFinal: isFinal)
          expect(origin.record == record, "record \(origin.record), not \(record)")
          record += UInt64(reader.batch.records.count)
          expect(reader.keyHashes.count == reader.batch.records.count, "keys and records differ")
          Locating.check(reader.batch, hasQuotedTexts: true)
          note(reader.batch, &seen)
        case .tooLong(let origin, let length):
          expect(origin.record == record, "record \(origin.record), not \(record)")
          record += 1
          seen.append("long \(origin.offset) \(length)")
        case .failure(let error, _):
          expect(!error.isOutsideTheBytes, "\(error)")
          seen.append("\(error)")
        // What is an archive or an array of another kind after all.
        case .records(let count, let origin, _, _): seen.append("other \(origin.offset) \(count)")
        case .notDecoded(let reason, _, _): seen.append(reason)
        case .passedOver(let member), .unexpected(let member, _): seen.append("\(member)")
        }
      }
    } catch {
      expect(false, "a file that can be read is not: \(error)")
    }
    return seen
  }

  private static func note(_ batch: RecordBatch, _ seen: inout [String]) {
    let base = batch.origin.offset
    var rows = batch.records.values.map { ["\(base + UInt64($0.offset))"] }
    for index in batch.fields.indices {
      let column = batch.columns[index]
      let path = batch.fields[index].path
      func add(_ position: UInt32, _ value: String) {
        rows[batch.row(at: position)].append("\(path) \(base + UInt64(position)) \(value)")
      }
      for (number, position) in zip(column.numbers.values, column.numberPositions.values) {
        add(position, number.isNaN ? "nan" : "\(number.bitPattern)")
      }
      for text in column.texts.values {
        let content = batch.format.unescaped(text, in: batch)
        add(
          text.offset - 1, "\(String(decoding: content, as: UTF8.self).debugDescription) \(text.characters)")
      }
      for list in column.lists.values { add(list.position, "list \(list.count)") }
      for position in column.objects.values { add(position, "object") }
      for position in column.nulls.values { add(position, "null") }
      for position in column.trues.values { add(position, "true") }
      for position in column.falses.values { add(position, "false") }
      for blob in column.blobs.values { add(blob.position, "picture \(blob.length)") }
      for file in column.files.values { add(file.position, "file \(file.length)") }
    }
    for defect in batch.defects {
      rows[defect.row].append("\(defect.kind) \(base + UInt64(defect.position)) \(defect.detail)")
      _ = batch.format.shownExtent(around: defect.position, row: defect.row, in: batch)
    }
    // Which field was met first depends on the chunk.
    seen += rows.map { "record " + $0.sorted().joined(separator: ", ") }
  }
}
