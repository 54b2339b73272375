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
  var start: Cursor
  var end: Cursor
  let batch: RecordBatch
  let limits: JSONLimits
  /// In line-delimited data a line feed ends the record wherever it stands.
  let lineFeedEndsRecord: Bool
  /// Whether the data end at `end`, not only the chunk.
  let isFinal: Bool
  var nodes: JSONNodes
  var columns: UnsafeMutablePointer<Column>
  /// What becomes the batch's at the end: the scanner is a value, so that its own need no check of exclusive access for
  /// each record.
  var records: Buffer<RecordView>
  var defects: [Defect] = []
  var valuesBeyondFieldLimit = 0
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
  mutating func failInText(_ p: Cursor) -> Cursor? {
    guard p.pointee == UInt8(ascii: "\\") else { return fail(.controlCharacter, at: p) }
    // The data may end in the escape: then it is not closed, rather than wrong.
    var digits = p + 2
    while digits < end, digits < p + 6, isHexDigit(digits.pointee) { digits += 1 }
    let isCut = p + 1 >= end || (p[1] == UInt8(ascii: "u") && digits >= end)
    return isCut ? fail(.controlCharacter, at: end) : fail(.badEscape, at: p)
  }

  func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  @inline(never)
  mutating func addEncodingDefect(_ field: Int, _ p: Cursor) {
    defects.append(
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
  mutating func addNumber(_ field: Int, _ number: ck_number) {
    let isInteger = number.kind <= UInt32(CK_NUMBER_LARGE_INTEGER)
    if number.kind != UInt32(CK_NUMBER_INTEGER), number.kind != UInt32(CK_NUMBER_REAL) {
      addException(field, exceptionKind(number.kind))
    }
    columns[field].numbers.append(number.value)
    if isInteger { columns[field].integers &+= 1 }
    note(field, integers: isInteger ? 1 : 0)
  }

  func exceptionKind(_ kind: UInt32) -> NumberKind {
    switch kind {
    case UInt32(CK_NUMBER_OVERFLOW): .overflow
    case UInt32(CK_NUMBER_UNDERFLOW): .underflow
    default: .largeInteger
    }
  }

  /// Marks the number about to be appended.
  @inline(never)
  mutating func addException(_ field: Int, _ kind: NumberKind) {
    columns[field].exceptions.append(
      NumberException(index: UInt32(truncatingIfNeeded: columns[field].numbers.count), kind: kind))
  }

  /// `true`, `false`, `null`, and the spellings of NaN and the infinities.
  @inline(never)
  mutating func parseWord(_ field: Int, _ p: Cursor) -> Cursor? {
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
  mutating func parseSignedWord(_ field: Int, _ p: Cursor, _ length: Int) -> Cursor? {
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

  func matches(_ p: Cursor, _ word: StaticString) -> Bool {
    equal(p, word.utf8Start, word.utf8CodeUnitCount) && !isWordByte(p[word.utf8CodeUnitCount])
  }

  /// Whether the data end in one of the words.
  func isCutWord(_ p: Cursor) -> Bool {
    let signs = p.pointee == UInt8(ascii: "-") || p.pointee == UInt8(ascii: "+") ? 1 : 0
    let length = end - p - signs
    guard isFinal, length >= 0, length < 8 else { return false }
    let words: [StaticString] = [
      "true", "false", "null", "NaN", "nan", "NAN", "Infinity", "infinity", "INFINITY",
    ]
    let known = signs == 0 ? words[...] : words[3...]
    return known.contains { length < $0.utf8CodeUnitCount && equal(p + signs, $0.utf8Start, length) }
  }

  func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
