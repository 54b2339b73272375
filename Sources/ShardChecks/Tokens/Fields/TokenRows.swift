import ShardModel

/// The lists of one role in one batch, by the object that holds them.
struct TokenRows {
  /// Index of the list of each object, -1 where it has none; empty where no object has one.
  private var listOfOwner: [Int32] = []
  private(set) var field = -1
  private(set) var elements = -1

  /// One list as the checks see it.
  struct Row {
    /// Index among the field's lists.
    let list: Int
    /// Elements of any type.
    let count: Int
    /// The numbers among them, in order.
    let numbers: UnsafeBufferPointer<Double>
    /// Index of the first of them in the column.
    let first: Int

    /// Whether every element is a number.
    var isPlain: Bool { count == numbers.count }
  }

  /// Aligns the lists of a field with the objects at `owners`, in rising order. Of two lists of one name the last
  /// counts, as it does for the readers that trainers use.
  /// - Complexity: O(objects + lists).
  mutating func align(
    _ field: Int, elements: Int, with owners: UnsafeBufferPointer<UInt32>, in batch: RecordBatch
  ) {
    self.field = field
    self.elements = elements
    listOfOwner.removeAll(keepingCapacity: true)
    guard field >= 0, batch.columns[field].lists.count > 0 else { return }
    listOfOwner.append(contentsOf: repeatElement(-1, count: owners.count))
    let lists = batch.columns[field].lists.values
    var owner = 0
    for index in lists.indices {
      while owner + 1 < owners.count, owners[owner + 1] <= lists[index].position { owner += 1 }
      guard owner < owners.count, owners[owner] <= lists[index].position else { continue }
      listOfOwner[owner] = Int32(truncatingIfNeeded: index)
    }
  }

  var isEmpty: Bool { listOfOwner.isEmpty }

  /// The list of the object with this index; nil where it has none, or one of lists.
  func row(_ owner: Int, in batch: RecordBatch) -> Row? {
    guard owner < listOfOwner.count, listOfOwner[owner] >= 0 else { return nil }
    let index = Int(listOfOwner[owner])
    let lists = batch.columns[field].lists
    let count = Int(lists[index].count)
    guard elements >= 0 else {
      return Row(list: index, count: count, numbers: UnsafeBufferPointer(start: nil, count: 0), first: 0)
    }
    let column = batch.columns[elements]
    let first = min(Int(lists[index].firstNumber), column.numbers.count)
    let end = index + 1 < lists.count ? Int(lists[index + 1].firstNumber) : column.numbers.count
    let size = max(0, min(end, column.numbers.count) - first)
    // A list of lists is a batch of sequences or has axes: its length says nothing of tokens.
    if size == 0, count > 0, column.lists.count > 0 { return nil }
    // Safe: first + size <= numbers.count.
    return Row(
      list: index, count: count,
      numbers: UnsafeBufferPointer(start: UnsafePointer(column.numbers.base + first), count: size),
      first: first)
  }
}
