import ShardChecks
import ShardModel
import ShardTestSupport
import Testing

@Suite("The first pictures that each check flagged") struct FlaggedPicturesTests {
  private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]

  private func picture(
    _ record: UInt64, _ checks: [String], isShown: Bool = true, member: UInt64 = 0, index: UInt64 = 0
  ) -> FlaggedPicture {
    var picture = FlaggedPicture(
      memberOrdinal: member, index: index, location: Location(record: record, line: record + 1),
      findings: checks.map { Finding(check: $0, severity: .warning, value: "\(record).jpg", message: "m") },
      width: 640, height: 480)
    if isShown { picture.bytes = Self.jpeg }
    return picture
  }

  private func gathered(_ pictures: [FlaggedPicture]) -> FlaggedPictures {
    var result = FlaggedPictures()
    for picture in pictures where result.accepts(picture) { result.insert(picture) }
    return result
  }

  private func decoded(_ bytes: [UInt8]) throws -> FlaggedPictures {
    var reader = ByteReader(bytes)
    return try FlaggedPictures(decoding: &reader)
  }

  @Test("three of each check, and no more tries than eight") func limits() {
    let dark = (0..<20).map { picture($0, ["image-dark"]) }
    #expect(gathered(dark).pictures.map(\.location.record) == [0, 1, 2])
    let hopeless = (0..<20).map { picture($0, ["image-corrupt"], isShown: $0 > 6) }
    #expect(gathered(hopeless).pictures.map(\.location.record) == Array(0..<8))
    #expect(!gathered(dark).accepts(picture(30, ["image-dark"])))
    #expect(gathered(dark).accepts(picture(30, ["image-dark", "image-flat"])))
    let twice = gathered([picture(0, ["image-corrupt", "image-corrupt"]), picture(1, ["image-corrupt"])])
    #expect(twice.pictures.count == 2)
  }

  @Test("the same of any parts, merged in any order", arguments: 0..<40)
  func parts(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let checks = (0..<4).map { "image-\($0)" }
    var pictures: [FlaggedPicture] = []
    for number in 0..<Int.random(in: 1..<120, using: &random) {
      let some = checks.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      let isShown = Int.random(in: 0..<4, using: &random) > 0
      pictures.append(
        picture(
          UInt64(number / 3 % 20), some + ["image-4"], isShown: isShown, member: UInt64(number / 60),
          index: UInt64(number % 3)))
    }
    let whole = gathered(pictures)
    var parts = [FlaggedPictures](repeating: FlaggedPictures(), count: 5)
    // As workers see them: each in order, or as a merge does: in none.
    for picture in seed % 2 == 0 ? pictures : pictures.shuffled(using: &random) {
      let part = Int.random(in: 0..<5, using: &random)
      if parts[part].accepts(picture) { parts[part].insert(picture) }
    }
    var merged = FlaggedPictures()
    for part in parts.shuffled(using: &random) { merged.merge(part) }
    #expect(merged == whole)
    var writer = ByteWriter()
    whole.encode(into: &writer)
    #expect(try decoded(writer.bytes) == whole)
    for length in 0..<writer.bytes.count {
      #expect(throws: DecodingFailure.self) { try decoded(Array(writer.bytes.prefix(length))) }
    }
  }

  @Test("stored pictures that are none, too large or too many are refused") func hostile() {
    func stored(_ bytes: [UInt8], count: UInt64 = 1) -> [UInt8] {
      var writer = ByteWriter()
      writer.write(count)
      for _ in 0..<count {
        for number in [0, 0] as [UInt64] { writer.write(number) }
        let finding = Finding(check: "image-dark", severity: .warning, message: "m")
        LocatedObservations(location: Location(record: 1), findings: [finding]).encode(into: &writer)
        for number in [640, 480, UInt64(bytes.count)] { writer.write(number) }
        writer.write(raw: bytes)
      }
      return writer.bytes
    }
    #expect(throws: Never.self) { try decoded(stored(Self.jpeg)) }
    #expect(throws: Never.self) { try decoded(stored([])) }
    #expect(throws: DecodingFailure.self) { try decoded(stored(Array("<svg onload=x>".utf8))) }
    let long = Self.jpeg + [UInt8](repeating: 0, count: Thumbnail.byteLimit)
    #expect(throws: DecodingFailure.self) { try decoded(stored(long)) }
    #expect(throws: DecodingFailure.self) { try decoded(stored(Self.jpeg, count: 300)) }
  }

  @Test("notes, and checks that are off, do not show a picture") func judged() {
    var settings = CheckSettings(enabled: ["image-dark", "image-flat"])
    let pictures = gathered([
      picture(0, ["image-dark", "image-flat"]), picture(1, ["image-flat"]),
      picture(2, ["image-dark"], isShown: false),
    ])
    func shown() -> [[String]] { pictures.judged(settings).map { $0.findings.map(\.check) } }
    #expect(shown() == [["image-dark", "image-flat"], ["image-flat"]])
    settings.severities["image-flat"] = .note
    #expect(shown() == [["image-dark"]])
    settings.severities["image-flat"] = .error
    #expect(shown() == [["image-flat", "image-dark"], ["image-flat"]])
    settings.enabled.remove("image-flat")
    #expect(shown() == [["image-dark"]])
  }
}
