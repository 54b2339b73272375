import Foundation
import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct ArrayDamageTests {
  private static func file(_ shape: String, fortran: Bool = false, bytes: Int) -> [UInt8] {
    arrayFile(
      "{'descr': '<i2', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }",
      (0..<bytes).map { UInt8(truncatingIfNeeded: $0 / 2 * ($0 % 2 == 0 ? 1 : 0)) })
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var shape: String
    var isFortran = false
    var bytes: Int
    /// Records, a cut one included.
    var records: Int
    var said: [String]
    var defect: String?

    var testDescription: String { "\(shape) \(isFortran) \(bytes)" }
  }

  static let cases = [
    Case(shape: "(4, 3)", bytes: 24, records: 4, said: []),
    Case(
      shape: "(4, 3)", bytes: 20, records: 4,
      said: ["the array of shape (4, 3) is cut short after 3 of 4 rows at byte 148"],
      defect: "truncated: the data end inside the row: expected 6 bytes, found 2"),
    Case(
      shape: "(4, 3)", bytes: 18, records: 3,
      said: ["the array of shape (4, 3) is cut short after 3 of 4 rows at byte 146"]),
    Case(
      shape: "(4, 3)", bytes: 0, records: 0,
      said: ["the array of shape (4, 3) is cut short after 0 of 4 rows at byte 128"]),
    Case(
      shape: "(4, 3)", bytes: 29, records: 4,
      said: [
        "the array of shape (4, 3) ends before the data do, 5 bytes that no loader reads follow at byte 152"
      ]),
    Case(shape: "()", bytes: 2, records: 1, said: []),
    Case(
      shape: "()", bytes: 1, records: 1,
      said: ["the array of shape () is cut short after 0 of 1 rows at byte 128"].map {
        $0.replacing("128", with: "129")
      },
      defect: "truncated: the data end inside the row: expected 2 bytes, found 1"),
    Case(shape: "(0,)", bytes: 0, records: 0, said: []),
    Case(shape: "(0, 7)", bytes: 0, records: 0, said: []),
    Case(
      shape: "(0, 7)", bytes: 3, records: 0,
      said: [
        "the array of shape (0, 7) ends before the data do, 3 bytes that no loader reads follow at byte 128"
      ]),
    Case(
      shape: "(7, 0)", bytes: 0, records: 0,
      said: ["the shape (7, 0) has rows without an element at byte 128"]),
    Case(
      shape: "(1152921504606846976, 0)", bytes: 0, records: 0,
      said: ["the shape (1152921504606846976, 0) has rows without an element at byte 128"]),
    Case(
      shape: "(1152921504606846976, 3)", bytes: 13, records: 3,
      said: [
        "the array of shape (1152921504606846976, 3) is cut short after 2 of 1152921504606846976 rows at byte 141"
      ], defect: "truncated: the data end inside the row: expected 6 bytes, found 1"),
    Case(
      shape: "(1, 4611686018427387000)", bytes: 13, records: 1,
      said: ["the array of shape (1, 4611686018427387000) is cut short after 0 of 1 rows at byte 141"],
      defect: "truncated: the data end inside the row: expected 9223372036854774000 bytes, found 13"),
    Case(shape: "(4, 3)", isFortran: true, bytes: 24, records: 4, said: []),
    Case(
      shape: "(4, 3)", isFortran: true, bytes: 21, records: 2,
      said: ["the array of shape (4, 3) is cut short after 2 of 4 rows at byte 149"]),
    Case(
      shape: "(4, 3)", isFortran: true, bytes: 10, records: 0,
      said: ["the array of shape (4, 3) is cut short after 0 of 4 rows at byte 138"]),
    Case(
      shape: "(4, 3)", isFortran: true, bytes: 27, records: 4,
      said: [
        "the array of shape (4, 3) ends before the data do, 3 bytes that no loader reads follow at byte 152"
      ]),
    Case(
      shape: "(1073741824, 1073741824)", isFortran: true, bytes: 10, records: 0,
      said: [
        "an array in Fortran order of shape (1073741824, 1073741824) would have to be read too often; save it in C order"
      ]),
  ]

  @Test("what is there of a damaged array counts, and what is wrong is told with its byte", arguments: cases)
  func damage(_ one: Case) throws {
    let bytes = Self.file(one.shape, fortran: one.isFortran, bytes: one.bytes)
    for chunk in [1 << 18, 5] {
      let reading = try ArrayReading.of(bytes) { $0.chunks.bytes = chunk }
      let rows = reading.rows[""] ?? []
      #expect(rows.count == one.records)
      #expect(reading.said == one.said)
      #expect(rows.flatMap(\.defects) == (one.defect.map { [$0] } ?? []))
      if one.defect != nil { #expect(rows.last?.values == []) }
    }
  }

  @Test("the same in gzip, where the file cannot be read at offsets", arguments: cases)
  func compressed(_ one: Case) throws {
    let folder = ShardTestSupport.TemporaryFolder()
    let bytes = Self.file(one.shape, fortran: one.isFortran, bytes: one.bytes)
    folder.write("a.npy", bytes)
    folder.write("a.npy.gz", Gzip.compress(bytes))
    let plain = try ArrayReading(folder, "a.npy")
    let reading = try ArrayReading(folder, "a.npy.gz")
    #expect(reading.rows == plain.rows)
    if !one.said.contains(where: { $0.contains("too often") }) { #expect(reading.said == plain.said) }
  }

  @Test("a stream that breaks off is told of, not what follows from it")
  func brokenStream() throws {
    let folder = ShardTestSupport.TemporaryFolder()
    var random = RepeatableRandom(seed: 1)
    let data = (0..<60_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for order in ["False", "True"] {
      let file = arrayFile("{'descr': '<f4', 'fortran_order': \(order), 'shape': (3000, 5)}", data)
      let whole = Gzip.compress(file)
      folder.write("a.npy.gz", whole[..<(whole.count / 2)])
      let reading = try ArrayReading(folder, "a.npy.gz")
      #expect(reading.said.count == 1)
      #expect(reading.said.first?.contains("array") == false, "\(order) \(reading.said)")
      #expect((reading.rows[""]?.count ?? 0 > 1000) == (order == "False"))
      // A checksum that is wrong behind the last row is seen.
      var wrong = whole
      wrong[wrong.count - 5] ^= 1
      folder.write("a.npy.gz", wrong)
      let checked = try ArrayReading(folder, "a.npy.gz")
      #expect(checked.said.count == 1)
      #expect(checked.rows[""]?.count == 3000)
    }
  }

  @Test("an archive goes on behind a member that is damaged")
  func members() throws {
    let folder = ShardTestSupport.TemporaryFolder()
    for name in ["arrays.npz", "deflated.npz"] {
      folder.write(name, Array(try Data(contentsOf: ArrayFixture.url(name))))
      let reading = try ArrayReading(folder, name)
      #expect(reading.formats == ["npy"])
      #expect(reading.rows["x.npy"]?.map(\.values.count) == [3, 3, 3, 3])
      #expect(reading.rows["x.npy"]?[1].paths == ["x[0]", "x[1]", "x[2]"])
      #expect(reading.rows["x.npy"]?[1].texts == ["3", "4", "NaN"])
      #expect(reading.rows["f.npy"]?.map(\.texts) == reading.rows["x.npy"]?.map(\.texts))
      #expect(reading.rows["y.npy"]?.map(\.texts) == [["0"], ["1"], ["2"], ["3"]])
      #expect(reading.rows["y.npy"]?.map(\.paths) == [["y"], ["y"], ["y"], ["y"]])
      let expected = name == "arrays.npz" ? ["names.npy: the dtype '<U1' (texts) is not decoded"] : []
      #expect(reading.said == expected)
    }
  }

  @Test("what is named an array and is none is said to be none; what is one is told by its content")
  func sniffing() throws {
    let folder = ShardTestSupport.TemporaryFolder()
    folder.write("a.npy", "{\"a\": 1}\n")
    #expect(
      try ArrayReading(folder, "a.npy").said == ["no array: it does not start with \\x93NUMPY at byte 0"])
    folder.write("b.bin", Self.file("(4, 3)", bytes: 24))
    #expect(try ArrayReading(folder, "b.bin").rows[""]?.count == 4)
    folder.write("c.jsonl", Self.file("(4, 3)", bytes: 24))
    #expect(try ArrayReading(folder, "c.jsonl").rows[""]?.count == 4)
    #expect(try ArrayReading(folder, "c.jsonl") { $0.format = .npy }.rows[""]?.count == 4)
    #expect(try ArrayReading(folder, "c.jsonl") { $0.format = .jsonl }.formats == ["jsonl"])
  }
}
