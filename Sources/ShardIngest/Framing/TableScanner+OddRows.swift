import ShardModel

/// What happens to rows that are not as the header says: their values are taken back and a defect is reported.
extension TableScanner {
  @inline(never)
  mutating func fail(_ failure: Failure, at p: Cursor) {
    guard self.failure == nil else { return }
    self.failure = failure
    failurePosition = p
    oddities &+= 1
  }

  /// Decides about a row with empty cells, a failure, or the wrong number of cells, and returns whether its values
  /// are kept.
  @inline(never)
  mutating func finishOddRow(_ rowStart: Cursor, _ rowEnd: inout Cursor, cells: Int) -> Bool {
    if let failure {
      takeBack(rowStart, cells: cells)
      reportFailure(failure)
      self.failure = nil
      // An open cell holds the last line break, unless that was added.
      if isOpen { rowEnd = dataEnd }
    } else if rowStart == rowEnd, columnCount > 1 {
      takeBack(rowStart, cells: cells)
      addDefect(.empty, at: rowStart, "blank line")
    } else if cells != columnCount {
      takeBack(rowStart, cells: cells)
      addDefect(
        .cellCount, at: rowStart,
        "expected \(columnCount) \(columnCount == 1 ? "cell" : "cells"), found \(cells)")
    } else {
      if oddities == columnCount, columnCount > 1 {
        addDefect(.empty, at: rowStart, "all \(columnCount) cells are empty")
      }
      return true
    }
    return false
  }

  private func reportFailure(_ failure: Failure) {
    switch failure {
    case .open:
      addDefect(
        isFinal ? .truncated : .malformed, at: failurePosition,
        "the data end inside a quoted cell")
    case .afterQuote:
      addDefect(
        .malformed, at: failurePosition,
        "expected \(dialect.delimiterName) or the end of the row after a closing quote, found "
          + describe(failurePosition.pointee))
    }
  }

  private func describe(_ byte: UInt8) -> String {
    switch byte {
    case 0x21..<0x7F: "'\(Character(Unicode.Scalar(byte)))'"
    case 0x20: "a space"
    default: "byte 0x" + String(byte, radix: 16, uppercase: true)
    }
  }

  func addDefect(_ kind: Defect.Kind, at p: Cursor, field: Int = -1, _ detail: String) {
    batch.defects.append(
      Defect(
        kind: kind, row: records.count, position: position(p), field: field >= 0 ? field : nil, detail: detail
      ))
  }

  /// Removes the values of the row and its defects.
  private func takeBack(_ rowStart: Cursor, cells: Int) {
    let first = position(rowStart)
    for cell in 0..<min(cells, columnCount) {
      let column = targets[cell]
      while let last = column.pointee.numberPositions.values.last, last >= first {
        let exception = column.pointee.exceptions.values.last
        // Digits beyond the largest double were not counted.
        let isOverflow =
          exception?.kind == .overflow && exception.map { Int($0.index) } == column.pointee.numbers.count - 1
        if isInteger(rowStart + Int(last - first)), !isOverflow { column.pointee.integers -= 1 }
        column.pointee.numberPositions.count -= 1
        column.pointee.numbers.count -= 1
        if exception.map({ Int($0.index) }) == column.pointee.numbers.count {
          column.pointee.exceptions.count -= 1
        }
      }
      while let last = column.pointee.texts.values.last, last.offset >= first {
        column.pointee.texts.count -= 1
      }
      while let last = column.pointee.nulls.values.last, last >= first { column.pointee.nulls.count -= 1 }
    }
    while let last = batch.defects.last, last.row == records.count { batch.defects.removeLast() }
  }

  /// Whether the number at `p` was counted as an integer: it is a sign and digits up to the end of its cell.
  private func isInteger(_ p: Cursor) -> Bool {
    var p = p
    if p.pointee == UInt8(ascii: "-") || p.pointee == UInt8(ascii: "+") { p += 1 }
    guard p.pointee &- UInt8(ascii: "0") <= 9 else { return false }
    while p.pointee &- UInt8(ascii: "0") <= 9 { p += 1 }
    return p.pointee != UInt8(ascii: ".") && p.pointee | 0x20 != UInt8(ascii: "e")
  }
}
