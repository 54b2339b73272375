import ShardModel

/// About how many different values there are, from their 64-bit hashes.
///
/// Up to 256 different hashes are kept and counted exactly; then 4,096 registers of HyperLogLog (Flajolet, Fusy,
/// Gandouet and Meunier 2007) with the estimator of Ertl 2017, which needs no table of corrections: the standard
/// error is 1.04 / sqrt(4096) = 1.6 %. The state depends only on the set of hashes seen, so any split and any order
/// of merges gives equal bytes. Memory: 4 KiB of registers, before them up to 8 KiB of hashes, 256 bytes for a few.
package struct DistinctSketch: Sendable, Equatable {
  /// The hashes while there are few; empty once there are registers.
  private var exact = HashSet()
  private var registers: Registers?

  /// Different hashes that are kept as they are.
  package static let exactLimit = 256

  /// The sketch of no values.
  package init() {}

  /// Adds the hashes of values; repeated ones change nothing.
  ///
  /// - Complexity: O(hashes), 0.4 to 1 ns each.
  package mutating func add(hashes: UnsafeBufferPointer<UInt64>) {
    let taken = registers == nil ? exact.insert(hashes) : 0
    guard taken < hashes.count else { return }
    makeDense()
    registers?.add(UnsafeBufferPointer(rebasing: hashes[taken...]))
  }

  /// Adds what another sketch has seen.
  ///
  /// - Complexity: O(1): at most 4,096 registers.
  package mutating func merge(_ other: DistinctSketch) {
    if let theirs = other.registers {
      makeDense()
      registers?.merge(theirs)
    } else {
      other.exact.members.withUnsafeBufferPointer { add(hashes: $0) }
    }
  }

  /// The number of different values: exact up to 256, then with a standard error of 1.6 %.
  ///
  /// - Complexity: O(1): at most 4,096 registers.
  package var estimate: Int {
    // More than `exactLimit` were seen, or there would be no registers.
    registers.map { max($0.estimate, Self.exactLimit + 1) } ?? exact.count
  }

  /// Whether `estimate` is exact.
  package var isExact: Bool { registers == nil }

  private mutating func makeDense() {
    guard registers == nil else { return }
    var dense = Registers()
    exact.members.withUnsafeBufferPointer { dense.add($0) }
    registers = dense
    exact = HashSet()
  }
}

extension DistinctSketch {
  /// Appends the sorted hashes (8 bytes each) or the registers (6 bits each, 3 KiB).
  package func encode(into writer: inout ByteWriter) {
    writer.write(isExact)
    if let registers {
      registers.encode(into: &writer)
    } else {
      writer.write(UInt64(exact.count))
      for hash in exact.sorted() { writer.writeFixed(hash) }
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    guard try reader.readBool() else {
      registers = try Registers(decoding: &reader)
      return
    }
    let count = try reader.readCount(minimumSize: 8)
    guard count <= Self.exactLimit else { throw DecodingFailure("too many exact values") }
    var hashes: [UInt64] = []
    for _ in 0..<count {
      let hash = try reader.readFixed()
      if let last = hashes.last, last >= hash { throw DecodingFailure("values out of order") }
      hashes.append(hash)
    }
    hashes.withUnsafeBufferPointer { add(hashes: $0) }
  }
}
