import ShardModel

/// A side of a picture is shorter than models take.
struct ImageSmall: ImageCheck {
  static let description = CheckDescription(
    id: "image-small", family: .images, severity: .warning,
    summary: "A side of a picture is shorter than the model's smallest patch.",
    rationale: """
      Qwen2-VL refuses sides under 28 pixels and training stops; other models scale icons and tracking pixels up to \
      blur.
      """,
    parameters: [.init("min-side", default: "28", "pixels that the shorter side must have")],
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhAQABAIEAAHhaPAAAAAAAAAAAACwAAAAAAQABAAAIBAABBAQAOw==\"}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      )
    ])

  private let limit: Double

  init(_ settings: CheckSettings) { limit = settings.number("min-side", of: Self.description.id) ?? 28 }

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard let report = picture.report, report.width > 0, report.height > 0,
      Double(min(report.width, report.height)) < limit
    else { return [] }
    return Self.found(
      "\(report.width) x \(report.height) pixels, expected at least \(Figures.text(limit)) on each side")
  }
}
