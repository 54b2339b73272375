/// A seeded generator (SplitMix64, Steele, Lea and Flood 2014): the same seed gives the same test anywhere.
package struct RepeatableRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A standard normal variate (Box and Muller 1958).
  package mutating func normal() -> Double {
    let radius = 1 - Double(next() >> 11) * 0x1p-53
    let angle = Double(next() >> 11) * 0x1p-53 * 2 * .pi
    return (-2 * logarithm(radius)).squareRoot() * cosine(angle)
  }
}

#if canImport(Glibc)
  import Glibc

  private func logarithm(_ value: Double) -> Double { log(value) }
  private func cosine(_ value: Double) -> Double { cos(value) }
#endif
