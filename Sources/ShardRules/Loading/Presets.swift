/// Rules files of trainers and formats that are known, in the program itself.
package enum Preset: String, Sendable, CaseIterable {
  case monkey
  case textMonkey = "textmonkey"
  case qwenVL = "qwen-vl"
  case llava, internvl, laion, webdataset

  /// The rules file as it stands in `Presets/`.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package var bytes: [UInt8] {
    switch self {
    case .monkey: PackageResources.monkey_yaml
    case .textMonkey: PackageResources.textmonkey_yaml
    case .qwenVL: PackageResources.qwen_vl_yaml
    case .llava: PackageResources.llava_yaml
    case .internvl: PackageResources.internvl_yaml
    case .laion: PackageResources.laion_yaml
    case .webdataset: PackageResources.webdataset_yaml
    }
  }

  package func rules(_ vocabulary: RulesVocabulary) throws(RulesError) -> Rules {
    try Rules(parsing: bytes, file: rawValue + ".yaml", vocabulary: vocabulary)
  }
}

extension Rules {
  /// These rules with others over them, as if the other file's text stood behind this one's.
  ///
  /// Rules of fields, conditions of records and settings of checks are added behind the ones that are there, so that for the
  /// same field or check what the later file says wins, key by key. `pairs`, `tokens`, `drift` and `gate` are taken key by key as
  /// well; `ignore` is joined; `duplicates` is the later file's where it has any.
  package func refined(by later: Rules) -> Rules {
    var rules = self
    rules.fields += later.fields
    // A condition is known by its name.
    let names = Set(later.records.map(\.name))
    rules.records.removeAll { names.contains($0.name) }
    rules.records += later.records
    rules.checks += later.checks
    rules.ignore += later.ignore.filter { !ignore.contains($0) }
    if !later.duplicates.isEmpty { rules.duplicates = later.duplicates }
    rules.pairs.refine(with: later.pairs)
    rules.tokens.refine(with: later.tokens)
    rules.drift.divergence = later.drift.divergence ?? drift.divergence
    rules.drift.stability = later.drift.stability ?? drift.stability
    rules.drift.categories = later.drift.categories ?? drift.categories
    rules.drift.rates = later.drift.rates ?? drift.rates
    rules.gate.failOn = later.gate.failOn ?? gate.failOn
    rules.gate.maximumQuarantined = later.gate.maximumQuarantined ?? gate.maximumQuarantined
    return rules
  }
}
