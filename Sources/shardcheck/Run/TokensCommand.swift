import Glibc
import ShardReports
import ShardScan
import ShardTokens

/// `shardcheck tokens`: counts the tokens of texts, and shows them.
enum TokensCommand {
  private static let sizeLimit = 1 << 28

  static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
    if arguments.has("text"), !arguments.operands.isEmpty {
      throw UsageError("both --text and files", hint: "name one of the two")
    }
    let file = try tokenizer(arguments)
    if file == nil, arguments.has("show") || arguments.has("special") {
      throw UsageError("no tokenizer", hint: "name its file: --tokenizer FILE")
    }
    let counter = file.map { TokenCounter($0.tokenizer) }
    if let text = arguments.value("text") {
      report(Array(text.utf8), name: nil, counter, arguments)
      return ExitCode.passed
    }
    let paths = arguments.operands.isEmpty ? ["-"] : arguments.operands
    for path in paths { report(try read(path), name: paths.count > 1 ? path : nil, counter, arguments) }
    return ExitCode.passed
  }

  private static func tokenizer(_ arguments: Arguments) throws(UsageError) -> TokenizerFile? {
    guard let name = arguments.value("tokenizer") else { return nil }
    guard name == TokenizerOption.auto else { return try TokenizerOption.read(name) }
    let folders = arguments.operands.isEmpty ? ["."] : arguments.operands.map { Files.parent(of: $0) }
    let path = try TokenizerOption.find(beside: folders)
    let file = try TokenizerOption.read(path)
    Terminal.writeError("shardcheck: tokenizer \(Printable.line(path)): \(file.identity.kind)\n")
    return file
  }

  /// All bytes of a file or a pipe; `-` is standard input.
  private static func read(_ path: String) throws(UsageError) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes += part[..<count]
      guard bytes.count <= sizeLimit else {
        throw UsageError("\(path): more than \(sizeLimit) bytes", hint: "a text is counted whole; cut it")
      }
    }
  }

  private static func report(
    _ text: [UInt8], name: String?, _ counter: TokenCounter?, _ arguments: Arguments
  ) {
    // Continuation bytes begin no character.
    let characters = text.count { $0 & 0xC0 != 0x80 }
    var parts = [amount(characters, "character"), amount(text.count, "byte")]
    var shown = ""
    if let counter {
      let ids = counter.encode(text, allowingSpecial: arguments.has("special"))
      let tokenizer = counter.tokenizer
      parts.insert(amount(ids.count, "token"), at: 0)
      let added = tokenizer.prefix.count + tokenizer.suffix.count
      if added > 0 { parts[0] += " and \(added) that the model adds" }
      if counter.inexactTexts > 0 { parts.append("counted nearly, not exactly") }
      if arguments.has("show") {
        let width = String(tokenizer.vocabularySize).count
        for id in ids { shown += line(id, tokenizer.piece(id) ?? [], width: width) }
      }
    }
    let heading = name.map { Printable.line($0) + ": " } ?? ""
    Terminal.write(shown + heading + parts.joined(separator: ", ") + "\n")
  }

  /// The id, and the piece between quotes: bytes that are no text of their own in hexadecimal.
  private static func line(_ id: UInt32, _ piece: [UInt8], width: Int) -> String {
    let number = String(id)
    let padding = String(repeating: " ", count: max(0, width - number.count))
    guard let text = String(validating: piece, as: UTF8.self) else {
      let digits = piece.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      return "\(padding)\(number)  bytes \(digits.joined(separator: " "))\n"
    }
    return "\(padding)\(number)  \"\(Printable.line(text))\"\n"
  }

  private static func amount(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
