import ShardImages
import ShardModel

/// A picture has lost pixels, or has bytes that do not belong to it.
struct ImageCorrupt: ImageCheck {
  static let description = CheckDescription(
    id: "image-corrupt", family: .images, severity: .error,
    summary: "A picture is truncated, corrupt or empty; or its end is missing, or followed by other bytes.",
    rationale: """
      Pillow raises OSError in the middle of an epoch; loaders that tolerate it fill the rest with gray, and the model \
      learns gray. A missing end marker alone loses no pixel (warning); what follows the end is only worth knowing (note). \
      In header mode only the header is read.
      """,
    triggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqQ=\"}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"data:image/gif;base64,R0lGODdhIAAgAIEAAHh4eAAAAAAAAAAAACwAAAAAIAAgAEAINQABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihxJsqTJkyhTqlzJUmRAADs=\"}\n"
      )
    ])

  init(_ settings: CheckSettings) {}

  func judge(_ picture: SeenPicture) -> [Finding] {
    if case .malformed(let reason) = picture.state { return Self.found(reason) }
    guard case .read(let report) = picture.state else { return [] }
    if let foreign = report.foreign {
      return foreign == .empty || foreign == .zeros
        ? Self.found("expected a picture, found \(foreign.name)") : []
    }
    var worst: [Severity: ImageDefect] = [:]
    for defect in report.defects {
      guard let severity = Self.severity(of: defect.kind), worst[severity] == nil else { continue }
      worst[severity] = defect
    }
    // What loses pixels explains the rest.
    guard let severity = worst.keys.max(), let defect = worst[severity] else { return [] }
    let place = defect.offset.map { " (byte \($0) of the file)" } ?? ""
    return [Self.finding(severity, defect.message + place)]
  }

  private static func severity(of kind: ImageDefect.Kind) -> Severity? {
    switch kind {
    case .truncated, .corrupt, .checksum, .textBomb: .error
    case .missingEnd, .extraneousBytes: .warning
    case .trailingBytes, .irregular: .note
    case .zeroSize, .beyondLimit, .unsupported: nil
    }
  }
}
