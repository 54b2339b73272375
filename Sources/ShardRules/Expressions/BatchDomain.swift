import ShardModel

/// What a condition is held against in one batch: its records, or the elements of all lists of one field.
///
/// The slots of a list's elements stand together, ordered by type (numbers have no positions of their own), so a slot
/// is not the element's index; whoever reports it asks for the place.
struct BatchDomain {
  /// For each slot that of the domain around; empty for records.
  private(set) var owners: [Int32] = []
  /// The records or elements themselves.
  private(set) var values: FieldVector
  /// Where members of the records or elements lie.
  private(set) var objectPositions: [UInt32] = []
  /// Nil: object i is slot i.
  private(set) var objectSlots: [Int32]?
  /// Slots of those elements that are lists.
  private(set) var listSlots: [Int32] = []
  /// For elements: the slots of each list, and the slot around in which the list lies (-1: none).
  private(set) var lists: [Range<Int>] = []
  private(set) var listOwners: [Int32] = []

  var count: Int { values.kinds.count }

  /// The records.
  init(_ batch: RecordBatch) {
    objectPositions = batch.records.values.map(\.offset)
    values = FieldVector(
      member: 0, of: batch, count: batch.records.count, positions: objectPositions, slots: nil)
  }

  /// The elements of the lists of one field.
  ///
  /// - Parameters:
  ///   - listField: nil where the batch has no such lists.
  ///   - elementField: nil where the elements' values were not kept.
  /// - Complexity: O(elements).
  init(elementsOf listField: Int?, _ elementField: Int?, in around: BatchDomain, _ batch: RecordBatch) {
    values = FieldVector(count: 0, field: elementField)
    guard let listField else { return }
    let views = batch.columns[listField].lists
    listOwners = around.slots(ofLists: listField, batch)
    var total = 0
    lists.reserveCapacity(views.count)
    for index in 0..<views.count {
      let next = total &+ Int(views[index].count)
      lists.append(total..<next)
      total = next
    }
    owners.reserveCapacity(total)
    for (list, slots) in lists.enumerated() {
      owners.append(contentsOf: repeatElement(max(0, listOwners[list]), count: slots.count))
    }
    values = FieldVector(count: total, field: elementField)
    if let elementField { take(batch.columns[elementField], views) }
  }

  /// Where the lists of a field lie: of a member, or of the elements themselves.
  private func slots(ofLists field: Int, _ batch: RecordBatch) -> [Int32] {
    let views = batch.columns[field].lists
    if batch.fields[field].role == .element {
      return Array(listSlots.prefix(views.count)).padded(to: views.count)
    }
    var owner = 0
    return views.values.map { view in
      while owner + 1 < objectPositions.count, objectPositions[owner + 1] <= view.position { owner += 1 }
      guard owner < objectPositions.count, objectPositions[owner] <= view.position else { return -1 }
      return objectSlots?[owner] ?? Int32(truncatingIfNeeded: owner)
    }
  }

  private mutating func take(_ column: Column, _ views: Buffer<ListView>) {
    var slots: [Int32] = []
    var next = Cursors()
    listSlots.reserveCapacity(column.lists.count)
    for (list, range) in lists.enumerated() {
      let isLast = list + 1 == views.count
      let end = isLast ? UInt32.max : views[list + 1].position
      var slot = range.lowerBound
      let numbers = Self.numbers(of: list, views, column)
      for index in numbers where slot < range.upperBound {
        values.set(slot, number: column.numbers[index], index)
        slot += 1
      }
      func run(_ cursor: inout Int, _ count: Int, _ position: (Int) -> UInt32, _ body: (Int, Int) -> Void) {
        while cursor < count, position(cursor) < end {
          // More values than the list has elements: a state that no reader leaves.
          if slot < range.upperBound { body(cursor, slot) }
          slot += 1
          cursor += 1
        }
      }
      run(&next.texts, column.texts.count, { column.texts[$0].offset }, { values.set($1, .text, $0) })
      run(
        &next.lists, column.lists.count, { column.lists[$0].position },
        {
          values.set($1, .list, $0)
          listSlots.append(Int32(truncatingIfNeeded: $1))
        })
      run(
        &next.objects, column.objects.count, { column.objects[$0] },
        {
          values.set($1, .object, $0)
          objectPositions.append(column.objects[$0])
          slots.append(Int32(truncatingIfNeeded: $1))
        })
      run(&next.nulls, column.nulls.count, { column.nulls[$0] }, { values.set($1, .null, $0) })
      run(&next.trues, column.trues.count, { column.trues[$0] }, { values.set($1, .yes, $0) })
      run(&next.falses, column.falses.count, { column.falses[$0] }, { values.set($1, .no, $0) })
    }
    objectSlots = slots
  }

  private struct Cursors { var texts = 0, lists = 0, objects = 0, nulls = 0, trues = 0, falses = 0 }

  /// The numbers of a list among those of the element field.
  static func numbers(of list: Int, _ views: Buffer<ListView>, _ column: Column) -> Range<Int> {
    let first = min(Int(views[list].firstNumber), column.numbers.count)
    let next = list + 1 < views.count ? Int(views[list + 1].firstNumber) : column.numbers.count
    return first..<max(first, min(next, column.numbers.count))
  }
}

extension [Int32] {
  fileprivate func padded(to count: Int) -> [Int32] {
    self + repeatElement(-1, count: Swift.max(0, count - self.count))
  }
}
