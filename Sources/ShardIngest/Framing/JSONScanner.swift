import CKernels
import ShardModel

/// Bounds on what one JSON record may ask for.
package struct JSONLimits: Sendable, Equatable {
  /// Nesting of objects and lists; deeper records are malformed.
  package var depth = 512
  /// Distinct fields; values of further ones are checked for their grammar, counted, and left out.
  package var fields = 20_000
  /// Bytes of a field's path; longer ones are left out in the same way. Nesting makes paths of long names out of
  /// few bytes, so that the limit of fields alone would bound nothing.
  package var path = 4_096

  package init() {}
}

/// A position in the bytes; nil after an error.
typealias Cursor = UnsafePointer<UInt8>

/// Parses JSON values (RFC 8259, plus the numbers `NaN` and `Infinity` in the spellings that programs write) into
/// the columns of a batch, reading each byte once.
///
/// Keys are predicted: the members of an object nearly always come in the order of the last one, so a key is
/// usually one comparison of 16 bytes. Everything here works on raw pointers into the chunk; the bytes behind the
/// chunk are zero, which no value may contain, so the end needs no test of its own.
struct JSONScanner {
  let start: Cursor
  let end: Cursor
  let batch: RecordBatch
  let limits: JSONLimits
  /// In line-delimited data a line feed ends the record wherever it stands.
  let lineFeedEndsRecord: Bool
  /// Whether the data end at `end`, not only the chunk.
  let isFinal: Bool
  var nodes: JSONNodes
  var columns: UnsafeMutablePointer<Column>
  let isIgnored: (@Sendable (String) -> Bool)?

  /// Ordinal of the object being read, over the life of the reader.
  var objectOrdinal: UInt64
  var row = 0
  var depth = 0
  /// Every value kept of the current record, so that a malformed record can be taken back.
  var journal: Buffer<JournalEntry>
  var hasMembers = false
  /// Counts at the start of the record, to go back to.
  var defectsBefore = 0
  var beyondLimitBefore = 0

  var failure: Failure?
  /// The furthest byte looked at when the failure was seen.
  var failurePosition: Cursor

  enum Failure {
    case expected(StaticString)
    case tooDeep
    case controlCharacter
    case badEscape
    case strayBracket
    case missingElement
  }

  struct JournalEntry: BitwiseCopyable {
    var field: UInt32
    var integers: UInt32
  }

  @inline(__always)
  func position(_ p: Cursor) -> UInt32 { UInt32(truncatingIfNeeded: p - start) }

  @inline(never)
  mutating func fail(_ failure: Failure, at p: Cursor) -> Cursor? {
    self.failure = failure
    failurePosition = p
    return nil
  }

  /// Skips white space; in line-delimited data not over a line feed.
  @inline(__always)
  func skipSpace(_ from: Cursor) -> Cursor {
    var p = from
    while p.pointee <= 0x20 {
      switch p.pointee {
      case 0x20, 0x09, 0x0D: break
      case 0x0A where !lineFeedEndsRecord: break
      default: return p
      }
      p += 1
    }
    return p
  }

  // MARK: Values

  /// Parses the value at `p`, which is not white space, into `field` (-1: check and forget).
  @inline(__always)
  mutating func parseValue(_ field: Int, _ p: Cursor) -> Cursor? {
    switch p.pointee {
    case UInt8(ascii: "\""): return parseText(field, p)
    case UInt8(ascii: "{"): return parseObject(field, p)
    case UInt8(ascii: "["): return parseList(field, p)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return parseNumber(field, p)
    default: return parseWord(field, p)
    }
  }

  @inline(__always)
  mutating func note(_ field: Int, integers: Int = 0) {
    journal.append(
      JournalEntry(
        field: UInt32(truncatingIfNeeded: field), integers: UInt32(truncatingIfNeeded: integers)))
  }

