import Foundation
import ShardTestSupport
import Testing

@testable import ShardImages

@Suite struct LimitTests {
  /// A JPEG or GIF whose header says 60,138 x 60,138.
  private func enormous(_ name: String) -> [UInt8] {
    var bytes = Fixture.bytes(name)
    if name.hasSuffix("gif") {
      for index in 6..<10 { bytes[index] = 0xEA }
    } else if let frame = (0..<bytes.count - 9).first(where: {
      bytes[$0] == 0xFF && (0xC0...0xC2).contains(bytes[$0 + 1])
    }) {
      for index in 5..<9 { bytes[frame + index] = 0xEA }
    }
    return bytes
  }

  @Test(arguments: ["baseline.jpg", "progressive.jpg", "still.gif"])
  func `sizes beyond the limit are told before anything is decoded`(name: String) {
    for mode in [ImageMode.header, .full] {
      let report = read(enormous(name), mode)
      #expect(report.defects.map(\.kind) == [.beyondLimit])
      #expect(report.verdict == .notDecoded)
      #expect(report.width == 0xEAEA)
      #expect(report.height == 0xEAEA)
    }
  }

  @Test func `a header that lies is a broken picture, and a decoder's memory has a bound`() {
    let baseline = read(enormous("baseline.jpg")) { $0.limits.pixels = .max }
    #expect(baseline.verdict == .broken)
    let progressive = read(enormous("progressive.jpg")) { $0.limits.pixels = .max }
    #expect(progressive.defects.map(\.kind) == [.beyondLimit])
  }

