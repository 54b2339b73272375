import ShardModel
import ShardTestSupport
import Testing

@testable import ShardIngest

struct SampleReaderTests {
  @Test("Names are split as WebDataset's expression splits them")
  func names() throws {
    let lines = try SampleFixture.lines("names.txt")
    #expect(lines.count > 30)
    for line in lines {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
      let name = Array(parts[0].utf8)
      #expect(SampleNaming.isMeta(name) == (parts[1] == "1"), "\(line)")
      let split = SampleNaming.firstPeriod.split(name)
      guard parts.count > 3 else {
        #expect(split == nil, "\(line)")
        continue
      }
      let found = try #require(split, "\(line)")
      #expect(String(decoding: name[..<found.key], as: UTF8.self) == parts[2], "\(line)")
      #expect(String(decoding: name[found.ending...], as: UTF8.self) == parts[3], "\(line)")
    }
  }

  @Test("In folders the extension follows the last period")
  func lastPeriod() {
    for (name, key) in [("a.b.jpg", 3), ("d.x/a.jpg", 5), ("a.", 1)] {
      #expect(SampleNaming.lastPeriod.split(Array(name.utf8))?.key == key, "\(name)")
    }
    for name in ["a", "d.x/a", ".a", "d/.a"] {
      #expect(SampleNaming.lastPeriod.split(Array(name.utf8)) == nil, "\(name)")
    }
  }

  @Test(
    "Samples, keys, extensions and offsets are those of Python's tarfile",
    arguments: ["ustar.tar", "gnu.tar", "pax.tar", "pax.tar.gz"], [1, 512, 1 << 20])
  func pythonTars(_ name: String, _ chunk: Int) throws {
    let stem = name.prefix { $0 != "." }
    let read = try SampleReading(SampleFixture.path(name)) { $0.chunks.bytes = chunk }
    // The JSON and the number of a member are values, not files.
    let expected = try SampleFixture.lines("\(stem).txt").filter {
      !$0.contains("\tjson\t") && !$0.contains("\tcls\t")
    }
    #expect(read.members == expected)
    #expect(read.failures == [])
    #expect(read.formats == ["webdataset"])
    #expect(read.defects.count { $0.contains("memberUnnamed") } == 2)
    #expect(read.defects.count { $0.contains("memberUnexpected") } == 1)
    let values = read.records.joined(separator: "\n")
    for value in ["json.w=1.0", "cls=7.0", "txt=''0", "json.t='xxx", "__key__='naïve'5"] {
      #expect(values.contains(value), "\(value)")
    }
  }

  /// Pictures, texts, JSON, arrays and odd members in random order and of random sizes.
  private static func randomTar(_ random: inout RepeatableRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for sample in 0..<Int.random(in: 1..<12, using: &random) {
      let key = ["a/\(sample)", "\(sample)", "b.c/\(sample)"].randomElement(using: &random) ?? ""
      for _ in 0..<Int.random(in: 1..<5, using: &random) {
        let ending =
          ["jpg", "txt", "json", "cls", "left.png", "bin", "npy", "JPG"].randomElement(using: &random) ?? ""
        let size = [0, 1, 511, 512, 513, 1_500].randomElement(using: &random) ?? 0
        let texts = ["{\"a\": [1, 2, {\"b\": \"x\\n\"}]}", "{\"a\": ", "12", "é", "[\"\\u00e9\", null]"]
        let content =
          Bool.random(using: &random)
          ? Array((texts.randomElement(using: &random) ?? "").utf8)
          : (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes += SampleArchive.member(named: "\(key).\(ending)", content)
      }
      if Int.random(in: 0..<4, using: &random) == 0 { bytes += SampleArchive.member(named: "LICENSE", [1]) }
    }
    if Int.random(in: 0..<4, using: &random) > 0 {
      bytes += [UInt8](repeating: 0, count: 1_024 + 512 * Int.random(in: 0..<20, using: &random))
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
    }
    return bytes
  }

  @Test("However the tar is cut, the samples are the same", arguments: 0..<40)
  func chunks(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let folder = ScratchFolder()
    let path = folder.write("a.tar", Self.randomTar(&random))
    let whole = try SampleReading(path) { $0.format = .webdataset }
    for (bytes, most) in [(1, 1 << 14), (512, 2), (1_000, 1 << 14), (4_096, 1)] {
      let pieces = try SampleReading(path) {
        $0.format = .webdataset
        $0.chunks.bytes = bytes
        $0.chunks.mostRecords = most
      }
      #expect(pieces.records == whole.records)
      #expect(pieces.defects.sorted() == whole.defects.sorted())
      #expect(pieces.failures == whole.failures)
    }
  }

  @Test("Cut anywhere, what stands before is read and the damage is told")
  func truncated() throws {
    let folder = ScratchFolder()
    let tar = sampleTar([("0.jpg", "xy"), ("0.txt", "a"), ("1.jpg", "z"), ("1.txt", "")])
    let whole = try SampleReading(folder.write("whole.tar", tar))
    #expect(whole.records.count == 2)
    for count in 512..<tar.count {
      let read = try SampleReading(folder.write("cut.tar", tar[..<count]))
      #expect(read.failures.count == 1, "cut at \(count)")
      // The content of the last member is empty: its header is all of it.
      #expect(read.records.count == (count < 3 * 1_024 - 512 ? 1 : 2), "cut at \(count)")
      let isInside = (512..<514).contains(count) || (1_536..<1_537).contains(count) || count == 2_560
      #expect(
        read.defects.contains { $0.contains("truncated") } == isInside, "cut at \(count) \(read.defects)")
    }
  }

