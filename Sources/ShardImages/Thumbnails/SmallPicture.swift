/// A picture of at most `side` pixels a side, its values side by side.
struct SmallPicture {
  private(set) var width: Int
  private(set) var height: Int
  let channels: Int
  private(set) var bytes: [UInt8]

  /// Shrinks a picture that is larger. A side is never less than a pixel.
  ///
  /// - Complexity: O(pixels times the kernel's support).
  init(_ picture: ReducedPicture, side: Int) {
    width = picture.width
    height = picture.height
    channels = picture.channels
    // Safe: the picture holds so many values.
    bytes = Array(UnsafeBufferPointer(start: picture.values, count: width * height * channels))
    let extent = picture.extent
    let longest = max(extent.width, extent.height)
    guard longest > Double(side) else { return }
    func shrunk(_ length: Double) -> Int { max(1, Int((length * Double(side) / longest).rounded())) }
    shrink(width: shrunk(extent.width), height: shrunk(extent.height), extent)
  }

  private mutating func shrink(width: Int, height: Int, _ extent: (width: Double, height: Double)) {
    let across = Resampler(from: self.width, extent: extent.width, to: width, kernel: .bicubic)
    let down = Resampler(from: self.height, extent: extent.height, to: height, kernel: .bicubic)
    let pixels = self.width * self.height
    var plane = [UInt8](repeating: 0, count: pixels + Resampler.group)
    var narrow = [UInt8](repeating: 0, count: width * self.height)
    var small = [UInt8](repeating: 0, count: width * height)
    var result = [UInt8](repeating: 0, count: width * height * channels)
    for channel in 0..<channels {
      for index in 0..<pixels { plane[index] = bytes[index * channels + channel] }
      across.applyAcross(plane, width: self.width, height: self.height, to: &narrow)
      down.applyDown(narrow, width: width, to: &small)
      for index in small.indices { result[index * channels + channel] = small[index] }
    }
    self.width = width
    self.height = height
    bytes = result
  }
}
