import ShardImages
import ShardModel

/// A picture is nearly black.
struct ImageDark: ImageCheck {
  static let description = CheckDescription(
    id: "image-dark", family: .images, severity: .warning,
    summary: "A picture is nearly black.",
    rationale: """
      A lens cap, a failed exposure or a broken conversion (16 bits read as 8) teaches nothing but black. Score: the 99th percentile of brightness, 0 to 1.
      """,
    parameters: [.init("threshold", default: "0.32", "CleanVision's, below which a score is bad")],
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAAAAAAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      )
    ])

  private let thresholds: ImageThresholds

  init(_ settings: CheckSettings) { thresholds = settings.imageSettings.thresholds }

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard let measures = picture.measures, measures.isDark(thresholds) else { return [] }
    let score = Figures.text(measures.darkScore)
    return Self.found("a brightness score of \(score), expected \(Figures.text(thresholds.dark)) or more")
  }
}
