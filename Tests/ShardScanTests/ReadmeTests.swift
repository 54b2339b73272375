import Glibc
import ShardChecks
import ShardReports
import Testing

struct ReadmeTests {
  @Test("README's table of checks is the one that the checks' descriptions make")
  func table() throws {
    let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/README.md"
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    let between = text.split(separator: "<!-- checks -->\n").dropFirst().first?.split(
      separator: "<!-- /checks -->"
    ).first
    let expected = ChecksPage.markdownTable(CheckCatalog.descriptions)
    #expect(between.map { String($0) } == expected, "put this between the marks of README.md:\n\(expected)")
  }
}
