import ShardImages
import ShardModel

/// A picture is nearly white.
struct ImageBright: ImageCheck {
  static let description = CheckDescription(
    id: "image-bright", family: .images, severity: .warning,
    summary: "A picture is nearly white.",
    rationale: """
      Overexposed pictures and blank pages teach nothing but white. Score: 1 less the 5th percentile of brightness.
      """,
    parameters: [.init("threshold", default: "0.05", "CleanVision's, below which a score is bad")],
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAP///wAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
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
    guard let measures = picture.measures, measures.isLight(thresholds) else { return [] }
    let score = Figures.text(measures.lightScore)
    return Self.found("a light score of \(score), expected \(Figures.text(thresholds.light)) or more")
  }
}
