/// A picture made so small, by means over squares of `factor` pixels, that it can be held and measured as a whole.
///
/// Pixels may come in any order, as those of interlaced files do. Memory: at most 256 x 256 pixels of three values, and
/// four times as much again for the sums while the factor is above 1: 1 MB at the side of 256. The owner calls `deallocate()`.
struct ReducedPicture {
  /// What pictures are measured at.
  static let side = 256

  /// The longer side is at most this; factors leave it above the half.
  private let side: Int

  private(set) var width = 0
  private(set) var height = 0
  private(set) var channels = 1
  private(set) var factor = 1
  private var fullWidth = 0
  private var fullHeight = 0
  /// Safe: `values` holds width x height x channels bytes, and `sums` as many sums where the factor is above 1. Offsets
  /// come from pixels inside the full size, which `add` checks.
  private(set) var values: UnsafeMutablePointer<UInt8>
  private var sums: UnsafeMutablePointer<UInt32>
  private var valueCapacity = 0
  private var sumCapacity = 0

  init(side: Int = Self.side) {
    self.side = side
    values = .allocate(capacity: 1)
    sums = .allocate(capacity: 1)
  }

  func deallocate() {
    values.deallocate()
    sums.deallocate()
  }

  /// How many of the reduced pixels the full size is, with a fraction for the last.
  var extent: (width: Double, height: Double) {
    (Double(fullWidth) / Double(factor), Double(fullHeight) / Double(factor))
  }

  mutating func reset(width fullWidth: Int, height fullHeight: Int, channels: Int) {
    self.fullWidth = fullWidth
    self.fullHeight = fullHeight
    self.channels = channels
    factor = max(1, (max(fullWidth, fullHeight) + side - 1) / side)
    width = (fullWidth + factor - 1) / factor
    height = (fullHeight + factor - 1) / factor
    let count = width * height * channels
    if count > valueCapacity {
      values.deallocate()
      values = .allocate(capacity: count)
      valueCapacity = count
    }
    // What is never written, as the edges of a broken file, is black.
    values.update(repeating: 0, count: count)
    guard factor > 1 else { return }
    if count > sumCapacity {
      sums.deallocate()
      sums = .allocate(capacity: count)
      sumCapacity = count
    }
    sums.update(repeating: 0, count: count)
  }

  /// Takes `pixels` pixels of row `y`, which lie at `x`, `x + step`, and so on; those outside the picture are left out.
  func add(_ row: UnsafePointer<UInt8>, pixels: Int, y: Int, x: Int = 0, step: Int = 1) {
    guard y >= 0, y < fullHeight, x >= 0, x < fullWidth, step > 0 else { return }
    let pixels = min(pixels, (fullWidth - x + step - 1) / step)
    let line = y / factor * width
    if factor == 1 {
      let target = values + (line + x) * channels
      if step == 1 {
        target.update(from: row, count: pixels * channels)
      } else {
        for index in 0..<pixels {
          for channel in 0..<channels {
            target[index &* step &* channels &+ channel] = row[index &* channels &+ channel]
          }
        }
      }
      return
    }
    let target = sums + line * channels
    if channels == 1, step == 1, x == 0 { return addWhole(row, pixels: pixels, to: target) }
    // The reduced pixel that the position falls in, kept by counting: a division for each pixel would cost more.
    var cell = x / factor &* channels
    var within = x % factor
    for index in 0..<pixels {
      for channel in 0..<channels { target[cell &+ channel] &+= UInt32(row[index &* channels &+ channel]) }
      within &+= step
      while within >= factor {
        within &-= factor
        cell &+= channels
      }
    }
  }

  /// Takes a row of one channel from its first pixel on.
  private func addWhole(
    _ row: UnsafePointer<UInt8>, pixels: Int, to target: UnsafeMutablePointer<UInt32>
  ) {
    let cells = pixels / factor
    if factor == 2 {
      for cell in 0..<cells { target[cell] &+= UInt32(row[2 &* cell]) &+ UInt32(row[2 &* cell &+ 1]) }
    } else {
      for cell in 0..<cells {
        let from = row + cell &* factor
        var sum: UInt32 = 0
        for index in 0..<factor { sum &+= UInt32(from[index]) }
        target[cell] &+= sum
      }
    }
    for index in cells * factor..<pixels { target[cells] &+= UInt32(row[index]) }
  }

  /// Makes the means of the sums; nothing is added after this.
  mutating func finish() {
    guard factor > 1 else { return }
    for y in 0..<height {
      let rows = min(factor, fullHeight - y * factor)
      // A division for each pixel would cost more than all the rest: only the last cell's area differs.
      let full = UInt64(rows * factor)
      let fullReciprocal = (UInt64(1) << 32) / full &+ 1
      for x in 0..<width {
        let isLast = x == width - 1
        let area = isLast ? UInt64(rows * (fullWidth - x * factor)) : full
        let reciprocal = isLast ? (UInt64(1) << 32) / area &+ 1 : fullReciprocal
        for channel in 0..<channels {
          let index = (y &* width &+ x) &* channels &+ channel
          values[index] = UInt8(clamping: ((UInt64(sums[index]) &+ area / 2) &* reciprocal) >> 32)
        }
      }
    }
  }
}
