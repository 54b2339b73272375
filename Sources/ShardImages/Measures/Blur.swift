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

  /// Measures `gray`, of `width` x `height`, as if it were of `pixels` pixels: a histogram's counts grow with them.
  /// - Complexity: O(width x height).
  init(gray: UnsafePointer<UInt8>, width: Int, height: Int, pixels: Int) {
    var counts = [Int](repeating: 0, count: 256)
    var sum = 0
    var squares = 0
    for y in 0..<height {
      let row = gray + y &* width
      let isBorder = y == 0 || y == height - 1
      for x in 0..<width {
        let value = Int(row[x])
        counts[value] &+= 1
        // Pillow's filter leaves the border as it is.
        var edge = value
        if !isBorder, x > 0, x < width - 1 {
          let above = row + (x &- width)
          let below = row + (x &+ width)
          let around =
            Int(above[-1]) &+ Int(above[0]) &+ Int(above[1]) &+ Int(row[x &- 1]) &+ Int(row[x &+ 1])
            &+ Int(below[-1]) &+ Int(below[0]) &+ Int(below[1])
          edge = min(255, max(0, 8 &* value &- around))
        }
        sum &+= edge
        squares &+= edge &* edge
      }
    }
    let count = Double(max(1, width * height))
    edgeDeviation = max(0, (Double(squares) - Double(sum) * Double(sum) / count) / count).squareRoot()
    let growth = Double(pixels) / count
    let mean = Double(pixels) / 256
    let variance =
      counts.reduce(0.0) { $0 + (Double($1) * growth - mean) * (Double($1) * growth - mean) } / 256
    histogramDeviation = variance.squareRoot()
  }
}
