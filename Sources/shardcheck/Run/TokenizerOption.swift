import Glibc
import ShardIngest
import ShardReports
import ShardScan

/// `--tokenizer`: which file it means, and reading it.
enum TokenizerOption {
  /// The word for the tokenizer beside the data.
  static let auto = "auto"
  private static let names = ["tokenizer.json", "tokenizer.model"]
  private static let ending = ".tiktoken"

  /// - Parameters:
  ///   - name: as it was typed; nil: none is wanted.
  ///   - inputs: without the tokenizer's own file afterwards, which is no shard.
  static func load(
    _ name: String?, beside paths: [String], _ inputs: inout [ShardInput]
  ) throws(UsageError) -> TokenizerFile? {
    guard let name else { return nil }
    let path = name == auto ? try find(beside: folders(of: paths, inputs)) : name
    let file = try read(path)
    let own = StandardPath.of(path)
    inputs.removeAll {
      !$0.isStandardInput && $0.path.hasSuffix(Self.lastName(path)) && StandardPath.of($0.path) == own
    }
    return file
  }

  static func read(_ path: String) throws(UsageError) -> TokenizerFile {
    do throws(TokenizerFile.Failure) {
      return try TokenizerFile(path: path)
    } catch {
      throw UsageError(
        "--tokenizer: \(error)",
        hint: "expected tokenizer.json, a .tiktoken rank file, a SentencePiece .model or CLIP's merges")
    }
  }

  /// The first tokenizer of the folders, in their order.
  static func find(beside folders: [String]) throws(UsageError) -> String {
    for folder in folders {
      let found = Set((try? Files.list(folder)) ?? [])
      let name = names.first { found.contains($0) } ?? found.filter { $0.hasSuffix(ending) }.min()
      if let name { return folder == "." ? name : folder + "/" + name }
    }
    let shown = folders.prefix(3).joined(separator: ", ") + (folders.count > 3 ? ", …" : "")
    throw UsageError(
      "--tokenizer auto: there is no tokenizer.json, tokenizer.model or *.tiktoken in \(shown)",
      hint: "name the file: --tokenizer FILE")
  }

  /// Folders that were named, then those of the files, each once.
  private static func folders(of paths: [String], _ inputs: [ShardInput]) -> [String] {
    var folders: [String] = []
    var known: Set<String> = []
    func add(_ folder: String) {
      if known.insert(folder).inserted { folders.append(folder) }
    }
    for path in paths {
      var path = path
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      if Files.isFolder(path) { add(path) }
    }
    for input in inputs { add(input.isStandardInput ? "." : Files.parent(of: input.path)) }
    return folders
  }

  private static func lastName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Says which tokenizer is in use, on standard error.
  static func announce(_ file: TokenizerFile, _ settings: ScanSettings) {
    let tokens = settings.checks.rules.tokens
    let form = tokens.trainer?.rawValue ?? tokens.template?.rawValue ?? "plain"
    Terminal.writeError(
      "shardcheck: tokenizer \(Printable.line(file.identity.path)): \(file.identity.kind), "
        + "\(file.identity.vocabularySize) tokens; conversations as \(form)\n")
  }
}
