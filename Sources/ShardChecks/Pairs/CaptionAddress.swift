import ShardModel

/// A caption is the name of a file or an address.
struct CaptionAddress: Check {
  static let description = CheckDescription(
    id: "caption-address", family: .pairs, severity: .warning,
    summary: "A caption is nothing but the name of a picture's file or an address.",
    rationale: """
      `IMG_2034.JPG` describes no picture: columns were mixed up, or the page had no text for it.
      """,
    triggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"IMG_2034.JPG\"}\n"),
      .init("{\"image\": \"1.jpg\", \"caption\": \"https://example.com/a?b=1\"}\n"),
    ],
    nonTriggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"see www.example.com for a dog on a beach\"}\n")
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    // An address has no space in it, the name of a file few.
    guard places.pairs.captionExtent.fewestWords <= 6 else { return }
    for caption in places.pairs.captions.values where caption.marks.words >= 1 && caption.marks.words <= 6 {
      let bytes = places.pairs.bytes(of: caption.text)
      guard let what = AddressText.kind(of: bytes, words: caption.marks.words) else { continue }
      findings.add(
        finding(
          field: places.path(caption.position, caption.field, caption.row), value: Excerpt.of(bytes),
          "\(what) as a caption"), row: Int(caption.row))
    }
  }
}

/// Names of files and addresses.
enum AddressText {
  private static let endings = [
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg", ".heic", ".avif",
  ].map { Array($0.utf8) }

  static func kind(of text: UnsafeBufferPointer<UInt8>, words: UInt64) -> String? {
    guard let start = text.firstIndex(where: { $0 > 0x20 }), let end = text.lastIndex(where: { $0 > 0x20 })
    else { return nil }
    let trimmed = text[start...end]
    if words == 1 {
      let isAddress = ["http://", "https://", "www."].contains { startsLowercased(trimmed, $0.utf8) }
      if isAddress, trimmed.count > 8 { return "an address" }
    }
    let tail = trimmed.suffix(5)
    guard tail.contains(UInt8(ascii: ".")) else { return nil }
    let isName = endings.contains {
      trimmed.count > $0.count && startsLowercased(trimmed.suffix($0.count), $0)
    }
    return isName ? "the name of a file" : nil
  }

  private static func startsLowercased(
    _ text: Slice<UnsafeBufferPointer<UInt8>>, _ prefix: some Collection<UInt8>
  ) -> Bool {
    text.count >= prefix.count
      && zip(text, prefix).allSatisfy { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 }
  }
}
