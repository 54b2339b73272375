import ShardImages
import ShardModel

/// A file is no picture, or not the kind that its name says.
struct ImageFormatCheck: ImageCheck {
  static let description = CheckDescription(
    id: "image-format", family: .images, severity: .error,
    summary:
      "A file is no picture (an HTML page, a Git LFS pointer), or of another format than its name says.",
    rationale: """
      Downloads that failed leave pages of text under the names of pictures, and every loader stops at the first. A wrong \
      ending misleads loaders that choose the decoder by it (warning). TIFF, AVIF, HEIC and rare kinds of the other \
      formats are recognized but not decoded (note).
      """,
    triggering: [
      .init("{\"image\": \"data:image/jpeg;base64,PCFET0NUWVBFIGh0bWw+PGh0bWw+PC9odG1sPg==\"}\n"),
      .init(
        "{\"image\": \"data:image/png;base64,R0lGODdhAQABAIEAAHhaPAAAAAAAAAAAACwAAAAAAQABAAAIBAABBAQAOw==\"}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhAQABAIEAAHhaPAAAAAAAAAAAACwAAAAAAQABAAAIBAABBAQAOw==\"}\n"
      )
    ])

  init(_ settings: CheckSettings) {}

  func judge(_ picture: SeenPicture) -> [Finding] {
    guard case .read(let report) = picture.state else { return [] }
    if let foreign = report.foreign {
      return foreign == .empty || foreign == .zeros
        ? [] : Self.found("expected a picture, found \(foreign.name)")
    }
    guard let format = report.format else { return [] }
    if let named = ImageFormat.allCases.first(where: { $0.extensions.contains(picture.ending) }),
      named != format
    {
      return [Self.finding(.warning, "the name says \(named.name), the content is \(format.name)")]
    }
    if let defect = report.defects.first(where: { $0.kind == .unsupported }) {
      return [Self.finding(.note, "not decoded: \(defect.message)")]
    }
    if report.mode == .full, !format.isDecoded {
      return [Self.finding(.note, "\(format.name) is recognized and not decoded")]
    }
    return []
  }
}
