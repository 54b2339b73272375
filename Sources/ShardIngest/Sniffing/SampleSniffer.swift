/// Tells a tar of samples (WebDataset) from a tar of shards.
enum SampleSniffer {
  /// What is looked at. The second member is seen where the first is shorter.
  static let prefixLength = 128 << 10

  /// Whether the first regular member is a picture, or the first two share a key and have extensions of samples. Members
  /// that loaders pass over do not count.
  /// - Parameter start: the first bytes of a tar.
  static func isSamples(_ start: [UInt8]) -> Bool {
    start.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      var entries = TarEntries(base, to: bytes.count)
      var first: [UInt8]?
      while let entry = entries.next() {
        guard entry.kind == .regular, TarBlock(bytes: base + entry.block).hasValidChecksum else { continue }
        var name: [UInt8] = []
        entry.appendName(to: &name, base)
        guard !SampleNaming.isMeta(name), let parts = SampleNaming.firstPeriod.split(name) else { continue }
        let ending = String(decoding: name[parts.ending...], as: UTF8.self).lowercased()
        guard SampleContent.isKnown(ending: ending) else { return false }
        if SampleContent(ending: ending) == .picture { return true }
        let key = Array(name[..<parts.key])
        if let first { return first == key }
        first = key
      }
      return false
    }
  }
}
