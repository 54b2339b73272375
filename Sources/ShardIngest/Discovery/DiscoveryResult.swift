/// The inputs of a scan and what was left out of it.
package struct DiscoveryResult: Sendable, Equatable {
  /// Something named or found that could not be looked at; the scan goes on and is incomplete.
  package struct Problem: Sendable, Equatable {
    package var path: String
    package var reason: String
  }

  /// Counts of what a directory holds beside its shards.
  package struct Skipped: Sendable, Equatable {
    /// How many names `unrecognizedExamples` keeps.
    static let maximumExamples = 10

    package var hidden = 0
    /// Symbolic links that lead out of the directory named, to nothing, or to what is an input already.
    package var links = 0
    /// Files that neither by name nor by content look like records, compressed data or an archive.
    package var unrecognized = 0
    /// Pictures beside shards: read where a record names them.
    package var pictures = 0
    /// Sockets, pipes and devices.
    package var other = 0
    /// The first names of unrecognized files in byte order.
    package var unrecognizedExamples: [String] = []

    mutating func addUnrecognized(_ name: String) {
      if let dot = name.lastIndex(of: "."),
        SampleContent(ending: name[name.index(after: dot)...].lowercased()) == .picture
      {
        pictures += 1
        return
      }
      unrecognized += 1
      let at = unrecognizedExamples.firstIndex { precedes(name, $0) } ?? unrecognizedExamples.count
      guard at < Self.maximumExamples else { return }
      unrecognizedExamples.insert(name, at: at)
      if unrecognizedExamples.count > Self.maximumExamples { unrecognizedExamples.removeLast() }
    }
  }

  /// In byte order of their names, each once.
  package var inputs: [ShardInput] = []
  package var problems: [Problem] = []
  package var skipped = Skipped()

  mutating func add(_ problemPath: String, _ reason: String) {
    problems.append(Problem(path: problemPath, reason: reason))
  }

  /// Puts everything in byte order. Names are compared as bytes: Swift's `==` would take two spellings of one
  /// accent for the same file.
  mutating func sortAndDeduplicate() {
    inputs.sort { precedes($0.name, $1.name) }
    var unique: [ShardInput] = []
    unique.reserveCapacity(inputs.count)
    for input in inputs where unique.last.map({ !$0.name.utf8.elementsEqual(input.name.utf8) }) ?? true {
      unique.append(input)
    }
    inputs = unique
    problems.sort { precedes($0.path, $1.path) }
  }
}

/// Byte order, the order of `LC_ALL=C sort`.
func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
