import Glibc

/// CleanVision's blurriness: how much the edges of a small gray copy vary, and how evenly its grays are spread.
struct Blur {
  /// The longer side of the copy.
  static let side = 64

  let edgeDeviation: Double
  let histogramDeviation: Double

  static func score(edges: Double, histogram: Double, spread: Double) -> Double {
    let histogramPart = part(histogram)
    return min(1, part(edges) + (histogramPart <= spread ? 0 : histogramPart))
  }

  /// What a deviation adds to the score.
  static func part(_ deviation: Double) -> Double { 1 - exp(-0.01 * deviation) }

  /// The size of the copy of a picture of `width` x `height`.
  static func size(width: Int, height: Int) -> (width: Int, height: Int) {
    let longest = max(width, height)
    guard longest > side else { return (width, height) }
    return (max(1, width * side / longest), max(1, height * side / longest))
  }

  /// Measures `gray`, of `width` x `height`, each at most `side`, as if it were of `pixels` pixels: a histogram's counts grow with them.
  /// - Complexity: O(width x height).
  init(gray: UnsafePointer<UInt8>, width: Int, height: Int, pixels: Int) {
    var sum = 0
    var squares = 0
    for y in 0..<height {
      let row = gray + y &* width
      // Pillow's filter leaves the border as it is.
      if y == 0 || y == height - 1 || width < 3 {
        for x in 0..<width {
          sum &+= Int(row[x])
          squares &+= Int(row[x]) &* Int(row[x])
        }
        continue
      }
      let above = row - width
      let below = row + width
      let ends = (Int(row[0]), Int(row[width - 1]))
      // A row has at most 64 values of 8 bits, so 32 bits hold its sums, and processors add several at a time.
      var rowSum: Int32 = 0
      var rowSquares: Int32 = 0
      for x in 1..<width - 1 {
        let left = Int32(above[x &- 1]) &+ Int32(row[x &- 1]) &+ Int32(below[x &- 1])
        let middle = Int32(above[x]) &+ Int32(row[x]) &+ Int32(below[x])
        let right = Int32(above[x &+ 1]) &+ Int32(row[x &+ 1]) &+ Int32(below[x &+ 1])
        let edge = min(255, max(0, 9 &* Int32(row[x]) &- (left &+ middle &+ right)))
        rowSum &+= edge
        rowSquares &+= edge &* edge
      }
      sum &+= Int(rowSum) &+ ends.0 &+ ends.1
      squares &+= Int(rowSquares) &+ ends.0 &* ends.0 &+ ends.1 &* ends.1
    }
    let count = Double(max(1, width * height))
    edgeDeviation = max(0, (Double(squares) - Double(sum) * Double(sum) / count) / count).squareRoot()
    let growth = Double(pixels) / count
    let mean = Double(pixels) / 256
    let spread = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      for index in 0..<width * height { counts[Int(gray[index])] &+= 1 }
      return counts.reduce(0.0) { $0 + (Double($1) * growth - mean) * (Double($1) * growth - mean) }
    }
    histogramDeviation = (spread / 256).squareRoot()
  }
}
