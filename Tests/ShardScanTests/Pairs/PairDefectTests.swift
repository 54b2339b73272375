import Foundation
import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// Records with planted defects (`Fixtures/Pairs/make_pairs.py`): each is found where it is, by its check.
struct PairDefectTests {
  struct Planted: Decodable, Hashable {
    var shard: String
    var record: UInt64
    var check: String
    var kind: String
  }

  struct Place: Hashable {
    var shard: String
    var record: UInt64
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/Pairs").path

  static func truth() throws -> [Planted] {
    let text = try String(contentsOfFile: folder + "/truth.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Planted.self, from: Data($0.utf8)) }
  }

  static let shards = [
    "llava.json", "monkey.json", "openai.jsonl", "lists.jsonl", "metadata.jsonl", "metadata.csv",
  ]

  static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  @Test("Every planted defect is found at its record by its check, and nothing else is an error")
  func planted() throws {
    let scratch = TemporaryFolder()
    let outcome = try scan(
      Self.shards.map { Self.folder + "/" + $0 }, out: scratch.path + "/out", settings: .withoutPictures)
    let truth = try Self.truth()
    #expect(Set(truth.map(\.kind)).count >= 55)
    var found: [Place: [Finding]] = [:]
    for line in outcome.lines {
      let record = try #require(line.findings.location.record)
      found[Place(shard: Self.name(line.shard), record: record), default: []] += line.findings.findings
    }
    for defect in truth {
      let checks = found[Place(shard: defect.shard, record: defect.record)]?.map(\.check) ?? []
      #expect(checks.contains(defect.check), "\(defect) but \(checks)")
    }
    let planted = Set(truth.map { Place(shard: $0.shard, record: $0.record) })
    for (place, findings) in found where !planted.contains(place) {
      #expect(findings.allSatisfy { $0.severity < .error }, "\(place) \(findings)")
      let pairs = Set(CheckCatalog.descriptions.filter { $0.family == .pairs }.map(\.id))
      #expect(findings.allSatisfy { !pairs.contains($0.check) }, "\(place) \(findings)")
    }
  }

  @Test("What a record is does not hang on the records before it, the threads, or the split of the shards")
  func order() throws {
    let scratch = TemporaryFolder()
    var random = RepeatableRandom(seed: 11)
    var lines: [String] = []
    for shard in ["openai.jsonl", "lists.jsonl", "metadata.jsonl"] {
      lines += try String(contentsOfFile: Self.folder + "/" + shard, encoding: .utf8).split(separator: "\n")
        .map(String.init)
    }
    lines += [
      #"{"messages": [{"id": 1, "subject": "mail"}], "caption": "a dog", "image": "m.jpg"}"#,
      #"{"conversations": ["hello", "there"], "caption": "a dog", "image": "n.jpg"}"#,
      #"[{"from": "user", "value": "<img>a.jpg</img>What?"}, {"from": "assistant", "value": ""}]"#,
    ]
    var settings = ScanSettings.withoutDuplicates
    settings.checks.enabled = Set(CheckCatalog.descriptions.filter { $0.family == .pairs }.map(\.id))
    // Found by comparison with the others of the shard.
    settings.checks.fewest = 1 << 40

    func outcome(_ groups: [[String]], _ name: String, threads: Int) throws -> (Outcome, [String]) {
      for (index, group) in groups.enumerated() {
        scratch.write("\(name)/\(index).jsonl", group.joined(separator: "\n") + "\n")
      }
      let outcome = try scan(
        [scratch.path + "/" + name], out: scratch.path + "/out-" + name, threads: threads, settings: settings)
      let texts = outcome.lines.flatMap { line in
        let index = Int(Self.name(line.shard).split(separator: ".")[0]) ?? 0
        let record = groups[index][Int(line.findings.location.record ?? 0)]
        return line.findings.findings.map { "\(record) \($0.check) \($0.field ?? "-") \($0.message)" }
      }
      return (outcome, texts.sorted())
    }
    let (whole, expected) = try outcome([lines], "whole", threads: 1)
    #expect(expected.count > 25)
    #expect(
      whole.result.pairs?.shapes.map(\.name) == [
        "metadata", "qwen-vl", "messages", "image-list", "conversation",
      ])
    for round in 0..<4 {
      lines.shuffle(using: &random)
      var groups = [[String]](repeating: [], count: 4)
      for line in lines { groups[Int.random(in: 0..<4, using: &random)].append(line) }
      let (split, texts) = try outcome(groups.filter { !$0.isEmpty }, "split-\(round)", threads: 2)
      #expect(texts == expected)
      #expect(split.result.pairs == whole.result.pairs)
    }
  }

