import ShardModel
import ShardReports
import Testing

@Suite("tokens in JSON reports") struct TokenReportTests {
  private static var tokens: TokenSummary {
    var tokens = TokenSummary(path: "input_ids")
    tokens.lengths = SampleResults.numbers(4, 1, 700, 250)
    tokens.tokens = 1_000
    tokens.positions = 1_250
    tokens.labelledSequences = 4
    tokens.labelled = 300
    tokens.unlabelled = 1
    tokens.limits = [
      TokenSummary.Limit(limit: 512, sequences: 1, tokens: 188, unlabelled: 2, padded: 2_048, packed: 1_024)
    ]
    return tokens
  }

  @Test("a summary has the tokens of each field and of all") func summary() throws {
    var result = ScanResult()
    var field = FieldSummary(path: "input_ids")
    field.tokens = Self.tokens
    result.fields = [field]
    result.tokens = Self.tokens
    let json = try StrictJSON(SummaryReport.render(result))
    guard case .array(let fields)? = json["fields"] else {
      Issue.record("no fields")
      return
    }
    for tokens in [json["tokens"], fields[0]["tokens"]] {
      #expect(tokens?["tokens"] == .number("1000") && tokens?["positions"] == .number("1250"))
      #expect(tokens?["paddingRate"] == .number("0.2"))
      #expect(tokens?["labelled"] == .number("300") && tokens?["unlabelledSequences"] == .number("1"))
      #expect(tokens?["charactersPerToken"] == nil)
      guard case .array(let limits)? = tokens?["limits"] else {
        Issue.record("no limits")
        continue
      }
      #expect(limits[0]["sequencesCut"] == .number("1") && limits[0]["tokensLost"] == .number("188"))
      #expect(limits[0]["sequencesWithoutLabel"] == .number("2"))
      #expect(
        limits[0]["paddedPositions"] == .number("2048") && limits[0]["packedPositions"] == .number("1024"))
    }
  }

  @Test("texts have their characters and unknown tokens beside") func texts() throws {
    var result = ScanResult()
    result.tokens = Self.tokens
    result.tokens?.characters = 4_500
    result.tokens?.unknown = 3
    #expect(try StrictJSON(SummaryReport.render(result))["tokens"]?["charactersPerToken"] == nil)
    result.tokens?.labelledSequences = 0
    let tokens = try StrictJSON(SummaryReport.render(result))["tokens"]
    #expect(tokens?["charactersPerToken"] == .number("4.5") && tokens?["unknown"] == .number("3"))
  }

  @Test("the terminal says what is usual, what the limit cuts, and what counted") func terminal() throws {
    var result = ScanResult()
    var field = FieldSummary(path: "conversations")
    field.tokens = Self.tokens
    field.tokens?.path = "conversations"
    field.tokens?.characters = 4_500
    field.tokens?.kept = 512
    result.fields = [field]
    result.tokenizer = TokenizerSummary(
      kind: "BPE", vocabularySize: 151_860, digest: "00ff", template: "chatml")
    var options = TerminalReport.Options()
    options.width = 100
    let text = TerminalReport.render(result, options: options)
    #expect(text.contains("Tokens  BPE, 151,860 tokens; conversations as chatml\n"), "\(text)")
    let line = text.split(separator: "\n").drop { !$0.hasPrefix("Tokens") }.dropFirst().joined(separator: " ")
    for part in [
      "1,000 in all, 300 labelled", "over 512: 1 (25%)", "188 tokens lost",
      "2 without a label left",
    ] {
      #expect(line.replacing(#/ +/#, with: " ").contains(part), "\(text)")
    }
    let tokenizer = try StrictJSON(SummaryReport.render(result))["tokenizer"]
    #expect(tokenizer?["vocabulary"] == .number("151860") && tokenizer?["template"] == .string("chatml"))
  }

  @Test("a shard's report has the tokens of its fields, one without them has none") func shard() throws {
    var shard = ShardSummary(name: "a", status: .complete, format: "jsonl", compression: "none")
    #expect(try StrictJSON(ShardReport.render(shard))["tokens"] == nil)
    shard.tokens = [Self.tokens]
    guard case .array(let tokens)? = try StrictJSON(ShardReport.render(shard))["tokens"] else {
      Issue.record("no tokens")
      return
    }
    #expect(tokens.count == 1 && tokens[0]["path"] == .string("input_ids"))
  }
}
