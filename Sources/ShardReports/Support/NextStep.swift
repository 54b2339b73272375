import ShardModel

/// Something to do about a result: a command that can be pasted into a POSIX shell as it is.
package struct NextStep: Equatable {
  /// Of the command, each quoted.
  var words: [String]
  /// Lower case, no full stop.
  var purpose: String

  var command: String { words.joined(separator: " ") }

  /// What to do next, at most four steps.
  ///
  /// - Parameter directory: Where the files of the result are, as the user wrote it.
  static func all(for result: ScanResult, directory: String?) -> [NextStep] {
    guard let worst = result.sortedChecks.first(where: { isKebab($0.id) }) else { return [] }
    var steps = [
      NextStep(words: ["shardcheck", "checks", worst.id], purpose: "what it means and why it hurts")
    ]
    if let look = worst.tally.examples.lazy.compactMap(Self.look).first { steps.append(look) }
    if let list = list(worst.id, worst.tally, directory: directory) { steps.append(list) }
    return steps
  }

  /// The quarantine lines of a check; nil where it puts nothing there.
  static func list(_ id: String, _ tally: CheckTally, directory: String?) -> NextStep? {
    guard tally.severity > .note, tally.records > 0, isKebab(id),
      let file = quoted(directory.map { $0 + "/" + QuarantineLine.fileName } ?? QuarantineLine.fileName)
    else { return nil }
    return NextStep(words: ["grep", "-F", "'\"check\":\"\(id)\"'", file], purpose: "every record of it")
  }

  /// Shows the record of an example; nil where a line of a file does not hold it.
  static func look(_ example: FindingExample) -> NextStep? {
    guard let shard = example.shard, example.location.member == nil, let line = example.location.line,
      let name = quoted(shard)
    else { return nil }
    let purpose = "the first such record"
    let readers = [(".gz", "zcat"), (".zst", "zstdcat"), (".bz2", "bzcat"), (".xz", "xzcat")]
    if let reader = readers.first(where: { shard.hasSuffix($0.0) }) {
      return NextStep(words: [reader.1, name, "|", "sed", "-n", "\(line)p"], purpose: purpose)
    }
    return NextStep(words: ["sed", "-n", "\(line)p", name], purpose: purpose)
  }

  /// The text as one word of a POSIX shell; nil of one that cannot be shown as it is, or begins as an option.
  package static func quoted(_ text: String) -> String? {
    guard !text.isEmpty, !text.hasPrefix("-"), Printable.line(text) == text else { return nil }
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "@"):
        true
      default: false
      }
    }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// Whether the text is shaped as the id of a check, which needs no quotes anywhere.
  static func isKebab(_ id: String) -> Bool {
    id.utf8.count <= 60 && id.first?.isLetter == true
      && id.utf8.allSatisfy {
        ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) || $0 == UInt8(ascii: "-")
          || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
      }
  }
}
