import Glibc

/// Values that should be alike in size: the fields `f0` to `f17`, or the dimensions of a vector.
struct Siblings {
  struct Member {
    /// What it is called in messages: `f3`, `action[3]`.
    var name: String
    /// Without the values far outside the others.
    var statistics: ScaleStatistics
    /// With them.
    var all: ScaleStatistics
    var isWhole: Bool
  }

  struct Odd {
    var member: Member
    /// How many times larger than usual, below 1 if smaller.
    var factor: Double
    /// The least and greatest deviation of the others.
    var others: ClosedRange<Double>
  }

  /// Fewer than this many have no common scale.
  static let fewest = 4
  /// How many times larger or smaller than its siblings a member must be.
  static let usualFactor = 16.0
  /// ... and how many deviations away on a log scale, so that nothing is odd where all sizes differ.
  private static let deviations = 6.0

  let members: [Member]
  var factor = usualFactor

  /// The digits of a name replaced by one mark, `joint_1_pos` and `joint_12_pos` by `joint_#_pos`; nil without digits.
  static func pattern(of path: String) -> String? {
    var pattern = ""
    var hasDigit = false
    for scalar in path.unicodeScalars {
      if ("0"..."9").contains(scalar) {
        if pattern.last != "#" { pattern += "#" }
        hasDigit = true
      } else {
        pattern.unicodeScalars.append(scalar)
      }
    }
    return hasDigit ? pattern : nil
  }

  /// The members whose size or deviation is far from that of nearly all others.
  ///
  /// Sizes are compared on a log scale with their median; the distance must exceed a factor of 16, and six times
  /// 1.4826 MAD. A member of whole numbers is not odd for being small among whole numbers: a count that is nearly
  /// always 0 is no other scale.
  /// - Complexity: O(n log n).
  func odd() -> [Odd] {
    let members = members.filter { $0.statistics.deviation > 0 }
    guard members.count >= Self.fewest else { return [] }
    let measures: [(ScaleStatistics) -> Double] = [{ $0.deviation }, { $0.size }]
    var factors: [Int: Double] = [:]
    for measure in measures {
      let logs = members.map { log2(measure($0.statistics)) }
      let center = Self.median(logs)
      let spread = 1.4826 * Self.median(logs.map { ($0 - center).magnitude })
      for (index, value) in logs.enumerated() {
        let distance = value - center
        guard distance.magnitude > max(log2(factor), Self.deviations * spread) else { continue }
        if distance < 0, members.allSatisfy(\.isWhole) { continue }
        if factors[index] == nil { factors[index] = exp2(distance) }
      }
    }
    // Where many differ there is no scale to differ from.
    guard factors.count * 4 <= members.count else { return [] }
    let others = members.indices.filter { factors[$0] == nil }.map { members[$0].statistics.deviation }
    guard let least = others.min(), let most = others.max() else { return [] }
    return factors.keys.sorted().map {
      Odd(member: members[$0], factor: factors[$0] ?? 1, others: least...most)
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