  @inline(__always)
  mutating func parseText(_ field: Int, _ p: Cursor) -> Cursor? {
    let text = ck_scan_text(p + 1)
    if text.flags & ~UInt32(CK_TEXT_ESCAPED) != 0 {
      if text.flags & UInt32(CK_TEXT_MALFORMED) != 0 {
        return failInText(p + 1 + Int(text.length))
      }
      addEncodingDefect(field, p + 1 + Int(text.defect))
    }
    if field >= 0 {
      columns[field].texts.append(
        TextView(
          offset: position(p + 1), length: text.length,
          isEscaped: text.flags & UInt32(CK_TEXT_ESCAPED) != 0, characters: text.characters))
      note(field)
    }
    return p + (2 &+ Int(text.length))
  }

  @inline(never)
  private mutating func failInText(_ p: Cursor) -> Cursor? {
    guard p.pointee == UInt8(ascii: "\\") else { return fail(.controlCharacter, at: p) }
    // The data may end in the escape: then it is not closed, rather than wrong.
    var digits = p + 2
    while digits < end, digits < p + 6, isHexDigit(digits.pointee) { digits += 1 }
    let isCut = p + 1 >= end || (p[1] == UInt8(ascii: "u") && digits >= end)
    return isCut ? fail(.controlCharacter, at: end) : fail(.badEscape, at: p)
  }

  private func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  @inline(never)
  private mutating func addEncodingDefect(_ field: Int, _ p: Cursor) {
    batch.defects.append(
      Defect(
        kind: .invalidEncoding, row: row, position: position(p), field: field >= 0 ? field : nil,
        detail: p.pointee == UInt8(ascii: "\\")
          ? "half of a surrogate pair"
          : "byte 0x\(String(p.pointee, radix: 16, uppercase: true)) is not UTF-8"))
  }

  @inline(__always)
  mutating func parseNumber(_ field: Int, _ p: Cursor) -> Cursor? {
    let number = ck_parse_number(p)
    if number.kind == UInt32(CK_NUMBER_INVALID) {
      return parseSignedWord(field, p, Int(number.length))
    }
    if field >= 0 {
      addNumber(field, number)
      if !nodes.base[field].isElement { columns[field].numberPositions.append(position(p)) }
    }
    return p + Int(number.length)
  }

  @inline(__always)
  private mutating func addNumber(_ field: Int, _ number: ck_number) {
    let isInteger = number.kind <= UInt32(CK_NUMBER_LARGE_INTEGER)
    if number.kind != UInt32(CK_NUMBER_INTEGER), number.kind != UInt32(CK_NUMBER_REAL) {
      addException(field, exceptionKind(number.kind))
    }
    columns[field].numbers.append(number.value)
    if isInteger { columns[field].integers &+= 1 }
    note(field, integers: isInteger ? 1 : 0)
  }

  private func exceptionKind(_ kind: UInt32) -> NumberKind {
    switch kind {
    case UInt32(CK_NUMBER_OVERFLOW): .overflow
    case UInt32(CK_NUMBER_UNDERFLOW): .underflow
    default: .largeInteger
    }
  }

  /// Marks the number about to be appended.
  @inline(never)
  private mutating func addException(_ field: Int, _ kind: NumberKind) {
    columns[field].exceptions.append(
      NumberException(index: UInt32(truncatingIfNeeded: columns[field].numbers.count), kind: kind))
  }

  /// `true`, `false`, `null`, and the spellings of NaN and the infinities.
  @inline(never)
  private mutating func parseWord(_ field: Int, _ p: Cursor) -> Cursor? {
    if matches(p, "true") {
      if field >= 0 {
        columns[field].trues.append(position(p))
        note(field)
      }
      return p + 4
    }
    if matches(p, "false") {
      if field >= 0 {
        columns[field].falses.append(position(p))
        note(field)
      }
      return p + 5
    }
    if matches(p, "null") {
      if field >= 0 {
        columns[field].nulls.append(position(p))
        note(field)
      }
      return p + 4
    }
    return parseSignedWord(field, p, 0)
  }

