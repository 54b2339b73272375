import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct ArrayReaderTests {
  @Test("rows, values and their texts are those that NumPy finds", arguments: ArrayFixture.all.arrays)
  func values(_ one: ArrayFixture.Case) throws {
    let reading = try ArrayReading.of(one.data)
    let rows = reading.rows[""] ?? []
    #expect(reading.said == [])
    #expect(reading.formats == ["npy"])
    #expect(rows.count == one.rows.count)
    let header = try ArrayHeaderParser.parse(one.data)
    #expect(header.shape == one.shape)
    for (row, expected) in zip(rows, one.rows) {
      #expect(row.values == expected.bits.map { UInt64($0, radix: 16) ?? UInt64.max })
      for (text, digits) in zip(row.texts, expected.texts) { expectSpelled(text, digits, header.element) }
      for (text, value) in zip(row.texts, row.values) where header.element.kind != .boolean {
        #expect(parsed(text, header.element) == value, "\(text)")
      }
      for (index, kind) in row.kinds.enumerated() {
        #expect(kind == expectedKind(row.texts[index], header.element), "\(row.texts[index])")
      }
      #expect(row.defects == [])
    }
  }

  private func expectedKind(_ text: String, _ element: ArrayElement) -> NumberKind? {
    if element.isInteger {
      let magnitude = Int64(text)?.magnitude ?? UInt64(text) ?? 0
      return magnitude > 1 << 53 ? .largeInteger : nil
    }
    return text == "NaN" ? .nan : text.hasSuffix("Infinity") ? .infinity : nil
  }

  /// What the text means in the type that it was written in, NaN in one form.
  private func parsed(_ text: String, _ element: ArrayElement) -> UInt64? {
    if text == "NaN" { return UInt64.max }
    switch element.kind {
    case .float16: return Float16(text).map { Double($0).bitPattern }
    case .float32: return Float(text).map { Double($0).bitPattern }
    default: return Double(text)?.bitPattern
    }
  }

  private func expectSpelled(_ text: String, _ digits: String, _ element: ArrayElement) {
    if element.kind == .boolean {
      #expect(text == digits.lowercased())
    } else if element.isInteger || digits.hasSuffix("y") || digits == "NaN" {
      #expect(text == digits)
    } else if let whole = Int(text), whole.magnitude < 1 << 53 {
      // NumPy writes 65504 as 65500, which is the same float16.
      #expect("\(whole.magnitude)".hasPrefix(digits) || element.kind == .float16, "\(text) \(digits)")
    } else {
      let mantissa = text.split(separator: "e").first ?? ""
      let found = mantissa.filter(\.isNumber).drop { $0 == "0" }
      #expect(String(found.reversed().drop { $0 == "0" }.reversed()) == digits, "\(text)")
    }
  }

  @Test(
    "numbers are spelled in the fewest digits of their own type",
    arguments: [
      ("<f2", [0xFF, 0x7B], "65504"), ("<f2", [0x66, 0x2E], "0.1"), ("<f4", [0xCD, 0xCC, 0xCC, 0x3D], "0.1"),
      (">f4", [0x3F, 0x80, 0, 0], "1"), ("<f8", [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F], "0.1"),
      ("<f4", [0, 0, 0, 0x80], "-0"), ("<i8", [1, 0, 0, 0, 0, 0, 0x20, 0], "9007199254740993"),
      (">u8", [255, 255, 255, 255, 255, 255, 255, 255], "18446744073709551615"), ("|i1", [0x80], "-128"),
    ] as [(String, [UInt8], String)])
  func spelling(_ descr: String, _ bytes: [UInt8], _ text: String) throws {
    let element = try #require(ArrayElement(descr: descr))
    bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { #expect(element.text(of: base) == text) }
    }
  }

  @Test("any chunks give the same rows", arguments: ArrayFixture.all.arrays)
  func splits(_ one: ArrayFixture.Case) throws {
    let whole = try ArrayReading.of(one.data)
    for bytes in [1, 7, 64] {
      let pieces = try ArrayReading.of(one.data) { $0.chunks.bytes = bytes }
      #expect(pieces == whole, "chunks of \(bytes) bytes")
    }
    let few = try ArrayReading.of(one.data) { $0.chunks.mostRecords = 2 }
    #expect(few == whole)
  }

  @Test("locations and paths say row, bytes and indices")
  func places() throws {
    let data = (0..<24).map { UInt8($0) }
    let c = arrayFile("{'descr': '|u1', 'fortran_order': False, 'shape': (4, 3, 2), }", data)
    let rows = try #require(try ArrayReading.of(c).rows[""])
    #expect(rows.map(\.offset) == [128, 134, 140, 146])
    #expect(rows.allSatisfy { $0.length == 6 })
    #expect(rows[1].paths == ["$[0][0]", "$[0][1]", "$[1][0]", "$[1][1]", "$[2][0]", "$[2][1]"])
    #expect(rows[1].texts == ["6", "7", "8", "9", "10", "11"])
    let fortran = arrayFile("{'descr': '|u1', 'fortran_order': True, 'shape': (4, 3, 2), }", data)
    let same = try #require(try ArrayReading.of(fortran).rows[""])
    // Element [1][j][k] stands at 1 + 4 * (j + 3 * k).
    #expect(same[1].texts == ["1", "13", "5", "17", "9", "21"])
    #expect(same.map(\.offset) == [128, 129, 130, 131])
    #expect(same.allSatisfy { $0.length == 1 })
    #expect(same[1].paths == rows[1].paths)
  }

  @Test("a limit cuts after its records")
  func limit() throws {
    let file = arrayFile(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 3)}", (0..<12).map { UInt8($0) })
    let reading = try ArrayReading.of(file) { $0.recordLimit = 3 }
    #expect(reading.rows[""]?.count == 3)
    #expect(reading.isCutByLimit)
    #expect(reading.said == [])
  }

  @Test("rows longer than the limit are passed over, the others read")
  func tooLong() throws {
    let file = arrayFile(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 5000)}", [UInt8](repeating: 1, count: 15_000))
    let reading = try ArrayReading.of(file) {
      $0.maximumRecordBytes = 100
      $0.cutEach(64)
    }
    #expect(reading.tooLong == [5000, 5000, 5000])
    #expect(reading.rows[""]?.map(\.offset) == [128, 5128, 10_128])
    #expect(reading.said == [])
  }

  @Test("fields that are left out keep no value, the rows stay")
  func ignored() throws {
    let bytes = arrayFile("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)}", [1, 2, 3, 4])
    let header = try ArrayHeaderParser.parse(bytes)
    let layout = ArrayLayout(header: header, field: "x")
    let reader = ArrayReader(layout: layout, isIgnored: { $0.hasPrefix("x") })
    let padded = PaddedBytes(Array(bytes[header.length...]))
    reader.read(padded.base, count: 4, origin: BatchOrigin(), isFinal: true)
    #expect(reader.batch.records.count == 2)
    #expect(reader.batch.fields.count == 1)
    #expect(reader.batch.columns[0].count == 0)
  }
}
