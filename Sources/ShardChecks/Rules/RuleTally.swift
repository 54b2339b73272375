import ShardModel

/// How often a rule was applied and how often it was broken: what a tolerance (`mostly`) is judged by.
package struct RuleTally: Sendable, Equatable {
  package var checked: UInt64 = 0
  package var broken: UInt64 = 0

  package init(checked: UInt64 = 0, broken: UInt64 = 0) {
    self.checked = checked
    self.broken = broken
  }

  package mutating func merge(_ other: RuleTally) {
    checked += other.checked
    broken += other.broken
  }

  /// Whether so few broke the rule that it holds. 55 of 100 are 0.55 exactly: a quotient of counts is rounded as the
  /// decimal is.
  /// - Parameter mostly: the share that must keep it, above 0 and at most 1.
  package func holds(mostly: Double) -> Bool {
    broken == 0 || Double(checked - min(broken, checked)) / Double(max(checked, 1)) >= mostly
  }

  static func encode(_ tallies: [String: RuleTally], into writer: inout ByteWriter) {
    writer.write(UInt64(tallies.count))
    for name in tallies.keys.sorted() {
      writer.write(name)
      writer.write(tallies[name]?.checked ?? 0)
      writer.write(tallies[name]?.broken ?? 0)
    }
  }

  static func decode(_ reader: inout ByteReader) throws(DecodingFailure) -> [String: RuleTally] {
    var tallies: [String: RuleTally] = [:]
    for _ in 0..<(try reader.readCount(minimumSize: 3)) {
      let name = try reader.readString()
      let checked = try reader.readTally()
      tallies[name] = RuleTally(checked: checked, broken: try reader.readTally())
    }
    return tallies
  }
}

/// What of a field rule a value can break; the check that says so.
package enum RuleFacet: String, Sendable, CaseIterable {
  case type, text, required, nullable, range, integer, length, elements, allowed, pattern, scale, norm, order,
    format

  /// The name under which breaches of this facet by this field are counted and written down.
  func key(_ path: String) -> String { rawValue + " " + path }

  static func parse(_ key: String) -> (facet: RuleFacet, path: String)? {
    guard let space = key.firstIndex(of: " "), let facet = RuleFacet(rawValue: String(key[..<space])) else {
      return nil
    }
    return (facet, String(key[key.index(after: space)...]))
  }
}
