import ShardModel
import ShardReports
import Testing

@Suite("Quarantine lines") struct QuarantineLineTests {
  private func line(_ findings: LocatedFindings, shard: String = "a/00001.jsonl.gz", redact: Bool = false)
    -> String
  {
    var bytes = OutputBuffer()
    QuarantineLine.append([findings], shard: shard, redact: redact, to: &bytes)
    return bytes.text
  }

  private let nan = Finding(
    check: "number-nan", severity: .error, field: "features[3]", value: "NaN", message: "not a finite number")

  @Test("a record has its place and all of its findings") func record() {
    let outlier = Finding(check: "number-outlier", severity: .warning, field: "x", value: "9", message: "m")
    let location = Location(record: 17, line: 18, offset: 5120, length: 310, key: "000017")
    #expect(
      line(LocatedFindings(location: location, findings: [outlier, nan]))
        == #"{"shard":"a/00001.jsonl.gz","record":17,"line":18,"offset":5120,"length":310,"key":"000017","#
        + #""severity":"error","findings":[{"check":"number-outlier","severity":"warning","field":"x","value":"9","#
        + #""message":"m"},{"check":"number-nan","severity":"error","field":"features[3]","value":"NaN","#
        + #""message":"not a finite number"}]}"# + "\n")
  }

  @Test("a member is named, what does not exist is null") func member() {
    let finding = Finding(check: "shard-empty", severity: .warning, message: "no record")
    let location = Location(member: "x\n/1.json")
    #expect(
      line(LocatedFindings(location: location, findings: [finding]), shard: "a.tar")
        == #"{"shard":"a.tar","member":"x\n/1.json","record":null,"line":null,"offset":0,"length":0,"key":null,"#
        + #""severity":"warning","findings":[{"check":"shard-empty","severity":"warning","field":null,"value":null,"#
        + #""message":"no record"}]}"# + "\n")
  }

  @Test("redaction leaves no value and no key") func redacted() throws {
    let location = Location(record: 0, line: 1, offset: 0, length: 2, key: "a person's id")
    let text = line(LocatedFindings(location: location, findings: [nan]), redact: true)
    #expect(text.contains(#""key":null"#))
    #expect(text.contains(#""value":null"#))
    #expect(!text.contains("person") && !text.contains("NaN"))
    _ = try StrictJSON(Array(text.utf8))
  }

  @Test("lines are appended") func appended() throws {
    var bytes = OutputBuffer()
    for _ in 0..<3 {
      QuarantineLine.append(
        [LocatedFindings(location: Location(record: 1), findings: [nan])], shard: "s", redact: false,
        to: &bytes
      )
    }
    let lines = bytes.bytes.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 3)
    for line in lines { _ = try StrictJSON(Array(line)) }
  }
}
