import CKernels
import ShardModel
import ShardRules

/// What names a picture cannot be its path.
struct ImagePathInvalid: Check {
  static let description = CheckDescription(
    id: "image-path-invalid", family: .pairs, severity: .error,
    summary: "The path of a picture is too long for its tag, or still has the text of a template in it.",
    rationale: """
      A path longer than the span of the picture's tokens (254 bytes in Qwen-VL, 1,278 in Monkey) stops training in the tokenizer, or drops question and picture; a template's path opens no file.
      """,
    triggering: [
      .init("{\"image\": \"<Your_Image_Dir_Path>/1.jpg\", \"caption\": \"a dog on a beach\"}\n"),
      .init("{\"image\": \"/path/to/1.jpg\", \"caption\": \"a dog on a beach\"}\n"),
    ],
    nonTriggering: [
      .init("{\"image\": \"data/a <b 1.jpg\", \"caption\": \"a dog on a beach\"}\n")
    ])

  private let rule: PairRule
  /// Bytes that fit between the tokens of a picture's tag: 256 and 1,280 of them, without the two ends.
  private static let qwenVL = 254
  private static let monkey = 1_278

  init(_ settings: CheckSettings) { rule = settings.rules.pairs }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    let pairs = places.pairs
    let signs = UInt8(CK_PATH_LESS | CK_PATH_BRACE)
    for image in pairs.images.values where image.source != .blob {
      let path = pairs.bytes(of: image)
      // All that is wrong with a path beside its turns begins with one of these.
      guard
        image.copy >= 0 || image.marks & signs != 0 || path.first == UInt8(ascii: "/")
          || path.first == UInt8(ascii: "p")
      else { continue }
      guard let (severity, message) = defect(path, image) else { continue }
      findings.add(
        finding(
          severity, field: places.path(image.position, image.field, image.row), value: Excerpt.of(path),
          message),
        row: Int(image.row))
    }
  }

  private func defect(
    _ path: UnsafeBufferPointer<UInt8>, _ image: PairImage
  ) -> (Severity, String)? {
    if image.copy >= 0 {
      let limit = rule.longestPath ?? Self.monkey
      if path.count > limit {
        return (.error, "a path of \(path.count) bytes, expected at most \(limit)")
      }
      if rule.longestPath == nil, path.count > Self.qwenVL {
        return (.warning, "a path of \(path.count) bytes, of which Qwen-VL takes \(Self.qwenVL)")
      }
      if path.allSatisfy({ $0 <= 0x20 }) { return (.error, "no path between the tags of a picture") }
    }
    guard image.source != .data, path.count <= 4_096 else { return nil }
    return isTemplate(path, isPath: image.source == .path)
      ? (.error, "the path still has the text of a template in it") : nil
  }

  /// `<Your_Image_Dir_Path>`, `${DATA}`, `{{root}}`, `/path/to/`
  private func isTemplate(_ path: UnsafeBufferPointer<UInt8>, isPath: Bool) -> Bool {
    if isPath, path.starts(with: "/path/to/".utf8) || path.starts(with: "path/to/".utf8) { return true }
    for index in path.indices.dropLast() {
      switch (path[index], path[index + 1]) {
      case (UInt8(ascii: "$"), UInt8(ascii: "{")), (UInt8(ascii: "{"), UInt8(ascii: "{")):
        if isPath { return true }
      case (UInt8(ascii: "<"), _): if isName(path[(index + 1)...]) { return true }
      default: break
      }
    }
    return false
  }

  /// A name up to a closing bracket.
  private func isName(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let end = text.firstIndex(of: UInt8(ascii: ">")), end > text.startIndex else { return false }
    return text[..<end].allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "):
        true
      default: false
      }
    }
  }
}
