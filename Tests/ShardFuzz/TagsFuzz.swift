import ShardChecks
import ShardIngest
import ShardModel
import ShardRules

/// Any bytes as the text of a turn: tags lie inside the text, in order, and are found again; boxes, markup and garbled
/// text are judged without a trap; and as a shard of records of which pairs are taken.
enum TagsFuzz {
  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    if choice % 2 == 1 { text(bytes) } else { records(bytes) }
  }

  private static func text(_ input: [UInt8]) {
    input.withUnsafeBufferPointer { text in
      var tags: [PairTag] = []
      PairTagScanner.scan(text, placeholder: Array("<image>".utf8)) { tags.append($0) }
      var end: UInt32 = 0
      for tag in tags {
        expect(tag.start >= end && tag.end > tag.start && Int(tag.end) <= text.count, "tag out of place")
        expect(text[Int(tag.start)] == UInt8(ascii: "<"), "no tag")
        end = tag.end
      }
      let closing = tags.count { $0.isClosing && $0.kind.isPaired }
      let opening = tags.count { !$0.isClosing && $0.kind.isPaired }
      let defect = tags.withUnsafeBufferPointer { TagBalance.defect($0) }
      expect(defect != nil || closing == opening, "unequal tags pass")
      if let box = BoxText(text) {
        expect(!box.numbers.isEmpty && box.numbers.allSatisfy(\.isFinite), "a box without numbers")
        for kind in [PairTag.Kind.box, .quad] {
          for range in PairRule.BoxRange.allCases { _ = box.defect(kind, range) }
        }
      }
      _ = Markup.first(in: text)
      _ = GarbledText.defect(in: text)
    }
  }

  private static func records(_ bytes: [UInt8]) {
    let padded = PaddedBytes(bytes)
    let reader = JSONReader(layout: .lines)
    let pairs = PairExtractor(reader.batch, rule: PairRule())
    // Twice: the fields are known the second time, and the answer is the same.
    var seen: [[PairShape?]] = []
    for _ in 0..<2 {
      reader.read(padded.base, count: padded.count, origin: BatchOrigin(), isFinal: true)
      pairs.extract()
      seen.append((0..<reader.batch.records.count).map { pairs.isActive ? pairs.records[$0].shape : nil })
      guard pairs.isActive else { continue }
      for record in pairs.records.values {
        expect(record.turns.indices.upperBound <= pairs.turns.count, "turns out of range")
        expect(record.images.indices.upperBound <= pairs.images.count, "pictures out of range")
        expect(Int(record.caption) < pairs.captions.count, "caption out of range")
      }
      for image in pairs.images.values { _ = pairs.bytes(of: image) }
      for turn in pairs.turns.values {
        expect(turn.parts.indices.upperBound <= pairs.parts.count, "parts out of range")
      }
    }
    expect(seen[0] == seen[1], "a record has another shape the second time")
  }
}
