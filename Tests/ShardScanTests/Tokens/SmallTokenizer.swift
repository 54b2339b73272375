import ShardRules
import ShardScan
import ShardTokens

@testable import ShardChecks

/// The tokenizers of the fixtures: in `bytes.json` a byte is a token; `words.json` knows letters and digits, and writes what
/// is neither as one unknown token.
enum SmallTokenizer {
  static func path(_ name: String) -> String {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/" + folder + "/Fixtures/Tokenizers/" + name
  }

  /// Settings of a scan with the tokenizer, under rules of one section `tokens`.
  static func settings(
    _ name: String, _ tokens: String, outliers: OutlierRule = .none
  ) throws -> (settings: ScanSettings, file: TokenizerFile) {
    let file = try TokenizerFile(path: path(name))
    var settings = ScanSettings()
    settings.checks.outliers = outliers
    settings.checks.enabled.remove("record-duplicate")
    settings.checks.imageMode = .none
    settings.checks.apply(
      try Rules(
        parsing: Array("version: 1\ntokens: \(tokens)\n".utf8), file: "r",
        vocabulary: CheckCatalog.vocabulary))
    settings.use(file)
    return (settings, file)
  }
}
