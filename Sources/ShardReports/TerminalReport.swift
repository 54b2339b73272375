import ShardModel

/// The result in words on a terminal: the verdict first, then what it rests on, then where to read on.
///
/// No line is wider than asked for, nothing from the data reaches the terminal raw, and colour never says what the
/// words do not. Display limits hold here only; the files have everything.
package struct TerminalReport {
  package struct Options: Sendable {
    /// Columns; below `TerminalReport.minimumWidth` lines are cut instead of laid out.
    package var width = 80
    package var usesColor = false
    /// No display limits, and all examples.
    package var isVerbose = false
    /// Leave out what was read.
    package var redact = false
    /// Where the files are, as the user wrote it; nil where none were written.
    package var outputDirectory: String?
    /// Those that were written, in the order of `ReportCatalog.all`.
    package var reports: [Report] = ReportCatalog.all.filter(\.isAlwaysWritten)

    package init() {}
  }

  package static let minimumWidth = 40

  let result: ScanResult
  let options: Options
  private(set) var lines: [StyledLine] = []

  var width: Int { max(Self.minimumWidth, options.width) }

  private init(_ result: ScanResult, _ options: Options) {
    self.result = result
    self.options = options
  }

  /// The whole report; every line ends with a line feed.
  package static func render(_ result: ScanResult, options: Options) -> String {
    var report = TerminalReport(result, options)
    report.addVerdict()
    report.addLimits()
    report.addChecks()
    report.addFields()
    report.addTokens()
    report.addImages()
    report.addHistograms()
    report.addShards()
    report.addFiles()
    return report.text
  }

  /// The verdict and its reason alone, for `--quiet`.
  package static func renderVerdict(_ result: ScanResult, options: Options) -> String {
    var report = TerminalReport(result, options)
    report.addVerdict()
    return report.text
  }

  private var text: String {
    lines.map { $0.rendered(width: max(1, options.width), color: options.usesColor) + "\n" }.joined()
  }

  mutating func add(_ line: StyledLine = StyledLine()) { lines.append(line) }

  mutating func addHeading(_ text: String, _ remark: String = "") {
    add()
    var line = StyledLine(text, .heading)
    if !remark.isEmpty { line.append("  " + remark, .faint) }
    add(line)
  }

  /// A word in a style and a text that is broken into lines beside it.
  mutating func addParagraph(
    _ label: String, _ style: TextStyle, _ text: String, _ textStyle: TextStyle = .plain
  ) {
    let broken = Paragraph.lines(Printable.line(text), width: width - DisplayWidth.of(label))
    for (index, part) in broken.enumerated() {
      var line = StyledLine()
      if index == 0 { line.append(label, style) }
      line.pad(to: DisplayWidth.of(label))
      line.append(part, textStyle)
      add(line)
    }
  }
}
