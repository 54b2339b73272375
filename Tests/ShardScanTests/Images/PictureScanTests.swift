import ShardChecks
import ShardImages
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

struct PictureScanTests {
  /// What is said of each picture, by its name.
  static let verdicts: [(name: String, checks: Set<String>)] =
    Pictures.sound.map { ($0, []) } + [
      ("photo.png", []), ("photo.gif", []), ("photo.webp", []), ("turned.jpg", []), ("gray.jpg", []),
      ("photo.tif", []), ("junk.jpg", []),
      ("dark.jpg", ["image-dark"]), ("bright.jpg", ["image-bright"]),
      ("flat.png", ["image-flat"]), ("blurry.jpg", ["image-blurry"]),
      ("wide.jpg", ["image-aspect"]), ("ribbon.png", ["image-aspect", "image-small", "image-blurry"]),
      ("small.png", ["image-small", "image-aspect"]), ("huge.jpg", []),
      ("cut.jpg", ["image-corrupt"]), ("noend.jpg", ["image-corrupt"]), ("empty.jpg", ["image-corrupt"]),
      ("html.jpg", ["image-format"]), ("lfs.png", ["image-format"]), ("wrong.png", ["image-format"]),
      ("bomb.png", ["image-dimensions"]), ("none.jpg", ["image-missing"]),
      ("../data/photo0.jpg", ["image-unsafe-path"]),
      ("/etc/hostname", ["image-unsafe-path"]), ("https://example.org/1.jpg", []),
    ]

  /// Records that name these pictures.
  static func records(_ names: [String]) -> String {
    names.enumerated().map { "{\"image\": \"\($1)\", \"caption\": \"a view of the town, number \($0)\"}\n" }
      .joined()
  }

  static func scanVerdicts(_ mode: ImageMode = .full) throws -> Outcome {
    let folder = TemporaryFolder()
    let names = verdicts.map(\.name)
    Pictures.copy(names.filter { !$0.contains("/") && $0 != "none.jpg" }, to: folder)
    folder.write("data/a.jsonl", records(names))
    var settings = ScanSettings()
    settings.checks.imageMode = mode
    // Odd sizes and copies have tests of their own.
    settings.checks.enabled.subtract(["image-odd-size", "image-duplicate", "image-near-duplicate"])
    return try scan([folder.path + "/data/a.jsonl"], out: folder.path + "/out", settings: settings)
  }

  @Test("Each picture that a record names is opened and judged as its content is")
  func verdicts() throws {
    let outcome = try Self.scanVerdicts()
    let found = outcome.pictures
    for (name, checks) in Self.verdicts {
      #expect(found[name] ?? [] == checks, "\(name)")
    }
    #expect(outcome.lines.allSatisfy { $0.findings.findings.allSatisfy { $0.field == "image" } })
    #expect(outcome.result.checks["image-gray"]?.findings == 1)
    #expect(outcome.result.checks["image-gray"]?.severity == .note)
    #expect(outcome.result.unchecked.contains("1 picture behind addresses, which are not fetched"))
    let severities = Dictionary(
      outcome.lines.flatMap(\.findings.findings).map { (($0.value ?? "") + " " + $0.check, $0.severity) },
      uniquingKeysWith: { max($0, $1) })
    #expect(severities["cut.jpg image-corrupt"] == .error)
    #expect(severities["noend.jpg image-corrupt"] == .error)
    #expect(severities["html.jpg image-format"] == .error)
    #expect(severities["wrong.png image-format"] == .warning)
    #expect(severities["ribbon.png image-aspect"] == .error)
    #expect(severities["wide.jpg image-aspect"] == .warning)
  }

