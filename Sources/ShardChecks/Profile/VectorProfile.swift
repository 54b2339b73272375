import ShardModel
import ShardSketches

/// Mergeable statistics of the number lists of one field, taken as vectors: embeddings, actions, states, boxes.
///
/// The dimension is that of the first lists seen; lists of another length are counted apart. Norms and dimensions
/// are over lists whose numbers are all finite.
///
/// Memory: 64 bytes for each dimension, none beyond `dimensionLimit` dimensions.
package struct VectorProfile: Sendable, Equatable {
  /// Longer lists are sequences rather than vectors.
  package static let dimensionLimit = 4_096
  /// A norm this close to 1 is 1: texts with four digits and half-precision numbers come this close.
  package static let normTolerance = 0.01

  package var dimension = 0
  /// Lists of numbers, of any length.
  package var rows: UInt64 = 0
  /// Those of another length than `dimension`.
  package var odd: UInt64 = 0
  /// Lists of `dimension` finite numbers.
  package var measured: UInt64 = 0
  /// Those of `measured` whose norm was taken: not lists of whole numbers.
  package var normed: UInt64 = 0
  package var unit: UInt64 = 0
  package var zero: UInt64 = 0
  /// Of the measured lists, one a dimension; depends on the order of merges.
  package var dimensions: [Moments] = []
  package var boxes = BoxCounts()

  package init() {}

  package var isEmpty: Bool { rows == 0 }

  /// Vectors whose norm was taken and is not 1.
  package var notUnit: UInt64 { normed - unit }

  /// Adds what was seen later in the data.
  package mutating func merge(_ later: VectorProfile) {
    guard !later.isEmpty else { return }
    boxes.merge(later.boxes)
    rows += later.rows
    guard dimension != 0 else {
      let (all, boxes) = (rows, boxes)
      self = later
      (rows, self.boxes) = (all, boxes)
      odd += all - later.rows
      return
    }
    guard later.dimension == dimension else {
      odd += later.rows
      return
    }
    odd += later.odd
    measured += later.measured
    normed += later.normed
    unit += later.unit
    zero += later.zero
    if dimensions.isEmpty {
      dimensions = later.dimensions
    } else {
      for index in later.dimensions.indices { dimensions[index].merge(later.dimensions[index]) }
    }
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(dimension))
    for count in [rows, odd, measured, normed, unit, zero] { writer.write(count) }
    boxes.encode(into: &writer)
    writer.write(UInt64(dimensions.count))
    for moments in dimensions { moments.encode(into: &writer) }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    let dimension = try reader.readTally()
    rows = try reader.readTally()
    odd = try reader.readTally()
    measured = try reader.readTally()
    normed = try reader.readTally()
    unit = try reader.readTally()
    zero = try reader.readTally()
    boxes = try BoxCounts(decoding: &reader)
    let count = try reader.readCount()
    guard dimension <= UInt64(Self.dimensionLimit), count == 0 || count == Int(dimension), unit <= normed,
      normed <= measured, measured <= rows, odd <= rows, zero <= normed - unit
    else { throw DecodingFailure("vectors out of range") }
    self.dimension = Int(dimension)
    for _ in 0..<count { dimensions.append(try Moments(decoding: &reader)) }
  }
}

/// What the boxes of a field are not, counted for each way in which a box can be written.
package struct BoxCounts: Sendable, Equatable {
  /// Lists of four finite numbers in a field of boxes.
  package var boxes: UInt64 = 0
  /// Those in a record that says the size of its picture.
  package var sized: UInt64 = 0
  private var counts = [UInt64](repeating: 0, count: ObservationKind.boxes.count)

  package init() {}

  package subscript(kind: ObservationKind) -> UInt64 {
    get { ObservationKind.boxes.firstIndex(of: kind).map { counts[$0] } ?? 0 }
    set { if let index = ObservationKind.boxes.firstIndex(of: kind) { counts[index] = newValue } }
  }

  package mutating func merge(_ other: BoxCounts) {
    boxes += other.boxes
    sized += other.sized
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(boxes)
    guard boxes > 0 else { return }
    writer.write(sized)
    for count in counts { writer.write(count) }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    boxes = try reader.readTally()
    guard boxes > 0 else { return }
    sized = try reader.readTally()
    for index in counts.indices { counts[index] = try reader.readTally() }
  }
}
