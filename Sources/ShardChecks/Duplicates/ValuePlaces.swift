import ShardModel

/// Finds for the values of one field, in rising order, the record that holds each and its place in that record: which
/// of the record's objects or lists of the parent's path holds it, and its index in the list.
///
/// Such ordinals count in the order of the bytes. Two values of the same path differ in an index of a list on the way, so
/// that order is the order of the lists, whatever the order of keys.
struct ValuePlaces {
  private let records: UnsafePointer<RecordView>
  private let recordCount: Int
  private var row = 0
  private let owners: UnsafeRawPointer
  private let ownerStride: Int
  private let ownerCount: Int
  private var owner = 0
  /// Of each owner in its record; nil where a record has at most one.
  private let ordinals: UnsafePointer<UInt32>?
  private let elements: UnsafeBufferPointer<ListWalk.Element>?
  private var nextElement = 0
  private var index: UInt32 = 0
  private let isElement: Bool

  /// - Parameters:
  ///   - ordinals: of the owners, which are the parent's objects or, for elements, lists.
  ///   - elements: where the indexes of elements are written down; nil where each list has elements of one kind, so that
  ///     counting them is enough.
  init(
    of field: Int, in batch: RecordBatch, ordinals: UnsafePointer<UInt32>?,
    elements: UnsafeBufferPointer<ListWalk.Element>?
  ) {
    records = UnsafePointer(batch.records.base)
    recordCount = batch.records.count
    let parent = batch.columns + batch.fields[field].parent
    isElement = batch.fields[field].role == .element
    if isElement {
      owners = UnsafeRawPointer(parent.pointee.lists.base)
      ownerStride = MemoryLayout<ListView>.stride
      ownerCount = parent.pointee.lists.count
    } else {
      owners = UnsafeRawPointer(parent.pointee.objects.base)
      ownerStride = MemoryLayout<UInt32>.stride
      ownerCount = parent.pointee.objects.count
    }
    self.ordinals = ordinals
    self.elements = elements
  }

  /// The position of an owner; a list view begins with its position.
  @inline(__always)
  private func ownerPosition(_ index: Int) -> UInt32 {
    owners.load(fromByteOffset: index &* ownerStride, as: UInt32.self)
  }

  /// The row and the place of the value at `position`, which is after that of the last call.
  @inline(__always)
  mutating func next(_ position: UInt32) -> (row: Int, place: UInt64) {
    while row &+ 1 < recordCount, records[row &+ 1].offset <= position { row &+= 1 }
    while owner &+ 1 < ownerCount, ownerPosition(owner &+ 1) < position {
      owner &+= 1
      index = 0
    }
    let ordinal = owner < ownerCount ? ordinals?[owner] ?? 0 : 0
    guard isElement else { return (row, UInt64(ordinal) << 32) }
    if let elements {
      while nextElement < elements.count, elements[nextElement].position < position { nextElement &+= 1 }
      if nextElement < elements.count { index = elements[nextElement].index }
    }
    defer { index &+= 1 }
    return (row, UInt64(ordinal) << 32 | UInt64(index))
  }
}
