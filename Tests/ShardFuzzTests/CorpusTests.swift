import Foundation
import ShardFuzz
import Testing

/// The inputs that fuzzers found worth keeping, and those that once broke something, in every test run.
@Suite struct CorpusTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzz")

  @Test(arguments: FuzzTarget.all.map(\.name))
  func `every input of the corpus is borne`(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.root.appendingPathComponent(name), includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    target.run([])
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      #expect(bytes.count <= target.maximumLength, "\(file.path) is longer than the fuzzer takes")
      target.run(bytes)
    }
  }

  @Test func `every folder of inputs has a target`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
    #expect(names.filter { !$0.contains(".") }.sorted() == FuzzTarget.all.map(\.name))
  }
}
