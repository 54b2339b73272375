import Glibc
import Testing

/// Compares a text with `Snapshots/NAME`. With `RECORD_SNAPSHOTS=1` in the environment the file is written again and
/// the run fails, so that nobody records by accident.
func expectSnapshot(
  _ text: String, named name: String, filePath: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var folder = filePath.split(separator: "/", omittingEmptySubsequences: false)
  while let last = folder.popLast(), !last.isEmpty {
    if folder.last == "Tests" {
      folder.append(last)
      break
    }
  }
  let path = folder.joined(separator: "/") + "/Snapshots/" + name
  if getenv("RECORD_SNAPSHOTS") != nil {
    write(text, to: path)
    Issue.record("recorded \(name); run again without RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
    return
  }
  guard let expected = read(path) else {
    Issue.record(
      "there is no snapshot \(path): run once with RECORD_SNAPSHOTS=1", sourceLocation: sourceLocation)
    return
  }
  guard text != expected else { return }
  let (found, wanted) = (lines(text), lines(expected))
  let line = zip(found, wanted).prefix { $0 == $1 }.count
  Issue.record(
    """
    \(name) differs at line \(line + 1)
    expected: \(line < wanted.count ? wanted[line] : "the end")
    found:    \(line < found.count ? found[line] : "the end")
    """, sourceLocation: sourceLocation)
}

func lines(_ text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}

private func read(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes.append(contentsOf: chunk[..<count])
  }
}

private func write(_ text: String, to path: String) {
  guard let file = fopen(path, "w") else { return }
  defer { fclose(file) }
  fputs(text, file)
}
