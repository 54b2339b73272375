import ShardModel
import ShardReports
import ShardTestSupport

/// Results for the page: with everything that it can show, with nothing but attacks, and large.
enum PageResults {
  /// A JPEG of one grey pixel.
  static let pixel: [UInt8] = [
    0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xDB, 0,
    0x43, 0, 0x50, 0x37, 0x3C, 0x46, 0x3C, 0x32, 0x50, 0x46, 0x41, 0x46, 0x5A, 0x55, 0x50, 0x5F, 0x78, 0xC8,
    0x82, 0x78, 0x6E, 0x6E, 0x78, 0xF5, 0xAF, 0xB9, 0x91, 0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC0, 0, 0x0B,
    8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xC4, 0, 0x14, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xFF, 0xC4, 0, 0x14, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0,
    0, 0x3F, 0, 0x3F, 0xFF, 0xD9,
  ]

  static let descriptions: [CheckDescription] = [
    CheckDescription(
      id: "number-nan", family: .numbers, severity: .error, summary: "A number is NaN.",
      rationale: "One NaN makes the loss of its batch NaN, and by the next step all weights.",
      triggering: [], nonTriggering: []),
    CheckDescription(
      id: "number-outlier", family: .numbers, severity: .warning,
      summary: "A number lies far outside the others of its field.",
      rationale: "A gradient that one value dominates undoes what the others taught.",
      parameters: [.init("outliers", default: "iqr:3", "the rule")], triggering: [], nonTriggering: []),
  ]

  static func bins(_ low: Double, _ high: Double, _ counts: [UInt64]) -> [HistogramBin] {
    let step = (high - low) / Double(counts.count)
    return counts.enumerated().map { index, count in
      HistogramBin(low: low + step * Double(index), high: low + step * Double(index + 1), count: count)
    }
  }

  static func bell(_ count: Int, at center: Double = 0.5, width: Double = 0.16) -> [UInt64] {
    (0..<count).map { index in
      let distance = ((Double(index) + 0.5) / Double(count) - center) / width
      return UInt64(4_000 / (1 + distance * distance * distance * distance))
    }
  }

  static func spread(_ shards: Int, odd: Int) -> ShardSpread {
    var spread = ShardSpread()
    for index in 0..<shards {
      let shift = index == odd ? 6.0 : Double(index % 5) / 10
      spread.add(
        "part-\(index)", index: index, of: shards, quartiles: [1 + shift, 2 + shift, 3 + shift],
        notFinite: index == odd + 2 ? 3 : 0)
    }
    return spread
  }

  static var everything: ScanResult {
    var result = SampleResults.failing
    for index in result.shards.indices where result.shards[index].errors > 0 {
      result.shards[index].checks["number-nan"] = SampleResults.tally(
        .error, result.shards[index].errors, result.shards[index].errors)
      result.shards[index].checks["number-outlier"] = SampleResults.tally(.warning, 33, 33)
    }
    let scores = result.fields.firstIndex { $0.path == "meta.score" } ?? 0
    result.fields[scores].numbers?.minimum = -2.4
    result.fields[scores].numbers?.quantiles = [-1.2, -0.8, 0, 0.5, 1, 1.8, 2.2]
    result.fields[scores].numbers?.histogram =
      bins(-1.4, 2.4, bell(30)) + [HistogramBin(low: 2.4, high: 1e30, count: 40)]
    result.fields[scores].numbers?.bins = bins(-1.4, 2.4, bell(50))
    result.fields[scores].spread = spread(40, odd: 11)
    var size = FieldSummary(path: "bytes")
    size.types.number = 90_000
    size.types.integer = 90_000
    size.types.missing = 10_000
    size.numbers = SampleResults.numbers(90_000, 12, 40_000, 90_000_000)
    size.numbers?.quantiles = [40, 300, 9_000, 40_000, 160_000, 2_000_000, 12_000_000]
    size.numbers?.bins = (0..<40).map { index in
      let low = 12 * Double(1 << (index / 2)) * (index % 2 == 0 ? 1 : 1.414)
      return HistogramBin(low: low, high: low * 1.414, count: bell(40)[index])
    }
    size.numbers?.fences = OutlierFences(low: 20, high: 8_000_000, isLogarithmic: true)
    size.spread = spread(900, odd: 400)
    size.scale = "raw"
    result.fields.insert(size, at: 0)
    var tokens = TokenSummary(path: nil)
    tokens.lengths = SampleResults.numbers(50_000, 1, 700, 9_000, bins: bell(30, at: 0.2, width: 0.1))
    tokens.tokens = 36_000_000
    tokens.positions = 40_000_000
    tokens.labelledSequences = 50_000
    tokens.labelled = 12_000_000
    tokens.unlabelled = 17
    tokens.limits = [
      .init(
        limit: 2_048, sequences: 4_100, tokens: 2_200_000, unlabelled: 12, padded: 102_400_000,
        packed: 36_000_128),
      .init(
        limit: 4_096, sequences: 300, tokens: 90_000, unlabelled: 0, padded: 204_800_000, packed: 36_001_000),
    ]
    result.tokens = tokens
    result.thumbnails = [("image-dark", Severity.warning), ("image-corrupt", .error)].map { check, severity in
      Thumbnail(
        shard: "a/00001.jsonl.gz", location: Location(record: 3, line: 4, offset: 99, length: 10, key: "k"),
        findings: [
          Finding(check: check, severity: severity, message: "mean brightness 3, expected at least 10"),
          Finding(check: "image-flat", severity: .warning, message: "all of one colour"),
        ],
        name: "images/000123.png", width: 640, height: 480, bytes: pixel)
    }
    result.drift = drift("meta.score")
    return result
  }

