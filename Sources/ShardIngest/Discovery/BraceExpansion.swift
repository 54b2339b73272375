/// Expands `{a,b}` and number ranges `{000..999}` and `{0..10..2}`, as bash does, nested and side by side.
///
/// A range keeps the zeros in front of its longer bound. Braces without a comma or a range stay as they are.
struct BraceExpansion {
  /// More would be a mistake in the pattern.
  static let maximumCount = 1_000_000

  private let glob: String
  private var count = 0

  /// All texts that the pattern stands for, in order.
  static func expand(_ glob: String) throws(DiscoveryError) -> [String] {
    guard glob.utf8.contains(UInt8(ascii: "{")) else { return [glob] }
    var expansion = BraceExpansion(glob: glob)
    return try expansion.expand(Array(glob.unicodeScalars)[...]).map { String(String.UnicodeScalarView($0)) }
  }

  private init(glob: String) { self.glob = glob }

  private mutating func expand(_ text: ArraySlice<Unicode.Scalar>) throws(DiscoveryError) -> [[Unicode
    .Scalar]]
  {
    var results: [[Unicode.Scalar]] = [[]]
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == "\\", index + 1 < text.endIndex {
        for result in results.indices { results[result] += text[index...(index + 1)] }
        index += 2
      } else if text[index] == "{", let close = Self.close(of: text, from: index),
        let alternatives = try alternatives(text[(index + 1)..<close])
      {
        results = try product(results, alternatives)
        index = close + 1
      } else {
        for result in results.indices { results[result].append(text[index]) }
        index += 1
      }
    }
    return results
  }

  private mutating func product(
    _ left: [[Unicode.Scalar]], _ right: [[Unicode.Scalar]]
  ) throws(DiscoveryError) -> [[Unicode.Scalar]] {
    let (total, overflow) = left.count.multipliedReportingOverflow(by: right.count)
    guard !overflow, total <= Self.maximumCount else { throw tooMany }
    return left.flatMap { head in right.map { head + $0 } }
  }

  /// Nil where the braces hold neither a list nor a range.
  private mutating func alternatives(
    _ inner: ArraySlice<Unicode.Scalar>
  ) throws(DiscoveryError) -> [[Unicode.Scalar]]? {
    let parts = Self.splitAtCommas(inner)
    guard parts.count > 1 else { return try range(inner) }
    var all: [[Unicode.Scalar]] = []
    for part in parts {
      all += try expand(part)
      guard all.count <= Self.maximumCount else { throw tooMany }
    }
    return all
  }

  private func range(_ inner: ArraySlice<Unicode.Scalar>) throws(DiscoveryError) -> [[Unicode.Scalar]]? {
    let text = String(String.UnicodeScalarView(inner))
    let bounds = Self.splitAtDots(text)
    guard bounds.count == 2 || bounds.count == 3, let first = Int(bounds[0]), let last = Int(bounds[1]) else {
      return nil
    }
    let step = bounds.count == 3 ? Int(bounds[2]).map { abs(max($0, -Int.max)) } : 1
    guard let step, step > 0 else { return nil }
    let isPadded = bounds.prefix(2).contains { bound in
      let digits = bound.drop { $0 == "-" }
      return digits.count > 1 && digits.first == "0"
    }
    let width = isPadded ? max(bounds[0].count, bounds[1].count) : 0
    let (distance, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, distance.magnitude / UInt(step) < UInt(Self.maximumCount) else { throw tooMany }
    return stride(from: first, through: last, by: distance < 0 ? -step : step).map { value in
      let digits = String(value.magnitude)
      let sign = value < 0 ? "-" : ""
      let zeros = String(repeating: "0", count: max(0, width - digits.count - sign.count))
      return Array((sign + zeros + digits).unicodeScalars)
    }
  }

  private var tooMany: DiscoveryError {
    .badPattern(glob: glob, reason: "stands for more than \(Self.maximumCount) names")
  }

  private static func close(of text: ArraySlice<Unicode.Scalar>, from open: Int) -> Int? {
    var depth = 0
    var index = open
    while index < text.endIndex {
      switch text[index] {
      case "\\": index += 1
      case "{": depth += 1
      case "}":
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
      index += 1
    }
    return nil
  }

  private static func splitAtCommas(_ text: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
    var parts: [ArraySlice<Unicode.Scalar>] = []
    var start = text.startIndex
    var depth = 0
    var index = start
    while index < text.endIndex {
      switch text[index] {
      case "\\": index += 1
      case "{": depth += 1
      case "}": depth -= 1
      case "," where depth == 0:
        parts.append(text[start..<index])
        start = index + 1
      default: break
      }
      index += 1
    }
    return parts + [text[start...]]
  }

  private static func splitAtDots(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = text[...]
    while let dots = rest.firstIndex(of: "."), rest[dots...].hasPrefix("..") {
      parts.append(rest[..<dots])
      rest = rest[dots...].dropFirst(2)
    }
    return parts + [rest]
  }
}
