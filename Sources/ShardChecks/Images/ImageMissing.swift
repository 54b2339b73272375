import ShardModel

/// A picture that a record names is not there.
struct ImageMissing: ImageCheck {
  static let description = CheckDescription(
    id: "image-missing", family: .images, severity: .error,
    summary: "A picture that a record names is not there or cannot be opened.",
    rationale: """
      Training stops with FileNotFoundError hours into an epoch, or the loader quietly takes another sample in its place. \
      Paths are looked up below --image-root, or beside the shard; addresses on the network are not fetched. \
      What is there and cannot be read (no permission, a disk error) says nothing of the data: it is a warning, and the scan \
      is incomplete (exit code 3).
      """,
    triggering: [.init("{\"image\": \"picture.jpg\", \"caption\": \"a dog on a beach\"}\n")],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      ), .init("{\"image\": \"https://example.org/1.jpg\", \"caption\": \"a dog on a beach\"}\n"),
    ])

  init(_ settings: CheckSettings) {}

  func judge(_ picture: SeenPicture) -> [Finding] {
    switch picture.state {
    case .missing(let reason): Self.found(reason)
    case .failed(let reason): [Self.finding(.warning, "the file cannot be read: \(reason)")]
    case .read, .malformed, .unsafe: []
    }
  }
}
