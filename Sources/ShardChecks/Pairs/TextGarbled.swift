import CKernels
import Glibc
import ShardModel

/// A text was decoded wrongly before it came here.
struct TextGarbled: Check {
  static let description = CheckDescription(
    id: "text-garbled", family: .pairs, severity: .warning,
    summary:
      "A caption or a turn has replacement characters (U+FFFD), or UTF-8 that was read as Windows-1252.",
    rationale: """
      What it said is lost or spelled in letters that nobody writes; the model learns to write them.
      """,
    triggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"a caf\u{FFFD} on a beach\"}\n"),
      .init("{\"image\": \"1.jpg\", \"caption\": \"a caf\u{C3}\u{A9} on a beach\"}\n"),
      .init("{\"image\": \"1.jpg\", \"caption\": \"the dog\u{E2}\u{20AC}\u{2122}s beach\"}\n"),
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"S\u{C3}O PAULO, Stra\u{DF}e\u{AE}, \u{C2} la plage, caf\u{E9}\"}\n"
      )
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    // Half a surrogate pair is read as a replacement character, and said elsewhere.
    let broken = Set(batch.defects.lazy.filter { $0.kind == .invalidEncoding }.map(\.row))
    let signs = UInt32(CK_MARK_LAST) | UInt32(CK_MARK_TILDE_A)
    let captions =
      places.pairs.captionExtent.marks & signs != 0
      ? places.pairs.captions.values : UnsafeBufferPointer(start: nil, count: 0)
    for caption in captions where caption.marks.marks & signs != 0 {
      let bytes = places.pairs.bytes(of: caption.text)
      guard let message = GarbledText.defect(in: bytes), !broken.contains(Int(caption.row)) else { continue }
      findings.add(
        finding(
          field: places.path(caption.position, caption.field, caption.row), value: Excerpt.of(bytes), message),
        row: Int(caption.row))
    }
    for turn in places.pairs.turns.values where turn.marks.marks & signs != 0 {
      guard places.pairs.records[Int(turn.row)].shape != nil, !broken.contains(Int(turn.row)) else {
        continue
      }
      places.pairs.visitTexts(of: turn) { text, _, field, position in
        let bytes = places.pairs.bytes(of: text)
        guard let message = GarbledText.defect(in: bytes) else { return }
        findings.add(
          finding(field: places.path(position, UInt32(field), turn.row), value: Excerpt.of(bytes), message),
          row: Int(turn.row))
      }
    }
  }
}

/// Replacement characters, and UTF-8 that was decoded as Windows-1252 and encoded again.
package enum GarbledText {
  /// What is wrong with the text, nil where nothing is.
  /// - Complexity: O(bytes).
  package static func defect(in text: UnsafeBufferPointer<UInt8>) -> String? {
    guard let base = text.baseAddress else { return nil }
    let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
    if ck_contains(base, text.count, replacement, 3) != 0 { return "a replacement character (U+FFFD)" }
    var index = 0
    while index < text.count, let found = memchr(base + index, 0xC3, text.count - index) {
      index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      // What was one letter is a letter and a sign, neither of them ASCII: in `café au lait` a space follows.
      guard index + 2 < text.count, text[index + 2] >= 0x80 else {
        index += 2
        continue
      }
      if let scalar = original(UnsafeBufferPointer(rebasing: text[index...])) {
        return "UTF-8 read as Windows-1252, where \(scalar) was meant"
      }
      index += 2
    }
    return nil
  }

  /// The scalar whose bytes in UTF-8 the letters at the start of the text are in Windows-1252.
  ///
  /// Only U+0080 to U+00FF of those with two bytes: letters such as Ã and Â are followed by a sign in no language, but ß
  /// may be by ®. Quotation marks and no-break spaces do follow such letters.
  private static func original(_ text: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
    var rest = Slice(base: text, bounds: text.startIndex..<min(text.endIndex, 16))
    guard let lead = byte(&rest) else { return nil }
    let length: Int
    switch lead {
    case 0xC2, 0xC3: length = 2
    case 0xE2...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return nil
    }
    var bytes = [lead]
    for _ in 1..<length {
      guard let next = byte(&rest), next >= 0x80, next <= 0xBF else { return nil }
      bytes.append(next)
    }
    if length == 2, [0xA0, 0xAB, 0xBB].contains(bytes[1]) { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return text.unicodeScalars.first
  }

  /// The byte of Windows-1252 that the first scalar is, which is taken off.
  private static func byte(_ text: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt8? {
    guard let first = text.first else { return nil }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard let scalar = String(validating: text.prefix(length), as: UTF8.self)?.unicodeScalars.first else {
      return nil
    }
    text = text.dropFirst(length)
    if scalar.value >= 0x80, scalar.value <= 0xFF { return UInt8(scalar.value) }
    return windows1252[scalar.value]
  }

  /// The scalars of Windows-1252 beyond Latin-1 and their bytes (Unicode's CP1252.TXT).
  private static let windows1252: [UInt32: UInt8] = [
    0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87,
    0x02C6: 0x88, 0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C, 0x017D: 0x8E, 0x2018: 0x91,
    0x2019: 0x92, 0x201C: 0x93, 0x201D: 0x94, 0x2022: 0x95, 0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98,
    0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B, 0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
  ]
}
