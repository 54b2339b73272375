import Glibc
import Testing

/// The same duplicates as Python finds by reading the records and comparing them (`Fixtures/make_duplicates.py`).
struct DuplicatePythonTests {
  private func fixture(_ name: String) throws -> String {
    let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
    let file = try #require(fopen(folder + "/Fixtures/" + name, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  @Test("Every record has the first that Python says")
  func same() throws {
    let firsts = try fixture("duplicates.txt").split(separator: "\n").map { try #require(Int($0)) }
    let hashes = recordHashes(try fixture("duplicates.jsonl"))
    #expect(hashes.count == firsts.count)
    var seen: [String: Int] = [:]
    let found = try hashes.enumerated().map { index, hash in
      let hash = try #require(hash)
      if let first = seen[hash] { return first }
      seen[hash] = index
      return -1
    }
    #expect(found == firsts)
  }
}