  @Test("A wrong checksum ends the tar there, as for its loaders")
  func damaged() throws {
    let folder = ScratchFolder()
    var tar = sampleTar([("0.jpg", "xy"), ("0.txt", "a"), ("1.jpg", "z"), ("2.jpg", "z")])
    tar[3 * 1_024 + 5] ^= 1
    for chunk in [1, 512, 1 << 20] {
      let read = try SampleReading(folder.write("a.tar", tar)) { $0.chunks.bytes = chunk }
      #expect(read.records.count == 2)
      #expect(read.failures == ["tar header checksum mismatch at byte 3072"])
    }
  }

  @Test("A sample longer than the limit is passed over, the others are read")
  func tooLong() throws {
    let folder = ScratchFolder()
    let tar = sampleTar([
      ("0.jpg", "x"), ("1.jpg", String(repeating: "y", count: 20_000)), ("1.txt", "a"), ("2.jpg", "z"),
    ])
    let read = try SampleReading(folder.write("a.tar", tar)) {
      $0.chunks.bytes = 1_024
      $0.maximumRecordBytes = 8_192
    }
    #expect(read.tooLong == [512 + 20_480 + 1_024])
    #expect(read.records.map { String($0.prefix(1)) } == ["0", "2"])
    #expect(read.failures == [])
  }

  @Test(
    "A tar is one of samples by its first members",
    arguments: [
      (["0.jpg"], true), (["0.txt", "0.cls"], true), (["a.jsonl", "b.jsonl"], false), (["a.json"], false),
      (["a.json", "b.json"], false), (["a.csv", "a.txt"], false), (["0.txt", "1.txt"], false),
      (["__meta__/x.jpg", "a.jsonl"], false), (["README", "0.npy", "0.json"], true),
      (["LICENSE", "x"], false),
    ])
  func recognition(_ names: [String], _ isSamples: Bool) {
    let tar = sampleTar(names.map { ($0, "x") })
    #expect(SampleSniffer.isSamples(tar) == isSamples)
  }

  @Test("Malformed JSON is told at its byte, whatever stands behind it; nothing of the record is kept")
  func malformedJSON() throws {
    let folder = ScratchFolder()
    // Of a whole number of blocks: the next header follows at once.
    let open = "{\"a\": 1, \"b\": [1, 2" + String(repeating: " ", count: 512 - 19)
    let tar = sampleTar([("0.json", open), ("1.jpg", "x"), ("1.json", "{\"a\": 1]"), ("1.txt", "cat")])
    let read = try SampleReading(folder.write("a.tar", tar)) { $0.format = .webdataset }
    #expect(
      read.defects == [
        "0 malformed at 1024: the member is not JSON: expected ',' or ']', found the end of the data",
        "1 malformed at \(1_024 + 1_024 + 512 + 7): the member is not JSON: expected ',' or '}', found ']'",
      ])
    #expect(read.records.count { $0.hasSuffix(": ") } == 2)
    #expect(read.members == [])
  }

  @Test("Arrays are lists of their numbers")
  func arrays() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"
    var array: [UInt8] = ArrayHeader.magic + [1, 0, 118, 0] + Array(header.utf8)
    array += [UInt8](repeating: 0x20, count: 128 - array.count - 1) + [0x0A]
    for value in [Float(1), .nan, 3, 4.5] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { array += $0 }
    }
    let bytes = SampleArchive.member(named: "0.a.npy", array) + SampleArchive.endMarker
    let padded = [UInt8](repeating: 0, count: 64) + bytes + [UInt8](repeating: 0, count: 64)
    padded.withUnsafeBufferPointer { padded in
      guard let base = padded.baseAddress else { return }
      let reader = SampleReader(naming: .firstPeriod)
      reader.read(base + 64, count: bytes.count, origin: BatchOrigin(), isFinal: true)
      let batch = reader.batch
      #expect(batch.fields.map(\.path) == ["$", "$[\"a.npy\"]", "__key__", "$[\"a.npy\"][]"])
      #expect(batch.columns[1].lists.count == 1)
      #expect(batch.columns[3].numbers.values.map { $0.isNaN ? -1 : $0 } == [1, -1, 3, 4.5])
      #expect(batch.columns[3].exceptions.values.map(\.index) == [1])
      let place = batch.format.elementPosition(number: 3, list: batch.columns[1].lists[0].position, in: batch)
      #expect(place?.position == UInt32(652))
      #expect(batch.format.spelling(at: place?.position ?? 0, in: batch) == "4.5")
      #expect(
        batch.format.path(of: place?.position ?? 0, field: 3, row: 0, in: batch) == "$[\"a.npy\"][3]")
    }
  }
}
