import ShardModel

/// One of several like fields, or one dimension of a vector, is on another scale than the rest.
struct NormalizationField: Check {
  static let description = CheckDescription(
    id: "normalization-field", family: .normalization, severity: .warning,
    summary:
      "A field is far larger or smaller than its siblings (f0, f1, ...), a dimension than the rest of its vector.",
    rationale: """
      A feature that was never normalized among features that were dominates every dot product and every gradient; in half \
      precision it overflows.
      """,
    parameters: [
      .init("factor", default: "16", "how many times larger or smaller than its siblings a field must be"),
      .init("fewest", default: "20", "fields with fewer values are not compared"),
    ],
    triggering: [
      .init(Example.siblings { $0 == 2 ? 255 : 1 }),
      .init(Example.vectors { $0 == 2 ? 255 : 1 }),
    ],
    nonTriggering: [
      .init(Example.siblings { _ in 1 }), .init(Example.siblings { [1, 30, 900, 27_000, 810_000][$0] }),
    ])

  private let settings: CheckSettings
  private var factor: Double { settings.number("factor", of: Self.description.id) ?? Siblings.usualFactor }

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    var groups: [String: [Siblings.Member]] = [:]
    for path in dataset.fields.keys.sorted() {
      guard let field = dataset.fields[path] else { continue }
      if field.role == .element { concludeVector(path, field, &conclusions) }
      guard field.role == .member, field.isNumeric, field.numbers.moments.count >= settings.fewest,
        let pattern = Siblings.pattern(of: path)
      else { continue }
      groups[pattern, default: []].append(
        Siblings.Member(
          name: path, statistics: ScaleStatistics(inner: field.numbers), all: ScaleStatistics(field.numbers),
          isWhole: field.isWhole)
      )
    }
    for pattern in groups.keys.sorted() {
      let members = groups[pattern] ?? []
      let odd = Siblings(members: members, factor: factor).odd()
      for each in odd {
        let scale = dataset.fields[each.member.name]?.scaleClass
        conclusions.findings.append(
          finding(each, siblings: "its \(members.count - 1) siblings \(pattern)", scale: scale))
      }
      let named = Set(odd.map(\.member.name))
      concludeClass(
        members.filter { !named.contains($0.name) }, of: members.count, pattern, dataset, &conclusions)
    }
  }

  /// A member that is on no scale where its siblings are normalized, and twice their size.
  private func concludeClass(
    _ members: [Siblings.Member], of all: Int, _ pattern: String, _ dataset: ShardProfile,
    _ conclusions: inout Conclusions
  ) {
    guard members.count >= Siblings.fewest else { return }
    let classes = members.map { dataset.fields[$0.name]?.scaleClass }
    let sizes = members.map(\.statistics.size).sorted()
    for usual in [ScaleClass.standardized, .zeroOne, .minusOneOne] {
      let count = classes.count { $0 == usual }
      guard count * 4 >= members.count * 3, count < members.count else { continue }
      let typical = sizes[sizes.count / 2]
      for (member, scale) in zip(members, classes) where scale == .raw {
        guard member.statistics.size > 2 * typical, let field = dataset.fields[member.name] else { continue }
        let isHeavy = OutlierRule.iqr(3).fences(of: field.numbers.sketch)?.isLogarithmic ?? false
        let whole = ScaleStatistics(field.numbers)
        conclusions.findings.append(
          finding(
            field: member.name, value: whole.text,
            "expected numbers \(usual.phrase) as in \(count) of its \(all - 1) siblings \(pattern); "
              + (isHeavy
                ? "positive and heavy-tailed: take the logarithm, then standardize it"
                : whole.advice(from: scale, to: usual))))
      }
    }
  }

  private func concludeVector(_ path: String, _ field: FieldProfile, _ conclusions: inout Conclusions) {
    let dimensions = field.vectors.dimensions
    guard dimensions.count >= Siblings.fewest, field.vectors.measured >= settings.fewest, !field.isWhole
    else {
      return
    }
    let list = String(path.dropLast(2))
    let members = dimensions.enumerated().map { index, moments in
      Siblings.Member(
        name: FieldPath.element(index, of: list), statistics: ScaleStatistics(moments),
        all: ScaleStatistics(moments), isWhole: false)
    }
    let odd = Siblings(members: members, factor: factor).odd()
    for each in odd.prefix(Self.shownDimensions) {
      conclusions.findings.append(
        finding(each, siblings: "the other \(dimensions.count - 1) dimensions", scale: nil))
    }
    if odd.count > Self.shownDimensions {
      conclusions.findings.append(
        finding(
          field: list,
          "\(odd.count - Self.shownDimensions) more of its \(dimensions.count) dimensions likewise"))
    }
  }

  private static let shownDimensions = 8

  private func finding(_ odd: Siblings.Odd, siblings: String, scale: ScaleClass?) -> Finding {
    let (least, most) = (Figures.text(odd.others.lowerBound), Figures.text(odd.others.upperBound))
    let deviation = Figures.text(odd.member.statistics.deviation)
    let times =
      odd.factor > 1
      ? "\(Figures.text(odd.factor.rounded())) times as large"
      : "\(Figures.text((1 / odd.factor).rounded())) times as small"
    return finding(
      field: odd.member.name, value: odd.member.all.text,
      "\(times) as \(siblings): deviation \(deviation), there \(least) to \(most); "
        + odd.member.statistics.advice(from: scale, to: nil))
  }

  private enum Example {
    static func siblings(_ factor: (Int) -> Int) -> String {
      (0..<40).map { row in
        let cells = (0..<5).map {
          "\"f\($0)\": \(Double((row * 7 + $0 * 3) % 11 - 5) * Double(factor($0)) / 10)"
        }
        return "{" + cells.joined(separator: ", ") + "}\n"
      }.joined()
    }

    static func vectors(_ factor: (Int) -> Int) -> String {
      (0..<40).map { row in
        let cells = (0..<5).map { "\(Double((row * 7 + $0 * 3) % 11 - 5) * Double(factor($0)) / 10)" }
        return "{\"v\": [" + cells.joined(separator: ", ") + "]}\n"
      }.joined()
    }
  }
}
