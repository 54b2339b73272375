import ShardModel

/// A picture is stored without colours.
struct ImageGray: ImageCheck {
  static let description = CheckDescription(
    id: "image-gray", family: .images, severity: .note,
    summary: "A picture is stored in shades of gray.",
    rationale: """
      Harmless where all are; among coloured pictures, loaders that do not convert give one channel instead of three and \
      the batch cannot be stacked.
      """,
    triggering: [
      .init(
        "{\"image\": \"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOIAgAAXABb2LRWWgAAAABJRU5ErkJggg==\"}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGPgPKEBAAHXAPou4V6RAAAAAElFTkSuQmCC\"}\n"
      )
    ])

  init(_ settings: CheckSettings) {}

  func judge(_ picture: SeenPicture) -> [Finding] {
    picture.report?.isGray == true ? Self.found("stored in shades of gray") : []
  }
}
