import ShardModel

/// The sizes of the pictures of a batch, where records say them: `width` and `height`, numbers or lists with one for each
/// picture.
struct PictureSizes {
  private static let names = ["width", "height"]
  /// For each side, its field and the field of its elements; -1 for none.
  private var fields = [(side: Int, elements: Int)](repeating: (-1, -1), count: 2)
  private var known = 0
  /// For each side, the field's value of each record: a number, or the place of its list; NaN and -1 where there is none.
  private var numbers: [[Double]] = [[], []]
  private var lists: [[Int32]] = [[], []]

  /// Takes in the sizes of the batch.
  /// - Complexity: O(records); O(1) where no record has a size.
  mutating func read(_ batch: RecordBatch) {
    if known != batch.fields.count { find(batch.fields) }
    for side in fields.indices {
      numbers[side].removeAll(keepingCapacity: true)
      lists[side].removeAll(keepingCapacity: true)
      guard fields[side].side >= 0 else { continue }
      let column = batch.columns[fields[side].side]
      numbers[side].append(contentsOf: repeatElement(.nan, count: batch.records.count))
      lists[side].append(contentsOf: repeatElement(-1, count: batch.records.count))
      var row = 0
      for (number, position) in zip(column.numbers.values, column.numberPositions.values) {
        row = Self.advance(row, to: position, batch)
        numbers[side][row] = number
      }
      row = 0
      for (index, list) in column.lists.values.enumerated() {
        row = Self.advance(row, to: list.position, batch)
        lists[side][row] = Int32(truncatingIfNeeded: index)
      }
    }
  }

  /// - Parameter index: of the picture among those of its record; one number says the size of all.
  func picture(_ index: Int, row: Int, in batch: RecordBatch) -> TurnPicture {
    TurnPicture(
      width: value(0, index, row, batch).flatMap(Self.pixels),
      height: value(1, index, row, batch).flatMap(Self.pixels))
  }

  private func value(_ side: Int, _ index: Int, _ row: Int, _ batch: RecordBatch) -> Double? {
    guard row < numbers[side].count else { return nil }
    if !numbers[side][row].isNaN { return numbers[side][row] }
    let list = Int(lists[side][row])
    guard list >= 0, fields[side].elements >= 0 else { return nil }
    let view = batch.columns[fields[side].side].lists[list]
    let elements = batch.columns[fields[side].elements].numbers
    let place = Int(view.firstNumber) + index
    guard index < Int(view.count), place < elements.count else { return nil }
    return elements[place]
  }

  private static func pixels(_ value: Double) -> Int? {
    value >= 1 && value <= Double(1 << 24) && value == value.rounded() ? Int(value) : nil
  }

  private static func advance(_ row: Int, to position: UInt32, _ batch: RecordBatch) -> Int {
    var row = row
    while row + 1 < batch.records.count, batch.records[row + 1].offset <= position { row += 1 }
    return row
  }

  private mutating func find(_ all: [Field]) {
    known = all.count
    for (side, name) in Self.names.enumerated() {
      let field = all.firstIndex { $0.role == .member && $0.parent == 0 && $0.name == name } ?? -1
      let elements = field < 0 ? nil : all.firstIndex { $0.role == .element && $0.parent == field }
      fields[side] = (field, elements ?? -1)
    }
  }
}
