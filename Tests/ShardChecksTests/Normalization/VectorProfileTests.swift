import CKernels
import ShardModel
import ShardSketches
import ShardTestSupport
import Testing

@testable import ShardChecks

struct VectorProfileTests {
  @Test("The sum of squares is that of the plain twin, at each length and alignment")
  func twin() {
    var random = RepeatableRandom(seed: 5)
    let values = (0..<220).map { _ in random.normal() }
    values.withUnsafeBufferPointer { all in
      for start in 0..<8 {
        for count in 0...200 {
          let base = all.baseAddress! + start
          #expect(
            ck_sum_of_squares(base, count).bitPattern == ck_sum_of_squares_reference(base, count).bitPattern)
        }
      }
    }
  }

  @Test("Dimensions have the moments of their columns", arguments: [1, 2, 3, 7, 8, 9, 33], [1, 2, 5, 64])
  func dimensions(_ dimension: Int, _ rows: Int) {
    var random = RepeatableRandom(seed: UInt64(dimension * 100 + rows))
    let values = (0..<(dimension * rows)).map { $0 % dimension == 0 ? 3 : random.normal() * 10 + 100 }
    var sums = [Double](repeating: 0, count: dimension)
    var (least, most, deviations, squares) = (sums, sums, sums, sums)
    ck_dimension_sums(values, rows, dimension, &sums, &least, &most)
    let means = sums.map { $0 / Double(rows) }
    ck_dimension_deviations(values, rows, dimension, means, &deviations, &squares)
    for place in 0..<dimension {
      let column = stride(from: place, to: values.count, by: dimension).map { values[$0] }
      let mean = column.reduce(0, +) / Double(rows)
      #expect(means[place] == mean)
      #expect(least[place] == column.min() && most[place] == column.max())
      #expect(squares[place] == column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +))
    }
  }

  private func profile(_ dimension: Int, rows: UInt64, unit: UInt64) -> VectorProfile {
    var profile = VectorProfile()
    profile.dimension = dimension
    profile.rows = rows
    profile.measured = rows
    profile.normed = rows
    profile.unit = unit
    profile.dimensions = (0..<dimension).map { Moments(constant: Double($0), count: rows) }
    return profile
  }

  @Test("Vectors of another dimension than the first are counted apart")
  func otherDimension() {
    var all = profile(3, rows: 10, unit: 9)
    all.merge(profile(4, rows: 2, unit: 2))
    all.merge(profile(3, rows: 5, unit: 5))
    #expect(all.rows == 17 && all.odd == 2 && all.measured == 15 && all.unit == 14 && all.dimension == 3)
    #expect(all.dimensions.map(\.count) == [15, 15, 15])
  }

  @Test("Sequences before the first vector are counted apart")
  func sequencesFirst() {
    var sequences = VectorProfile()
    sequences.rows = 7
    sequences.merge(profile(2, rows: 3, unit: 0))
    #expect(sequences.rows == 10 && sequences.odd == 7 && sequences.measured == 3 && sequences.notUnit == 3)
  }

  @Test("What is stored is read back, and hostile bytes only throw")
  func storing() throws {
    var whole = profile(3, rows: 10, unit: 9)
    whole.boxes.boxes = 5
    whole.boxes.sized = 4
    whole.boxes[.boxUnordered] = 3
    var writer = ByteWriter()
    whole.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try VectorProfile(decoding: &reader) == whole)
    for cut in writer.bytes.indices {
      var short = ByteReader(writer.bytes[..<cut])
      #expect(throws: DecodingFailure.self) { try VectorProfile(decoding: &short) }
    }
  }
}