  @inline(never)
  private mutating func parseSignedWord(_ field: Int, _ p: Cursor, _ length: Int) -> Cursor? {
    var word = p
    let isNegative = p.pointee == UInt8(ascii: "-")
    if isNegative || p.pointee == UInt8(ascii: "+") { word += 1 }
    var size = 0
    var value = Double.nan
    var kind = NumberKind.nan
    if matches(word, "NaN") || matches(word, "nan") || matches(word, "NAN") {
      size = 3
    } else {
      kind = .infinity
      value = isNegative ? -Double.infinity : Double.infinity
      if matches(word, "Infinity") || matches(word, "infinity") || matches(word, "INFINITY") {
        size = 8
      } else if matches(word, "Inf") || matches(word, "inf") || matches(word, "INF") {
        size = 3
      }
    }
    guard size > 0, !isWordByte(word[size]) else {
      return fail(.expected("a value"), at: isCutWord(p) ? end : p + length)
    }
    if field >= 0 {
      addException(field, kind)
      columns[field].numbers.append(value)
      note(field)
      if !nodes.base[field].isElement { columns[field].numberPositions.append(position(p)) }
    }
    return word + size
  }

  private func matches(_ p: Cursor, _ word: StaticString) -> Bool {
    equal(p, word.utf8Start, word.utf8CodeUnitCount) && !isWordByte(p[word.utf8CodeUnitCount])
  }

