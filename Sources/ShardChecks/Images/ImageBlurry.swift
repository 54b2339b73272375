import ShardImages
import ShardModel

/// A picture is blurred.
struct ImageBlurry: ImageCheck {
  static let description = CheckDescription(
    id: "image-blurry", family: .images, severity: .warning,
    summary: "A picture is blurred.",
    rationale: """
      Thumbnails scaled up and pictures out of focus teach a model that edges are soft. Score: from the deviation of the edges of the picture at 64 pixels.
      """,
    parameters: [.init("threshold", default: "0.29", "CleanVision's, below which a score is bad")],
    triggering: [], nonTriggering: [.init("{\"a\": 1}\n")])

  private let thresholds: ImageThresholds

  init(_ settings: CheckSettings) { thresholds = settings.imageSettings.thresholds }

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard let measures = picture.measures, measures.isBlurry(thresholds) else { return [] }
    let score = Figures.text(measures.blurScore(thresholds))
    return Self.found("a sharpness score of \(score), expected \(Figures.text(thresholds.blurry)) or more")
  }
}
