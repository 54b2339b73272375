/// Turns the PATH arguments of a command into inputs.
///
/// A PATH is a file (taken whatever its name), a directory (searched, see `DirectoryWalker`), a glob (see
/// `GlobWalker`; a file of that very name goes first), `-` for standard input, or `@FILE`, a list of
/// paths one a line. Looks only at names, kinds and, for unknown names, first bytes; writes nothing.
package enum Discovery {
  /// - Parameters:
  ///   - arguments: as typed.
  ///   - excluding: directories to pass over where a search meets them, such as the place for results.
  /// - Throws: `DiscoveryError` where an argument names nothing or no input is left; what is found but cannot be
  ///   looked at is a problem in the result instead.
  package static func resolve(
    _ arguments: [String], excluding: [String] = []
  ) throws(DiscoveryError) -> DiscoveryResult {
    guard !arguments.isEmpty else { throw .noInput(hint: nil) }
    let excluded = Set(excluding.compactMap { FileSystem.realPath($0) })
    guard arguments.count(where: { $0 == "-" || $0 == "@-" }) <= 1 else { throw .standardInputTwice }
    var result = DiscoveryResult()
    for argument in arguments {
      if argument == "-" {
        result.inputs.append(.standardInput)
      } else if argument.utf8.first == UInt8(ascii: "@"), argument.utf8.count > 1 {
        for path in try PathList.read(String(argument.dropFirst())) where !take(path, excluded, &result) {
          result.add(PathName.normalized(path), "no such file or directory, named by \(argument)")
        }
      } else if !take(argument, excluded, &result) {
        guard GlobPattern.isGlob(argument) else { throw .notFound(path: argument) }
        var walker = GlobWalker(glob: argument, excluded: excluded)
        try walker.walk(into: &result)
      }
    }
    result.sortAndDeduplicate()
    guard !result.inputs.isEmpty || !result.problems.isEmpty else {
      throw .noInput(hint: hint(result.skipped))
    }
    return result
  }

  /// Takes a path as it is; false where nothing has that name.
  private static func take(
    _ argument: String, _ excluded: Set<String>, _ result: inout DiscoveryResult
  ) -> Bool {
    let path = PathName.normalized(argument)
    do throws(FileSystem.Failure) {
      guard !argument.isEmpty else { return false }
      if try FileSystem.status(path).kind == .directory {
        var walker = DirectoryWalker(root: path, excluded: excluded)
        walker.walk(into: &result)
      } else {
        result.inputs.append(ShardInput(name: path, path: path))
      }
      return true
    } catch {
      if error.isMissing { return false }
      // A pattern may be longer than any name can be.
      if GlobPattern.isGlob(argument) { return false }
      result.add(path, error.reason)
      return true
    }
  }

  private static func hint(_ skipped: DiscoveryResult.Skipped) -> String {
    guard skipped.unrecognized > 0 else { return "nothing there looks like data" }
    let names = skipped.unrecognizedExamples.prefix(3).joined(separator: ", ")
    let more = skipped.unrecognized > 3 ? ", ..." : ""
    return "\(skipped.unrecognized) files are not recognized (\(names)\(more))"
  }
}
