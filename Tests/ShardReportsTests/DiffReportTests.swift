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

  private static func report(_ drifts: [FieldDrift] = drifts) -> DiffReport {
    DiffReport(drifts, before: 120_000, after: 118_000, limits: DriftSettings())
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