  @Test("Scans of parts, merged, count the same pairs and find the same as one scan")
  func merging() throws {
    let scratch = TemporaryFolder()
    let paths = Self.shards.map { Self.folder + "/" + $0 }
    let whole = try scan(paths, out: scratch.path + "/whole", threads: 2)
    var outputs: [String] = []
    for (index, part) in [Array(paths[3...]), Array(paths[..<3])].enumerated() {
      outputs.append(scratch.path + "/part-\(index)")
      _ = try scan(part, out: outputs[index])
    }
    let merged = try merge(outputs, out: scratch.path + "/merged")
    #expect(merged.result.pairs == whole.result.pairs)
    #expect(merged.lines == whole.lines)
    #expect(merged.result.findings == whole.result.findings)
    #expect(whole.result.pairs?.boxes ?? 0 > 50)
  }

  @Test("Texts that look a little like something else are left alone")
  func ordinary() throws {
    let captions = [
      "NÃO é um cão", "Straße® 66", "L’ÂGE D’OR", "I <3 dogs & cats; 3 < 4 > 2", "AT&T; and more", "na",
      "Nan",
      "None of them", "a <b> c".replacing("<b>", with: "< b >"), "visit example.com", "John.Smith",
      "Fig. 3.1 png files",
      "q&a;", "Mr. Null", "日本語の説明", "ÃÂ", "x: ASSISTANT", "résumé – “draft”", "<pre-order now>", "N/A-1",
    ]
    let text = captions.enumerated().map { index, caption in
      "{\"image\": \"\(index).jpg\", \"caption\": \"\(caption)\"}\n"
    }.joined()
    let outcome = try scan(text: text, settings: .withoutPictures)
    #expect(outcome.brief == [])
    #expect(outcome.result.pairs?.captions == UInt64(captions.count))
  }

  @Test(
    "Records of other kinds are no pairs",
    arguments: [
      #"{"url": "https://example.com", "text": "a page", "timestamp": "2020"}"#,
      #"{"text": "a document", "id": 3}"#,
      #"{"image": "1.jpg", "label": 3}"#,
      #"{"messages": [{"subject": "x"}]}"#,
      #"{"messages": 3, "conversations": "none"}"#,
      #"{"a": [1, 2], "b": {"role": "x", "content": "y"}}"#,
    ])
  func none(_ record: String) throws {
    let outcome = try scan(text: record + "\n")
    #expect(outcome.result.pairs == nil)
  }

  @Test("Names that only a user knows are declared in a rules file")
  func declared() throws {
    let rules = """
      version: 1
      pairs:
        shape: llava
        image: photo
        turns: dialog.turns
        role: speaker
        content: says
        users: [q]
        answers: [a]
        placeholder: "[IMG]"
        text_only: false
      """
    var settings = ScanSettings.withoutDuplicates
    settings.checks.imageMode = .none
    settings.checks.apply(
      try Rules(parsing: Array(rules.utf8), file: "r", vocabulary: CheckCatalog.vocabulary))
    let good =
      #"{"photo": "1.jpg", "dialog": {"turns": [{"speaker": "q", "says": "[IMG] What?"}, {"speaker": "a", "says": "A dog."}]}}"#
    let lines = [
      good, good.replacing("[IMG] ", with: ""), good.replacing("A dog.", with: ""),
      good.replacing(#""photo": "1.jpg", "#, with: ""), good.replacing(#""a""#, with: #""gpt""#),
    ]
    let outcome = try scan(text: lines.joined(separator: "\n") + "\n", settings: settings)
    #expect(
      outcome.brief == [
        "1 placeholder-mismatch dialog.turns", "2 answer-empty dialog.turns[1].says",
        "3 pair-incomplete -", "3 placeholder-mismatch dialog.turns", "4 turn-order dialog.turns[1]",
      ])
  }
}
