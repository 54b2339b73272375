import ShardModel

/// Something to do about a result: a command that can be pasted into a POSIX shell as it is.
package struct NextStep: Equatable {
  /// Of the command, each quoted.
  var words: [String]
  /// Lower case, no full stop.
  var purpose: String

  package var command: String { words.joined(separator: " ") }

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
  package static func list(_ id: String, _ tally: CheckTally, directory: String?) -> NextStep? {
    guard tally.severity > .note, tally.records > 0, isKebab(id),
      let file = quoted(directory.map { $0 + "/" + QuarantineLine.fileName } ?? QuarantineLine.fileName)
    else { return nil }
    return NextStep(words: ["grep", "-F", "'\"check\":\"\(id)\"'", file], purpose: "every record of it")
  }

  /// Shows the record of an example: by its line where a record is one, else by its bytes; nil in an archive, and of what
  /// is about a whole shard.
  package static func look(_ example: FindingExample) -> NextStep? {
    let location = example.location
    guard let shard = example.shard, location.member == nil, location.record != nil,
      let name = quoted(shard)
    else { return nil }
    let readers = [
      (".gz", "zcat"), (".zst", "zstdcat"), (".bz2", "bzcat"), (".xz", "xzcat"), (".lz4", "lz4cat"),
    ]
    let reader = readers.first { shard.hasSuffix($0.0) }
    let stem = reader.map { String(shard.dropLast($0.0.count)) } ?? shard
    let words: [String]
    if let line = location.line, stem.hasSuffix(".jsonl") || stem.hasSuffix(".ndjson") {
      let select = ["sed", "-n", "\(line)p"]
      words = reader.map { [$0.1, name, "|"] + select } ?? select + [name]
    } else if location.length > 0, location.offset < UInt64.max {
      let select = ["tail", "-c", "+\(location.offset + 1)"]
      let limit = ["|", "head", "-c", "\(location.length)"]
      words = (reader.map { [$0.1, name, "|"] + select } ?? select + [name]) + limit
    } else {
      return nil
    }
    return NextStep(words: words, purpose: "the first such record")
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
