import CXXHash
import ShardImages
import ShardModel

/// What pictures are compared by, and where one stands in its batch.
package struct PictureHash {
  package var row: Int
  /// Exact path in its record.
  package var field: String
  package var content: ContentHash
  /// Nil where it was not measured, or says too little.
  package var appearance: UInt64?
  /// Of content and name; nil where each mention is a picture of its own.
  package var file: ContentHash?
}

/// Opens the pictures of batches, judges each, and takes their statistics. One for each worker.
///
/// One picture is held at a time. What is found depends on the picture and its record alone.
package final class PictureObserver {
  private let settings: CheckSettings
  private let mode: ImageMode
  private let reader: ImageReader
  /// Made for the first picture that is flagged.
  private lazy var thumbnails = ThumbnailMaker(limits: reader.settings.limits)
  private let resolver: any PictureResolving
  private let checks: [any ImageCheck]
  private let accumulator: ImageAccumulator
  private let thresholds: ImageThresholds
  private let comparesPictures: Bool
  private var shard: [UInt8] = []
  /// Of the batch observed last, in the order of its records.
  package private(set) var hashes: [PictureHash] = []

  package init(_ settings: CheckSettings, resolver: any PictureResolving) {
    self.settings = settings
    mode = settings.imageMode
    let imageSettings = settings.imageSettings
    thresholds = imageSettings.thresholds
    reader = ImageReader(settings: imageSettings)
    self.resolver = resolver
    checks = settings.imageChecks
    comparesPictures = settings.comparesPictures
    accumulator = ImageAccumulator(settings)
  }

  /// Goes on to a shard.
  package func begin(shard path: String) {
    resolver.begin(shard: path)
    let folder =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8[...$0] } ?? path.utf8[..<path.startIndex]
    shard = resolver.hasRoots ? [] : Array(folder)
  }

  /// See `PictureResolving`.
  package var absentFolder: [UInt8] { resolver.absentFolder }

  /// - Parameters:
  ///   - references: of the source; those that it left out as being elsewhere are counted.
  ///   - sizes: the widths and heights that records give.
  ///   - fences: for a second read, those of sizes: beyond them is a finding, and no statistics are taken.
  /// - Complexity: O(bytes of the pictures + pixels decoded).
  package func observe(
    _ references: UnsafeBufferPointer<PictureReference>, of source: PictureSource, _ sizes: DeclaredSizes,
    in batch: RecordBatch,
    _ locator: Locator, secondLook fences: Conclusions.Fences??, _ findings: inout ChunkFindings
  ) {
    hashes.removeAll(keepingCapacity: true)
    sizes.begin(batch)
    accumulator.addElsewhere(UInt64(source.elsewhere))
    var start = 0
    while start < references.count {
      var end = start + 1
      while end < references.count, references[end].row == references[start].row { end += 1 }
      for index in start..<end {
        let reference = references[index]
        accumulator.addReference()
        guard mode != .none else {
          accumulator.add(.notAsked)
          continue
        }
        let name = reference.stored == nil ? source.name(of: reference) : nil
        guard let content = content(of: reference, name, batch), let state = read(content) else { continue }
        let picture = SeenPicture(
          state: state, ending: ending(of: name, reference, batch),
          declared: sizes.size(
            ofRow: reference.row, picture: index - start, of: end - start, batch))
        let flagging = judge(picture, reference, name, batch, locator, fences, &findings)
        if fences == nil, !flagging.isEmpty, case .bytes(let bytes) = content, let report = picture.report {
          keep(flagging, report, bytes, index - start, of: reference.row, batch, locator)
        }
      }
      start = end
    }
  }

  /// Bytes are valid until the next call.
  private func content(
    of reference: PictureReference, _ name: UnsafeBufferPointer<UInt8>?, _ batch: RecordBatch
  ) -> PictureContent? {
    if let stored = reference.stored {
      return .bytes(
        UnsafeBufferPointer(start: batch.bytes + Int(stored.offset), count: Int(stored.length)))
    }
    return name.map { resolver.picture(named: $0) }
  }

  /// Nil for what is not looked at.
  private func read(_ content: PictureContent) -> SeenPicture.State? {
    switch content {
    case .bytes(let bytes):
      let report = reader.read(bytes, mode: mode)
      accumulator.add(report)
      return .read(report)
    case .missing(let reason):
      accumulator.add(.missing)
      return .missing(reason)
    case .malformed(let reason):
      accumulator.add(.malformed)
      return .malformed(reason)
    case .unsafe(let reason):
      accumulator.add(.unsafe)
      return .unsafe(reason)
    case .failed(let reason):
      accumulator.add(.failed)
      return .failed(reason)
    case .elsewhere:
      accumulator.add(.elsewhere)
      return nil
    case .remote:
      accumulator.add(.remote)
      return nil
    case .tooLarge:
      accumulator.add(.tooLarge)
      return nil
    }
  }

  /// Returns the findings of checks that flag the picture: all but the notes.
  private func judge(
    _ picture: SeenPicture, _ reference: PictureReference, _ name: UnsafeBufferPointer<UInt8>?,
    _ batch: RecordBatch, _ locator: Locator, _ fences: Conclusions.Fences??, _ findings: inout ChunkFindings
  ) -> [Finding] {
    var flagging: [Finding] = []
    lazy var field = locator.path(of: reference.position, field: reference.field, row: reference.row)
    lazy var value = shownName(name, reference, batch, locator)
    for check in checks {
      for var finding in check.judge(picture) {
        finding.field = field
        finding.value = value
        findings.add(finding, row: reference.row)
        if settings.judged(finding).severity >= .warning { flagging.append(finding) }
      }
    }
    guard let report = picture.report else { return flagging }
    if let fences {
      if let fences, report.size > 0, !fences.range.contains(report.size) {
        findings.add(fences.finding(report.size, value, field), row: reference.row)
      }
      return flagging
    }
    if accumulator.keeps(report.size) {
      accumulator.keep(
        Extreme(
          value: report.size, text: value, field: field, memberOrdinal: batch.origin.memberOrdinal,
          location: locator.location(ofRow: reference.row)))
    }
    guard comparesPictures, let content = report.contentHash else { return flagging }
    var appearance: UInt64?
    if let measures = report.measures, !measures.isLowInformation(thresholds) {
      appearance = measures.perceptualHash
    }
    hashes.append(
      PictureHash(
        row: reference.row, field: field, content: content, appearance: appearance,
        file: name.flatMap { fileHash($0, content) }))
    return flagging
  }

  /// Makes a flagged picture small, if it is one of the first of its checks.
  private func keep(
    _ findings: [Finding], _ report: ImageReport, _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int,
    of row: Int, _ batch: RecordBatch, _ locator: Locator
  ) {
    guard mode == .full else { return }
    var picture = FlaggedPicture(
      memberOrdinal: batch.origin.memberOrdinal, index: UInt64(index),
      location: Location(record: batch.origin.record + UInt64(row)),
      findings: findings, width: UInt64(report.width), height: UInt64(report.height))
    guard accumulator.accepts(picture) else { return }
    picture.location = locator.location(ofRow: row)
    picture.bytes = thumbnails.make(bytes) ?? []
    accumulator.keep(picture)
  }

  /// Equal for one file that is named twice.
  private func fileHash(_ name: UnsafeBufferPointer<UInt8>, _ content: ContentHash) -> ContentHash? {
    if name.starts(with: "data:".utf8) { return nil }
    let folder = shard.withUnsafeBufferPointer { XXH3_64bits_withSeed($0.baseAddress, $0.count, content.low) }
    let hash = XXH3_128bits_withSeed(name.baseAddress, name.count, folder ^ content.high)
    return ContentHash(high: hash.high64, low: hash.low64)
  }

  /// The path, or the name of the member; a `data:` URL only up to its data.
  private func shownName(
    _ name: UnsafeBufferPointer<UInt8>?, _ reference: PictureReference, _ batch: RecordBatch,
    _ locator: Locator
  ) -> String {
    guard let name else {
      let ending = batch.fields[reference.field].name
      return locator.location(ofRow: reference.row).key.map { "\($0).\(ending)" } ?? ending
    }
    if name.starts(with: "data:".utf8), let comma = name.firstIndex(of: UInt8(ascii: ",")) {
      return Excerpt.of(name[...comma]) + "…"
    }
    return Excerpt.of(name)
  }

  private static let longestEnding = 16

  private func ending(
    of name: UnsafeBufferPointer<UInt8>?, _ reference: PictureReference, _ batch: RecordBatch
  ) -> String {
    guard let name else {
      return batch.fields[reference.field].name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    }
    if name.starts(with: "data:image/".utf8) {
      let type = name.dropFirst(11).prefix(Self.longestEnding).prefix {
        $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",")
      }
      return String(decoding: type, as: UTF8.self).lowercased()
    }
    let end = name.suffix(Self.longestEnding)
    guard let dot = end.lastIndex(of: UInt8(ascii: ".")), !end[dot...].contains(UInt8(ascii: "/")) else {
      return ""
    }
    return String(decoding: end[(dot + 1)...], as: UTF8.self).lowercased()
  }

  /// The statistics since the last call.
  package func drain() -> ImageProfile { accumulator.drain() }
}
