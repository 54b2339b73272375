import Foundation
import ShardRules
import Testing

/// Files that are refused, each with every message, from `Fixtures/malformed.txt`.
@Suite struct MalformedRulesTests {
  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/malformed.txt")

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var messages: [String]

    var testDescription: String { name }
  }

  private static func read() throws -> (header: String, cases: [Case]) {
    let text = try String(contentsOf: file, encoding: .utf8)
    var parts = text.components(separatedBy: "\n== ")
    let header = parts.removeFirst()
    let cases = parts.map { part in
      var lines = part.components(separatedBy: "\n")
      let name = lines.removeFirst()
      if lines.last == "" { lines.removeLast() }
      let messages = lines.filter { $0.hasPrefix("-> ") }.map { String($0.dropFirst(3)) }
      let content = lines.filter { !$0.hasPrefix("-> ") }
      return Case(name: name, text: content.map { $0 + "\n" }.joined(), messages: messages)
    }
    return (header, cases)
  }

  static let cases = (try? read().cases) ?? []

  @Test(arguments: cases)
  func `every mistake is said`(malformed: Case) {
    let found = mistakes(malformed.text)
    #expect(!found.isEmpty)
    #expect(found == malformed.messages)
  }

  @Test func `there are at least 200 cases with names of their own`() {
    #expect(Self.cases.count >= 200)
    #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
    #expect(Set(Self.cases.map(\.text)).count == Self.cases.count)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil))
  func `record`() throws {
    let (header, cases) = try Self.read()
    let parts = cases.map { malformed in
      "== \(malformed.name)\n\(malformed.text)"
        + mistakes(malformed.text).map { "-> \($0)\n" }.joined()
    }
    try ([header.trimmingCharacters(in: .newlines) + "\n"] + parts).joined(separator: "\n")
      .write(to: Self.file, atomically: true, encoding: .utf8)
    Issue.record("the messages were recorded; run again without RECORD_SNAPSHOTS")
  }
}