  /// Whether the data end in one of the words.
  private func isCutWord(_ p: Cursor) -> Bool {
    let signs = p.pointee == UInt8(ascii: "-") || p.pointee == UInt8(ascii: "+") ? 1 : 0
    let length = end - p - signs
    guard isFinal, length >= 0, length < 8 else { return false }
    let words: [StaticString] = [
      "true", "false", "null", "NaN", "nan", "NAN", "Infinity", "infinity", "INFINITY",
    ]
    let known = signs == 0 ? words[...] : words[3...]
    return known.contains { length < $0.utf8CodeUnitCount && equal(p + signs, $0.utf8Start, length) }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  // MARK: Objects

  mutating func parseObject(_ field: Int, _ open: Cursor) -> Cursor? {
    if depth >= limits.depth { return fail(.tooDeep, at: open) }
    depth &+= 1
    defer { depth &-= 1 }
    objectOrdinal &+= 1
    let ordinal = objectOrdinal
    var expected = -1
    if field >= 0 {
      columns[field].objects.append(position(open))
      note(field)
      expected = nodes.base[field].firstMember
    }
    var p = skipSpace(open + 1)
    if p.pointee == UInt8(ascii: "}") { return p + 1 }
    var previous = -1
    while true {
      guard p.pointee == UInt8(ascii: "\"") else { return fail(.expected("a key in quotes"), at: p) }
      p += 1
      var member = -1
      if expected >= 0, let after = matchToken(expected, p) {
        member = expected
        p = after
      } else {
        guard let after = findMember(of: field, after: expected, at: &p) else { return nil }
        member = after
      }
      if member >= 0 {
        let node = nodes.base + member
        if node.pointee.stamp == ordinal { addDuplicateDefect(member, p) }
        node.pointee.stamp = ordinal
        if previous >= 0 {
          nodes.base[previous].next = node.pointee.prediction
        } else {
          nodes.base[field].firstMember = node.pointee.prediction
        }
        previous = member
        expected = node.pointee.next
        hasMembers = true
        if node.pointee.isIgnored { member = -1 }
      }
      if p.pointee <= 0x20 { p = skipSpace(p) }
      guard let next = parseValue(member, p) else { return nil }
      p = next
      if p.pointee <= 0x20 { p = skipSpace(p) }
      if p.pointee == UInt8(ascii: ",") {
        p += 1
        if p.pointee <= 0x20 { p = skipSpace(p) }
        continue
      }
      guard p.pointee == UInt8(ascii: "}") else { return fail(.expected("',' or '}'"), at: p) }
      return p + 1
    }
  }

  /// The byte after key, quote and colon, if the bytes at `p` are those of this member.
  @inline(__always)
  private func matchToken(_ member: Int, _ p: Cursor) -> Cursor? {
    let node = nodes.base + member
    let (low, high) = load16(p)
    let difference =
      ((low ^ node.pointee.head.0) & node.pointee.headMask.0)
      | ((high ^ node.pointee.head.1) & node.pointee.headMask.1)
    guard difference == 0 else { return nil }
    let length = node.pointee.tokenLength
    if length > 16, !equal(p + 16, node.pointee.token + 16, length - 16) { return nil }
    return p + length
  }

  /// The member whose key stands at `p`; moves `p` behind the colon. -1 where it is to be left out.
  @inline(never)
  private mutating func findMember(of owner: Int, after expected: Int, at p: inout Cursor) -> Int? {
    if expected >= 0 {
      let next = nodes.base[expected].next
      if next >= 0, let after = matchToken(next, p) {
        p = after
        return next
      }
    }
    let key = p
    let text = ck_scan_text(p)
    if text.flags & UInt32(CK_TEXT_MALFORMED) != 0 {
      _ = failInText(p + Int(text.length))
      return nil
    }
    if text.flags & UInt32(CK_TEXT_INVALID_ENCODING) != 0 {
      addEncodingDefect(owner, p + Int(text.defect))
    }
    p = skipSpace(p + Int(text.length) + 1)
    guard p.pointee == UInt8(ascii: ":") else {
      _ = fail(.expected("':'"), at: p)
      return nil
    }
    p += 1
    guard owner >= 0 else { return -1 }
    return member(of: owner, key: key, text: text)
  }

  private mutating func member(of owner: Int, key: Cursor, text: ck_text) -> Int {
    var length = Int(text.length)
    if text.flags & UInt32(CK_TEXT_ESCAPED) == 0 {
      if let known = nodes.member(of: owner, key: key, length: length) { return known }
      return addMember(of: owner, key: key, length: length)
    }
    // The same name however it is escaped.
    let name = JSONText.unescaped(UnsafeBufferPointer(start: key, count: length))
    length = name.count
    return name.withUnsafeBufferPointer { bytes in
      let base = bytes.baseAddress ?? key
      return nodes.member(of: owner, key: base, length: length)
        ?? addMember(of: owner, key: base, length: length)
    }
  }

  private mutating func addMember(of owner: Int, key: Cursor, length: Int) -> Int {
    guard hasRoom(below: owner, length) else {
      batch.valuesBeyondFieldLimit += 1
      return -1
    }
    let name = String(decoding: UnsafeBufferPointer(start: key, count: length), as: UTF8.self)
    let field = Field(member: name, of: batch.fields[owner], at: owner)
    let index = batch.addField(field)
    let node = nodes.addMember(of: owner, key: key, length: length)
    precondition(index == node)
    nodes.base[index].isIgnored = isIgnored?(field.path) ?? false
    columns = batch.columns
    return index
  }

  private func hasRoom(below owner: Int, _ length: Int) -> Bool {
    batch.fields.count < limits.fields && batch.fields[owner].path.utf8.count + length <= limits.path
  }

  @inline(never)
  private mutating func addDuplicateDefect(_ member: Int, _ p: Cursor) {
    batch.defects.append(
      Defect(
        kind: .duplicateName, row: row, position: position(p), field: member,
        detail: "the object has this name twice"))
  }

  // MARK: Lists

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
  private func isFraction(_ from: Cursor, _ to: Cursor) -> Bool {
    var p = from
    while p < to {
      if p.pointee == UInt8(ascii: ".") || p.pointee | 0x20 == UInt8(ascii: "e") { return true }
      p += 1
    }
    return false
  }

  /// Appends the run of short integers at `p`.
  @inline(__always)
  private mutating func parseIntegers(_ element: Int, _ from: Cursor) -> ck_integer_run {
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
  private mutating func elementField(of field: Int) -> Int {
    let known = nodes.base[field].element
    return known >= 0 ? known : addElement(of: field)
  }

  @inline(never)
  private mutating func addElement(of owner: Int) -> Int {
    guard hasRoom(below: owner, 2) else {
      batch.valuesBeyondFieldLimit += 1
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
