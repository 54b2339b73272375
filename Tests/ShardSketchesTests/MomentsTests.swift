import Foundation
import ShardModel
import ShardTestSupport
import Testing

@testable import ShardSketches

@Suite struct MomentsTests {
  @Test func `all nine NIST sets are there`() {
    #expect(NISTSet.all.count == 9)
  }

  @Test(arguments: NISTSet.all)
  func `mean and deviation of the NIST sets are right to 15 digits`(set: NISTSet) throws {
    let values = try set.values()
    let moments = values.moments
    #expect(values.count == set.count)
    expectDigits(15, moments.mean, set.doubleMean)
    expectDigits(15, moments.standardDeviation, set.doubleDeviation)
    expectDigits(15, moments.mean, set.certifiedMean)
    // The decimals of some sets are not doubles, so their certified deviation cannot be reached from doubles:
    // the digits that can be are those that the exact deviation of the doubles has.
    let reachable = ["Mavro": 13, "Michelso": 13, "NumAcc3": 9, "NumAcc4": 8]
    expectDigits(reachable[set.name] ?? 15, moments.standardDeviation, set.certifiedDeviation)
  }

  @Test(arguments: NISTSet.all, 0..<5 as Range<UInt64>)
  func `the NIST sets keep 15 digits when they are split and merged in order`(set: NISTSet, seed: UInt64)
    throws
  {
    let parts = try set.values().split(seed: seed, parts: 40).map(\.moments)
    let whole = merged(parts)
    expectDigits(15, whole.mean, set.doubleMean)
    expectDigits(15, whole.standardDeviation, set.doubleDeviation)
    // Another grouping of the same parts, still in order.
    let grouped = merged([merged(Array(parts[..<13])), merged(Array(parts[13...]))])
    expectDigits(15, grouped.mean, set.doubleMean)
    expectDigits(15, grouped.standardDeviation, set.doubleDeviation)
    #expect(grouped.count == whole.count && grouped.min == whole.min && grouped.max == whole.max)
  }

  @Test(arguments: [0, 1_000_000_000, -1_000_000_000], [1, 7, 400] as [Int])
  func `data far from zero keep 15 digits whatever the chunks`(offset: Int, parts: Int) {
    // Values are offset + k / 2^20 with whole k, so sums of k and of k squared are exact.
    var random = RepeatableRandom(seed: 3)
    let steps = (0..<200_000).map { _ in Int128(Int(random.normal() * 0x1p20)) }
    let values = steps.map { Double(offset) + Double($0) * 0x1p-20 }
    let count = Int128(steps.count)
    let sum = steps.reduce(0, +)
    let squares = steps.reduce(0) { $0 + $1 * $1 }
    let mean = (Double(Int128(offset) * count << 20 + sum) * 0x1p-20) / Double(count)
    let m2 = Double(count * squares - sum * sum) / Double(count) * 0x1p-40

    let moments = merged(values.split(seed: 5, parts: parts).map(\.moments))
    // A mean near zero is as exact as the spread of the data allows.
    #expect(abs((moments.mean ?? .nan) - mean) <= 1e-15 * max(abs(mean), 1))
    expectDigits(15, moments.m2, m2)
  }

  @Test func `nothing has no mean, no extremes and no deviation`() {
    let nothing = Moments()
    #expect(nothing.count == 0 && nothing.mean == nil && nothing.min == nil && nothing.max == nil)
    #expect(nothing.standardDeviation == nil)
    #expect([Double]().moments == nothing)
    #expect(Moments(constant: 5, count: 0) == nothing)
    var merged = nothing
    merged.merge([1, 2].moments)
    #expect(merged == [1, 2].moments)
    merged.merge(nothing)
    #expect(merged == [1, 2].moments)
  }

  @Test func `equal values have no deviation, however they are given`() {
    let values = [Double](repeating: 0.1, count: 1003)
    #expect(values.moments == Moments(constant: 0.1, count: 1003))
    #expect(values.moments.standardDeviation == 0)
    #expect(merged(values.split(seed: 1, parts: 9).map(\.moments)) == values.moments)
    #expect([4].moments.variance == nil)
    #expect([0, -0.0].moments == [-0.0, -0.0].moments)
  }

  @Test func `huge values keep their mean and lose only the variance`() {
    let huge = Double.greatestFiniteMagnitude
    #expect([huge, huge, 0.5 * huge].moments.mean.map { abs($0 / huge - 2.5 / 3) < 1e-15 } == true)
    #expect([huge, 1].moments.variance == nil)
    let opposite = merged([[huge, huge].moments, [-huge, -huge].moments])
    #expect(opposite.mean == 0 && opposite.variance == nil && opposite.min == -huge && opposite.max == huge)
    #expect(merged([opposite, [1, 2, 3].moments]).mean?.isFinite == true)
  }

  @Test(arguments: Distribution.allCases)
  func `a stored state is read back as it was`(distribution: Distribution) throws {
    let moments = distribution.values(500, seed: 2).moments
    var writer = ByteWriter()
    moments.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try Moments(decoding: &reader) == moments)
    #expect(reader.remaining == 0)
  }

  private func merged(_ parts: [Moments]) -> Moments {
    parts.reduce(into: Moments()) { $0.merge($1) }
  }

  private func expectDigits(
    _ digits: Int, _ value: Double?, _ expected: Double, location: SourceLocation = #_sourceLocation
  ) {
    let error = abs((value ?? .nan) - expected) / abs(expected)
    #expect(error <= pow(10, -Double(digits)), "\(error)", sourceLocation: location)
  }
}

/// One of the univariate Statistical Reference Datasets.
struct NISTSet: Sendable, CustomTestStringConvertible {
  let name: String
  let count: Int
  let certifiedMean: Double
  let certifiedDeviation: Double
  /// The exact mean and deviation of the numbers as doubles.
  let doubleMean: Double
  let doubleDeviation: Double

  var testDescription: String { name }

  func values() throws -> [Double] {
    try Self.text("\(name).txt").split(separator: "\n").map { try #require(Double($0)) }
  }

  static let all: [NISTSet] = {
    let lines = (try? text("certified.csv").split(separator: "\n")) ?? []
    return lines.dropFirst().compactMap { line in
      let cells = line.split(separator: ",")
      let numbers = cells.dropFirst(2).compactMap { Double($0) }
      guard cells.count == 6, numbers.count == 4, let count = Int(cells[1]) else { return nil }
      return NISTSet(
        name: String(cells[0]), count: count, certifiedMean: numbers[0], certifiedDeviation: numbers[1],
        doubleMean: numbers[2], doubleDeviation: numbers[3])
    }
  }()

  private static func text(_ name: String) throws -> String {
    let folder = Bundle.module.bundleURL.appendingPathComponent("Fixtures/nist")
    return try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }
}
