import ShardModel

/// A picture is stored twice.
package struct ImageDuplicate: Check {
  package static let description = CheckDescription(
    id: "image-duplicate", family: .images, severity: .warning,
    summary: "A picture has the same bytes as an earlier one of the data set.",
    rationale: """
      What stands twice is learned twice, and a copy in the validation set makes the loss look better than it is. A file \
      that several records name is one picture.
      """,
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\", \"id\": 1}\n{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\", \"id\": 2}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\", \"id\": 1}\n{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAP///wAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\", \"id\": 2}\n"
      )
    ])

  package init(_ settings: CheckSettings) {}

  package static func finding(field: String, record: UInt64, member: String?, shard: String) -> Finding {
    finding(
      field: field, "the same bytes as a picture of record \(record) of \(ImageCopies.place(member, shard))")
  }
}

/// A picture looks like another.
package struct ImageNearDuplicate: Check {
  package static let description = CheckDescription(
    id: "image-near-duplicate", family: .images, severity: .warning,
    summary: "A picture looks the same as an earlier one of the data set: their perceptual hashes are equal.",
    rationale: """
      Copies that were scaled or compressed again escape a comparison of bytes and are learned twice all the same. \
      Pictures of low information, which all look alike, are not compared.
      """,
    triggering: [], nonTriggering: [.init("{\"a\": 1}\n")])

  package init(_ settings: CheckSettings) {}

  package static func finding(field: String, record: UInt64, member: String?, shard: String) -> Finding {
    finding(field: field, "looks like a picture of record \(record) of \(ImageCopies.place(member, shard))")
  }
}

/// How pictures are compared with each other.
package enum ImageCopies: UInt64, CaseIterable {
  /// Numbers beyond those of rules for unique fields.
  case content = 0x1_0000_0000
  case appearance
  /// Content and name: equal for a file that is named again.
  case file

  static func place(_ member: String?, _ shard: String) -> String {
    member.map { "\($0) in \(shard)" } ?? shard
  }
}

extension CheckSettings {
  /// Whether pictures are compared with each other.
  package var comparesPictures: Bool {
    guard imageMode != .none else { return false }
    return enabled.contains(ImageDuplicate.description.id)
      || (imageMode == .full && enabled.contains(ImageNearDuplicate.description.id))
  }
}
