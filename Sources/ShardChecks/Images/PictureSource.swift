import CKernels
import Glibc
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
  @exclusivity(unchecked) private var names = Buffer<UInt8>()
  @exclusivity(unchecked) private var found = Buffer<PictureReference>()
  /// Of the batch at hand, how many were left out.
  package private(set) var elsewhere = 0

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

  deinit {
    names.deallocate()
    found.deallocate()
  }

  /// Forgets the fields, as the reader does.
  package func forgetFields() {
    known = 0
    named.removeAll()
  }

  /// In the order of records, and in a record in the order of bytes; valid until the next call.
  ///
  /// - Parameter absent: what the resolver gives as `absentFolder`. Pictures in it that are the only ones of their record
  ///   are left out and counted as `elsewhere`.
  /// - Precondition: the pairs of the batch were extracted.
  package func references(absent: [UInt8] = []) -> UnsafeBufferPointer<PictureReference> {
    lookAtFields()
    found.removeAll()
    elsewhere = 0
    for field in batch.fields.indices where batch.columns[field].blobs.count > 0 { addBlobs(field) }
    addPairs(absent: found.isEmpty ? absent : [])
    // In each record a pair has its picture: no other field names one.
    if pairs.recordsWithImages < batch.records.count {
      for field in named where batch.columns[field].texts.count > 0 { addTexts(field) }
    }
    // Of one field they are in order already.
    let isSorted = zip(found.values, found.values.dropFirst()).allSatisfy { !Self.precedes($1, $0) }
    if !isSorted {
      var run = UnsafeMutableBufferPointer(start: found.base, count: found.count)
      run.sort(by: Self.precedes)
    }
    return found.values
  }

  private func addPairs(absent: [UInt8]) {
    let images = pairs.images
    let records = pairs.records.base
    let base = batch.bytes
    let signs = UInt8(CK_PATH_LESS | CK_PATH_ODD)
    var left = 0
    absent.withUnsafeBytes { absent in
      let shortest = absent.isEmpty ? Int.max : absent.count
      for index in 0..<images.count {
        let image = images.base + index
        guard image.pointee.source != .blob else { continue }
        let text = image.pointee.text
        // As `PictureResolving.absentFolder` says.
        if text.length > shortest, text.length < 256, image.pointee.marks & signs == 0,
          image.pointee.source == .path, image.pointee.copy < 0, !text.isEscaped,
          records[Int(image.pointee.row)].images.count == 1,
          memcmp(base + Int(text.offset), absent.baseAddress.unsafelyUnwrapped, absent.count) == 0
        {
          left &+= 1
          continue
        }
        found.append(
          PictureReference(
            row: Int(image.pointee.row), field: Int(image.pointee.field), position: image.pointee.position,
            stored: nil, pair: index))
      }
    }
    elsewhere = left
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

  private func addBlobs(_ field: Int) {
    var row = 0
    for blob in batch.columns[field].blobs.values {
      while row + 1 < batch.records.count, batch.records[row + 1].offset <= blob.position { row += 1 }
      found.append(
        PictureReference(
          row: row, field: field, position: blob.position,
          stored: RecordView(offset: blob.offset, length: blob.length)))
    }
  }

  private func addTexts(_ field: Int) {
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