  static func drift(_ path: String) -> [DriftFigure] {
    var before = FieldShape(path: path)
    before.numbers = Distribution(bins: bins(-1, 1, bell(50)), median: 0.1)
    var moved = FieldDrift(path: path, presence: .both)
    var measure = FieldDrift.Measure(kind: .numbers, before: 1_000, after: 2_000)
    measure.jensenShannon = 0.41
    measure.stability = 0.9
    measure.medianBefore = 0.1
    measure.medianAfter = 0.5
    measure.isBeyond = true
    var categories = FieldDrift.Measure(kind: .categories, before: 1_000, after: 2_000)
    categories.category = path
    categories.shareBefore = 0.2
    categories.shareAfter = 0.5
    moved.measures = [measure, categories]
    moved.rates = [FieldDrift.Rate(name: "null", before: 0, after: 0.2, isBeyond: true)]
    return [DriftFigure(drift: moved, before: before)]
      + [
        DriftFigure(drift: FieldDrift(path: path + ".lost", presence: .lost), before: FieldShape(path: path))
      ]
  }

  /// Every name, key, value, message and caption is an attack, each of them at every place.
  static func injected(_ attacks: [String]) -> ScanResult {
    var result = SampleResults.failing
    result.checks = [:]
    result.fields = []
    result.shards = []
    for (index, attack) in attacks.enumerated() {
      func other(_ step: Int) -> String { attacks[(index + step) % attacks.count] }
      let finding = Finding(
        check: attack, severity: Severity.allCases[index % 3], field: other(1) + "[3]", value: other(2),
        message: other(3))
      let location = Location(
        member: other(4), record: 1, line: 2, offset: 3, length: 4, key: other(5))
      var tally = CheckTally(severity: finding.severity)
      tally.findings = 2
      tally.records = 1
      tally.examples = [FindingExample(shard: other(6), location: location, finding: finding)]
      result.checks[attack] = tally
      result.findings.append(finding)
      var field = SampleResults.number(attack, SampleResults.numbers(9, 0, 1, 2))
      field.types.text = 4
      field.top = TopSummary(
        values: [.init(value: other(7), count: 3), .init(value: other(8), count: 2)], error: 0)
      field.spread = ShardSpread()
      for step in 0..<3 {
        field.spread?.add(other(step), index: step, of: 3, quartiles: [0, 1, 2], notFinite: 1)
      }
      field.numbers?.bins = bins(0, 2, bell(5))
      field.scale = attack
      result.fields.append(field)
      var shard = SampleResults.shard(attack, records: 10, errors: 1)
      shard.checks[other(1)] = tally
      result.shards.append(shard)
      result.unchecked.append(attack)
      result.problems.append(ScanProblem(path: attack, reason: other(1)))
      if index < Thumbnail.countLimit {
        result.thumbnails.append(
          Thumbnail(
            shard: attack, location: location, findings: [finding, finding], name: other(9), width: 1,
            height: 1,
            bytes: index % 3 == 0 ? Array(attack.utf8) : pixel))
      }
      result.drift += drift(attack)
    }
    result.gate.reason = attacks[0]
    return result
  }

  /// 200 fields and 1,000 shards with 30 checks, and as many pictures as there may be, as large as they may be.
  static var large: ScanResult {
    var result = everything
    var picture = result.thumbnails[0]
    picture.bytes += [UInt8](
      repeating: 0, count: Thumbnail.totalLimit / Thumbnail.countLimit - picture.bytes.count)
    result.thumbnails = [Thumbnail](repeating: picture, count: Thumbnail.countLimit)
    var random = RepeatableRandom(seed: 7)
    result.fields = (0..<200).map { index in
      var field = SampleResults.number(
        "features.group_\(index / 20).feature_\(index)",
        SampleResults.numbers(1_000_000, -3.25, Double(index), 1_234.5, bins: bell(34)))
      field.numbers?.fences = OutlierFences(low: -1, high: 900, isLogarithmic: false)
      field.spread = spread(1_000, odd: index * 3)
      field.top = TopSummary(
        values: (0..<10).map { .init(value: "value \($0) of the field", count: 500 - UInt64($0)) }, error: 3)
      field.distinct = 100_000
      return field
    }
    let ids = (0..<30).map { "number-check-\($0)" }
    for id in ids {
      result.checks[id] = result.checks["number-nan"]
    }
    result.shards = (0..<1_000).map { index in
      var shard = SampleResults.shard("data/train/part-\(index)-of-01000.jsonl.gz", errors: UInt64(index % 7))
      for id in ids where UInt64.random(in: 0..<3, using: &random) == 0 {
        shard.checks[id] = SampleResults.tally(.error, .random(in: 1..<90_000, using: &random), 1)
      }
      return shard
    }
    return result
  }
}
