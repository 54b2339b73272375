import ShardModel
import ShardReports
import Testing

@Suite("Terminal report") struct TerminalReportTests {
  static let results = SampleResults.all

  private func options(_ width: Int, color: Bool = false, verbose: Bool = false) -> TerminalReport.Options {
    var options = TerminalReport.Options()
    options.width = width
    options.usesColor = color
    options.isVerbose = verbose
    options.outputDirectory = "shardcheck-out"
    return options
  }

  @Test("what people read", arguments: results.indices, [80, 120]) func snapshot(index: Int, width: Int) {
    let (name, result) = Self.results[index]
    expectSnapshot(
      TerminalReport.render(result, options: options(width)), named: "terminal-\(name)-\(width).txt")
  }

  @Test("no line is too wide and no control character comes through", arguments: results.indices)
  func fits(index: Int) {
    for width in [1, 10, 40, 57, 80, 100, 131, 200] {
      for verbose in [false, true] {
        let text = TerminalReport.render(
          Self.results[index].result, options: options(width, verbose: verbose))
        for line in lines(text) { #expect(DisplayWidth.of(line) <= width, "\(line)") }
        #expect(
          text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n"
              || ![.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
              || scalar == "\u{200D}"
          })
      }
    }
  }

  @Test("colours change nothing but colours", arguments: results.indices) func colors(index: Int) {
    let result = Self.results[index].result
    let colored = TerminalReport.render(result, options: options(80, color: true))
    var plain = ""
    var isCode = false
    for scalar in colored.unicodeScalars {
      if scalar == "\u{1B}" {
        isCode = true
      } else if isCode {
        if scalar == "m" { isCode = false }
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    #expect(plain == TerminalReport.render(result, options: options(80)))
    #expect(colored.contains("\u{1B}["))
  }

  @Test("quiet is the verdict alone") func quiet() {
    #expect(
      TerminalReport.renderVerdict(SampleResults.passing, options: options(80)) == """
        PASSED  no data cause found in 1,000 records
                no error, no record quarantined
                1,000 records, 123 kB in 1 shard

        """)
  }

  @Test("redaction shows no value") func redacted() {
    var options = options(120, verbose: true)
    options.redact = true
    let text = TerminalReport.render(SampleResults.failing, options: options)
    #expect(!text.contains("unfinished") && !text.contains("= NaN") && text.contains("(redacted)"))
  }

  @Test("verbose shows all fields") func verbose() {
    let text = TerminalReport.render(SampleResults.manyFields, options: options(80, verbose: true))
    // A row of the table and a histogram each.
    #expect(lines(text).filter { $0.contains("columns.") }.count == 600)
  }
}
