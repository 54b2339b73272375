import ShardTestSupport
import Testing

@testable import ShardImages

@Suite struct ReadingTests {
  @Test func `there are pictures to test with`() { #expect(Fixture.all.count == 37) }

  @Test(arguments: Fixture.all)
  func `headers tell size, format and turn`(fixture: Fixture) {
    for mode in [ImageMode.header, .full] {
      let report = read(fixture.bytes, mode)
      #expect(report.format == fixture.format)
      #expect(report.width == fixture.width)
      #expect(report.height == fixture.height)
      #expect(report.orientation == fixture.orientation)
      #expect(report.isGray == fixture.isGray)
      #expect(report.frameCount == fixture.frames)
      #expect(report.properties.contains(.animated) == (fixture.frames > 1))
      #expect(report.defects == [])
      #expect(report.verdict == (mode == .full && !fixture.format.isDecoded ? .notDecoded : .intact))
      #expect((report.measures != nil) == (mode == .full && fixture.format.isDecoded))
    }
  }

  @Test func `properties are those that the pictures were made with`() {
    let table: [(String, ImageProperties, channels: Int, bits: Int)] = [
      ("baseline.jpg", [], 3, 8), ("progressive.jpg", .progressive, 3, 8), ("cmyk.jpg", .cmyk, 4, 8),
      ("deep.png", [.gray, .lossless], 1, 16), ("palette.png", [.palette, .lossless], 1, 4),
      ("alpha.png", [.alpha, .lossless], 4, 8), ("alpha.webp", .alpha, 4, 8),
      ("lossless.webp", .lossless, 3, 8),
      ("interlaced.gif", [.palette, .lossless, .interlaced], 1, 8), ("colour.bmp", .lossless, 3, 8),
      ("gray.bmp", [.gray, .lossless], 1, 8), ("arithmetic.jpg", .arithmetic, 3, 8),
      ("arithmetic-progressive.jpg", [.arithmetic, .progressive], 3, 8),
      ("interlaced.png", [.interlaced, .lossless], 3, 8), ("rgb555.bmp", .lossless, 3, 5),
      ("rgb565.bmp", .lossless, 3, 5), ("rle8.bmp", [.palette, .lossless], 1, 8),
      ("rle4.bmp", [.palette, .lossless], 1, 4), ("os2.bmp", [.palette, .lossless], 1, 8),
    ]
    for (name, properties, channels, bits) in table {
      let report = read(Fixture.bytes(name))
      #expect(report.properties == properties, "\(name)")
      #expect(report.channels == channels, "\(name)")
      #expect(report.bitDepth == bits, "\(name)")
    }
  }

  @Test(arguments: Fixture.decoded)
  func `a cut is seen wherever it is`(fixture: Fixture) {
    let reader = ImageReader()
    let cuts =
      fixture.bytes.count <= 3000
      ? Array(0..<fixture.bytes.count) : Array(stride(from: 0, to: fixture.bytes.count, by: 53))
    for count in cuts + [fixture.bytes.count - 2, fixture.bytes.count - 1] {
      let report = reader.read(Array(fixture.bytes[..<count]), mode: .full)
      // A bitmap's last bytes may be padding, and PNG and GIF have ends that hold no pixel.
      let isPadding = fixture.format == .bmp && fixture.bytes.count - count <= 3
      #expect(
        report.verdict == .broken || isPadding || report.defects.contains { $0.kind == .missingEnd },
        "\(count)")
      if report.defects.contains(where: { $0.kind == .missingEnd }) {
        #expect([.png, .gif].contains(fixture.format), "\(count)")
        #expect(report.measures == reader.read(fixture.bytes, mode: .full).measures, "\(count)")
      }
    }
  }

  @Test(arguments: ["large.jpg", "half.jpg", "progressive.jpg", "restart.jpg", "gray.jpg"])
  func `an eighth notices what the whole notices`(name: String) {
    let bytes = Fixture.bytes(name)
    var random = RepeatableRandom(seed: 4)
    let eighth = ImageReader(
      settings: {
        var s = ImageSettings()
        s.eighths = 1
        return s
      }())
    let whole = ImageReader(
      settings: {
        var s = ImageSettings()
        s.eighths = 8
        return s
      }())
    var noticed = 0
    for _ in 0..<400 {
      var damaged = bytes
      if random.next() % 4 == 0 {
        damaged.removeSubrange(Int(random.next() % UInt64(bytes.count))...)
      } else {
        damaged[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
      }
      let report = whole.read(damaged, mode: .full)
      #expect(eighth.read(damaged, mode: .full).defects == report.defects)
      noticed += report.defects.isEmpty ? 0 : 1
    }
    #expect(noticed > 100)
  }

  @Test(arguments: Fixture.decoded)
  func `any flipped bit is borne, and nothing is kept from picture to picture`(fixture: Fixture) {
    var random = RepeatableRandom(seed: 9)
    let reader = ImageReader()
    for _ in 0..<60 {
      var damaged = fixture.bytes
      for _ in 0...random.next() % 3 {
        damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      #expect(reader.read(damaged, mode: .full) == read(damaged))
    }
    #expect(reader.read(fixture.bytes, mode: .full) == read(fixture.bytes))
  }

  @Test func `a JPEG without its table does not borrow that of the picture before`() {
    var bytes = Fixture.bytes("gray.jpg")
    let table = (0..<bytes.count - 5).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDB }
    bytes[(table ?? 0) + 4] = 2
    let reader = ImageReader()
    _ = reader.read(Fixture.bytes("baseline.jpg"), mode: .full)
    #expect(reader.read(bytes, mode: .full).verdict == .broken)
  }

  @Test(arguments: Fixture.decoded)
  func `bytes behind the end are told and harm nothing`(fixture: Fixture) {
    let report = read(fixture.bytes + Array("behind the end".utf8))
    #expect(report.defects.map(\.kind) == [.trailingBytes])
    #expect(report.defects.first?.offset == fixture.bytes.count)
    #expect(report.measures == read(fixture.bytes).measures)
  }

  @Test(arguments: ["colour.png", "palette.png", "animated.png", "deep.png"])
  func `no flipped bit of a PNG goes unseen`(name: String) {
    let bytes = Fixture.bytes(name)
    var random = RepeatableRandom(seed: 1)
    for _ in 0..<200 {
      var damaged = bytes
      let place = Int(random.next() % UInt64(bytes.count))
      damaged[place] ^= 1 << UInt8(random.next() % 8)
      // The length of the end chunk harms no pixel.
      #expect(!read(damaged).defects.isEmpty || read(damaged).format == nil, "byte \(place)")
    }
  }
}
