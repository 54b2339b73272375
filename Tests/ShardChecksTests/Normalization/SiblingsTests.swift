import ShardSketches
import ShardTestSupport
import Testing

@testable import ShardChecks

struct SiblingsTests {
  @Test(
    "The digits of a name are one mark",
    arguments: [
      ("f12", "f#"), ("joint_1_pos", "joint_#_pos"), ("a1b22", "a#b#"), ("meta.f3", "meta.f#"),
    ])
  func pattern(_ path: String, _ expected: String) { #expect(Siblings.pattern(of: path) == expected) }

  @Test("A name without digits has no siblings")
  func noPattern() { #expect(Siblings.pattern(of: "score") == nil) }

  private func member(_ index: Int, _ deviation: Double, mean: Double = 0, isWhole: Bool = false)
    -> Siblings.Member
  {
    let statistics = ScaleStatistics(
      Moments(
        count: 1_000, limits: (mean - 3 * deviation)...(mean + 3 * deviation), guess: mean, deviation: 0,
        squares: 999 * deviation * deviation))
    return Siblings.Member(name: "f\(index)", statistics: statistics, all: statistics, isWhole: isWhole)
  }

  private func odd(_ deviations: [Double], isWhole: Bool = false) -> [String] {
    Siblings(members: deviations.enumerated().map { member($0, $1, isWhole: isWhole) }).odd().map(
      \.member.name)
  }

  @Test("One member 255 times as large or as small is odd, whatever the scale of the others")
  func oddOne() {
    for scale in [1e-6, 1, 1e6] {
      #expect(odd([1, 1.1, 0.9, 255, 1.2].map { $0 * scale }) == ["f3"])
      #expect(odd([255, 250, 1, 260, 240].map { $0 * scale }) == ["f2"])
    }
  }

  @Test("Nothing is odd where sizes differ anyway, where members are few, or where many are odd")
  func noOdd() {
    #expect(odd([1, 8, 70, 500, 4_000, 30_000]).isEmpty)
    #expect(odd([1, 1, 255]).isEmpty)
    #expect(odd([1, 1, 1, 1, 255, 255, 255]).isEmpty)
    #expect(odd([1, 1.2, 15, 0.9, 1.1]).isEmpty)
    #expect(odd([1, 0, 1, 1, 1]).isEmpty)
  }

  @Test("A count that is nearly always 0 is no other scale among counts")
  func counts() {
    #expect(odd([10, 11, 0.02, 9, 12], isWhole: true).isEmpty)
    #expect(odd([10, 11, 0.02, 9, 12], isWhole: false) == ["f2"])
    #expect(odd([10, 11, 9_000, 9, 12], isWhole: true) == ["f2"])
  }

  @Test("A member that lies far off is odd although it is as narrow as the others")
  func offset() {
    let members = (0..<6).map { member($0, 1, mean: $0 == 4 ? 1_000 : 0.1) }
    #expect(Siblings(members: members).odd().map(\.member.name) == ["f4"])
  }
}
