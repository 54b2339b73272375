import CKernels
import ShardModel
import ShardRules

/// A text holds what the trainer puts between turns, or a token that steers the model.
struct SeparatorInText: Check {
  static let description = CheckDescription(
    id: "separator-in-text", family: .pairs, severity: .error,
    summary: "A text has a trainer's separator or a special token in it as if it were words.",
    rationale: """
      It becomes the control token: LLaVA splits the sample at the wrong place and masks all of it, tokenizers that take special tokens from text end the answer there, and padding by the same token hides it from attention.
      """,
    triggering: [
      .init(
        "{\"image\": \"1.jpg\", \"conversations\": [{\"from\": \"human\", \"value\": \"<image>\\nWhat?\"}, {\"from\": \"gpt\", \"value\": \"A dog. USER: And ASSISTANT: no.\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"human\", \"value\": \"What?\"}, {\"from\": \"gpt\", \"value\": \"A dog.<|im_end|>\"}]}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"conversations\": [{\"from\": \"human\", \"value\": \"Strike <s>this</s> out\"}, {\"from\": \"gpt\", \"value\": \"Assistant: done.\"}]}\n"
      )
    ])

  private let rule: PairRule
  private let separators: [[UInt8]]
  private let known: SpecialTokenFinder
  /// Of LLaVA's default template.
  private static let llava = Array(" ASSISTANT: ".utf8)
  /// Between bars; others may be words of a data set.
  private static let specials: Set<String> = [
    "endoftext", "startoftext", "im_start", "im_end", "im_sep", "eot_id", "begin_of_text", "end_of_text",
    "start_header_id", "end_header_id", "endofprompt", "vision_start", "vision_end", "image_pad", "eom_id",
    "end", "user", "assistant", "system", "eos", "bos",
  ]

  init(_ settings: CheckSettings) {
    rule = settings.rules.pairs
    separators = rule.separators.map { Array($0.utf8) }
    known = SpecialTokenFinder(settings)
  }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    places.visitConversations { row, record, shape in
      for turn in places.turns(of: record) {
        let isLLaVA = shape == .llava && separators.isEmpty
        let looksForKnown = mayHoldKnown(turn.marks)
        guard turn.tags.count > 0 || isLLaVA || !separators.isEmpty || looksForKnown else { continue }
        places.pairs.visitTexts(of: turn) { text, place, field, position in
          let tags = places.tags(of: turn).filter { $0.text == place && $0.kind == .special }
          guard !tags.isEmpty || isLLaVA || !separators.isEmpty || looksForKnown else { return }
          let bytes = places.pairs.bytes(of: text)
          let path = { places.path(position, UInt32(field), turn.row) }
          if let found = separator(in: bytes, tags, isLLaVA: isLLaVA) {
            findings.add(
              finding(
                field: path(), value: Excerpt.of(bytes), "`\(Excerpt.of(found))` in the text of a turn"),
              row: row)
          } else if looksForKnown, let name = known.first(in: bytes) {
            findings.add(Self.finding(name, in: bytes, field: path()), row: row)
          }
        }
      }
    }
    guard places.pairs.captionExtent.marks & UInt32(CK_MARK_LESS) != 0 else { return }
    for caption in places.pairs.captions.values { observe(caption, places, &findings) }
  }

  private func mayHoldKnown(_ marks: TextMarks) -> Bool {
    !known.isEmpty && (!known.beginWithBracket || marks.marks & UInt32(CK_MARK_LESS) != 0)
  }

  /// A special token of the vocabulary is one only where the tokenizer looks for it in texts.
  static func finding(_ name: String, in text: UnsafeBufferPointer<UInt8>, field: String) -> Finding {
    var finding = finding(
      field: field, value: Excerpt.of(text), "the special token `\(name)` of the tokenizer stands in a text")
    finding.severity = .warning
    return finding
  }

  /// CLIP's tokenizer ends and pads texts with a token that a caption can spell.
  private func observe(_ caption: PairCaption, _ places: PairPlaces, _ findings: inout ChunkFindings) {
    let looksForKnown = mayHoldKnown(caption.marks)
    guard caption.marks.marks & UInt32(CK_MARK_LESS) != 0 || looksForKnown else { return }
    let bytes = places.pairs.bytes(of: caption.text)
    let path = { places.path(caption.position, caption.field, caption.row) }
    var tags: [PairTag] = []
    PairTagScanner.scan(bytes, placeholder: []) { if $0.kind == .special { tags.append($0) } }
    if let found = separator(in: bytes, tags, isLLaVA: false) {
      findings.add(
        finding(field: path(), value: Excerpt.of(bytes), "`\(Excerpt.of(found))` in a caption"),
        row: Int(caption.row))
    } else if looksForKnown, let name = known.first(in: bytes) {
      findings.add(Self.finding(name, in: bytes, field: path()), row: Int(caption.row))
    }
  }

  private func separator(
    in text: UnsafeBufferPointer<UInt8>, _ tags: [PairTag], isLLaVA: Bool
  ) -> [UInt8]? {
    for tag in tags where tag.start <= tag.end && Int(tag.end) <= text.count {
      let spelled = Array(text[Int(tag.start)..<Int(tag.end)])
      // `</s>` is an element of HTML, too.
      if spelled.count == 4 {
        if isLLaVA { return spelled }
      } else if Self.specials.contains(String(decoding: spelled.dropFirst(2).dropLast(2), as: UTF8.self)) {
        return spelled
      }
    }
    if isLLaVA, contains(Self.llava, text) { return Self.llava }
    return separators.first { contains($0, text) }
  }

  private func contains(_ needle: [UInt8], _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress, !needle.isEmpty else { return false }
    return ck_contains(base, text.count, needle, needle.count) != 0
  }
}
