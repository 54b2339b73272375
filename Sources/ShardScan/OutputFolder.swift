import ShardModel

/// The folder that a scan or a merge writes into.
package enum OutputFolder {
  /// What shardcheck itself puts there.
  private static let known: Set<String> = [
    "quarantine.jsonl", "report.html", "summary.json", "shards", "state",
  ]

  /// Names of report files that a run wrote beside the known ones, one a line, below `state/`.
  private static let reportList = "reports"

  /// Remembers files in the folder as ours, so that the next run may replace them.
  ///
  /// - Parameter names: files directly in the folder.
  package static func note(_ names: [String], in path: String) throws(FileFailure) {
    let all = Set(names).union(noted(in: path))
    guard !all.isEmpty else { return }
    let file = try FileWriter(path: path + "/state/" + reportList)
    try file.write(Array(all.sorted().map { $0 + "\n" }.joined().utf8))
    try file.finish()
  }

  private static func noted(in path: String) -> Set<String> {
    guard let bytes = try? Files.contents(of: path + "/state/" + reportList, limit: 1 << 20) else {
      return []
    }
    let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { String($0) }
    return Set(
      names.filter { !$0.contains("/") && $0 != "." && $0 != ".." && !Files.isFolder(path + "/" + $0) })
  }

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
      let known = known.union(noted(in: path))
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
