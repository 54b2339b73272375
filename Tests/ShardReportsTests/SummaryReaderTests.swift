import ShardModel
import ShardReports
import ShardTestSupport
import Testing

@Suite("Summaries read back") struct SummaryReaderTests {
  /// A result with all that is compared.
  static var result: ScanResult {
    var result = SampleResults.failing
    let bins = [
      HistogramBin(low: -1e300, high: 0.1, count: 3), HistogramBin(low: 0.1, high: 7e22, count: 1 << 40),
    ]
    for index in result.fields.indices {
      result.fields[index].numbers?.bins = bins
      result.fields[index].text?.characters.bins = bins
      result.fields[index].list?.lengths.bins = bins
    }
    return result
  }

  @Test("what was written is read back as it was") func roundTrip() throws {
    let result = Self.result
    let read = try SummaryReader.baseline(SummaryReport.render(result))
    let expected = Baseline(records: result.totals.records, summaries: result.fields)
    #expect(read == expected)
    #expect(read.fields.contains { $0.numbers != nil } && read.fields.contains { $0.characters != nil })
    #expect(read.fields.contains { $0.lengths != nil } && read.fields.contains { $0.top?.values.count == 2 })
    var writer = ByteWriter()
    read.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try Baseline(decoding: &reader) == read)
    #expect(reader.remaining == 0)
    let redacted = try SummaryReader.baseline(SummaryReport.render(result, redact: true))
    #expect(redacted.fields.allSatisfy { $0.top == nil })
  }

  @Test(
    "what is no summary of this version is refused with what to do",
    arguments: [
      ("", "not a summary"), ("[]", "not a summary"), ("{}", "not a summary"),
      ("id,a\n1,2\n", "not a summary"),
      ("{\"format\": \"shardcheck-shard\", \"version\": 1}", "not a summary"),
      ("{\"format\": \"shardcheck-summary\"}", "expected 1, found no version"),
      ("{\"format\": \"shardcheck-summary\", \"version\": 2, \"fields\": 7}", "expected 1, found version 2"),
      ("{\"format\": \"shardcheck-summary\", \"version\": 1}", "totals or fields are missing"),
      (
        "{\"format\": \"shardcheck-summary\", \"version\": 1, \"totals\": {\"records\": 1}, \"fields\": [], "
          + "\"interrupted\": true}", "interrupted"
      ),
    ])
  func refused(_ text: String, _ message: String) {
    let failure = #expect(throws: SummaryReader.Failure.self) { try SummaryReader.baseline(Array(text.utf8)) }
    #expect(failure?.description.contains(message) == true, "\(failure?.description ?? "")")
    #expect(failure?.hint.isEmpty == false)
  }

  @Test(
    "what a scan would not write is refused at its byte",
    arguments: [
      "{\"types\": {}}", "{\"path\": \"a\", \"types\": {\"number\": -1}}",
      "{\"path\": \"a\", \"types\": {\"number\": 1, \"integer\": 2}}",
      "{\"path\": \"a\", \"types\": {\"number\": 999999999999999999}}", "{\"path\": \"a\", \"numbers\": {}}",
      "{\"path\": \"a\", \"numbers\": {\"bins\": [[0, 1, 5]]}}",
      "{\"path\": \"a\", \"numbers\": {\"quantiles\": {\"0.5\": 1}, \"bins\": [[1, 0, 5]]}}",
      "{\"path\": \"a\", \"numbers\": {\"quantiles\": {\"0.5\": 1}, \"bins\": [[0, 2, 5], [1, 3, 1]]}}",
      "{\"path\": \"a\", \"numbers\": {\"quantiles\": {\"0.5\": 1}, \"bins\": [[0, 2]]}}",
      "{\"path\": \"a\", \"numbers\": {\"quantiles\": {\"0.5\": 1e999}, \"bins\": [[0, 2, 1]]}}",
      "{\"path\": \"a\", \"numbers\": {\"quantiles\": {\"0.5\": NaN}, \"bins\": [[0, 2, 1]]}}",
      "{\"path\": \"a\"}, {\"path\": \"a\"}", "{\"path\": \"\\ud800\"}", "{\"path\": \"a\", }",
      "{\"path\": 01}",
      String(repeating: "[", count: 100_000), "{\"path\": \"a",
    ])
  func hostile(_ field: String) {
    let text =
      "{\"format\": \"shardcheck-summary\", \"version\": 1, \"totals\": {\"records\": 1}, \"fields\": [\(field)]}"
    let failure = #expect(throws: SummaryReader.Failure.self) { try SummaryReader.baseline(Array(text.utf8)) }
    #expect(failure?.description.contains("(byte ") == true, "\(failure?.description ?? "")")
  }

  @Test("changed bytes are refused or read as something that can be written and compared") func mutations() {
    var random = RepeatableRandom(seed: 8)
    let good = SummaryReport.render(Self.result)
    var read = 0
    for _ in 0..<1_500 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8(ascii: "9"), at: place)
        }
      }
      guard let baseline = try? SummaryReader.baseline(bytes) else { continue }
      read += 1
      #expect(baseline.fields.allSatisfy { $0.numbers?.isOrdered ?? true })
    }
    #expect(read > 100 && read < 1_400)
  }
}
