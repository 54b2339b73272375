import ShardModel

/// The report on the terminal: the verdict first, then what was found, then what the fields hold.
///
/// No line is wider than `width`; nothing of the data reaches the terminal unescaped; colours only repeat what words
/// say.
package struct TerminalReport {
  private let result: ScanResult
  private let folder: String
  private let width: Int
  private let paint: Paint
  private let isVerbose: Bool
  private let redact: Bool
  private var lines: [String] = []

  /// Fields and shards that are shown without `isVerbose`.
  private static let shownFields = 20
  private static let shownShards = 5

  private init(
    _ result: ScanResult, _ folder: String, _ width: Int, _ hasColor: Bool, _ isVerbose: Bool, _ redact: Bool
  ) {
    self.result = result
    self.folder = folder
    self.width = max(40, width)
    paint = Paint(isOn: hasColor)
    self.isVerbose = isVerbose
    self.redact = redact
  }

  /// - Parameter folder: the output directory, as the user named it.
  package static func render(
    _ result: ScanResult, folder: String, width: Int = 80, hasColor: Bool = false, isVerbose: Bool = false,
    redact: Bool = false
  ) -> String {
    var report = TerminalReport(result, folder, width, hasColor, isVerbose, redact)
    report.writeVerdict()
    report.writeChecks()
    report.writeFields()
    report.writeShards()
    report.writeNext()
    return report.lines.joined(separator: "\n") + "\n"
  }

  private mutating func write(_ text: String = "") { lines.append(text) }

  private mutating func writeWrapped(_ text: String, indent: Int, first: Int? = nil) {
    lines += Printable.wrapped(text, width: width, indent: indent, first: first)
  }

  // MARK: Verdict

  private mutating func writeVerdict() {
    let totals = result.totals
    let head: (word: String, color: Paint.Color)
    switch result.gate.outcome {
    case .passed: head = ("PASSED", .good)
    case .failed: head = ("FAILED", .error)
    case .incomplete: head = (result.isInterrupted ? "INTERRUPTED" : "INCOMPLETE", .warning)
    }
    let indent = head.word.count + 2
    let counts = [
      (totals.errors, "error"), (totals.warnings, "warning"), (totals.notes, "note"),
    ].filter { $0.0 > 0 }.map { NumberText.count($0.0, $0.1) }
    var text = ""
    if totals.errors == 0, totals.warnings == 0 {
      text = totals.records == 0 ? "no record was read" : "no data cause found"
      if let notes = counts.first { text += ", \(notes)" }
    } else if totals.quarantined > 0 {
      text = "\(NumberText.count(totals.quarantined)) of \(NumberText.count(totals.records, "record")) "
      text += totals.quarantined == 1 ? "is quarantined: " : "are quarantined: "
      text += counts.joined(separator: ", ")
    } else {
      text = counts.joined(separator: ", ") + ", no record is quarantined"
    }
    var verdict = Printable.wrapped(text, width: width, indent: indent)
    verdict[0] = paint(head.word, head.color, isBold: true) + "  " + verdict[0].dropFirst(indent)
    lines += verdict
    writeWrapped(
      "\(NumberText.count(totals.shards, "shard")), \(NumberText.count(totals.records, "record")), "
        + "\(NumberText.bytes(Double(totals.bytes))); gate: \(Printable.text(result.gate.reason))",
      indent: indent)
    for problem in result.problems.prefix(isVerbose ? Int.max : 5) {
      writeWrapped(
        "not read: \(Printable.text(problem.path)): \(Printable.text(problem.reason))", indent: indent + 2,
        first: indent)
    }
    if result.problems.count > 5, !isVerbose {
      write(String(repeating: " ", count: indent) + "and \(result.problems.count - 5) more not read")
    }
    for reason in result.unchecked {
      writeWrapped("not checked: " + Printable.text(reason), indent: indent + 2, first: indent)
    }
  }

  // MARK: Checks

  private mutating func writeChecks() {
    let ordered = result.checks.sorted { left, right in
      if left.value.severity != right.value.severity { return left.value.severity > right.value.severity }
      if left.value.findings != right.value.findings { return left.value.findings > right.value.findings }
      return left.key < right.key
    }
    if !ordered.isEmpty { write() }
    for (id, tally) in ordered {
      let label = tally.severity == .error ? "ERROR" : tally.severity.name
      let color: Paint.Color =
        tally.severity == .error ? .error : tally.severity == .warning ? .warning : .note
      var count = NumberText.count(tally.findings, "finding")
      if tally.records > 0 { count += " in \(NumberText.count(tally.records, "record"))" }
      write(
        paint(Printable.padded(label, 9), color, isBold: true)
          + Printable.fitted("\(Printable.padded(id, 22)) \(count)", width - 9))
      guard let example = tally.examples.first else { continue }
      writeExample(example)
    }
  }

  private mutating func writeExample(_ example: FindingExample) {
    let indent = 9
    let room = width - indent
    var place = ""
    if let shard = example.shard {
      place = Printable.text(shard)
      if let member = example.location.member { place += "!" + Printable.text(member) }
    }
    var position = ""
    if let record = example.location.record { position = "record \(record)" }
    if let line = example.location.line { position += position.isEmpty ? "line \(line)" : " (line \(line))" }
    if !place.isEmpty {
      let wanted = position.isEmpty ? room : max(12, room - Printable.width(position) - 2)
      place = Printable.fittedMiddle(place, wanted)
      write(
        String(repeating: " ", count: indent)
          + Printable.fitted(position.isEmpty ? place : "\(place): \(position)", room))
    }
    var what = example.finding.field.map { Printable.text($0) } ?? ""
    if !redact, let value = example.finding.value {
      let shown = Printable.fitted(Printable.text(value), 30)
      what += what.isEmpty ? "'\(shown)'" : " = \(shown)"
    }
    let message = Printable.text(example.finding.message)
    let text = what.isEmpty ? message : "\(Printable.fitted(what, room)): \(message)"
    let wrapped = Printable.wrapped(text, width: width, indent: indent)
    lines += wrapped.prefix(3)
  }

  // MARK: Fields

  private mutating func writeFields() {
    guard !result.fields.isEmpty else { return }
    write()
    let shown = isVerbose ? result.fields[...] : result.fields.prefix(Self.shownFields)
    let table = FieldTable(shown, width: width)
    write(paint(table.header, .plain, isBold: true))
    lines += table.rows
    if shown.count < result.fields.count {
      write("and \(result.fields.count - shown.count) more fields (--verbose shows all)")
    }
  }

  // MARK: Shards

  private mutating func writeShards() {
    guard result.shards.count > 1 else { return }
    write()
    let bad = result.shards.filter {
      $0.errors + $0.warnings > 0 || $0.status == .damaged || $0.status == .unread
    }
    let clean = result.shards.count - bad.count
    write(
      "\(NumberText.count(UInt64(clean))) of \(NumberText.count(UInt64(result.shards.count))) shards without error or warning"
        + (bad.isEmpty ? "" : "; the worst:"))
    let worst = bad.sorted { left, right in
      if (left.status == .unread) != (right.status == .unread) { return left.status == .unread }
      if left.errors != right.errors { return left.errors > right.errors }
      if left.warnings != right.warnings { return left.warnings > right.warnings }
      return ByteOrder.precedes(left.name, right.name)
    }
    for shard in worst.prefix(isVerbose ? Int.max : Self.shownShards) {
      var facts = "\(NumberText.count(shard.quarantined)) of \(NumberText.count(shard.records)) quarantined"
      if shard.status != .complete { facts = "\(shard.status.rawValue), " + facts }
      let room = max(12, width - 4 - Printable.width(facts))
      write(
        "  " + Printable.padded(Printable.fittedMiddle(Printable.text(shard.name), room), room) + "  " + facts
      )
    }
    if worst.count > Self.shownShards, !isVerbose { write("  and \(worst.count - Self.shownShards) more") }
  }

  // MARK: What next

  private mutating func writeNext() {
    write()
    let folder = Printable.text(folder)
    write(Printable.fittedMiddle("quarantine list  \(folder)/quarantine.jsonl", width))
    write(Printable.fittedMiddle("statistics       \(folder)/summary.json", width))
    let worst = result.checks.max { left, right in
      if left.value.severity != right.value.severity { return left.value.severity < right.value.severity }
      if left.value.findings != right.value.findings { return left.value.findings < right.value.findings }
      return left.key > right.key
    }
    if let worst { write(Printable.fitted("explain          shardcheck checks \(worst.key)", width)) }
  }
}

/// Colours that differ in brightness too; words always say the same.
struct Paint {
  enum Color: String {
    case error = "31"
    case warning = "33"
    case note = "36"
    case good = "34"
    case plain = ""
  }

  let isOn: Bool

  func callAsFunction(_ text: String, _ color: Color, isBold: Bool = false) -> String {
    guard isOn else { return text }
    let codes = [isBold ? "1" : "", color.rawValue].filter { !$0.isEmpty }.joined(separator: ";")
    return codes.isEmpty ? text : "\u{1B}[\(codes)m\(text)\u{1B}[0m"
  }
}
