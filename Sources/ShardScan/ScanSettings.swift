import ShardChecks
import ShardImages
import ShardIngest
import ShardModel
import ShardRules

/// What the result of a scan depends on beside the data; stored with it.
package struct ScanSettings: Sendable, Equatable {
  package var ingest = IngestOptions()
  package var checks: CheckSettings
  package var json = JSONLimits()
  /// Folders in which pictures are looked for, before that of the shard.
  package var imageRoots: [String] = []
  /// Globs of field paths to look at; empty: all.
  package var fields: [String] = []
  /// Globs of field paths to leave out.
  package var ignoredFields: [String] = []

  /// What counted the tokens of texts; nil: nothing did. Set by `use`.
  package internal(set) var tokenizer: TokenizerIdentity?

  package init(checks: CheckSettings = .standard) { self.checks = checks }

  /// Whether the user left the field with this path out; nil where nothing is left out.
  var fieldFilter: (@Sendable (String) -> Bool)? {
    guard !fields.isEmpty || !ignoredFields.isEmpty else { return nil }
    let wanted = fields.map { FieldGlob($0) }
    let ignored = ignoredFields.map { FieldGlob($0) }
    return { path in
      if ignored.contains(where: { $0.covers(path) }) { return true }
      return !wanted.isEmpty && !wanted.contains { $0.covers(path) || $0.mayHold(path) }
    }
  }

  /// Whether records are compared with each other. Where only some fields are read, what they leave out cannot be told to
  /// differ, so the fields to compare must be named.
  var comparesRecords: Bool {
    checks.comparesRecords && (fields.isEmpty || !checks.duplicateFields.isEmpty)
  }

  /// Whether the records of the shards are indexed: to compare them as a whole, by a field that must be unique,
  /// or by their pictures.
  var indexesRecords: Bool { comparesRecords || !checks.uniqueFields.isEmpty || checks.comparesPictures }

  /// What hashes records for that, for one reader.
  func recordHashers() -> [RecordHasher] {
    var hashers: [RecordHasher] = []
    if comparesRecords {
      let globs = checks.duplicateFields.map { FieldGlob($0) }
      if globs.isEmpty {
        hashers.append(RecordHasher())
      } else {
        hashers.append(RecordHasher { path in globs.contains { $0.covers(path) } })
      }
    }
    for field in checks.uniqueFields {
      let glob = FieldGlob(field.glob)
      hashers.append(RecordHasher(comparison: field.comparison) { glob.covers($0) })
    }
    return hashers
  }

  /// Whether states taken with the other settings can be judged together with ours. The outlier rule, the share that
  /// makes a rule and the limits of drift are applied when they are judged, so these may differ.
  func canMerge(_ other: ScanSettings) -> Bool {
    var other = other
    other.checks.outliers = checks.outliers
    other.checks.nearlyAll = checks.nearlyAll
    other.checks.drift = checks.drift
    other.checks.baseline = checks.baseline
    // The same tokenizer may have another place on another machine.
    if let tokenizer, other.tokenizer != nil {
      other.tokenizer?.path = tokenizer.path
      other.checks.rules.tokens.tokenizer = checks.rules.tokens.tokenizer
    }
    // Where the pictures lay does not change what they are.
    other.imageRoots = imageRoots
    return self == other
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(ingest.format.rawValue)
    writer.write(ingest.maximumRecordBytes)
    writer.write(ingest.recordLimit ?? UInt64.max)
    writer.write(ingest.decoding.maximumDecodedBytes ?? UInt64.max)
    writer.write(checks.trainingType.rawValue)
    writer.write(checks.outliers.name)
    writer.write(checks.nearlyAll)
    writer.write(checks.fewest)
    checks.rules.encode(into: &writer)
    checks.drift.encode(into: &writer)
    writer.write(checks.baseline != nil)
    checks.baseline?.encode(into: &writer)
    for list in [
      checks.enabled.sorted(), fields.sorted(), ignoredFields.sorted(), checks.duplicateFields.sorted(),
      checks.specialTokens, imageRoots,
    ] {
      writer.write(UInt64(list.count))
      for text in list { writer.write(text) }
    }
    writer.write(checks.imageMode.rawValue)
    writer.write(json.depth)
    writer.write(json.fields)
    writer.write(tokenizer != nil)
    tokenizer?.encode(into: &writer)
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init()
    guard let format = FormatChoice(rawValue: try reader.readString()) else {
      throw DecodingFailure("unknown format")
    }
    ingest.format = format
    ingest.maximumRecordBytes = try reader.readInt()
    let recordLimit = try reader.readUInt64()
    ingest.recordLimit = recordLimit == UInt64.max ? nil : recordLimit
    let decoded = try reader.readUInt64()
    ingest.decoding.maximumDecodedBytes = decoded == UInt64.max ? nil : decoded
    guard let type = TrainingType(rawValue: try reader.readString()) else {
      throw DecodingFailure("unknown type")
    }
    checks.trainingType = type
    guard let outliers = OutlierRule(try reader.readString()) else {
      throw DecodingFailure("unknown outlier rule")
    }
    checks.outliers = outliers
    checks.nearlyAll = try reader.readDouble()
    checks.fewest = try reader.readUInt64()
    var ruled = CheckSettings.standard
    ruled.apply(try Rules(decoding: &reader))
    checks.rules = ruled.rules
    checks.severities = ruled.severities
    checks.parameters = ruled.parameters
    checks.drift = try DriftSettings(decoding: &reader)
    if try reader.readBool() { checks.baseline = try Baseline(decoding: &reader) }
    checks.enabled = Set(try Self.readTexts(&reader))
    fields = try Self.readTexts(&reader)
    ignoredFields = try Self.readTexts(&reader)
    checks.duplicateFields = try Self.readTexts(&reader)
    checks.specialTokens = try Self.readTexts(&reader)
    imageRoots = try Self.readTexts(&reader)
    guard let imageMode = ImageMode(rawValue: try reader.readUInt8()) else {
      throw DecodingFailure("unknown mode of pictures")
    }
    checks.imageMode = imageMode
    json.depth = try reader.readInt()
    json.fields = try reader.readInt()
    if try reader.readBool() { tokenizer = try TokenizerIdentity(decoding: &reader) }
  }

  private static func readTexts(_ reader: inout ByteReader) throws(DecodingFailure) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try reader.readCount()) { texts.append(try reader.readString()) }
    return texts
  }
}
