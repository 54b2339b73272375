import ShardChecks
import ShardModel

/// Turns merged statistics of tokens into what reports show.
enum TokenSummaries {
  /// Of one field; nil where it holds no tokens.
  static func field(_ path: String, _ dataset: ShardProfile, _ settings: CheckSettings) -> TokenSummary? {
    dataset.tokens[path]?.summary(path, limit: settings.rules.tokens.maxTokens)
  }

  /// Of each field, in the order of the paths.
  static func make(_ profile: ShardProfile, _ settings: CheckSettings) -> [TokenSummary] {
    profile.tokens.keys.sorted(by: ByteOrder.precedes).compactMap { field($0, profile, settings) }
  }

  /// What says less about tokens than it seems, for people.
  static func unchecked(_ dataset: ShardProfile, _ settings: ScanSettings) -> [String] {
    let rule = settings.checks.rules.tokens
    let name = rule.ids ?? "input_ids"
    var texts: [String] = dataset.fields.keys.sorted(by: ByteOrder.precedes).compactMap { path in
      guard path == name || path.hasSuffix("." + name) else { return nil }
      guard let elements = dataset.fields[FieldPath.elements(of: path)], elements.counts.list > 0 else {
        return nil
      }
      return "\(path): lists of lists, in which token ids are not looked for"
    }
    if settings.tokenizer == nil, rule.trainer != nil || rule.template != nil || !rule.texts.isEmpty {
      texts.append("tokens of texts, since no tokenizer was named (--tokenizer)")
    }
    for path in dataset.tokens.keys.sorted(by: ByteOrder.precedes) {
      guard let profile = dataset.tokens[path] else { continue }
      if profile.uncounted > 0 {
        texts.append("\(path): tokens of \(profile.uncounted) conversations with pictures of unknown size")
      }
      if profile.inexact > 0 {
        texts.append("\(path): tokens of \(profile.inexact) texts are counted nearly, not exactly")
      }
    }
    return texts
  }

  /// Of all fields together; nil where none holds tokens.
  static func total(_ dataset: ShardProfile, _ settings: CheckSettings) -> TokenSummary? {
    guard !dataset.tokens.isEmpty else { return nil }
    var total = TokenProfile()
    for path in dataset.tokens.keys.sorted(by: ByteOrder.precedes) {
      if let profile = dataset.tokens[path] { total.merge(profile) }
    }
    return total.summary(nil, limit: settings.rules.tokens.maxTokens)
  }
}
