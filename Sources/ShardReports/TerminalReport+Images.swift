import ShardModel

extension TerminalReport {
  /// A few lines about the pictures: how many, of which formats and sizes, and what to put into `Normalize`.
  mutating func addImages() {
    guard let images = result.images else { return }
    addHeading("Pictures", "\(Numeral.grouped(images.read)) of \(Numeral.grouped(images.references)) read")
    if !images.notRead.isEmpty {
      let reasons = images.notRead.map { "\(Numeral.grouped($0.count)) \($0.name)" }
      addParagraph("  not read   ", .faint, reasons.joined(separator: ", "))
    }
    if !images.formats.isEmpty || !images.foreign.isEmpty {
      let kinds = (images.formats + images.foreign).map { "\(Numeral.grouped($0.count)) \($0.name)" }
      addParagraph("  formats    ", .faint, kinds.joined(separator: ", "))
    }
    let traits = images.traits.filter { $0.count > 0 }.map {
      "\(Numeral.grouped($0.count)) \(Self.words($0.name))"
    }
    if !traits.isEmpty { addParagraph("  of these   ", .faint, traits.joined(separator: ", ")) }
    for (label, names) in [("  pixels     ", ["width", "height"]), ("  file bytes ", ["bytes"])] {
      let ranges = names.compactMap(range)
      if !ranges.isEmpty { addParagraph(label, .faint, ranges.joined(separator: " x ")) }
    }
    if let channels = images.channels { addChannels(channels) }
  }

  /// `64 to 2,048 (median 480)`
  private func range(of name: String) -> String? {
    guard let values = result.images?.distributions.first(where: { $0.name == name })?.values,
      let low = values.minimum, let high = values.maximum, values.quantiles.count > 3
    else { return nil }
    func text(_ value: Double) -> String { Numeral.grouped(UInt64(max(0, min(value, 1e18)))) }
    return low == high ? text(low) : "\(text(low)) to \(text(high)) (median \(text(values.quantiles[3])))"
  }

  private static func words(_ trait: String) -> String {
    switch trait {
    case "notDecoded": "not decoded"
    case "moreThan8Bits": "of more than 8 bits"
    case "exifTurned": "turned by EXIF"
    case "colorless": "without colour"
    case "alpha": "with alpha"
    case "palette": "with a palette"
    case "cmyk": "in CMYK"
    default: trait
    }
  }

  private mutating func addChannels(_ channels: ImageSummary.Channels) {
    func list(_ values: [Double]) -> String {
      values.map { Numeral.fitted($0, width: 6) }.joined(separator: ", ")
    }
    let near = [("ImageNet's", ImageSummary.Channels.imageNet), ("CLIP's", .clip)].map { name, usual in
      let distance = channels.distance(from: usual)
      return "\(Numeral.fitted(max(distance.mean, distance.deviation), width: 6)) from \(name)"
    }
    addParagraph(
      "  normalize  ", .faint,
      "mean \(list(channels.mean)), deviation \(list(channels.deviation)): \(near.joined(separator: ", "))")
  }
}
