import ShardModel

/// `shards/NAME.json`: what was found in one shard, written as soon as the shard is finished.
package enum ShardReport {
  package static let directoryName = "shards"
  package static let format = "shardcheck-shard"
  package static let version = 1

  package static func render(_ shard: ShardSummary, redact: Bool = false) -> [UInt8] {
    var writer = JSONWriter(style: .indented)
    writer.beginObject()
    writer.member("format", format)
    writer.name("version")
    writer.value(version)
    writer.name("shard")
    writer.beginObject()
    SummaryReport.writeMembers(of: shard, to: &writer)
    writer.endObject()
    SummaryReport.write(shard.tokens, to: &writer)
    writer.name("checks")
    SummaryReport.write(shard.checks, redact: redact, to: &writer)
    writer.endObject()
    return writer.finish()
  }

  /// Where the report of the shard `name` goes, relative to the output directory.
  package static func path(for name: String) -> String {
    directoryName + "/" + SafePath.relative(for: name, ending: ".json")
  }
}
