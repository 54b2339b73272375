import ShardModel

/// A record has the content of an earlier one.
package struct RecordDuplicate: Check {
  package static let description = CheckDescription(
    id: "record-duplicate", family: .duplicates, severity: .warning,
    summary: "A record has the same content as an earlier one of the data set.",
    rationale: """
      What stands twice is learned twice: the model memorizes it, and a copy that falls into the validation set makes its \
      loss look better than it is. The order of keys, white space, escapes and the spelling of numbers make no difference. Records that are nothing but a number are not compared.
      """,
    triggering: [
      .init("{\"a\": 1, \"b\": \"x\"}\n{\"b\": \"\\u0078\", \"a\": 1.0}\n"),
      .init("{\"a\": [1, 2]}\n{\"a\": [1, 3]}\n{\"a\": [1, 2]}\n"),
      .init("a,b\n1,x\n2,y\n1.0,x\n", file: "example.csv"),
    ],
    nonTriggering: [
      .init("1\n2\n1\n"),
      .init("{\"a\": 1}\n{\"a\": \"1\"}\n{\"a\": [1]}\n{\"a\": null}\n{\"b\": 1}\n"),
      .init("{\"a\": [1, 2]}\n{\"a\": [2, 1]}\n{\"a\": [[1], 2]}\n"),
      .init("{\"a\": [{\"b\": 1}, {}]}\n{\"a\": [{}, {\"b\": 1}]}\n"),
    ])

  package init(_ settings: CheckSettings) {}

  /// - Parameters:
  ///   - record: the first record with this content, from 0.
  ///   - member: the member of the archive that holds it.
  package static func finding(record: UInt64, member: String?, shard: String) -> Finding {
    let place = member.map { "\($0) in \(shard)" } ?? shard
    return finding(message: "the same content as record \(record) of \(place)")
  }

  private static func finding(message: String) -> Finding { finding(field: nil, value: nil, message) }
}

extension CheckSettings {
  /// Whether records are compared with each other.
  package var comparesRecords: Bool { enabled.contains(RecordDuplicate.description.id) }
}
