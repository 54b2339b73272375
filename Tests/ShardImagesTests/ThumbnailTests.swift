import ShardModel
import ShardTestSupport
import Testing

@testable import ShardImages

@Suite("Thumbnails") struct ThumbnailTests {
  /// A bitmap of 24 bits whose pixels `color` gives as blue, green, red.
  private func bitmap(_ width: Int, _ height: Int, _ color: (Int, Int) -> [UInt8]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var pixels: [UInt8] = []
    for y in (0..<height).reversed() {
      for x in 0..<width { pixels += color(x, y) }
      pixels += [UInt8](repeating: 0, count: (4 - 3 * width % 4) % 4)
    }
    let header =
      Array("BM".utf8) + little(54 + pixels.count, 4) + little(0, 4) + little(54, 4) + little(40, 4)
      + little(width, 4) + little(height, 4) + little(1, 2) + little(24, 2) + little(0, 24)
    return header + pixels
  }

  @Test("a picture of each format is made small, its colours kept", arguments: Fixture.decoded)
  func formats(_ fixture: Fixture) throws {
    let thumbnail = try #require(ThumbnailMaker().make(fixture.bytes))
    #expect(Thumbnail.accepts(thumbnail))
    let small = read(thumbnail) { $0.measuresEveryPixel = true }
    #expect(small.format == .jpeg && small.defects.isEmpty)
    let original = read(fixture.bytes) { $0.measuresEveryPixel = true }
    let longest = max(original.width, original.height)
    #expect(max(small.width, small.height) == min(ThumbnailMaker.side, longest))
    let ratio = Double(original.width) / Double(original.height)
    #expect(abs(Double(small.width) - ratio * Double(small.height)) <= max(1, ratio))
    // Means that Pillow found; a first frame of an animation need not fill the picture.
    guard fixture.frames == 1 else { return }
    let moments = try #require(small.measures?.moments)
    for channel in 0..<3 {
      #expect(abs(moments.mean(channel) - fixture.means[channel]) < 3, "\(channel)")
    }
  }

  @Test("what decodes of a picture cut short is shown", arguments: Fixture.decoded)
  func truncated(_ fixture: Fixture) throws {
    let maker = ThumbnailMaker()
    for length in stride(from: 0, to: fixture.bytes.count, by: max(1, fixture.bytes.count / 40)) {
      if let thumbnail = maker.make(Array(fixture.bytes.prefix(length))) {
        #expect(Thumbnail.accepts(thumbnail) && read(thumbnail).verdict == .intact, "\(length)")
      }
    }
    let most = fixture.bytes.count * 97 / 100
    #expect(maker.make(Array(fixture.bytes.prefix(most))) != nil)
  }

  @Test("nothing is kept from picture to picture") func independent() {
    let maker = ThumbnailMaker()
    for fixture in Fixture.decoded + Fixture.decoded.reversed() {
      #expect(maker.make(fixture.bytes) == ThumbnailMaker().make(fixture.bytes), "\(fixture.name)")
      #expect(maker.make(Array(fixture.bytes.prefix(40))) == nil, "\(fixture.name)")
    }
  }

  @Test(
    "noise of any shape fits",
    arguments: [(160, 160), (1, 1), (2_000, 3), (1, 5_000), (171, 320), (319, 161)])
  func noise(width: Int, height: Int) throws {
    var random = RepeatableRandom(seed: UInt64(width))
    let bytes = bitmap(width, height) { _, _ in (0..<3).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    let thumbnail = try #require(ThumbnailMaker().make(bytes))
    let small = read(thumbnail)
    #expect(Thumbnail.accepts(thumbnail) && small.verdict == .intact)
    #expect(max(small.width, small.height) == min(ThumbnailMaker.side, max(width, height)))
    #expect(small.width >= 1 && small.height >= 1)
  }

  @Test("corners stay where they are") func corners() throws {
    let colors: [[UInt8]] = [[0, 0, 255], [0, 255, 0], [255, 0, 0], [255, 255, 255]]
    let bytes = bitmap(480, 360) { x, y in colors[(x < 240 ? 0 : 1) + (y < 180 ? 0 : 2)] }
    let thumbnail = try #require(ThumbnailMaker().make(bytes))
    #expect(read(thumbnail).width == 160 && read(thumbnail).height == 120)
    let sink = PixelSink()
    var defects: [ImageDefect] = []
    let decoder = try #require(JPEGDecoding())
    let isWhole = thumbnail.withUnsafeBufferPointer {
      decoder.decode(ByteView($0), eighths: 8, limits: ImageLimits(), into: sink, defects: &defects)
    }
    #expect(isWhole)
    let picture = try #require(sink.finish())
    for (index, color) in colors.enumerated() {
      let x = index % 2 == 0 ? 20 : 140
      let y = index < 2 ? 20 : 100
      let pixel = UnsafeBufferPointer(start: picture.values + 3 * (y * 160 + x), count: 3)
      for (found, wanted) in zip(pixel, color.reversed()) { #expect(abs(Int(found) - Int(wanted)) < 12) }
    }
  }

  @Test("no byte of the original is copied") func nothingCopied() throws {
    let secret = Array("<script>alert(1)</script>".utf8)
    var bytes = Fixture.bytes("baseline.jpg")
    let comment = [0xFF, 0xFE, 0, UInt8(secret.count + 2)] + secret
    bytes.insert(contentsOf: comment, at: 2)
    bytes += secret
    let thumbnail = try #require(ThumbnailMaker().make(bytes))
    let text = String(decoding: thumbnail, as: UTF8.self)
    #expect(!text.contains("script"))
    #expect(thumbnail == ThumbnailMaker().make(Fixture.bytes("baseline.jpg")))
  }

  @Test("what is no picture, is not decoded or is beyond the limits has none")
  func none() {
    let maker = ThumbnailMaker()
    #expect(maker.make([]) == nil)
    #expect(maker.make(Array("<html><body>not found</body></html>".utf8)) == nil)
    #expect(maker.make(Fixture.bytes("colour.tif")) == nil)
    var limits = ImageLimits()
    limits.pixels = 100
    for fixture in Fixture.decoded { #expect(ThumbnailMaker(limits: limits).make(fixture.bytes) == nil) }
  }
}
