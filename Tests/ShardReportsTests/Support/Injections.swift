import Glibc
import ShardReports

/// Texts that try to become markup, script, style or an address, or to break the layout: a JSON string a line, so that
/// other programs can read them too.
enum Injections {
  static func all() throws -> [String] {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    let path = folder.joined(separator: "/") + "/Fixtures/injections.jsonl"
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      var cursor = JSONCursor(Array(line))
      return try cursor.string()
    }
  }
}
