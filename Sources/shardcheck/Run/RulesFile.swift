import ShardChecks
import ShardRules
import ShardScan

/// A rules file that was named on the command line, and the command that looks after such files.
enum RulesFile {
  private static let sizeLimit = 4 << 20

  static func read(_ path: String) throws(UsageError) -> Rules {
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try Files.contents(of: path, limit: sizeLimit)
    } catch {
      throw UsageError(
        "--rules: \(error.path): \(error.reason)", hint: "shardcheck init DATA writes a rules file")
    }
    do throws(RulesError) {
      var rules = try Rules(parsing: bytes, file: path, vocabulary: CheckCatalog.vocabulary)
      if let name = rules.tokens.tokenizer, name != TokenizerOption.auto, !name.hasPrefix("/") {
        rules.tokens.tokenizer = Files.parent(of: path) + "/" + name
      }
      return rules
    } catch {
      let count = error.mistakes.count
      throw UsageError(
        count == 1 ? "the rules file has a mistake" : "the rules file has \(count) mistakes",
        details: error.lines,
        hint: "shardcheck rules --schema prints what may stand in it")
    }
  }

  /// The rules of a preset with those of a file over them; nil where neither is named.
  static func rules(preset: String?, path: String?) throws(UsageError) -> Rules? {
    var rules: Rules?
    if let preset = preset.flatMap({ Preset(rawValue: $0) }) {
      do throws(RulesError) {
        rules = try preset.rules(CheckCatalog.vocabulary)
      } catch {
        throw UsageError(
          "the preset \(preset.rawValue) has a mistake", details: error.lines, hint: "report this")
      }
    }
    guard let path else { return rules }
    let own = try read(path)
    return rules?.refined(by: own) ?? own
  }

  /// `shardcheck rules`.
  static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
    if arguments.has("schema") {
      Terminal.write(RulesSchema.text(CheckCatalog.vocabulary))
      return 0
    }
    if let preset = arguments.value("preset").flatMap({ Preset(rawValue: $0) }) {
      Terminal.write(preset.text)
      return 0
    }
    guard !arguments.operands.isEmpty else {
      throw UsageError(
        "no rules file to check", hint: "shardcheck rules rules.yaml, or shardcheck rules --schema")
    }
    for path in arguments.operands {
      let rules = try read(path)
      Terminal.write(
        "\(path): \(rules.fields.count) fields, \(rules.records.count) conditions, \(rules.checks.count) checks\n"
      )
    }
    return 0
  }
}
