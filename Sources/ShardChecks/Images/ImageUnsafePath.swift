import ShardModel

/// The path of a picture leads where it must not.
struct ImageUnsafePath: ImageCheck {
  static let description = CheckDescription(
    id: "image-unsafe-path", family: .images, severity: .error,
    summary: "The path of a picture leads out of its root, or to something that is no file.",
    rationale: """
      A path with `..`, an absolute one, or a link out of the data set makes training read whatever stands there on that \
      machine: another picture, a secret, or a device that never ends.
      """,
    triggering: [.init("{\"image\": \"../../etc/secret.jpg\", \"caption\": \"a dog on a beach\"}\n")],
    nonTriggering: [.init("{\"image\": \"a/b.jpg\", \"caption\": \"a dog on a beach\"}\n")])

  init(_ settings: CheckSettings) {}

  func judge(_ picture: SeenPicture) -> [Finding] {
    if case .unsafe(let reason) = picture.state {
      Self.found("the path is not followed: \(reason)")
    } else {
      []
    }
  }
}
