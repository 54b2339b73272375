import ShardModel
import ShardReports
import Testing

@Suite("The comparison of two summaries") struct DiffReportTests {
  private static func measure(
    _ kind: FieldDrift.Kind, _ distance: Double, _ before: Double, _ after: Double, isBeyond: Bool
  ) -> FieldDrift.Measure {
    var measure = FieldDrift.Measure(kind: kind, before: 1_000, after: 1_000)
    if kind == .categories {
      (measure.largest, measure.category) = (distance, "a \u{1B}[31mlong name of a category")
      (measure.shareBefore, measure.shareAfter) = (before, after)
    } else {
      (measure.jensenShannon, measure.stability) = (distance, distance * 4)
      (measure.medianBefore, measure.medianAfter) = (before, after)
    }
    measure.isBeyond = isBeyond
    return measure
  }

  static var drifts: [FieldDrift] {
    var moved = FieldDrift(path: "features[3]", presence: .both)
    moved.measures = [measure(.numbers, 0.31, 0.51234, 131.25, isBeyond: true)]
    moved.rates = [
      FieldDrift.Rate(name: "null", before: 0, after: 0.12, isBeyond: true),
      FieldDrift.Rate(name: "missing", before: 0.5, after: 0.5, isBeyond: false),
    ]
    var category = FieldDrift(path: "meta.a_rather_long_name_of_a_field.漢字.source", presence: .both)
    category.measures = [measure(.categories, 0.4, 0.000001, 0.4, isBeyond: true)]
    var lost = FieldDrift(path: "license", presence: .lost)
    lost.isPresenceBeyond = true
    let rare = FieldDrift(path: "rare", presence: .added)
    var few = FieldDrift(path: "few", presence: .both)
    few.measures = [measure(.characters, 0.2, 1e-300, -1e300, isBeyond: false)]
    return [few, category, moved, lost, rare]
      + (0..<12).map { index in
        var same = FieldDrift(path: "f\(index)", presence: .both)
        same.measures = [measure(.lengths, Double(index) / 1_000, 5, 5, isBeyond: false)]
        return same
      }
  }

  /// The shapes of fields that `drifts` speaks of, the second time somewhere else.
  private static func data(_ records: UInt64, _ paths: [String], shift: Double = 0) -> Baseline {
    let fields = paths.map { path in
      var shape = FieldShape(path: path)
      shape.types.number = 900
      shape.types.null = 3
      shape.numbers = Distribution(
        bins: PageResults.bins(shift, 1 + shift, PageResults.bell(30)), median: 0.5 + shift)
      return shape
    }
    return Baseline(records: records, fields: fields)
  }

  static func report(_ drifts: [FieldDrift] = drifts) -> DiffReport {
    let paths = drifts.map(\.path)
    return DiffReport(
      drifts, before: data(120_000, paths), after: data(118_000, paths, shift: 0.3), limits: DriftSettings())
  }

  /// Every name and value is an attack.
  static func injected(_ attacks: [String]) -> DiffReport {
    report(
      attacks.enumerated().flatMap { index, attack in
        var moved = FieldDrift(path: attack, presence: .both)
        var category = measure(.categories, 0.4, 0.1, 0.4, isBeyond: true)
        category.category = attacks[(index + 1) % attacks.count]
        moved.measures = [measure(.numbers, 0.31, 0.5, 131, isBeyond: true), category]
        var added = FieldDrift(path: attack + "'", presence: .added)
        added.isPresenceBeyond = index % 2 == 0
        return [moved, added]
      })
  }

  @Test("what people read", arguments: [80, 120]) func table(_ width: Int) {
    let text = Self.report().table(width: width)
    #expect(lines(text).allSatisfy { DisplayWidth.of($0) <= width })
    #expect(!text.contains("\u{1B}"))
    expectSnapshot(text, named: "diff-\(width).txt")
    let all = Self.report().table(width: width, isVerbose: true)
    #expect(lines(all).count > lines(text).count && all.contains("missing"))
  }

  @Test("nothing moved, and nothing at all") func same() {
    let same = Self.report(Self.drifts.filter { !$0.isBeyond })
    #expect(same.moved == 0 && same.table().hasPrefix("SAME   none of 14 fields moved"))
    #expect(Self.report([]).table().hasPrefix("SAME   none of 0 fields"))
  }

  @Test("the page: verdict, changes, distributions, new and lost fields") func page() throws {
    let bytes = Self.report().rendered(.html)
    let markup = try MarkupReader(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    for id in ["verdict", "changes", "drift", "presence"] {
      #expect(text.contains("<section id=\"\(id)\"") && text.contains("href=\"#\(id)\""), "\(id)")
    }
    for words in [
      "3 of 17 fields moved beyond the limits", "features[3]", "outline: before; filled: after", "lost",
      "new, rare", "number, null", "0.512", "131.3",
    ] {
      #expect(markup.text.contains(words), "\(words)")
    }
    #expect(text.contains("class=\"before\"") && !markup.text.contains("baseline"))
    #expect(markup.counts["h1"] == 1 && markup.counts["table"] == 2 && markup.levels.first == 1)
    expectSnapshot(text, named: "diff.html")
    let same = try MarkupReader(
      Self.report(Self.drifts.filter { $0.presence == .both && !$0.isBeyond }).rendered(.html))
    #expect(same.text.contains("Same") && same.counts["table"] == nil && same.counts["section"] == 1)
    _ = try MarkupReader(Self.report([]).rendered(.html))
  }

  @Test("no attack becomes markup, and many of them stay within bounds") func injections() throws {
    let attacks = try Injections.all()
    let clean = try MarkupReader(Self.injected(["name"]).rendered(.html))
    for attack in attacks {
      let markup = try MarkupReader(Self.injected([attack]).rendered(.html))
      #expect(markup.counts == clean.counts, "\(attack.prefix(80))")
    }
    let many = Self.injected((0..<20).flatMap { step in attacks.map { $0 + "\(step)" } }).rendered(.html)
    #expect(many.count < 600_000, "\(many.count)")
    #expect(try MarkupReader(many).text.contains("more rows in the JSON"))
  }

  @Test("what programs read is strict JSON, the worst first") func document() throws {
    let json = try StrictJSON(Self.report().document())
    #expect(json.names == ["format", "version", "before", "after", "limits", "moved", "fields"])
    #expect(json["moved"] == .number("3"))
    guard case .array(let fields)? = json["fields"] else { throw StrictJSON.Invalid(position: 0) }
    #expect(fields.count == 17)
    #expect(
      fields.prefix(3).map { $0["path"] }
        == ["license", "features[3]", "meta.a_rather_long_name_of_a_field.漢字.source"].map { .string($0) })
    #expect(Self.report(Self.drifts.reversed()).moved == 3)
  }
}
