import CKernels
import ShardModel

/// Lists, with a path of their own for runs of short integers.
extension JSONScanner {
  mutating func parseList(_ field: Int, _ open: Cursor) -> Cursor? {
    if depth >= limits.depth { return fail(.tooDeep, at: open) }
    depth &+= 1
    defer { depth &-= 1 }
    var p = skipSpace(open + 1)
    var element = -1
    var list = 0
    if field >= 0 {
      element = elementField(of: field)
      list = columns[field].lists.count
      columns[field].lists.append(
        ListView(
          position: position(open), count: 0,
          firstNumber: element < 0 ? 0 : UInt32(truncatingIfNeeded: columns[element].numbers.count)))
      note(field)
      if element >= 0, nodes.base[element].isIgnored { element = -1 }
    }
    if p.pointee == UInt8(ascii: "]") { return p + 1 }
    var count = 0
    var tryIntegers = element >= 0 && nodes.base[element].holdsIntegers
    while true {
      if tryIntegers {
        let run = parseIntegers(element, p)
        count &+= Int(run.count)
        p = run.next
        if run.is_closed != 0 { break }
        tryIntegers = false
        if p.pointee <= 0x20 { p = skipSpace(p) }
      }
      let first = p.pointee
      if first &- UInt8(ascii: "0") <= 9 || first == UInt8(ascii: "-") {
        guard let next = parseNumber(element, p) else { return nil }
        // A whole number again: the next ones may come in a run.
        if next - p <= 8, element >= 0, !isFraction(p, next) {
          tryIntegers = true
          nodes.base[element].holdsIntegers = true
        } else if element >= 0 {
          nodes.base[element].holdsIntegers = false
        }
        p = next
      } else {
        guard let next = parseValue(element, p) else { return nil }
        p = next
      }
      count &+= 1
      if p.pointee <= 0x20 { p = skipSpace(p) }
      if p.pointee == UInt8(ascii: ",") {
        p += 1
        if p.pointee <= 0x20 { p = skipSpace(p) }
        continue
      }
      guard p.pointee == UInt8(ascii: "]") else { return fail(.expected("',' or ']'"), at: p) }
      p += 1
      break
    }
    if field >= 0 { columns[field].lists.base[list].count = UInt32(truncatingIfNeeded: count) }
    return p
  }

  @inline(__always)
  func isFraction(_ from: Cursor, _ to: Cursor) -> Bool {
    var p = from
    while p < to {
      if p.pointee == UInt8(ascii: ".") || p.pointee | 0x20 == UInt8(ascii: "e") { return true }
      p += 1
    }
    return false
  }

  /// Appends the run of short integers at `p`.
  @inline(__always)
  mutating func parseIntegers(_ element: Int, _ from: Cursor) -> ck_integer_run {
    var p = from
    var total = 0
    while true {
      columns[element].numbers.reserve(128)
      let numbers = columns[element].numbers
      let run = ck_parse_integers(p, end, numbers.base + numbers.count, numbers.capacity - numbers.count)
      columns[element].numbers.count &+= Int(run.count)
      total &+= Int(run.count)
      // Out of room, not out of integers: make more and go on.
      if run.is_closed == 0, run.count > 0,
        numbers.capacity &- numbers.count &- Int(run.count) < Int(CK_INTEGERS_PER_BLOCK)
      {
        columns[element].numbers.reserve(numbers.capacity)
        p = run.next!
        continue
      }
      columns[element].integers &+= total
      note(element, integers: total)
      return ck_integer_run(next: run.next, count: total, is_closed: run.is_closed)
    }
  }

  @inline(__always)
  mutating func elementField(of field: Int) -> Int {
    let known = nodes.base[field].element
    return known >= 0 ? known : addElement(of: field)
  }

  @inline(never)
  mutating func addElement(of owner: Int) -> Int {
    guard hasRoom(below: owner, 2) else {
      valuesBeyondFieldLimit += 1
      return -1
    }
    let field = Field(elementsOf: batch.fields[owner], at: owner)
    let index = batch.addField(field)
    let node = nodes.addElement(of: owner)
    precondition(index == node)
    nodes.base[index].isIgnored = isIgnored?(field.path) ?? false
    columns = batch.columns
    return index
  }
}
