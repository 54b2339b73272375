import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import Testing

/// The examples that a check's description shows are true.
struct ExampleTests {
  static let cases: [(check: String, example: CheckDescription.Example, triggers: Bool)] =
    CheckCatalog.descriptions.flatMap { description in
      description.triggering.map { (description.id, $0, true) }
        + description.nonTriggering.map { (description.id, $0, false) }
    }

  @Test("A check finds something in the examples that trigger it and nothing in the others", arguments: cases)
  func example(_ check: String, _ example: CheckDescription.Example, _ triggers: Bool) throws {
    var settings = try settings(example.options)
    if let rules = example.rules {
      settings.checks.apply(
        try Rules(parsing: Array(rules.utf8), file: "rules.yaml", vocabulary: CheckCatalog.vocabulary))
    }
    if let baseline = example.baseline {
      let before = try scan(text: baseline, name: example.fileName, settings: settings).result
      settings.checks.baseline = Baseline(records: before.totals.records, summaries: before.fields)
    }
    let tokenizer = try tokenizer(example.options)
    if let tokenizer { settings.use(tokenizer) }
    let outcome = try scan(
      text: example.content, name: example.fileName, settings: settings, tokenizer: tokenizer)
    #expect(
      (outcome.result.checks[check]?.findings ?? 0 > 0) == triggers,
      "\(example.content.prefix(200)) \(outcome.result.checks.keys.sorted())")
  }

  private func settings(_ options: [String]) throws -> ScanSettings {
    var settings = ScanSettings()
    var index = 0
    while index + 1 < options.count {
      switch options[index] {
      case "--dtype": settings.checks.trainingType = try #require(TrainingType(rawValue: options[index + 1]))
      case "--nearly-all": settings.checks.nearlyAll = try #require(Double(options[index + 1]))
      case "--outliers": settings.checks.outliers = try #require(OutlierRule(options[index + 1]))
      case "--tokenizer": break
      default: Issue.record("no such option in tests: \(options[index])")
      }
      index += 2
    }
    return settings
  }

  private func tokenizer(_ options: [String]) throws -> TokenizerFile? {
    guard let index = options.firstIndex(of: "--tokenizer") else { return nil }
    return try TokenizerFile(path: SmallTokenizer.path(options[index + 1]))
  }

  @Test("Ids are kebab-case, unique, and each check has an example that triggers it where one shard can")
  func catalogue() {
    let descriptions = CheckCatalog.descriptions
    #expect(Set(descriptions.map(\.id)).count == descriptions.count)
    for description in descriptions {
      #expect(description.id.allSatisfy { ($0.isLowercase && $0.isLetter) || $0 == "-" })
      #expect(!description.rationale.contains("\n"), "\(description.id)")
      let needsMore = [
        "member-unexpected", "shard-gap", "normalization-shard", "image-odd-size", "image-blurry",
        "image-near-duplicate",
      ].contains(description.id)
      #expect(needsMore || !description.triggering.isEmpty, "\(description.id)")
      #expect(!description.nonTriggering.isEmpty, "\(description.id)")
    }
  }
}
