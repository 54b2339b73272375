import ShardImages
import ShardModel

/// The pictures of a batch as references: those of pairs, pictures that records hold as bytes, and, in records that are
/// no pairs, texts of fields for pictures that end as names of pictures do.
///
/// - Complexity: O(pictures); for a batch without a field for pictures O(new fields).
package final class PictureSource {
  private let batch: RecordBatch
  private let pairs: PairExtractor
  /// Fields whose texts may name pictures.
  private var named: [Int] = []
  private var known = 0
  private var names = Buffer<UInt8>()

  private static let fieldNames: Set<String> = [
    "image", "images", "image_path", "image_file", "img", "img_path", "file_name", "filename", "filepath",
    "picture",
    "photo",
  ]
  private static let endings = Set(ImageFormat.allCases.flatMap(\.extensions))

  package init(_ batch: RecordBatch, _ pairs: PairExtractor) {
    self.batch = batch
    self.pairs = pairs
  }

  deinit { names.deallocate() }

  /// Forgets the fields, as the reader does.
  package func forgetFields() {
    known = 0
    named.removeAll()
  }

  /// In the order of records, and in a record in the order of bytes.
  /// - Precondition: the pairs of the batch were extracted.
  package func references() -> [PictureReference] {
    lookAtFields()
    var found: [PictureReference] = []
    for field in batch.fields.indices where batch.columns[field].blobs.count > 0 { addBlobs(field, &found) }
    for (index, image) in pairs.images.values.enumerated() where image.source != .blob {
      found.append(
        PictureReference(
          row: Int(image.row), field: Int(image.field), position: image.position, stored: nil, pair: index))
    }
    for field in named where batch.columns[field].texts.count > 0 { addTexts(field, &found) }
    // Of one field they are in order already.
    let isSorted = zip(found, found.dropFirst()).allSatisfy { !Self.precedes($1, $0) }
    if !isSorted { found.sort(by: Self.precedes) }
    return found
  }

  /// Two pictures of one text keep their order.
  private static func precedes(_ a: PictureReference, _ b: PictureReference) -> Bool {
    (a.row, a.position, a.pair) < (b.row, b.position, b.pair)
  }

  private func lookAtFields() {
    for index in known..<max(known, batch.fields.count) {
      let field = batch.fields[index]
      let owner = field.role == .member && field.parent == 0 ? field : batch.fields[field.parent]
      guard owner.role == .member, owner.parent == 0, Self.fieldNames.contains(owner.name.lowercased()) else {
        continue
      }
      // The text itself, an element of its list, or the `path` of its object.
      if owner.path == field.path || field.role == .element || field.name == "path" { named.append(index) }
    }
    known = batch.fields.count
  }

  private func addBlobs(_ field: Int, _ found: inout [PictureReference]) {
    var row = 0
    for blob in batch.columns[field].blobs.values {
      while row + 1 < batch.records.count, batch.records[row + 1].offset <= blob.position { row += 1 }
      found.append(
        PictureReference(
          row: row, field: field, position: blob.position,
          stored: RecordView(offset: blob.offset, length: blob.length)))
    }
  }

  private func addTexts(_ field: Int, _ found: inout [PictureReference]) {
    var row = 0
    for text in batch.columns[field].texts.values {
      let position = batch.isUntyped ? text.offset : text.offset &- 1
      while row + 1 < batch.records.count, batch.records[row + 1].offset <= position { row += 1 }
      guard row < batch.records.count, !isPair(row), isName(text) else { continue }
      found.append(PictureReference(row: row, field: field, position: position, stored: nil, text: text))
    }
  }

  private func isPair(_ row: Int) -> Bool {
    row < pairs.records.count && pairs.isActive && pairs.records[row].images.count > 0
  }

  /// Told by its own bytes: an ending of pictures, or a picture as text.
  private func isName(_ text: TextView) -> Bool {
    let bytes = UnsafeBufferPointer(start: batch.bytes + Int(text.offset), count: text.length)
    if bytes.starts(with: "data:image/".utf8) || bytes.starts(with: "data:image\\/".utf8) { return true }
    let end = bytes.suffix(5)
    guard let dot = end.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return Self.endings.contains(String(decoding: end[(dot + 1)...], as: UTF8.self).lowercased())
  }

  /// The path or address of a picture, valid until the next call.
  package func name(of reference: PictureReference) -> UnsafeBufferPointer<UInt8> {
    if reference.pair >= 0 { return pairs.bytes(of: pairs.images[reference.pair]) }
    guard reference.text.isEscaped else {
      return UnsafeBufferPointer(
        start: batch.bytes + Int(reference.text.offset), count: reference.text.length)
    }
    names.removeAll()
    batch.format.unescape(reference.text, in: batch, into: &names)
    return names.values
  }
}
