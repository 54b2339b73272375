/// All that is said about a check, in one place: the source of `shardcheck checks`, of README's table, of the help
/// texts of reports, and of a test that runs every example.
package struct CheckDescription: Sendable {
  package enum Family: String, Sendable, CaseIterable {
    case structure, numbers, normalization, images, pairs, tokens, duplicates, drift
  }

  package struct Parameter: Sendable {
    package let name: String
    package let defaultValue: String
    package let meaning: String

    package init(_ name: String, default defaultValue: String, _ meaning: String) {
      self.name = name
      self.defaultValue = defaultValue
      self.meaning = meaning
    }
  }

  /// A tiny shard. `fileName` tells the format: `a.jsonl`, `a.csv`.
  package struct Example: Sendable {
    package let fileName: String
    package let content: String
    /// What is shown of a content that is no text: the members of an archive, one a line.
    package let listing: String?
    /// Scan options that the example needs, as typed on the command line.
    package let options: [String]
    /// A shard that is scanned first, for a comparison with its summary.
    package let baseline: String?
    /// The rules file that the example needs.
    package let rules: String?

    /// A tar of these members, whose names have less than 100 characters and whose contents are ASCII.
    package init(samples members: [(name: String, content: String)], options: [String] = []) {
      fileName = "samples.tar"
      content = SampleArchive.text(of: members)
      listing = SampleArchive.listing(of: members)
      self.options = options
      baseline = nil
      rules = nil
    }

    package init(
      _ content: String, file fileName: String = "example.jsonl", options: [String] = [],
      baseline: String? = nil, rules: String? = nil
    ) {
      self.fileName = fileName
      self.content = content
      listing = nil
      self.options = options
      self.baseline = baseline
      self.rules = rules
    }
  }

  /// Kebab-case, never reused.
  package let id: String
  package let family: Family
  package let severity: Severity
  /// What is found, one sentence.
  package let summary: String
  /// Why it hurts training, one to three sentences.
  package let rationale: String
  package let parameters: [Parameter]
  /// Shards in which the check finds something.
  package var triggering: [Example] { makeTriggering() }
  /// Near misses in which it finds nothing.
  package var nonTriggering: [Example] { makeNonTriggering() }

  // A scan shows no examples and does not pay for making them.
  private let makeTriggering: @Sendable () -> [Example]
  private let makeNonTriggering: @Sendable () -> [Example]

  package init(
    id: String, family: Family, severity: Severity, summary: String, rationale: String,
    parameters: [Parameter] = [], triggering: @autoclosure @escaping @Sendable () -> [Example],
    nonTriggering: @autoclosure @escaping @Sendable () -> [Example]
  ) {
    self.id = id
    self.family = family
    self.severity = severity
    self.summary = summary
    self.rationale = rationale
    self.parameters = parameters
    makeTriggering = triggering
    makeNonTriggering = nonTriggering
  }
}
