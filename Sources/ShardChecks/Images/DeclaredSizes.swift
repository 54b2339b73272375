import ShardModel

/// Finds width and height that records give for their pictures: numbers beside them, or lists of as many as there are
/// pictures.
///
/// `original_width` and its like are no such: what is stored was scaled. One number beside several pictures says the size
/// of none, unless it `isShared`.
package final class DeclaredSizes {
  /// A width and a height of the same owner, by the index of their fields.
  private struct Pair {
    var width: Int
    var height: Int
    var isList: Bool
  }

  private static let widths: Set<String> = ["width", "image_width", "img_width"]
  private static let heights: Set<String> = ["height", "image_height", "img_height"]

  private var pairs: [Pair] = []
  private var fieldCount = 0
  private var starts: [(width: Int, height: Int)] = []

  private let isShared: Bool

  package init(isShared: Bool = false) { self.isShared = isShared }

  /// Forgets the fields, as the reader does.
  package func forgetFields() { fieldCount = 0 }

  /// Goes on to the next batch; fields are only added, or all forgotten.
  func begin(_ batch: RecordBatch) {
    for index in starts.indices { starts[index] = (0, 0) }
    guard batch.fields.count != fieldCount else { return }
    fieldCount = batch.fields.count
    pairs.removeAll()
    var heights: [String: Int] = [:]
    for (index, field) in batch.fields.enumerated() where Self.heights.contains(Self.name(index, batch)) {
      heights[Self.ownerKey(index, batch) + (field.role == .element ? "[" : ".")] = index
    }
    for (index, field) in batch.fields.enumerated() where Self.widths.contains(Self.name(index, batch)) {
      let isList = field.role == .element
      guard let height = heights[Self.ownerKey(index, batch) + (isList ? "[" : ".")] else { continue }
      pairs.append(Pair(width: index, height: height, isList: isList))
    }
    starts = Array(repeating: (0, 0), count: pairs.count)
  }

  /// In lower case; of elements that of their list. Empty for what belongs to no record as a whole.
  private static func name(_ index: Int, _ batch: RecordBatch) -> String {
    let field = batch.fields[index]
    let named = field.role == .element ? batch.fields[field.parent] : field
    guard named.role == .member else { return "" }
    // Beside the picture, in the record or in one object of it: no list on the way.
    var owner = named.parent
    while batch.fields[owner].role == .member { owner = batch.fields[owner].parent }
    return batch.fields[owner].role == .root ? named.name.lowercased() : ""
  }

  private static func ownerKey(_ index: Int, _ batch: RecordBatch) -> String {
    let field = batch.fields[index]
    let named = field.role == .element ? batch.fields[field.parent] : field
    return batch.fields[named.parent].path + "\0" + named.name.lowercased().filter { $0 == "_" }
  }

  /// What the record gives for its `ordinal`-th picture of `count`. Rows are asked for in rising order.
  func size(ofRow row: Int, picture ordinal: Int, of count: Int, _ batch: RecordBatch) -> (
    width: Double, height: Double
  )? {
    for (index, pair) in pairs.enumerated() {
      let width: Double?
      let height: Double?
      if pair.isList {
        width = element(ordinal, count, row, pair.width, &starts[index].width, batch)
        height = element(ordinal, count, row, pair.height, &starts[index].height, batch)
      } else {
        guard count == 1 || isShared else { continue }
        width = value(row, pair.width, &starts[index].width, batch)
        height = value(row, pair.height, &starts[index].height, batch)
      }
      if let width, let height, width.isFinite, height.isFinite { return (width, height) }
    }
    return nil
  }

  private func value(_ row: Int, _ field: Int, _ start: inout Int, _ batch: RecordBatch) -> Double? {
    let column = batch.columns[field]
    let record = batch.records[row]
    while start < column.numberPositions.count, column.numberPositions[start] < record.offset { start += 1 }
    guard start < column.numberPositions.count,
      UInt64(column.numberPositions[start]) < UInt64(record.offset) + UInt64(max(record.length, 1))
    else { return nil }
    return column.numbers[start]
  }

  private func element(
    _ ordinal: Int, _ count: Int, _ row: Int, _ field: Int, _ start: inout Int, _ batch: RecordBatch
  ) -> Double? {
    let lists = batch.columns[batch.fields[field].parent].lists
    let record = batch.records[row]
    while start < lists.count, lists[start].position < record.offset { start += 1 }
    guard start < lists.count,
      UInt64(lists[start].position) < UInt64(record.offset) + UInt64(max(record.length, 1)),
      Int(lists[start].count) == count
    else { return nil }
    let numbers = batch.columns[field].numbers
    let end = start + 1 < lists.count ? Int(lists[start + 1].firstNumber) : numbers.count
    let first = Int(lists[start].firstNumber)
    // A list with other things in it cannot be told apart.
    guard end - first == count, end <= numbers.count, ordinal < count else { return nil }
    return numbers[first + ordinal]
  }
}
