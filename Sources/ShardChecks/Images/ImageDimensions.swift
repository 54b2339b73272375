import ShardImages
import ShardModel

/// The size of a picture is impossible, or not the one that the record gives.
struct ImageDimensions: ImageCheck {
  static let description = CheckDescription(
    id: "image-dimensions", family: .images, severity: .warning,
    summary:
      "Width and height of a picture are not those of its record, are 0, or are more than can be decoded.",
    rationale: """
      Boxes and buckets are computed from the width and height of the record: for another picture they are wrong, and no \
      trainer notices. Pillow refuses more than 178,956,970 pixels (error) and warns beyond half of that. Sides that only \
      EXIF exchanges are right both ways.
      """,
    parameters: [
      .init("max-pixels", default: "178956970", "pictures of more pixels are errors and are not decoded")
    ],
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\", \"width\": 33, \"height\": 32}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\", \"width\": 32, \"height\": 32}\n"
      )
    ])

  private let limit: Int

  init(_ settings: CheckSettings) { limit = settings.imageSettings.limits.pixels }

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard let report = picture.report else { return [] }
    let size = "\(report.width) x \(report.height)"
    if report.defects.contains(where: { $0.kind == .zeroSize }) {
      return [Self.finding(.error, "a picture of \(size) pixels")]
    }
    guard report.width > 0, report.height > 0 else { return [] }
    let (pixels, overflows) = report.width.multipliedReportingOverflow(by: report.height)
    if overflows || pixels > limit {
      return [Self.finding(.error, "\(size) pixels, expected at most \(limit): a decompression bomb")]
    }
    if let defect = report.defects.first(where: { $0.kind == .beyondLimit }) {
      return [Self.finding(.error, "not decoded: \(defect.message)")]
    }
    if let declared = picture.declared, let message = mismatch(declared, report) {
      return Self.found(message)
    }
    // Pillow's warning begins at half of its limit.
    if pixels > limit / 2 { return Self.found("\(size) pixels, more than half of the limit of \(limit)") }
    return []
  }

  private func mismatch(_ declared: (width: Double, height: Double), _ report: ImageReport) -> String? {
    let (width, height) = (Double(report.width), Double(report.height))
    if declared == (width, height) { return nil }
    let isExchanged = declared == (height, width)
    if isExchanged, report.swapsSides { return nil }
    let expected = "the record says \(Figures.text(declared.width)) x \(Figures.text(declared.height))"
    return "\(report.width) x \(report.height) pixels, \(expected)" + (isExchanged ? ": exchanged" : "")
  }
}
