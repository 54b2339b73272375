import ShardModel

/// The pictures of a batch, as references.
///
/// - Complexity: O(pictures); nothing for a batch whose fields hold none.
package final class PictureSource {
  private let batch: RecordBatch
  private var texts: [TextView] = []
  private var names = Buffer<UInt8>()

  package init(_ batch: RecordBatch) { self.batch = batch }

  deinit { names.deallocate() }

  /// In the order of records, and in a record in the order of bytes.
  package func references() -> [PictureReference] {
    var found: [PictureReference] = []
    texts.removeAll(keepingCapacity: true)
    for (index, field) in batch.fields.enumerated() {
      let owner = field.role == .element ? batch.fields[field.parent] : field
      guard ["image", "images", "file_name"].contains(owner.name), batch.fields[owner.parent].role == .root
      else { continue }
      for text in batch.columns[index].texts.values {
        let position = batch.isUntyped ? text.offset : text.offset &- 1
        found.append(
          PictureReference(
            row: batch.row(at: position), field: index, position: position, index: texts.count))
        texts.append(text)
      }
    }
    found.sort { ($0.row, $0.position, $0.index) < ($1.row, $1.position, $1.index) }
    return found
  }

  /// The path or address of a picture, valid until the next call.
  package func name(of reference: PictureReference) -> UnsafeBufferPointer<UInt8> {
    names.removeAll()
    for byte in batch.format.unescaped(texts[reference.index], in: batch) { names.append(byte) }
    return names.values
  }
}
