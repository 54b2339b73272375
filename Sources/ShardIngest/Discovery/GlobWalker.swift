/// Finds the paths that a glob names, component by component; `**` stands for any number of directories.
///
/// The root is the part before the first wildcard: links that lead out of it are not followed, and `**` follows no
/// links at all. A directory that matches is searched like a directory that was named, and so is what a `**` at
/// the end stands for.
struct GlobWalker {
  private let glob: String
  private let excluded: Set<String>
  private var realRoot = "/"
  private(set) var hasMatch = false

  init(glob: String, excluded: Set<String>) {
    self.glob = glob
    self.excluded = excluded
  }

  /// Adds everything that matches. Braces that name single files which are missing are problems, if others match.
  mutating func walk(into result: inout DiscoveryResult) throws(DiscoveryError) {
    var missing: [String] = []
    let knownProblems = result.problems.count
    for pattern in try BraceExpansion.expand(glob) {
      let isAbsolute = pattern.utf8.first == UInt8(ascii: "/")
      var components = PathName.components(pattern)[...]
      var base = isAbsolute ? "/" : "."
      while let literal = components.first.flatMap({ GlobPattern($0).literal }), components.first != "**" {
        base = PathName.join(base, literal)
        components = components.dropFirst()
      }
      if components.isEmpty {
        if !takeLiteral(base, &result) { missing.append(base) }
        continue
      }
      guard let real = FileSystem.realPath(base) else { continue }
      realRoot = real
      descend(base, components, &result)
    }
    guard hasMatch || result.problems.count > knownProblems else { throw .noMatch(glob: glob) }
    for path in missing { result.add(path, "no such file or directory, named by \(glob)") }
  }

  private mutating func takeLiteral(_ path: String, _ result: inout DiscoveryResult) -> Bool {
    do throws(FileSystem.Failure) {
      take(path, try FileSystem.status(path).kind, &result)
      return true
    } catch {
      if error.isMissing { return false }
      result.add(path, error.reason)
      return true
    }
  }

  private mutating func take(_ path: String, _ kind: FileSystem.Kind, _ result: inout DiscoveryResult) {
    hasMatch = true
    if kind == .directory {
      var walker = DirectoryWalker(root: path, excluded: excluded)
      walker.walk(into: &result)
    } else {
      result.inputs.append(ShardInput(name: path, path: path))
    }
  }

  private mutating func descend(
    _ directory: String, _ components: ArraySlice<Substring>, _ result: inout DiscoveryResult
  ) {
    guard let component = components.first else { return }
    let rest = components.dropFirst()
    if component == "**" {
      if rest.isEmpty {
        take(directory, .directory, &result)
        return
      }
      descend(directory, rest, &result)
      for (path, kind) in entries(
        directory, { $0.utf8.first != UInt8(ascii: ".") }, followsLinks: false, &result)
      where kind == .directory {
        descend(path, components, &result)
      }
      return
    }
    let pattern = GlobPattern(component)
    for (path, kind) in entries(directory, pattern.matches, followsLinks: true, &result) {
      if rest.isEmpty {
        take(path, kind, &result)
      } else if kind == .directory {
        descend(path, rest, &result)
      }
    }
  }

  private func entries(
    _ directory: String, _ isWanted: (String) -> Bool, followsLinks: Bool, _ result: inout DiscoveryResult
  ) -> [(String, FileSystem.Kind)] {
    do throws(FileSystem.Failure) {
      var found: [(String, FileSystem.Kind)] = []
      for entry in try FileSystem.entries(directory).entries where isWanted(entry.name) {
        let path = PathName.join(directory, entry.name)
        var kind = entry.kind
        if kind == nil { kind = try? FileSystem.status(path, followsLinks: false).kind }
        if kind == .link {
          guard followsLinks, let real = FileSystem.realPath(path), PathName.isInside(real, realRoot) else {
            result.skipped.links += 1
            continue
          }
          kind = try? FileSystem.status(path).kind
        }
        if let kind { found.append((path, kind)) }
      }
      return found
    } catch {
      if !error.isMissing { result.add(directory, error.reason) }
      return []
    }
  }
}
