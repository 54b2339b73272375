import ShardModel

/// One step of what a tokenizer does to a text before it cuts it into words.
enum Normalizer: Sendable {
  case form(Decomposition)
  case lowercase
  case strip(left: Bool, right: Bool)
  /// Drops marks; BERT those without a width alone.
  case stripAccents(onlyNonspacing: Bool)
  case replaceLiteral([UInt8], with: [UInt8])
  case replace(TokenPattern, with: [UInt8])
  case prepend([UInt8])
  case precompiled(PrecompiledMap)
  case bertClean
  case bertIdeographs
  case nmt

  /// Whether the step is known to leave the text as it is.
  func keeps(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .form(let decomposition): decomposition.keeps(text)
    case .replaceLiteral(let old, _): old.count == 1 && !text.contains(old[0])
    default: false
    }
  }

  /// The text after the step, behind what `output` has.
  ///
  /// - Returns: false where a pattern was given up at its limit; the rest of the text is then as it was.
  func apply(
    _ text: UnsafeBufferPointer<UInt8>, into output: inout Buffer<UInt8>, _ matcher: TokenMatcher?
  ) -> Bool {
    switch self {
    case .form(let decomposition): decomposition.normalize(text, into: &output)
    case .lowercase: Self.lowercase(text, &output)
    case .strip(let left, let right): output.append(bytes: Self.stripped(text, left, right))
    case .stripAccents(let onlyNonspacing):
      let marks = onlyNonspacing ? ScalarSet.nonspacingMarks : ScalarSet.marks
      Self.eachScalar(text) { scalar, bytes in
        if scalar < 0x300 || !marks.contains(scalar) { output.append(bytes: bytes) }
      }
    case .replaceLiteral(let old, let new): Self.replace(old, new, text, &output)
    case .replace(_, let new): return Self.replace(matcher, new, text, &output)
    case .prepend(let bytes):
      if !text.isEmpty { output.append(contentsOf: bytes) }
      output.append(bytes: text)
    case .precompiled(let map): map.normalize(text, into: &output)
    case .bertClean: Self.clean(text, &output)
    case .bertIdeographs:
      Self.eachScalar(text) { scalar, bytes in
        guard scalar >= 0x3400, ScalarClass.isIdeograph(scalar) else { return output.append(bytes: bytes) }
        output.append(0x20)
        output.append(bytes: bytes)
        output.append(0x20)
      }
    case .nmt: Self.nmt(text, &output)
    }
    return true
  }

  @inline(__always)
  private static func eachScalar(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (UInt32, UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard let base = text.baseAddress else { return }
    var at = 0
    while at < text.count {
      let (scalar, length) = UTF8Text.scalar(at: base + at)
      body(scalar, UnsafeBufferPointer(start: base + at, count: length))
      at &+= length
    }
  }

  private static func lowercase(_ text: UnsafeBufferPointer<UInt8>, _ output: inout Buffer<UInt8>) {
    eachScalar(text) { scalar, bytes in
      if scalar < 0x80 {
        output.append(scalar >= 0x41 && scalar <= 0x5A ? UInt8(scalar) + 0x20 : UInt8(scalar))
        return
      }
      // Ideographs and syllables have no case.
      if scalar >= 0x3000, scalar < 0xA000 { return output.append(bytes: bytes) }
      guard let properties = Unicode.Scalar(scalar)?.properties, properties.changesWhenLowercased else {
        return output.append(bytes: bytes)
      }
      for part in properties.lowercaseMapping.unicodeScalars { UTF8Text.append(part.value, to: &output) }
    }
  }

  private static func stripped(
    _ text: UnsafeBufferPointer<UInt8>, _ left: Bool, _ right: Bool
  ) -> UnsafeBufferPointer<UInt8> {
    guard let base = text.baseAddress else { return text }
    var start = 0
    var end = text.count
    while left, start < end {
      let (scalar, length) = UTF8Text.scalar(at: base + start)
      guard ScalarClass.isSpace(scalar) else { break }
      start += length
    }
    while right, end > start {
      var last = end - 1
      while last > start, base[last] & 0xC0 == 0x80 { last -= 1 }
      guard ScalarClass.isSpace(UTF8Text.scalar(at: base + last).value) else { break }
      end = last
    }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  private static func replace(
    _ old: [UInt8], _ new: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ output: inout Buffer<UInt8>
  ) {
    guard let first = old.first else { return output.append(bytes: text) }
    var copied = 0
    var at = 0
    while at + old.count <= text.count {
      guard text[at] == first, text[at..<at + old.count].elementsEqual(old) else {
        at &+= 1
        continue
      }
      output.append(bytes: UnsafeBufferPointer(rebasing: text[copied..<at]))
      output.append(contentsOf: new)
      at += old.count
      copied = at
    }
    output.append(bytes: UnsafeBufferPointer(rebasing: text[copied...]))
  }

  private static func replace(
    _ matcher: TokenMatcher?, _ new: [UInt8], _ text: UnsafeBufferPointer<UInt8>,
    _ output: inout Buffer<UInt8>
  ) -> Bool {
    guard let matcher, let base = text.baseAddress else { return true }
    var copied = 0
    var at = 0
    var isWhole = true
    search: while at <= text.count {
      switch matcher.next(in: text, from: at) {
      case .match(let start, let end):
        output.append(bytes: UnsafeBufferPointer(rebasing: text[copied..<start]))
        output.append(contentsOf: new)
        copied = end
        guard end == start else {
          at = end
          continue
        }
        // Behind an empty match the search goes on one character later.
        guard end < text.count else { break search }
        at = end + UTF8Text.length(leading: base[end])
      case .none: break search
      case .exhausted:
        isWhole = false
        break search
      }
    }
    output.append(bytes: UnsafeBufferPointer(rebasing: text[copied...]))
    return isWhole
  }

  private static func clean(_ text: UnsafeBufferPointer<UInt8>, _ output: inout Buffer<UInt8>) {
    eachScalar(text) { scalar, bytes in
      if scalar >= 0x20, scalar < 0x7F { return output.append(UInt8(scalar)) }
      // Before the spaces, as in the reference, which so drops U+000B, U+000C and U+0085.
      if scalar == 0 || scalar == 0xFFFD || ScalarClass.isControl(scalar) { return }
      if ScalarClass.isSpace(scalar) { return output.append(0x20) }
      output.append(bytes: bytes)
    }
  }

  /// `tokenizers`, `normalizers/unicode.rs`.
  private static func nmt(_ text: UnsafeBufferPointer<UInt8>, _ output: inout Buffer<UInt8>) {
    eachScalar(text) { scalar, bytes in
      switch scalar {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: return
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
        output.append(0x20)
      default: output.append(bytes: bytes)
      }
    }
  }
}
