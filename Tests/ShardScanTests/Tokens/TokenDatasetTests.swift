import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// What only the data set shows, and statistics over it.
struct TokenDatasetTests {
  /// Records of sequences; in some something is wrong, with `isOdd` in nearly all.
  static func shard(seed: UInt64, records: Int, isOdd: Bool = false) -> String {
    var random = RepeatableRandom(seed: seed)
    var text = ""
    for index in 0..<records {
      var count = Int.random(in: 5..<60, using: &random)
      if index % 211 == 7 { count = 900 }
      let ids = (0..<count).map { _ in Int.random(in: 0..<500, using: &random) }
      let start = Int.random(in: 0..<count, using: &random)
      var labels = ids.enumerated().map { $0 < start ? -100 : $1 }
      let isBad = isOdd ? index % 10 > 0 : index % 131 == 5
      if isBad { labels[count - 1] = 999 }
      if index % 173 == 9 { labels.removeLast() }
      let kept = Int.random(in: 1...count, using: &random)
      let mask = (0..<count).map { $0 < kept || index % 3 > 0 ? 1 : 0 }
      text += "{\"id\": \(seed * 10_000 + UInt64(index)), \"input_ids\": \(ids), \"labels\": \(labels)"
      text += ", \"attention_mask\": \(mask)}\n"
    }
    return text
  }

  private func expectSame(_ left: Outcome, _ right: Outcome, _ comment: Comment) {
    #expect(left.lines == right.lines, comment)
    #expect(left.shards == right.shards, comment)
    #expect(left.result.fields == right.result.fields, comment)
    #expect(left.result.tokens == right.result.tokens, comment)
    #expect(left.result.findings == right.result.findings, comment)
    #expect(left.result.checks == right.result.checks, comment)
  }

  @Test(
    "Threads, and any split of the shards, give the same answer, and labels that differ throughout a shard are listed"
  )
  func sameAnswer() throws {
    let folder = TemporaryFolder()
    let paths = (0..<5).map { index in
      folder.write(
        "data/\(index).jsonl",
        Self.shard(seed: UInt64(index), records: index == 2 ? 3_000 : 250, isOdd: index == 4))
    }
    var settings = ScanSettings.withoutDuplicates
    settings.checks.rules.tokens.maxTokens = 40
    let one = try scan(paths, out: folder.path + "/one", settings: settings)
    // In the odd shard nine of ten differ, but not in the data set.
    let odd = one.lines.filter { $0.shard.hasSuffix("4.jsonl") }
    #expect(odd.count { $0.findings.findings.contains { $0.check == "labels-misaligned" } } > 180)
    let outliers = try #require(one.result.checks["tokens-outlier"])
    #expect(outliers.findings >= 15)
    for threads in [2, 7] {
      let many = try scan(paths, out: folder.path + "/\(threads)", threads: threads, settings: settings)
      expectSame(one, many, "\(threads) threads")
    }
    _ = try scan([paths[4], paths[0]], out: folder.path + "/a", settings: settings)
    _ = try scan([paths[2], paths[1], paths[3]], out: folder.path + "/b", threads: 2, settings: settings)
    let merged = try merge([folder.path + "/b", folder.path + "/a"], out: folder.path + "/merged")
    expectSame(one, merged, "merged")
  }

  @Test("Where more lengths are outliers than are written down, the shard is read again and says the same")
  func secondRead() throws {
    let folder = TemporaryFolder()
    var random = RepeatableRandom(seed: 3)
    let lists = (0...40).map {
      "{\"input_ids\": [" + [String](repeating: "7", count: $0 + 1).joined(separator: ",") + "]}\n"
    }
    let text = (0..<12_000).map { _ in lists[Int.random(in: 0...40, using: &random)] }.joined()
    let path = folder.write("data/a.jsonl", text)
    var settings = ScanSettings.withoutDuplicates
    settings.checks.outliers = try #require(OutlierRule("iqr:0.1"))
    let one = try scan([path], out: folder.path + "/one", settings: settings)
    let many = try scan([path], out: folder.path + "/many", threads: 4, settings: settings)
    expectSame(one, many, "threads")
    let found = try #require(one.result.checks["tokens-outlier"])
    // A fifth on each side lies outside, more than are kept on either.
    #expect(found.records > 2 * UInt64(Extremes.limit) && found.records == found.findings)
    let lengths = Set(one.lines.flatMap { $0.findings.findings.compactMap(\.value) })
    #expect(lengths.contains("1 token") && lengths.contains("41 tokens") && !lengths.contains("21 tokens"))
  }

