import ShardModel
import ShardReports
import Testing

@Suite("Text for people") struct SupportTests {
  @Test(
    "doubles fit their column",
    arguments: [
      (0.0, "0"), (1, "1"), (32_000, "32,000"), (1_234_567, "1.235e6"), (999_999, "999,999"), (0.5, "0.5"),
      (-3.14159265, "-3.1416"), (0.0001234, "1.23e-4"), (1e-12, "1e-12"), (1.23456e30, "1.23e30"),
      (0.9999999, "1"),
      (-1.23456789e-300, "-1e-300"), (999_999.7, "1e6"), (12_345.678, "12,346"),
    ])
  func fitted(value: Double, expected: String) {
    #expect(Numeral.fitted(value, width: 7) == expected)
  }

  @Test(
    "counts in six columns",
    arguments: [
      (0, "0"), (99_999, "99,999"), (100_000, "100k"), (999_499, "999k"), (999_999, "999k"),
      (1_000_000, "1M"), (12_345_678, "12.3M"),
      (1_234_567, "1.23M"),
      (UInt64.max, "18.4E"),
    ])
  func compact(value: UInt64, expected: String) {
    #expect(Numeral.compact(value) == expected)
  }

  @Test(
    "shares are never rounded to all or nothing",
    arguments: [
      (0, "0%"), (1, "<0.001%"), (123_000, "1.2%"), (12_340, "0.12%"), (9_999_999, ">99%"),
      (10_000_000, "100%"),
      (5_000, "0.05%"),
    ])
  func percent(part: UInt64, expected: String) {
    #expect(Numeral.percent(part, of: 10_000_000) == expected)
  }

  @Test("sizes") func bytes() {
    #expect(Numeral.bytes(999) == "999 B")
    #expect(Numeral.bytes(1_000) == "1 kB")
    #expect(Numeral.bytes(1_234_567_890) == "1.23 GB")
  }

  @Test("texts are cut to columns, not to characters") func cut() {
    #expect(DisplayWidth.cut("漢字漢字", to: 5) == "漢字…")
    #expect(DisplayWidth.cut("漢字漢字", to: 4) == "漢…")
    #expect(DisplayWidth.cutMiddle("a/long/path/to/file.gz", to: 13) == "a/lo…/file.gz")
    #expect(DisplayWidth.of("e\u{301}") == 1)
  }

  @Test("a histogram keeps its small bins visible") func sparkline() {
    let bins = [1_000, 0, 0, 1].enumerated().map { index, count in
      HistogramBin(low: Double(index), high: Double(index + 1), count: UInt64(count))
    }
    #expect(Sparkline.of(bins, width: 4) == "█  ▁")
    #expect(Sparkline.of(bins, width: 8) == "██    ▁▁")
    #expect(Sparkline.of([HistogramBin(low: 2, high: 2, count: 5)], width: 8) == "█")
    #expect(Sparkline.of([], width: 8) == "")
    let infinite = HistogramBin(low: -.greatestFiniteMagnitude, high: .greatestFiniteMagnitude, count: 1)
    #expect(Sparkline.of([infinite], width: 8) == "█")
  }

  @Test(
    "the nearest name is what was meant",
    arguments: [
      ("--formt", "--format"), ("--threds", "--threads"), ("--theards", "--threads"),
      ("--max-rec", "--max-record"),
      ("--FORCE", "--force"), ("--xyz", nil), ("", nil), (String(repeating: "x", count: 1_000), nil),
    ])
  func nearest(typed: String, expected: String?) {
    #expect(
      NearestName.of(typed, among: ["--format", "--threads", "--max-record", "--force"]) == expected)
  }

  @Test("paragraphs break at spaces and cut words that are too long") func paragraph() {
    #expect(Paragraph.lines("aaa bb  c\ndddddddd", width: 6) == ["aaa bb", "c", "dddddd", "dd"])
    #expect(Paragraph.lines("", width: 6) == [])
    #expect(Paragraph.hanging("one two", after: "- ", width: 6) == ["- one", "  two"])
  }

  @Test("progress fits and says what is left") func progress() {
    var state = ProgressState()
    #expect(ProgressLine.bar(state) == "0 records  0 B")
    state.bytesDone = 1_200_000_000
    state.bytesTotal = 3_400_000_000
    state.records = 1_234_567
    state.quarantined = 12
    state.shardsDone = 3
    state.shardsTotal = 10
    state.elapsedSeconds = 4
    #expect(
      ProgressLine.bar(state)
        == " 35% ███████░░░░░░░░░░░░░  0:07 left  1.23M records  12 bad  300 MB/s")
    #expect(
      ProgressLine.bar(state, width: 100)
        == " 35% ███████░░░░░░░░░░░░░  0:07 left  1.23M records  12 bad  300 MB/s  1.2 GB of 3.4 GB")
    #expect(
      ProgressLine.plain(state)
        == "progress: 35%, 3 of 10 shards, 0:07 left, 1.23M records, 12 bad, 300 MB/s, 1.2 GB of 3.4 GB")
    for width in 1...120 { #expect(DisplayWidth.of(ProgressLine.bar(state, width: width)) <= width) }
    state.bytesDone = 4_000_000_000
    #expect(ProgressLine.bar(state).hasPrefix("100% ████████████████████  0:00 left"))
  }
}
