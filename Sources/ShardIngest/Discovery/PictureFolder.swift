/// Which files of a folder are samples: pictures, and the texts and metadata of the same name beside them.
///
/// - Complexity: O(n log n) in the number of files; memory O(names).
struct PictureFolder {
  /// Names of files in the order in which they are read: those of a sample follow each other.
  private(set) var files: [String] = []
  private(set) var pictures = 0

  /// - Parameter names: of the regular files of the folder, hidden ones left out.
  init(_ names: [String]) {
    var parts: [(name: String, stem: Substring, ending: String)] = []
    var stems: Set<Substring> = []
    for name in names {
      guard let period = name.lastIndex(of: "."), period > name.startIndex else { continue }
      let ending = name[name.index(after: period)...].lowercased()
      let content = SampleContent(ending: ending)
      guard content != .other else { continue }
      parts.append((name, name[..<period], ending))
      if content == .picture {
        pictures += 1
        stems.insert(name[..<period])
      }
    }
    var beside: [String: Int] = [:]
    for part in parts where SampleContent(ending: part.ending) != .picture && stems.contains(part.stem) {
      beside[part.ending, default: 0] += 1
    }
    // A text without a picture is a sample cut in half where half of the pictures have such texts.
    let usual = Set(beside.filter { 2 * $0.value >= pictures }.keys)
    parts.removeAll { part in
      SampleContent(ending: part.ending) != .picture && !stems.contains(part.stem)
        && !usual.contains(part.ending)
    }
    parts.sort { left, right in
      left.stem.utf8.elementsEqual(right.stem.utf8)
        ? left.ending.utf8.lexicographicallyPrecedes(right.ending.utf8)
        : left.stem.utf8.lexicographicallyPrecedes(right.stem.utf8)
    }
    files = parts.map(\.name)
  }

  /// Whether the folder is one of pictures: it has two at least, and more than half of its files belong to them.
  func isOne(among names: Int) -> Bool { pictures >= 2 && files.count * 2 > names }
}
