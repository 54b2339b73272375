import ShardModel
import ShardSketches

/// One caption stands beside many pictures.
///
/// Concluded from the most frequent values of the field (`TopValues`): 64 counters, mergeable, never too high, so there is
/// no false alarm; a caption of more than 1/65 of all records is always among them. Single records are listed by
/// `duplicates: {fields: [caption]}` of a rules file, whose index of hashes knows every one.
struct CaptionDuplicate: Check {
  static let description = CheckDescription(
    id: "caption-duplicate", family: .pairs, severity: .warning,
    summary: "One caption stands beside many pictures.",
    rationale: """
      A contrastive loss punishes the model for pictures that share a caption, and a boilerplate text ("image", "No description") teaches it to say that.
      """,
    parameters: [
      .init(
        "share", default: "0.02",
        "the share of the captions, from which on one is said; always found above 0.0154"),
      .init("copies", default: "20", "how often it must stand at least"),
    ],
    triggering: [
      .init(
        (0..<60).map {
          "{\"image\": \"\($0).jpg\", \"caption\": \"\($0 % 2 == 0 ? "image" : "dog \($0)")\"}\n"
        }.joined())
    ],
    nonTriggering: [
      .init((0..<60).map { "{\"image\": \"\($0).jpg\", \"caption\": \"dog \($0 / 2)\"}\n" }.joined())
    ])

  private let share: Double
  private let copies: Double

  init(_ settings: CheckSettings) {
    share = settings.number("share", of: Self.description.id) ?? 0.02
    copies = settings.number("copies", of: Self.description.id) ?? 20
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, count) in dataset.pairs.captionFields.sorted(by: { $0.key < $1.key }) {
      guard let field = dataset.fields[path] else { continue }
      let texts = field.counts.text
      // A field of both captions and other texts is not judged by what the others say.
      guard count * 10 >= texts * 9 else { continue }
      for entry in field.top.entries {
        let times = Double(entry.count)
        guard times >= copies, times >= share * Double(texts), !entry.text.allSatisfy(\.isWhitespace) else {
          continue
        }
        conclusions.findings.append(
          finding(
            field: path, value: entry.text,
            "the same caption \(field.top.isExact ? "" : "at least ")\(entry.count) times in \(texts); "
              + "duplicates: {fields: [\(path)]} in a rules file lists the records"))
      }
    }
  }
}