  @Test("Statistics of a shard are those of a plain count over its records")
  func statistics() throws {
    var random = RepeatableRandom(seed: 4)
    var (text, tokens, positions, labelled, unlabelled) = ("", 0, 0, 0, 0)
    var lost: [Int: (sequences: Int, tokens: Int, unlabelled: Int)] = [:]
    for _ in 0..<300 {
      let count = Int.random(in: 1..<1_500, using: &random)
      let kept = Int.random(in: 1...count, using: &random)
      let start = Int.random(in: 0...count, using: &random)
      let ids = (0..<count).map { _ in Int.random(in: 0..<500, using: &random) }
      let labels = ids.enumerated().map { $0 < start || $0 >= start + 40 ? -100 : $1 }
      tokens += kept
      positions += count
      labelled += labels.dropFirst().count { $0 != -100 }
      let first = labels.indices.dropFirst().first { labels[$0] != -100 }
      unlabelled += first == nil ? 1 : 0
      for limit in [512, 700, 1_024] {
        if kept > limit { lost[limit, default: (0, 0, 0)].sequences += 1 }
        lost[limit, default: (0, 0, 0)].tokens += max(0, kept - limit)
        lost[limit, default: (0, 0, 0)].unlabelled += first.map { $0 >= limit ? 1 : 0 } ?? 0
      }
      let mask = (0..<count).map { $0 < kept ? 1 : 0 }
      text += "{\"input_ids\": \(ids), \"labels\": \(labels), \"attention_mask\": \(mask)}\n"
    }
    let outcome = try scan(text: text, settings: try ruledSettings("tokens: {max_tokens: 700}"))
    let summary = try #require(outcome.result.tokens)
    #expect(summary.tokens == UInt64(tokens) && summary.positions == UInt64(positions))
    #expect(summary.labelled == UInt64(labelled) && summary.unlabelled == UInt64(unlabelled))
    #expect(summary.labelledSequences == 300)
    for limit in summary.limits where lost[Int(limit.limit)] != nil {
      let expected = try #require(lost[Int(limit.limit)])
      #expect(limit.sequences == UInt64(expected.sequences) && limit.tokens == UInt64(expected.tokens))
      #expect(limit.unlabelled == UInt64(expected.unlabelled), "\(limit)")
    }
    #expect(summary.limits.map(\.limit).prefix(3) == [512, 700, 1_024])
    #expect(outcome.shards[0].tokens.map(\.path) == ["input_ids"])
    #expect(outcome.result.fields.first { $0.path == "input_ids" }?.tokens?.tokens == summary.tokens)
  }

  @Test("Labels that are classes, or sequences of their own, throughout the data are a note, not errors")
  func otherKinds() throws {
    var (classes, targets, shifted) = ("", "", "")
    for index in 0..<60 {
      classes += "{\"input_ids\": [9, 80, 70, \(index)], \"labels\": [1, 0, 2, 1]}\n"
      targets += "{\"input_ids\": [9, 80, 70, \(index)], \"labels\": [8, 2]}\n"
      shifted += "{\"input_ids\": [9, 80, 70, \(index)], \"labels\": [-100, 70, \(index), -100]}\n"
    }
    let settings = ScanSettings.withoutDuplicates
    for (text, check) in [(classes, "labels-misaligned"), (targets, "token-lengths-differ")] {
      let outcome = try scan(text: text, settings: settings)
      #expect(outcome.result.findings.filter { $0.check == check }.map(\.severity) == [.note])
      #expect(outcome.brief.allSatisfy { !$0.contains(check) })
    }
    let outcome = try scan(text: shifted, settings: settings)
    #expect(outcome.result.findings.filter { $0.check == "labels-misaligned" }.map(\.severity) == [.error])
  }
}