  @Test func `too many scans, frames or pixels are not decoded`() {
    #expect(
      read(Fixture.bytes("progressive.jpg")) { $0.limits.scans = 3 }.defects.map(\.kind) == [.beyondLimit])
    for name in ["animated.png", "animated.gif", "animated.webp"] {
      #expect(
        read(Fixture.bytes(name)) { $0.limits.animationPixels = 1500 }.defects.map(\.kind) == [.beyondLimit])
      #expect(read(Fixture.bytes(name)) { $0.limits.pixels = 1199 }.defects.map(\.kind) == [.beyondLimit])
      #expect(read(Fixture.bytes(name)) { $0.limits.pixels = 1200 }.verdict == .intact)
    }
    #expect(read(Fixture.bytes("lossless.webp")) { $0.limits.holdDecoders(to: 1000) }.verdict == .notDecoded)
    #expect(read(Fixture.bytes("colour.png")) { $0.limits.holdDecoders(to: 500) }.verdict == .notDecoded)
  }

  /// Whether `name` is decoded in whole where decoders may hold `bytes`; otherwise the limit is told.
  private func isDecoded(_ name: String, within bytes: Int) -> Bool {
    let report = read(Fixture.bytes(name)) { $0.limits.holdDecoders(to: bytes) }
    #expect(report.verdict == .intact || report.defects.map(\.kind) == [.beyondLimit], "\(name)")
    #expect((report.measures != nil) == (report.verdict == .intact), "\(name)")
    return report.verdict == .intact
  }

  /// Of 90 x 70 pixels: a lossless WebP's are 25 KB, the alpha of a lossy one 13 KB, four rows of a PNG 2 KB.
  @Test func `each decoder that keeps a picture is held to the limit`() {
    for (name, least) in [("lossless.webp", 4 * 90 * 70), ("alpha.webp", 2 * 90 * 70)] {
      #expect(!isDecoded(name, within: least - 1), "\(name)")
      #expect(isDecoded(name, within: least), "\(name)")
    }
    for name in ["colour.png", "interlaced.png", "deep.png", "alpha.png"] {
      #expect(!isDecoded(name, within: 100), "\(name)")
      #expect(isDecoded(name, within: 4096), "\(name)")
    }
  }

  /// The header says 700 rows instead of 70, whose coefficients at half the colour resolution are 206 KB.
  @Test(arguments: ["progressive.jpg", "arithmetic-progressive.jpg"])
  func `coefficients of a progressive JPEG are held to the limit`(name: String) throws {
    var bytes = Fixture.bytes(name)
    let frame = try #require(
      (0..<bytes.count - 9).first {
        [0xC2, 0xCA].contains(bytes[$0 + 1]) && bytes[$0...].starts(with: [0xFF, bytes[$0 + 1], 0, 17])
      })
    #expect(bytes[frame + 6] == 70)
    (bytes[frame + 5], bytes[frame + 6]) = (0x02, 0xBC)
    #expect(read(bytes) { $0.limits.holdDecoders(to: 200_000) }.defects.map(\.kind) == [.beyondLimit])
    // What one worker may not hold, one at a time may.
    let alone = read(bytes) { ($0.limits.decoderBytes, $0.limits.largeDecoderBytes) = (200_000, 300_000) }
    #expect(!alone.defects.contains { $0.kind == .beyondLimit })
    let within = read(bytes) { $0.limits.holdDecoders(to: 300_000) }
    #expect(within.height == 700)
    #expect(!within.defects.contains { $0.kind == .beyondLimit })
  }

  /// Of 6,000 x 4,000 pixels at whole colour resolution, whose coefficients are 144 MB. Several readers want to at once.
  @Test func `a camera's progressive JPEG is decoded`() async {
    let packed = Fixture.bytes("progressive-24-megapixels.jpg.gz")
    let bytes = Gzip.decompress(packed, limit: 1 << 20)
    #expect(bytes.count == 422_652)
    let reports = await withTaskGroup(of: ImageReport.self) { group in
      for _ in 0..<3 { group.addTask { ImageReader().read(bytes, mode: .full) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for report in reports {
      #expect(report.defects.isEmpty)
      #expect(report.verdict == .intact)
      #expect(report.width == 6000 && report.properties.contains(.progressive))
      #expect(report.measures?.isLowInformation() == true)
    }
    let within = read(bytes) { $0.limits.largeDecoderBytes = 140 << 20 }
    #expect(within.verdict == .intact)
    let beyond = read(bytes) { $0.limits.largeDecoderBytes = 130 << 20 }
    #expect(beyond.defects.map(\.kind) == [.beyondLimit])
  }

  @Test(arguments: Fixture.decoded)
  func `what is read row by row needs none of it`(fixture: Fixture) {
    let isKept = read(fixture.bytes, .header).properties.contains(.progressive)
    guard fixture.format == .bmp || fixture.format == .gif || fixture.format == .jpeg && !isKept else {
      return
    }
    #expect(isDecoded(fixture.name, within: 1))
  }

  @Test func `text that grows beyond all measure is found and not kept`() {
    #expect(read(Fixture.bytes("bomb.png")).defects.map(\.kind) == [.textBomb])
    #expect(read(Fixture.bytes("bomb.png")) { $0.limits.textBytes = 2 << 20 }.verdict == .intact)
    #expect(read(Fixture.bytes("bomb.png"), .header).verdict == .intact)
  }

  @Test func `a picture without a pixel is broken`() {
    var bytes = Fixture.bytes("colour.bmp")
    for index in 18..<22 { bytes[index] = 0 }
    #expect(read(bytes).defects.map(\.kind) == [.zeroSize])
    bytes = Fixture.bytes("still.gif")
    if let frame = bytes.firstIndex(of: 0x2C) { bytes[frame + 5] = 0 }
    #expect(read(bytes).verdict == .broken)
  }

  @Test func `JPEG of 12 bits is refused by its name`() {
    var bytes = Fixture.bytes("baseline.jpg")
    if let frame = (0..<bytes.count - 9).first(where: { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }) {
      bytes[frame + 4] = 12
    }
    let report = read(bytes)
    #expect(report.defects.map(\.kind) == [.unsupported])
    #expect(report.bitDepth == 12)
  }

  /// Willem van Schaik's suite, where it is beside the project: files that begin with x are broken.
  private static let suite = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "shared/fixtures/pngsuite")
  private static let suiteFiles =
    ((try? FileManager.default.contentsOfDirectory(at: suite, includingPropertiesForKeys: nil)) ?? [])
    .filter { $0.pathExtension == "png" }

  @Test(.enabled(if: !suiteFiles.isEmpty)) func `PngSuite is read, and what is broken there refused`() throws
  {
    for file in Self.suiteFiles {
      let report = read([UInt8](try Data(contentsOf: file)))
      let isBroken = file.lastPathComponent.hasPrefix("x")
      #expect(
        report.verdict == (isBroken ? .broken : .intact), "\(file.lastPathComponent): \(report.defects)")
    }
  }
}

extension ImageLimits {
  /// No picture may need more, not even alone.
  fileprivate mutating func holdDecoders(to bytes: Int) {
    decoderBytes = bytes
    largeDecoderBytes = 0
  }
}
