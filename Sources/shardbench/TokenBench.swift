import Glibc
import ShardTokens

/// `shardbench tokens TOKENIZER FILE`: the ids of each text of a file of JSON strings, a line each; with `special`, special
/// tokens in the texts are those. `shardbench count` reads the texts likewise and times counting them.
enum TokenBench {
  static func run(_ arguments: [String]) -> Int32 {
    let started = seconds()
    guard let file = read(arguments[2]), let lines = read(arguments[3]) else {
      print("\(arguments[2]) or \(arguments[3]) cannot be read")
      return 2
    }
    let tokenizer: Tokenizer
    do throws(TokenizerError) {
      let name = arguments[2].split(separator: "/").last.map(String.init) ?? ""
      tokenizer = try Tokenizer.load(file, name: name)
    } catch {
      print("\(arguments[2]): \(error)")
      return 2
    }
    let loaded = seconds() - started
    let texts = lines.split(separator: UInt8(ascii: "\n")).map(text)
    let counter = TokenCounter(tokenizer)
    if arguments[1] == "tokens" {
      list(texts, counter, allowingSpecial: arguments.count > 4)
    } else {
      let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 1 : 1
      time(texts, counter, rounds: rounds)
      print(
        "\(tokenizer.kind): loaded in \(Int(loaded * 1e3)) ms, peak \(peakMegabytes()) MB, \(counter.inexactTexts) inexact"
      )
    }
    return 0
  }

  private static func list(_ texts: [[UInt8]], _ counter: TokenCounter, allowingSpecial: Bool) {
    for text in texts {
      let ids = allowingSpecial ? counter.encode(text) : counter.encodeOrdinary(text)
      puts(ids.map(String.init).joined(separator: " "))
    }
  }

  private static func time(_ texts: [[UInt8]], _ counter: TokenCounter, rounds: Int) {
    let bytes = texts.reduce(0) { $0 + $1.count }
    for _ in 0..<rounds {
      let start = seconds()
      var tokens = 0
      for text in texts { tokens += counter.count(text) }
      let elapsed = seconds() - start
      print("\(tokens) tokens, \(bytes) bytes, \(elapsed) s, \(Double(bytes) / elapsed / 1e6) MB/s")
    }
  }

  private static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    guard size >= 0 else { return nil }
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { $1 = fread($0.baseAddress, 1, size, file) }
  }

  /// A string as Python's `json.dumps(text, ensure_ascii=False)` writes it.
  private static func text(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(line.count)
    var at = line.startIndex + 1
    while at < line.endIndex - 1 {
      guard line[at] == UInt8(ascii: "\\") else {
        result.append(line[at])
        at += 1
        continue
      }
      switch line[at + 1] {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "u"):
        let digits = String(decoding: line[(at + 2)..<min(at + 6, line.endIndex)], as: UTF8.self)
        result += Array(String(Unicode.Scalar(UInt32(digits, radix: 16) ?? 0xFFFD) ?? "\u{FFFD}").utf8)
        at += 4
      case let letter: result.append(letter)
      }
      at += 2
    }
    return result
  }
}
