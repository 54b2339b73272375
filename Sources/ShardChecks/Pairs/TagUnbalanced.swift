import ShardModel
import ShardRules

/// Tags of pictures and boxes do not pair up.
struct TagUnbalanced: Check {
  static let description = CheckDescription(
    id: "tag-unbalanced", family: .pairs, severity: .error,
    summary: "A tag such as <img>, <ref> or <box> is not closed, not opened, or stands inside another one.",
    rationale: """
      The tokenizer raises: Monkey then swallows the exception and drops the question with its picture, Qwen-VL stops. A stray </img> makes a batch of unequal sizes.
      """,
    triggering: [
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg What?\"}, {\"from\": \"assistant\", \"value\": \"A dog.\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg</img> Where?\"}, {\"from\": \"assistant\", \"value\": \"<ref>dog<box>(1,2),(3,4)</box></ref>\"}]}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg</img> Where?\"}, {\"from\": \"assistant\", \"value\": \"<ref>dog</ref><box>(1,2),(3,4)</box>\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"How do I write <img> in HTML?\"}, {\"from\": \"assistant\", \"value\": \"<img> is never closed.\"}]}\n"
      ),
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    places.visitConversations { row, record, shape in
      guard record.isTagged || shape == .qwenVL || shape == .internVL else { return }
      for turn in places.turns(of: record) where turn.tags.count > 0 {
        guard let message = TagBalance.defect(places.tags(of: turn)) else { continue }
        let value = turn.content == .text ? places.excerpt(turn.text) : nil
        findings.add(finding(field: places.content(of: turn), value: value, message), row: row)
      }
    }
  }
}

/// Whether tags pair up.
package enum TagBalance {
  /// The first defect, nil where there is none.
  /// - Complexity: O(tags).
  package static func defect(_ tags: UnsafeBufferPointer<PairTag>) -> String? {
    var open: PairTag?
    for tag in tags where tag.kind.isPaired {
      if let outer = open {
        if outer.text != tag.text { return "<\(outer.kind.name)> is not closed" }
        guard tag.isClosing else {
          return outer.kind == tag.kind
            ? "<\(outer.kind.name)> is not closed" : "<\(tag.kind.name)> inside of <\(outer.kind.name)>"
        }
        guard outer.kind == tag.kind else {
          return "<\(outer.kind.name)> is closed by </\(tag.kind.name)>"
        }
        open = nil
      } else if tag.isClosing {
        return "</\(tag.kind.name)> closes nothing"
      } else {
        open = tag
      }
    }
    return open.map { "<\($0.kind.name)> is not closed" }
  }
}
