import ShardModel

/// The values of one field, one for each slot of a domain (each record, or each element of a list).
///
/// The number of a slot is NaN where its value is no number, so that a loop over numbers needs no second array.
struct FieldVector {
  enum Kind: UInt8 { case missing, null, number, text, yes, no, list, object }

  private(set) var kinds: [Kind]
  private(set) var numbers: [Double]
  /// Index of the slot's value among those of its kind in the column.
  private(set) var indices: [UInt32]
  /// In `RecordBatch.fields`; nil where the batch has no such field.
  let field: Int?

  init(count: Int, field: Int?) {
    kinds = .init(repeating: .missing, count: count)
    numbers = .init(repeating: .nan, count: count)
    indices = .init(repeating: 0, count: count)
    self.field = field
  }

  mutating func set(_ slot: Int, _ kind: Kind, _ index: Int) {
    kinds[slot] = kind
    indices[slot] = UInt32(truncatingIfNeeded: index)
    if kind != .number { numbers[slot] = .nan }
  }

  mutating func set(_ slot: Int, number: Double, _ index: Int) {
    set(slot, .number, index)
    numbers[slot] = number
  }

  /// Gathers the slots of a deeper domain from those of the domain around it.
  func gathered(_ owners: [Int32]) -> FieldVector {
    var deeper = FieldVector(count: owners.count, field: field)
    for (slot, owner) in owners.enumerated() {
      deeper.kinds[slot] = kinds[Int(owner)]
      deeper.numbers[slot] = numbers[Int(owner)]
      deeper.indices[slot] = indices[Int(owner)]
    }
    return deeper
  }

  /// Characters of texts and elements of lists, NaN for all others.
  func lengths(_ batch: RecordBatch) -> [Double] {
    var lengths = [Double](repeating: .nan, count: kinds.count)
    guard let field else { return lengths }
    let column = batch.columns[field]
    for (slot, kind) in kinds.enumerated() {
      switch kind {
      case .text: lengths[slot] = Double(column.texts[Int(indices[slot])].characters)
      case .list: lengths[slot] = Double(column.lists[Int(indices[slot])].count)
      default: break
      }
    }
    return lengths
  }

  /// The bytes of the slot's text, escapes undone.
  /// - Precondition: the slot holds a text.
  func withText<Result>(
    _ slot: Int, _ batch: RecordBatch, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    guard let field else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    let text = batch.columns[field].texts[Int(indices[slot])]
    if text.isEscaped { return batch.format.unescaped(text, in: batch).withUnsafeBytes(body) }
    // Safe: a view of a batch lies within its bytes.
    return body(UnsafeRawBufferPointer(start: batch.bytes + Int(text.offset), count: text.length))
  }
}

extension FieldVector {
  /// The values of a member field, each in the slot of the object that it lies in: the last one that starts at or
  /// before it.
  ///
  /// - Parameters:
  ///   - positions: of the objects, rising.
  ///   - slots: of the objects; nil where object i is slot i.
  /// - Complexity: O(values + objects).
  init(
    member field: Int, of batch: RecordBatch, count: Int, positions: [UInt32], slots: [Int32]?
  ) {
    self.init(count: count, field: field)
    guard !positions.isEmpty else { return }
    let column = batch.columns[field]
    func walk(_ count: Int, _ position: (Int) -> UInt32, _ take: (Int, Int) -> Void) {
      var owner = 0
      for index in 0..<count {
        let position = position(index)
        while owner + 1 < positions.count, positions[owner + 1] <= position { owner += 1 }
        if position >= positions[owner] { take(index, slots.map { Int($0[owner]) } ?? owner) }
      }
    }
    walk(
      min(column.numbers.count, column.numberPositions.count), { column.numberPositions[$0] },
      {
        set($1, number: column.numbers[$0], $0)
      })
    walk(column.texts.count, { column.texts[$0].offset }, { set($1, .text, $0) })
    walk(column.lists.count, { column.lists[$0].position }, { set($1, .list, $0) })
    walk(column.objects.count, { column.objects[$0] }, { set($1, .object, $0) })
    walk(column.nulls.count, { column.nulls[$0] }, { set($1, .null, $0) })
    walk(column.trues.count, { column.trues[$0] }, { set($1, .yes, $0) })
    walk(column.falses.count, { column.falses[$0] }, { set($1, .no, $0) })
  }
}