  @Test("Statistics count formats, what was not read, and traits; channels are those of the sound pictures")
  func statistics() throws {
    let images = try #require(try Self.scanVerdicts().result.images)
    #expect(images.references == UInt64(Self.verdicts.count))
    #expect(images.formats.first == ImageSummary.Count("JPEG", 17))
    #expect(
      images.notRead == [
        ImageSummary.Count("on paths that are not followed", 2),
        ImageSummary.Count("behind addresses, which are not fetched", 1), ImageSummary.Count("missing", 1),
      ])
    #expect(images.foreign.map(\.name).sorted() == ["a Git LFS pointer", "an HTML page", "an empty file"])
    let traits = Dictionary(uniqueKeysWithValues: images.traits.map { ($0.name, $0.count) })
    #expect(traits["gray"] == 1)
    #expect(traits["exifTurned"] == 1)
    #expect(traits["broken"] == 2)
    #expect(traits["notDecoded"] == 2)
    let widths = try #require(images.distributions.first { $0.name == "width" }).values
    #expect(widths.minimum == 20)
    #expect(widths.maximum == 60_000)
  }

  @Test("Header mode opens the files and tells formats and sizes; none opens nothing and says so")
  func modes() throws {
    let header = try Self.scanVerdicts(.header)
    #expect(header.pictures["wide.jpg"] == ["image-aspect"])
    #expect(header.pictures["html.jpg"] == ["image-format"])
    #expect(header.pictures["none.jpg"] == ["image-missing"])
    #expect(header.pictures["dark.jpg"] == nil)
    #expect(header.result.images?.channels == nil)
    #expect(header.result.unchecked.contains { $0.contains("--image-decode header") })
    let none = try Self.scanVerdicts(.none)
    #expect(none.pictures.isEmpty)
    #expect(none.result.images?.read == 0)
    #expect(
      none.result.unchecked.contains("\(Self.verdicts.count) pictures not opened (--image-decode none)"))
  }

  @Test(
    "Width and height of a record are held against the picture, singly and as lists; EXIF may exchange them")
  func dimensions() throws {
    let folder = TemporaryFolder()
    Pictures.copy(["photo0.jpg", "photo1.jpg", "turned.jpg"], to: folder)
    func record(_ image: String, _ width: String, _ height: String) -> String {
      "{\"image\": \(image), \"width\": \(width), \"height\": \(height), \"caption\": \"a town by the sea\"}\n"
    }
    folder.write(
      "data/a.jsonl",
      record("\"photo0.jpg\"", "96", "80") + record("\"photo0.jpg\"", "80", "96")
        + record("\"photo0.jpg\"", "97", "80") + record("\"turned.jpg\"", "120", "80")
        + record("\"turned.jpg\"", "80", "120")
        + record("[\"photo0.jpg\", \"photo1.jpg\"]", "[96, 100]", "[80, 80]")
        + record("[\"photo0.jpg\", \"photo1.jpg\"]", "[96, 96]", "[80, 80]")
        + record("[\"photo0.jpg\", \"photo1.jpg\"]", "[96]", "[80]"))
    let outcome = try scan([folder.path + "/data/a.jsonl"], out: folder.path + "/out")
    #expect(
      outcome.brief.filter { $0.contains("image-dimensions") } == [
        "1 image-dimensions image", "2 image-dimensions image", "6 image-dimensions image[1]",
      ])
    #expect(outcome.lines.first?.findings.findings.first?.message.hasSuffix("80 x 96: exchanged") == true)
  }

  @Test("A data: URL is a picture as well, and one that is none is corrupt")
  func dataURLs() throws {
    let gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    let outcome = try scan(
      text: "{\"image\": \"data:image/gif;base64,\(gif)\"}\n{\"image\": \"data:image/png;base64,\(gif)\"}\n"
        + "{\"image\": \"data:image/png;base64,@@\"}\n")
    #expect(outcome.result.images?.formats == [ImageSummary.Count("GIF", 2)])
    #expect(outcome.checks(record: 0).contains("image-small"))
    #expect(!outcome.checks(record: 0).contains("image-format"))
    #expect(outcome.checks(record: 1).contains("image-format"))
    #expect(outcome.checks(record: 2) == ["image-corrupt"])
    #expect(!outcome.lines.contains { $0.findings.findings.contains { ($0.value ?? "").contains(gif) } })
  }

  @Test("Thresholds and severities come from the rules file")
  func rules() throws {
    let folder = TemporaryFolder()
    Pictures.copy(["photo0.jpg", "small.png"], to: folder)
    folder.write("data/a.jsonl", Self.records(["photo0.jpg", "small.png"]))
    let rules = """
      version: 1
      checks:
        image-small: {min-side: 81, severity: error}
        image-aspect: {threshold: 0.9}
        image-dark: off
      """
    var settings = ScanSettings()
    settings.checks.apply(
      try Rules(parsing: Array(rules.utf8), file: "rules.yaml", vocabulary: CheckCatalog.vocabulary))
    let outcome = try scan([folder.path + "/data/a.jsonl"], out: folder.path + "/out", settings: settings)
    #expect(outcome.pictures["photo0.jpg"] == ["image-small", "image-aspect"])
    #expect(outcome.lines.first?.findings.severity == .error)
  }

  @Test("A picture whose size is odd among the others is found at its record, however the rest varies")
  func oddSizes() throws {
    let folder = TemporaryFolder()
    Pictures.copy(Pictures.sound + ["huge.jpg"], to: folder)
    folder.write("data/a.jsonl", Self.records((0..<30).map { Pictures.sound[$0 % 6] } + ["huge.jpg"]))
    let outcome = try scan([folder.path + "/data/a.jsonl"], out: folder.path + "/out")
    #expect(outcome.brief.filter { $0.contains("odd-size") } == ["30 image-odd-size image"])
    #expect(outcome.result.images?.distributions.first { $0.name == "size" }?.values.fences != nil)
  }
}
