import ShardModel

/// The members of a sample stand apart.
package struct SampleSplit: Check {
  package static let description = CheckDescription(
    id: "sample-split", family: .structure, severity: .error,
    summary:
      "A key comes again later in a tar of samples: the members of a sample stand apart, or a key is there twice.",
    rationale: """
      Loaders read a tar as a stream and end a sample where another key begins: the parts become samples of their own, \
      each without what the other has.
      """,
    triggering: [
      .init(samples: [("0.jpg", "x"), ("1.jpg", "y"), ("0.txt", "a cat"), ("1.txt", "a dog")])
    ],
    nonTriggering: [.init(samples: [("0.jpg", "x"), ("0.txt", "a cat"), ("1.jpg", "y"), ("1.txt", "a dog")])])

  package init(_ settings: CheckSettings) {}

  /// - Parameter first: the record that had the key before.
  package static func finding(before first: UInt64) -> Finding {
    finding(
      field: "__key__", value: nil,
      "record \(first) has the same key: loaders make a sample of each run of members")
  }

  package static func limitReached(_ limit: Int) -> Finding {
    var finding = finding(field: nil, value: nil, "only the first \(limit) keys of the shard were compared")
    finding.severity = .note
    return finding
  }
}
