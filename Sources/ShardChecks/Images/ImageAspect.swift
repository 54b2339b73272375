import ShardModel

/// A picture is much longer than wide, or wider than long.
struct ImageAspect: ImageCheck {
  static let description = CheckDescription(
    id: "image-aspect", family: .images, severity: .warning,
    summary: "A picture is very long or very wide.",
    rationale: """
      Banners and scrolled pages are cropped to a meaningless middle or squeezed beyond recognition. Qwen2-VL refuses \
      ratios from 200 on, and training stops (error). The score is the shorter side by the longer, as in CleanVision.
      """,
    parameters: [
      .init("threshold", default: "0.35", "shorter side by longer side, below which a picture is odd"),
      .init("max-ratio", default: "200", "longer side by shorter side, from which on it is an error"),
    ],
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhYAAgAIEAAFpaWgAAAAAAAAAAACwAAAAAYAAgAEAIWgABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJsqXLlzBjypxJs6bNmzhz6tzJs6fPn0CDCh1KtKjRo0iTKl3KtGnRgAA7\"}\n"
      ),
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhkAEBAIEAAFpaWgAAAAAAAAAAACwAAAAAkAEBAAAIIgABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatxoMSAAOw==\"}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      )
    ])

  private let threshold: Double
  private let ratio: Double

  init(_ settings: CheckSettings) {
    threshold = settings.imageSettings.thresholds.oddAspectRatio
    ratio = settings.number("max-ratio", of: Self.description.id) ?? 200
  }

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard let report = picture.report, report.width > 0, report.height > 0 else { return [] }
    let sides = "\(report.width) x \(report.height) pixels"
    let found = Double(max(report.width, report.height)) / Double(min(report.width, report.height))
    if found >= ratio {
      return [Self.finding(.error, "\(sides), expected a ratio of sides below \(Figures.text(ratio))")]
    }
    guard report.aspectScore < threshold else { return [] }
    return Self.found(
      "\(sides), an aspect score of \(Figures.text(report.aspectScore)), expected \(Figures.text(threshold)) or more"
    )
  }
}
