import ShardModel

/// What is said of a value that is not JSON, and how what was kept of it is forgotten.
extension JSONScanner {
  /// What was expected and found where the last value failed.
  var failureText: String {
    let p = min(failurePosition, end)
    switch failure {
    case .expected(let what)?: return "expected \(what), found \(describe(p))"
    case .tooDeep?: return "nested deeper than \(limits.depth) levels"
    case .controlCharacter? where p >= end: return "the text is not closed"
    case .controlCharacter?: return "control character \(describe(p)) in a text"
    case .badEscape?: return "unknown escape in a text"
    case .strayBracket?: return "']' before the end of the data"
    case .missingElement?: return "an element is missing"
    case nil: return "not a value"
    }
  }

  private func describe(_ p: Cursor) -> String {
    guard p < end else { return "the end of the data" }
    switch p.pointee {
    case UInt8(ascii: "\n"): return "the end of the line"
    case 0x21..<0x7F: return "'\(Character(Unicode.Scalar(p.pointee)))'"
    default: return "byte 0x" + String(p.pointee, radix: 16, uppercase: true)
    }
  }

  /// Removes the values that the journal says were kept, which stand at `start` or behind it, and the defects and counts
  /// since the record began.
  mutating func takeBack(from start: Cursor) {
    let first = position(start)
    while journal.count > 0 {
      journal.count -= 1
      let entry = journal[journal.count]
      let column = columns + Int(entry.field)
      column.pointee.integers -= Int(entry.integers)
      column.pointee.removeValues(from: first)
      // The numbers of list elements go with their lists.
      let element = nodes.base[Int(entry.field)].element
      while let last = column.pointee.lists.values.last, last.position >= first {
        column.pointee.lists.count -= 1
        if element >= 0 { columns[element].removeNumbers(from: Int(last.firstNumber)) }
      }
    }
    defects.removeLast(defects.count - defectsBefore)
    valuesBeyondFieldLimit = beyondLimitBefore
  }
}

extension Column {
  /// Removes what stands at or after `position`, lists and numbers of list elements excepted.
  fileprivate mutating func removeValues(from position: UInt32) {
    while let last = numberPositions.values.last, last >= position {
      numberPositions.count -= 1
      numbers.count -= 1
    }
    while let last = texts.values.last, last.offset >= position { texts.count -= 1 }
    while let last = objects.values.last, last >= position { objects.count -= 1 }
    while let last = nulls.values.last, last >= position { nulls.count -= 1 }
    while let last = trues.values.last, last >= position { trues.count -= 1 }
    while let last = falses.values.last, last >= position { falses.count -= 1 }
    while let last = exceptions.values.last, last.index >= numbers.count { exceptions.count -= 1 }
  }

  fileprivate mutating func removeNumbers(from index: Int) {
    numbers.count = index
    while let last = exceptions.values.last, last.index >= index { exceptions.count -= 1 }
  }
}
