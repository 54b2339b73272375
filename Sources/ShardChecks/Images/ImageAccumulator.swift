import ShardImages
import ShardModel
import ShardSketches

/// One worker's statistics of pictures while it reads a shard.
final class ImageAccumulator {
  private var profile = ImageProfile()
  private var tables: [QuantileTable] = []
  /// Of sizes, how many there were when the extremes were last narrowed.
  private var narrowedAt: UInt64 = 0
  private let factor: Double

  private enum Table: Int, CaseIterable {
    case widths, heights, ratios, sizes, bytes, bytesPerPixel, brightness
  }

  init(_ settings: CheckSettings) {
    factor = settings.number("factor", of: ImageOddSize.description.id) ?? 3
  }

  func addReference() { profile.references &+= 1 }

  /// Adds pictures that are named and were not asked for.
  func addElsewhere(_ count: UInt64) {
    profile.references &+= count
    profile.notRead[Int(NotRead.elsewhere.rawValue)] &+= count
  }

  func add(_ reason: NotRead) { profile.notRead[Int(reason.rawValue)] &+= 1 }

  func add(_ report: ImageReport) {
    if let foreign = report.foreign { profile.foreign[Int(foreign.rawValue)] &+= 1 }
    guard let format = report.format else { return }
    profile.formats[Int(format.rawValue)] &+= 1
    addTraits(report)
    if tables.isEmpty { tables = Table.allCases.map { _ in QuantileTable() } }
    add(Double(report.byteCount), to: .bytes)
    if report.width > 0, report.height > 0 {
      add(Double(report.width), to: .widths)
      add(Double(report.height), to: .heights)
      add(Double(report.width) / Double(report.height), to: .ratios)
      add(report.size, to: .sizes)
      add(report.bytesPerPixel, to: .bytesPerPixel)
    }
    if let measures = report.measures {
      add(measures.brightness.mean, to: .brightness)
      profile.channels.add(measures.moments)
    }
  }

  private func addTraits(_ report: ImageReport) {
    func add(_ trait: ImageTrait, _ isThere: Bool) {
      if isThere { profile.traits[Int(trait.rawValue)] &+= 1 }
    }
    add(.broken, report.verdict == .broken)
    add(.notDecoded, report.mode == .full && report.verdict == .notDecoded)
    add(.animated, report.properties.contains(.animated))
    add(.alpha, report.properties.contains(.alpha))
    add(.palette, report.properties.contains(.palette))
    add(.gray, report.isGray)
    add(.cmyk, report.properties.contains(.cmyk))
    add(.progressive, report.properties.contains(.progressive))
    add(.deep, report.bitDepth > 8)
    add(.turned, report.orientation != 1)
    add(.colorless, report.measures?.isColorless == true)
  }

  private func add(_ value: Double, to table: Table) {
    guard value.isFinite else { return }
    tables[table.rawValue].add(value, count: 1)
    let path = ImageProfile.distributions[table.rawValue]
    profile[keyPath: path].low = min(profile[keyPath: path].low, value)
    profile[keyPath: path].high = max(profile[keyPath: path].high, value)
  }

  /// Whether a size may turn out to be odd, so that it must be kept with its place.
  func keeps(_ size: Double) -> Bool {
    guard size > 0, size.isFinite else { return false }
    let sizes = tables[Table.sizes.rawValue]
    if sizes.count >= narrowedAt + narrowedAt / 4 + 16 {
      narrowedAt = sizes.count
      let margin = narrowedAt < 1_000 ? 0.5 : narrowedAt < 50_000 ? 0.75 : 0.9
      if let fences = ImageOddSize.fences(of: sizes, factor: factor * margin) {
        profile.extremes.narrow(to: fences)
      }
    }
    return profile.extremes.accepts(size)
  }

  func keep(_ extreme: Extreme) { profile.extremes.insert(extreme) }

  func accepts(_ picture: FlaggedPicture) -> Bool { profile.flagged.accepts(picture) }

  func keep(_ picture: FlaggedPicture) { profile.flagged.insert(picture) }

  /// Everything so far, leaving the accumulator as new.
  func drain() -> ImageProfile {
    for (index, table) in tables.enumerated() {
      profile[keyPath: ImageProfile.distributions[index]].sketch = table.snapshot()
      table.reset()
    }
    profile.extremes.settle()
    narrowedAt = 0
    defer { profile = ImageProfile() }
    return profile
  }
}
