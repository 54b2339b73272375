import ShardImages
import ShardModel

/// A picture says next to nothing.
struct ImageFlat: ImageCheck {
  static let description = CheckDescription(
    id: "image-flat", family: .images, severity: .warning,
    summary: "A picture has low information: one colour, or few.",
    rationale: """
      Placeholders such as \"image not available\" and failed renderings pair a caption with nothing. Score: a tenth of the entropy of the colours' histogram in bits.
      """,
    parameters: [.init("threshold", default: "0.3", "CleanVision's, below which a score is bad")],
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      )
    ],
    nonTriggering: [.init("{\"a\": 1}\n")])

  private let thresholds: ImageThresholds

  init(_ settings: CheckSettings) { thresholds = settings.imageSettings.thresholds }

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard let measures = picture.measures, measures.isLowInformation(thresholds) else { return [] }
    let score = Figures.text(measures.informationScore)
    return Self.found(
      "an information score of \(score), expected \(Figures.text(thresholds.lowInformation)) or more")
  }
}
