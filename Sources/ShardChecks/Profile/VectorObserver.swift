import CKernels
import ShardModel
import ShardSketches

/// Takes the statistics of a batch's number lists as vectors. One belongs to one worker.
final class VectorObserver {
  private var gathered = Buffer<Double>()
  private var scratch = Buffer<Double>()
  /// Lists of whole numbers are measured up to this length: longer ones are token ids.
  private static let wholeLimit = 64

  deinit {
    gathered.deallocate()
    scratch.deallocate()
  }

  /// How the lists of a batch are taken as vectors: those of the first one's length, if more than half have it.
  private struct Shape {
    var dimension: Int
    var even: Int
    var isWhole: Bool

    init?(_ lists: Buffer<ListView>, _ column: Column) {
      guard lists.count > 0 else { return nil }
      dimension = Int(lists[0].count)
      isWhole = column.integers == column.numbers.count
      guard dimension >= 2, dimension <= (isWhole ? wholeLimit : VectorProfile.dimensionLimit) else {
        return nil
      }
      let wanted = lists[0].count
      even = lists.values.reduce(0) { $0 + ($1.count == wanted ? 1 : 0) }
    }

    func isMost(of lists: Buffer<ListView>) -> Bool { even * 2 > lists.count }
  }

  /// The statistics of the lists whose elements are `field`. Lists of lengths that differ are sequences: they are only
  /// counted, and so are lists with other elements than numbers.
  /// - Parameter visit: called with each measured list whose norm is not 1, by its index.
  /// - Complexity: O(values); O(lists) for sequences.
  func observe(_ field: Int, _ batch: RecordBatch, notUnit visit: (Int) -> Void) -> VectorProfile {
    let lists = batch.columns[batch.fields[field].parent].lists
    let column = batch.columns[field]
    var profile = VectorProfile()
    profile.rows = UInt64(lists.count)
    guard let shape = Shape(lists, column) else { return profile }
    let dimension = shape.dimension
    profile.dimension = dimension
    profile.odd = UInt64(lists.count - shape.even)
    guard shape.isMost(of: lists) else { return profile }
    let isDense =
      shape.even == lists.count && column.numbers.count == lists.count * dimension
      && column.exceptions.isFinite
    let rows = isDense ? column.numbers.values : gather(lists, column, dimension)
    profile.measured = UInt64(rows.count / dimension)
    guard let base = rows.baseAddress, profile.measured > 0 else { return profile }
    if !shape.isWhole {
      profile.normed = profile.measured
      profile.unit = profile.measured
      Self.visitNotUnit(dimension, lists, column, isDense) { index, squares in
        profile.zero += squares == 0 ? 1 : 0
        profile.unit -= 1
        visit(index)
      }
    }
    profile.dimensions = moments(base, rows.count / dimension, dimension)
    return profile
  }

  /// Visits the measured lists whose norm is not 1, by their index.
  static func visitNotUnit(_ field: Int, _ batch: RecordBatch, _ body: (Int) -> Void) {
    let lists = batch.columns[batch.fields[field].parent].lists
    let column = batch.columns[field]
    guard let shape = Shape(lists, column), shape.isMost(of: lists), !shape.isWhole else { return }
    visitNotUnit(shape.dimension, lists, column, false) { index, _ in body(index) }
  }

  private static func visitNotUnit(
    _ dimension: Int, _ lists: Buffer<ListView>, _ column: Column, _ isDense: Bool,
    _ body: (_ list: Int, _ squares: Double) -> Void
  ) {
    for index in 0..<lists.count {
      let first = column.numbers.base + Int(lists[index].firstNumber)
      guard let row = isDense ? UnsafePointer(first) : row(index, lists, column, dimension) else { continue }
      let squares = ck_sum_of_squares(row, dimension)
      if !isUnit(squares) { body(index, squares) }
    }
  }

  static func norm(_ values: UnsafeBufferPointer<Double>) -> Double {
    values.baseAddress.map { ck_sum_of_squares($0, values.count).squareRoot() } ?? 0
  }

  /// The rows of `dimension` finite numbers, one after the other.
  private func gather(
    _ lists: Buffer<ListView>, _ column: Column, _ dimension: Int
  ) -> UnsafeBufferPointer<Double> {
    gathered.removeAll()
    for index in 0..<lists.count {
      guard let row = Self.row(index, lists, column, dimension) else { continue }
      gathered.reserve(dimension)
      (gathered.base + gathered.count).update(from: row, count: dimension)
      gathered.count += dimension
    }
    return gathered.values
  }

  /// The numbers of a list that has `dimension` of them, all finite, and nothing else.
  static func row(
    _ index: Int, _ lists: Buffer<ListView>, _ column: Column, _ dimension: Int
  ) -> UnsafePointer<Double>? {
    let first = Int(lists[index].firstNumber)
    let end = index + 1 < lists.count ? Int(lists[index + 1].firstNumber) : column.numbers.count
    guard Int(lists[index].count) == dimension, end - first == dimension else { return nil }
    let row = UnsafePointer(column.numbers.base + first)
    for place in 0..<dimension where !row[place].isFinite { return nil }
    return row
  }

  static func isUnit(_ squares: Double) -> Bool {
    let low = 1 - VectorProfile.normTolerance
    let high = 1 + VectorProfile.normTolerance
    return squares >= low * low && squares <= high * high
  }

  private func moments(_ base: UnsafePointer<Double>, _ rows: Int, _ dimension: Int) -> [Moments] {
    scratch.removeAll()
    scratch.reserve(5 * dimension)
    let sum = scratch.base
    let least = sum + dimension
    let most = least + dimension
    let deviation = most + dimension
    let squares = deviation + dimension
    ck_dimension_sums(base, rows, dimension, sum, least, most)
    for place in 0..<dimension {
      let mean = sum[place] / Double(rows)
      // A sum can overflow where the mean does not: then any value between will do to take deviations from.
      sum[place] =
        mean.isFinite ? min(max(mean, least[place]), most[place]) : least[place] / 2 + most[place] / 2
    }
    ck_dimension_deviations(base, rows, dimension, sum, deviation, squares)
    return (0..<dimension).map { place in
      Moments(
        count: UInt64(rows), limits: least[place]...most[place], guess: sum[place],
        deviation: deviation[place],
        squares: squares[place])
    }
  }
}

extension Buffer<NumberException> {
  /// Whether none of the numbers is NaN or an infinity.
  var isFinite: Bool { !values.contains { $0.kind.isNotFinite } }
}
