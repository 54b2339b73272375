import CKernels
import ShardModel

/// Reads chunks of rows of an array into a batch: a row of a vector is one value, every other row one list of all its
/// elements in C order.
///
/// - Complexity: O(bytes); memory O(chunk + fields): 8 bytes an element.
package final class ArrayReader: RecordReader {
  package let batch: RecordBatch
  private var layout: ArrayLayout
  private let limits: TableLimits
  private let isIgnored: (@Sendable (String) -> Bool)?
  /// The fields of rows by their names; the empty one is the root.
  private var known: [String: Target] = ["": Target(field: 0)]
  /// Nil where the values of the array are not kept.
  private var target: Target?
  private var isBeyondLimit = false

  private struct Target {
    var field: Int
    /// The field of the elements, once there was a list.
    var element: Int?
  }

  /// - Parameter isIgnored: whether the field with this path is left out.
  package init(
    layout: ArrayLayout, limits: TableLimits = TableLimits(), isIgnored: (@Sendable (String) -> Bool)? = nil
  ) {
    self.layout = layout
    self.limits = limits
    self.isIgnored = isIgnored
    batch = RecordBatch(format: ArrayFormat(header: layout.header))
    use(layout)
  }

  /// Prepares for another array. Rows with a name that was seen before keep their fields.
  package func use(_ layout: ArrayLayout) {
    self.layout = layout
    batch.format = ArrayFormat(header: layout.header)
    target = field(named: layout.field ?? "")
  }

  /// Forgets the fields of the arrays before, so that many shards with different ones do not add up.
  package func forgetFields() {
    batch.removeFields()
    known = ["": Target(field: 0)]
    use(layout)
  }

  private func field(named name: String) -> Target? {
    isBeyondLimit = false
    var target: Target
    if let found = known[name] {
      target = found
    } else {
      let field = Field(member: name, of: .root, at: 0)
      if isIgnored?(field.path) == true { return nil }
      isBeyondLimit = batch.fields.count > limits.fields
      if isBeyondLimit { return nil }
      target = Target(field: batch.addField(field))
    }
    if layout.header.hasLists, target.element == nil {
      target.element = batch.addField(Field(elementsOf: batch.fields[target.field], at: target.field))
    }
    known[name] = target
    return target
  }

  package func read(_ bytes: UnsafePointer<UInt8>, count: Int, origin: BatchOrigin, isFinal: Bool) {
    batch.begin(bytes: bytes, count: count, origin: origin)
    let rowBytes = max(1, layout.header.rowBytes)
    let rows = count / rowBytes
    batch.records.reserve(rows + 1)
    for row in 0..<rows {
      batch.records.append(
        RecordView(
          offset: UInt32(truncatingIfNeeded: row * rowBytes), length: UInt32(truncatingIfNeeded: rowBytes)))
    }
    let whole = rows * rowBytes
    if let target { fill(target, bytes, rows: rows) }
    batch.valuesBeyondFieldLimit = isBeyondLimit ? whole / layout.header.element.size : 0
    guard whole < count else { return }
    let rest = count - whole
    batch.records.append(
      RecordView(offset: UInt32(truncatingIfNeeded: whole), length: UInt32(truncatingIfNeeded: rest)))
    batch.defects.append(
      Defect(
        kind: .truncated, row: rows, position: UInt32(truncatingIfNeeded: count),
        detail: "the data end inside the row: expected \(rowBytes) bytes, found \(rest)"))
  }

  private func fill(_ target: Target, _ bytes: UnsafePointer<UInt8>, rows: Int) {
    let header = layout.header
    let values = rows * header.rowElements
    let column: UnsafeMutablePointer<Column>
    if header.hasLists, let element = target.element {
      column = batch.columns + element
      addLists(to: batch.columns + target.field, rows: rows)
      if isIgnored?(batch.fields[element].path) == true { return }
    } else {
      column = batch.columns + target.field
    }
    if header.element.kind == .boolean {
      addBooleans(to: column, bytes, values)
    } else {
      addNumbers(to: column, bytes, values, arePlaced: !header.hasLists)
    }
  }

  private func addLists(to column: UnsafeMutablePointer<Column>, rows: Int) {
    let rowBytes = layout.header.rowBytes
    // A list of booleans has no numbers.
    let numbers = layout.header.element.kind == .boolean ? 0 : layout.header.rowElements
    column.pointee.lists.reserve(rows)
    for row in 0..<rows {
      column.pointee.lists.append(
        ListView(
          position: UInt32(truncatingIfNeeded: row * rowBytes),
          count: UInt32(truncatingIfNeeded: layout.header.rowElements),
          firstNumber: UInt32(truncatingIfNeeded: row * numbers)))
    }
  }

  private func addBooleans(
    to column: UnsafeMutablePointer<Column>, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) {
    for index in 0..<count {
      if bytes[index] == 0 {
        column.pointee.falses.append(UInt32(truncatingIfNeeded: index))
      } else {
        column.pointee.trues.append(UInt32(truncatingIfNeeded: index))
      }
    }
  }

  /// - Parameter arePlaced: whether each number has a position of its own; those of lists have not.
  private func addNumbers(
    to column: UnsafeMutablePointer<Column>, _ bytes: UnsafePointer<UInt8>, _ count: Int, arePlaced: Bool
  ) {
    let element = layout.header.element
    // Safe: room for `count` numbers is there, and `count` elements are in the chunk.
    column.pointee.numbers.reserve(count)
    let isSpecial = ck_array_convert(
      element.kernelType, element.isBigEndian ? 1 : 0, bytes, count, column.pointee.numbers.base)
    column.pointee.numbers.count = count
    if element.isInteger { column.pointee.integers = count }
    if arePlaced {
      let size = element.size
      column.pointee.numberPositions.reserve(count)
      for index in 0..<count {
        column.pointee.numberPositions.append(UInt32(truncatingIfNeeded: index * size))
      }
    }
    if isSpecial != 0 { addExceptions(to: column) }
  }

  private func addExceptions(to column: UnsafeMutablePointer<Column>) {
    let isInteger = layout.header.element.isInteger
    let numbers = column.pointee.numbers.values
    for index in numbers.indices {
      let kind: NumberKind
      if isInteger {
        // The kernel asks of the integer, which may round down to 2^53.
        guard numbers[index].magnitude >= 0x1p53, isLarge(index) else { continue }
        kind = .largeInteger
      } else {
        guard !numbers[index].isFinite else { continue }
        kind = numbers[index].isNaN ? .nan : .infinity
      }
      column.pointee.exceptions.append(
        NumberException(index: UInt32(truncatingIfNeeded: index), kind: kind))
    }
  }

  /// Whether the integer at this index is beyond 2^53, not only its double.
  private func isLarge(_ index: Int) -> Bool {
    let element = layout.header.element
    guard element.size == 8 else { return false }
    var bits: UInt64 = 0
    for byte in 0..<8 {
      bits |= UInt64(batch.bytes[8 * index + (element.isBigEndian ? 7 - byte : byte)]) << UInt64(8 * byte)
    }
    let magnitude = element.kind == .int64 ? Int64(bitPattern: bits).magnitude : bits
    return magnitude > 1 << 53
  }
}
