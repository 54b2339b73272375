/// Tells a file by its first bytes, never by its name.
enum Recognizer {
  enum Content: Equatable {
    case picture(ImageFormat)
    case foreign(ForeignContent)
  }

  /// Text is judged by this many bytes.
  private static let textPrefix = 512

  static func content(of view: ByteView) -> Content {
    if view.count == 0 { return .foreign(.empty) }
    if let format = format(of: view) { return .picture(format) }
    if view.starts(with: "%PDF-") { return .foreign(.pdf) }
    if view.starts(with: "PK\u{3}\u{4}") { return .foreign(.zip) }
    if view.byte(0) == 0x1F, view.byte(1) == 0x8B { return .foreign(.gzip) }
    return .foreign(text(of: view) ?? (isZero(view) ? .zeros : .unknown))
  }

  private static func format(of view: ByteView) -> ImageFormat? {
    // Pillow asks for the third byte too: every JPEG has a marker behind SOI.
    if view.big16(0) == 0xFFD8, view.byte(2) == 0xFF { return .jpeg }
    // The rest of the signature is there to show damage; the reader looks at it.
    if view.big32(0) == 0x8950_4E47 { return .png }
    if view.starts(with: "GIF87a") || view.starts(with: "GIF89a") { return .gif }
    if view.starts(with: "RIFF"), view.starts(with: "WEBP", at: 8) { return .webp }
    if view.starts(with: "BM"), isBitmap(view) { return .bmp }
    if let order = view.big32(0) {
      // Classic and Big TIFF, in both byte orders.
      if [0x4949_2A00, 0x4D4D_002A, 0x4949_2B00, 0x4D4D_002B].contains(order) { return .tiff }
    }
    return view.starts(with: "ftyp", at: 4) ? Boxes.format(view) : nil
  }

  /// "BM" also begins texts; a bitmap's header has one of few lengths.
  private static func isBitmap(_ view: ByteView) -> Bool {
    guard let length = view.little32(14) else {
      return view.count < 18 && view.byte(2).map { $0 < 0x20 } != false
    }
    return [12, 16, 40, 52, 56, 64, 108, 124].contains(length)
  }

  private static func isZero(_ view: ByteView) -> Bool { view.bytes.allSatisfy { $0 == 0 } }

  private static func text(of view: ByteView) -> ForeignContent? {
    var start = view.starts(with: "\u{FEFF}") ? 3 : 0
    while let byte = view.byte(start), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { start += 1 }
    let prefix = view.slice(start, textPrefix)
    guard prefix.count > 0,
      prefix.bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) })
    else { return nil }
    let lowered = String(decoding: prefix.bytes, as: UTF8.self).lowercased()
    if lowered.hasPrefix("version https://git-lfs.github.com/spec/") { return .gitLFSPointer }
    if lowered.hasPrefix("<svg") || lowered.hasPrefix("<?xml") && lowered.contains("<svg") { return .svg }
    if lowered.hasPrefix("<!doctype html")
      || lowered.hasPrefix("<") && markup.contains(where: lowered.contains)
    {
      return .html
    }
    if lowered.hasPrefix("<") { return .xml }
    if lowered.hasPrefix("{") || lowered.hasPrefix("[") { return .json }
    // A text of another encoding than UTF-8 is told from noise by how few bytes are not ASCII.
    let foreign = prefix.bytes.count { $0 >= 0x80 }
    return foreign * 4 <= prefix.count ? .text : nil
  }

  private static let markup = ["<html", "<head", "<body", "<!doctype html"]
}
