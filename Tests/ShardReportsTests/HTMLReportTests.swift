import Glibc
import ShardModel
import ShardReports
import Testing

@Suite("HTML report") struct HTMLReportTests {
  private func page(_ result: ScanResult, redact: Bool = false) -> [UInt8] {
    HTMLReport.render(result, descriptions: PageResults.descriptions, redact: redact)
  }

  @Test("every page is well-formed, its headings in order", arguments: SampleResults.all.indices)
  func wellFormed(index: Int) throws {
    let markup = try MarkupReader(page(SampleResults.all[index].result))
    #expect(markup.counts["h1"] == 1 && markup.levels.first == 1)
    for (before, after) in zip(markup.levels, markup.levels.dropFirst()) { #expect(after <= before + 1) }
    #expect(markup.counts["script"] == 1 && markup.counts["style"] == 1)
  }

  @Test("all sections are there") func sections() throws {
    let bytes = page(PageResults.everything)
    let markup = try MarkupReader(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    for id in ["verdict", "checks", "drift", "tokens", "pictures", "fields", "shards"] {
      #expect(text.contains("<section id=\"\(id)\""), "\(id)")
    }
    for words in [
      "One NaN makes the loss of its batch NaN", "Not checked", "12 members are not record files",
      "zcat a/00001.jsonl.gz | sed -n 18p", "outlier fences 20 to 8,000,000", "limit 2,048", "lost field",
      "mean brightness 3", "all of one colour", "NaN or infinite values",
    ] {
      #expect(markup.text.contains(words), "\(words)")
    }
    #expect(
      text.contains("class=\"fence\"") && text.contains("class=\"limit\"")
        && text.contains("class=\"before\""))
    #expect(markup.counts["img"] == 2)
    #expect(text.contains("alt=\"images/000123.png, flagged by image-dark, image-flat\""))
    expectSnapshot(text, named: "report-everything.html")
  }

  @Test("no attack becomes markup") func injections() throws {
    let attacks = try Injections.all()
    #expect(attacks.count >= 100)
    let clean = try MarkupReader(page(PageResults.injected(["name"])))
    for attack in attacks {
      // One by one, so that two do not hide each other.
      let markup = try MarkupReader(page(PageResults.injected([attack])))
      #expect(markup.counts["script"] == clean.counts["script"], "\(attack.prefix(80))")
    }
    _ = try MarkupReader(page(PageResults.injected(attacks)))
  }

  @Test("redaction leaves out values, keys and pictures") func redacted() throws {
    let text = String(decoding: page(PageResults.everything, redact: true), as: UTF8.self)
    #expect(!text.contains("unfinished") && !text.contains("id-18") && !text.contains("<img"))
    #expect(!text.contains(">Yes.<") && text.contains("(redacted)"))
  }

  @Test("200 fields and 1,000 shards stay under 2 MB") func large() throws {
    let bytes = page(PageResults.large)
    #expect(bytes.count < 2_000_000, "\(bytes.count)")
    let markup = try MarkupReader(bytes)
    #expect(markup.counts["tr"] == 1_004)
  }

  @Test("what is beyond the limits of the page is said") func bounded() throws {
    var result = PageResults.large
    result.shards += result.shards.map { shard in
      var other = shard
      other.name += "-copy"
      return other
    }
    result.fields += result.fields.map { field in
      var other = field
      other.path += "_copy"
      return other
    }
    let bytes = page(result)
    #expect(bytes.count < 3_000_000)
    let markup = try MarkupReader(bytes)
    #expect(markup.text.contains("1,000 worst of 2,000 shards"))
    #expect(markup.text.contains("Shown are 250 of 400"))
  }

  @Test("pictures that are none, or too large, are left out") func pictures() {
    var result = PageResults.everything
    result.thumbnails[0].bytes = Array("<svg onload=alert(1)>".utf8)
    result.thumbnails[1].bytes += [UInt8](repeating: 0, count: Thumbnail.byteLimit)
    let text = String(decoding: page(result), as: UTF8.self)
    #expect(!text.contains("<img") && !text.contains("id=\"pictures\""))
  }

  @Test("numbers at the ends of what a double holds draw something finite") func extremes() throws {
    let largest = Double.greatestFiniteMagnitude
    for (low, high) in [
      (-largest, largest), (Double.leastNonzeroMagnitude, largest), (0, Double.leastNonzeroMagnitude),
      (1, 1.0.nextUp),
    ] {
      var result = SampleResults.passing
      var numbers = SampleResults.numbers(100, low, low / 2 + high / 2, high)
      numbers.histogram = [
        HistogramBin(low: low, high: low / 2 + high / 2, count: 50),
        HistogramBin(low: low / 2 + high / 2, high: high, count: 50),
      ]
      numbers.bins = numbers.histogram
      numbers.fences = OutlierFences(low: low, high: high, isLogarithmic: low > 0)
      result.fields = [SampleResults.number("x", numbers)]
      let text = String(decoding: page(result), as: UTF8.self)
      _ = try MarkupReader(Array(text.utf8))
      #expect(!text.contains("\"Mnan") && !text.contains("Minf"))
    }
  }

  @Test("writes its pages for a browser, where SHARDCHECK_PAGES says") func pages() throws {
    guard let folder = getenv("SHARDCHECK_PAGES").map({ String(cString: $0) }) else { return }
    var results = SampleResults.all
    results.append(("everything", PageResults.everything))
    results.append(("large", PageResults.large))
    results.append(("injections", PageResults.injected(try Injections.all())))
    var pages = results.map { ($0.0, page($0.1)) }
    pages.append(("diff", DiffReportTests.report().rendered(.html)))
    pages.append(("diff-injections", DiffReportTests.injected(try Injections.all()).rendered(.html)))
    for (name, bytes) in pages {
      let file = try #require(fopen("\(folder)/\(name).html", "w"))
      #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
      fclose(file)
    }
  }
}

@Suite("Support of the page") struct PageSupportTests {
  @Test(
    "SHA-256 of NIST's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ]) func sha256(text: String, expected: String)
  {
    let digits = SHA256.digest(Array(text.utf8)).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    #expect(digits.joined() == expected)
  }

  @Test(
    "base 64 of the examples of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]) func base64(text: String, expected: String)
  {
    var bytes = OutputBuffer()
    Base64.append(Array(text.utf8), to: &bytes)
    #expect(bytes.text == expected)
  }

  @Test("a spread never has more slots than its limit, and every shard is in one") func spread() {
    for shards in [1, 2, 63, 64, 65, 128, 129, 1_000, 10_007] {
      let spread = PageResults.spread(shards, odd: shards / 2)
      #expect(spread.slots.count <= ShardSpread.slotLimit)
      #expect(spread.slots.reduce(0) { $0 + $1.shards } == shards)
      #expect(spread.slots.compactMap(\.greatestMedian).max() == 8)
    }
  }
}

@Suite("Next steps") struct NextStepTests {
  @Test(
    "a word for the shell is the name and nothing else",
    arguments: [
      ("a/b.jsonl", "a/b.jsonl"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"), ("*", "'*'"),
      ("", nil), ("-rf", nil), ("a\nb", nil), ("a\u{202E}b", nil), ("`x`;", "'`x`;'"),
    ] as [(String, String?)]) func quoted(name: String, word: String?)
  {
    #expect(NextStep.quoted(name) == word)
  }

  @Test(
    "a record is shown by its line, or by its bytes where it may have several",
    arguments: [
      ("a.jsonl", "sed -n 4p a.jsonl"), ("a b.jsonl.zst", "zstdcat 'a b.jsonl.zst' | sed -n 4p"),
      ("a.csv", "tail -c +100 a.csv | head -c 7"), ("a.json.gz", "zcat a.json.gz | tail -c +100 | head -c 7"),
      ("-", nil), ("a\u{1B}.csv", nil),
    ] as [(String, String?)]) func look(shard: String, command: String?)
  {
    var example = FindingExample(
      shard: shard, location: Location(record: 3, line: 4, offset: 99, length: 7),
      finding: Finding(check: "number-nan", severity: .error, message: "NaN"))
    #expect(NextStep.look(example)?.command == command)
    example.location.member = "m"
    #expect(NextStep.look(example) == nil)
  }

  @Test("commands are whole in every width that shows them") func pasted() {
    for width in [40, 57, 80, 120] {
      var options = TerminalReport.Options()
      options.width = width
      options.outputDirectory = "shardcheck-out"
      let text = TerminalReport.render(SampleResults.failing, options: options)
      let joined = text.split(separator: " \\\n    ", omittingEmptySubsequences: false).joined(separator: " ")
      #expect(joined.contains("\n  shardcheck checks number-nan\n"))
      #expect(joined.contains("\n  zcat a/00001.jsonl.gz | sed -n 18p\n"))
      #expect(
        width < 50 || joined.contains("grep -F '\"check\":\"number-nan\"' shardcheck-out/quarantine.jsonl\n"))
    }
  }
}
