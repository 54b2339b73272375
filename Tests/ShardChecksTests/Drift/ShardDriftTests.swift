import ShardModel
import ShardTestSupport
import Testing

@testable import ShardChecks
@testable import ShardSketches

/// Shards that were never read: their statistics alone are compared.
struct ShardDriftTests {
  private static let settings = CheckSettings(enabled: ["drift-distribution"])

  /// Some distributions, of which those in `odd` are another.
  private func shard(_ count: Int, _ random: inout RepeatableRandom, odd: Set<String> = []) -> ShardProfile {
    var profile = ShardProfile()
    func add(_ path: String, integer: Bool = false, _ value: (inout RepeatableRandom) -> Double) {
      let table = QuantileTable()
      for _ in 0..<count { table.add(value(&random) * (odd.contains(path) ? 9 : 1), count: 1) }
      var field = FieldProfile(role: .member, parent: "$")
      field.numbers.sketch = table.snapshot()
      field.numbers.moments = Moments(constant: field.numbers.sketch.quantile(0.5) ?? 0, count: UInt64(count))
      field.counts.number = UInt64(count)
      field.counts.integer = integer ? UInt64(count) : 0
      profile.fields[path] = field
    }
    add("normal") { $0.normal() }
    add("uniform") { Double.random(in: 0..<1, using: &$0) }
    add("binary", integer: true) { Double.random(in: 0..<1, using: &$0) < 0.1 ? 1 : 0 }
    add("integer", integer: true) { Double(Int.random(in: 1...12, using: &$0)) }
    add("constant") { _ in 3 }
    var flag = FieldProfile(role: .member, parent: "$")
    flag.counts.boolean = UInt64(count)
    let rate = odd.contains("flag") ? 0.9 : 0.4
    for _ in 0..<count where Double.random(in: 0..<1, using: &random) < rate { flag.trues += 1 }
    profile.fields["flag"] = flag
    return profile
  }

  private func findings(_ shards: [ShardProfile]) -> [String] {
    var dataset = ShardProfile()
    for shard in shards { dataset.merge(shard) }
    guard var drift = ShardDrift(dataset, shards: shards.count, Self.settings) else { return [] }
    for (index, shard) in shards.enumerated() { drift.observe(index, shard) }
    guard drift.needsSecondLook else { return [] }
    for (index, shard) in shards.enumerated() { drift.observeAgain(index, shard) }
    return drift.findings.sorted { $0.key < $1.key }.flatMap { shard, findings in
      findings.map { "\(shard) \($0.field ?? "-")" }
    }
  }

  @Test("Shards of the same data are never odd, whatever their sizes", arguments: 0..<25 as Range<UInt64>)
  func quiet(_ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    let shards = (0..<60).map { _ in shard(Int.random(in: 20...500, using: &random), &random) }
    #expect(findings(shards) == [])
  }

  @Test("Up to a tenth of odd shards are named, each with its fields")
  func odd() {
    var random = RepeatableRandom(seed: 9)
    var shards = (0..<40).map { _ in shard(200, &random) }
    shards[3] = shard(200, &random, odd: ["normal", "flag"])
    shards[21] = shard(150, &random, odd: ["normal", "constant"])
    shards[39] = shard(300, &random, odd: ["integer"])
    #expect(findings(shards) == ["3 flag", "3 normal", "21 constant", "21 normal", "39 integer"])
    for index in 30..<36 { shards[index] = shard(200, &random, odd: ["normal"]) }
    #expect(findings(shards) == ["3 flag", "21 constant", "39 integer"], "eight of forty differ by nature")
  }

  @Test("A large odd shard does not make the few others look odd")
  func large() {
    var random = RepeatableRandom(seed: 10)
    for place in 0..<5 {
      var shards = (0..<5).map { _ in shard(300, &random) }
      shards[place] = shard(500, &random, odd: ["uniform"])
      #expect(findings(shards) == ["\(place) uniform"])
    }
  }

  @Test("Nothing is compared where the check is off, a baseline is given, or shards are few")
  func off() {
    var random = RepeatableRandom(seed: 11)
    let profile = shard(500, &random)
    var settings = Self.settings
    #expect(ShardDrift(profile, shards: 5, settings) != nil)
    #expect(ShardDrift(profile, shards: 4, settings) == nil)
    settings.baseline = Baseline(records: 0, fields: [])
    #expect(ShardDrift(profile, shards: 5, settings) == nil)
    #expect(ShardDrift(profile, shards: 5, CheckSettings(enabled: ["drift-schema"])) == nil)
    #expect(ShardDrift(ShardProfile(), shards: 5, Self.settings) == nil)
  }
}
