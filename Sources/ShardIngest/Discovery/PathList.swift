/// The paths of an `@FILE` argument: one a line, blank lines and lines that begin with `#` left out.
enum PathList {
  /// Room for some million paths; a larger list is not one.
  private static let maximumSize = 256 << 20

  /// Reads the list of a file, or of standard input for "-".
  static func read(_ path: String) throws(DiscoveryError) -> [String] {
    do throws(IngestError) {
      let workspace = DecodingWorkspace()
      let source =
        path == "-"
        ? try PlainSource.standardInput(workspace: workspace)
        : try PlainSource(path: path, workspace: workspace)
      var text: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let got = try source.read(into: &piece)
        if got == 0 { break }
        text += piece[..<got]
        guard text.count <= maximumSize else {
          throw IngestError.unsupported(reason: "more than \(maximumSize >> 20) MiB, not a list of paths")
        }
      }
      return lines(text)
    } catch {
      if case .unreadable(_, let reason) = error { throw .unreadableList(path: path, reason: reason) }
      throw .unreadableList(path: path, reason: error.description)
    }
  }

  /// Lines end with LF or CRLF; a byte order mark is dropped.
  static func lines(_ text: [UInt8]) -> [String] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let body = text.starts(with: mark) ? text[3...] : text[...]
    return body.split(separator: 0x0A).compactMap { line in
      let line = line.last == 0x0D ? line.dropLast() : line
      guard line.first != UInt8(ascii: "#"), line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else {
        return nil
      }
      return String(decoding: line, as: UTF8.self)
    }
  }
}
