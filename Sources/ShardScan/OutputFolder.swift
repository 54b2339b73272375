import ShardModel

/// The folder that a scan or a merge writes into.
package enum OutputFolder {
  /// What shardcheck itself puts there.
  private static let known: Set<String> = [
    "quarantine.jsonl", "report.html", "summary.json", "shards", "state",
  ]

  package struct Refusal: Error, CustomStringConvertible {
    package let path: String
    package let foreign: String

    package var description: String { "\(path) holds \(foreign), which shardcheck did not write" }
  }

  /// Makes the folder, or empties it of what an earlier run wrote.
  ///
  /// Refuses a folder with other things in it unless forced; these are left alone then too.
  package static func prepare(_ path: String, force: Bool) throws {
    if let names = try Files.list(path) {
      let foreign = names.first { !known.contains($0) && !$0.hasSuffix(".part") }
      // Folders of our names without our marks are somebody else's.
      let isOurs =
        names.contains("state")
        ? try Files.list(path + "/state")?.contains(ScanRecord.fileName) ?? false : true
      if !force {
        if let foreign { throw Refusal(path: path, foreign: foreign) }
        if !isOurs { throw Refusal(path: path, foreign: "state") }
        if names.contains("shards"), !names.contains("state") { throw Refusal(path: path, foreign: "shards") }
      }
      for name in names where known.contains(name) { try Files.removeAll(path + "/" + name) }
    }
    try Files.makeFolder(path + "/state")
    // From now on the folder is known to be ours, even if the scan is killed.
    try ScanRecord(settings: ScanSettings()).write(to: path + "/state")
  }
}
