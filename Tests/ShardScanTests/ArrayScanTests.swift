import ShardChecks
import ShardIngest
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Shards that are NumPy arrays, from the file to the quarantine list.
struct ArrayScanTests {
  /// A `.npy` file of version 1.0.
  /// - Parameter values: in the order in which they are stored.
  static func array<Value>(
    _ descr: String, _ shape: [Int], _ values: [Value], fortran: Bool = false
  ) -> [UInt8] {
    let dimensions = shape.map { "\($0), " }.joined()
    let dictionary =
      "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(dimensions)), }"
    var text = Array(dictionary.replacing(", )", with: shape.count == 1 ? ",)" : ")").utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0A)
    let length = [UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)]
    return ArrayHeader.magic + [1, 0] + length + text + values.withUnsafeBytes { Array($0) }
  }

  /// Even values, by row and column: none of them is an outlier.
  static func table(_ rows: Int, _ columns: Int, seed: UInt64 = 5) -> [[Float]] {
    var random = RepeatableRandom(seed: seed)
    return (0..<rows).map { _ in (0..<columns).map { _ in Float.random(in: -1...1, using: &random) } }
  }

  static func stored(_ table: [[Float]], fortran: Bool) -> [UInt8] {
    let columns = table.first?.count ?? 0
    let values = fortran ? (0..<columns).flatMap { column in table.map { $0[column] } } : table.flatMap { $0 }
    return array("<f4", [table.count, columns], values, fortran: fortran)
  }

  static func wrong(_ rows: Int) -> [[Float]] {
    var table = table(rows, 7)
    table[3][2] = .nan
    table[10][6] = .infinity
    table[10][1] = .nan
    table[rows / 2][5] = -9999
    table[rows - 1][0] = -.infinity
    return table
  }

  private static func expected(_ rows: Int) -> [String] {
    [
      "3 number-nan $[2]", "10 number-infinite $[6]", "10 number-nan $[1]",
      "\(rows / 2) number-outlier $[5]", "\(rows - 1) number-infinite $[0]",
    ]
  }

  @Test(
    "NaN, infinities and outliers are found with row and column, in either order", arguments: [false, true])
  func findings(_ fortran: Bool) throws {
    let folder = TemporaryFolder()
    let path = folder.write("a.npy", Self.stored(Self.wrong(40_000), fortran: fortran))
    let outcome = try scan([path], out: folder.path + "/out")
    #expect(outcome.brief == Self.expected(40_000))
    #expect(outcome.result.totals.records == 40_000)
    #expect(outcome.result.totals.quarantined == 4)
    let location = try #require(outcome.lines.first?.findings.location)
    let start: UInt64 = 128
    #expect(location.offset == start + (fortran ? 3 * 4 : 3 * 28))
    #expect(location.length == (fortran ? 4 : 28))
    #expect(location.line == nil)
    #expect(
      outcome.lines.map { $0.findings.findings.map(\.value) } == [
        ["NaN"], ["Infinity", "NaN"], ["-9999"], ["-Infinity"],
      ])
    #expect(outcome.shards.first?.format == "npy")
    let numbers = try #require(outcome.result.fields.first { $0.path == "$[]" })
    #expect(numbers.types.number == 280_000)
    #expect(numbers.numbers?.nan == 2)
  }

  @Test("the answer is the same for any number of threads, order of storage and compression")
  func same() throws {
    let folder = TemporaryFolder()
    let table = Self.wrong(60_000)
    folder.write("c/a.npy", Self.stored(table, fortran: false))
    folder.write("f/a.npy", Self.stored(table, fortran: true))
    folder.write("g/a.npy.gz", Gzip.compress(Self.stored(table, fortran: false)))
    let one = try scan([folder.path + "/c"], out: folder.path + "/one")
    for (name, threads) in [("c", 3), ("f", 1), ("f", 3), ("g", 2)] {
      let other = try scan(
        [folder.path + "/" + name], out: folder.path + "/\(name)-\(threads)", threads: threads)
      #expect(other.brief == one.brief)
      #expect(other.result.fields == one.result.fields, "\(name), \(threads) threads")
      #expect(other.result.checks.mapValues(\.findings) == one.result.checks.mapValues(\.findings))
    }
  }

  @Test("many outliers are found by a second read of the rows")
  func secondRead() throws {
    let folder = TemporaryFolder()
    var table = Self.table(60_000, 4)
    for row in stride(from: 0, to: 6_000, by: 2) { table[row][row % 4] = 1_000 + Float(row) }
    for fortran in [false, true] {
      let path = folder.write("a.npy", Self.stored(table, fortran: fortran))
      let outcome = try scan([path], out: folder.path + "/out-\(fortran)")
      let outliers = outcome.brief.filter { $0.contains("number-outlier") }
      let planted = Set(stride(from: 0, to: 6_000, by: 2).map { "\($0) number-outlier $[\($0 % 4)]" })
      #expect(planted.isSubset(of: outliers))
    }
  }

  @Test("an infinity in float16 is said to have been out of its range; the training type stays what it is")
  func float16() throws {
    let folder = TemporaryFolder()
    var values = (0..<400).map { Float16($0 % 17) }
    values[42] = .infinity
    values[43] = .greatestFiniteMagnitude
    let path = folder.write("a.npy", Self.array("<f2", [400], values))
    let outcome = try scan([path], out: folder.path + "/out")
    #expect(outcome.brief == ["42 number-infinite $", "43 number-outlier $"])
    let finding = try #require(outcome.lines.first?.findings.findings.first)
    #expect(finding.message.contains("float16, whose largest number is 65504"), "\(finding.message)")
    #expect(outcome.lines.last?.findings.findings.first?.value == "65504")
    // The same infinity in float32 has no such cause.
    let wide = folder.write("b.npy", Self.array("<f4", [400], values.map { Float($0) }))
    let message = try scan([wide], out: folder.path + "/wide").lines.first?.findings.findings.first?.message
    #expect(message == "an infinity, expected a finite number")
    var settings = ScanSettings()
    settings.checks.trainingType = .fp16
    let large = folder.write("c.npy", Self.array("<f4", [4], [1, 2, 70_000, 3] as [Float]))
    #expect(
      try scan([large], out: folder.path + "/large", settings: settings).brief == ["2 number-overflow $"])
  }

  @Test("integers beyond 2^53 keep their text, booleans are booleans")
  func integers() throws {
    let folder = TemporaryFolder()
    let large: [Int64] = (0..<50).map { (1 << 60) + $0 }
    folder.write("large.npy", Self.array("<i8", [50], large))
    let fields = try scan([folder.path + "/large.npy"], out: folder.path + "/out").result.fields
    let root = try #require(fields.first { $0.path == "$" })
    #expect(root.types.integer == 50)
    // As doubles they would be one value.
    #expect(root.distinct == 50)
    let flags = folder.write(
      "flags.npy", Self.array("|b1", [30, 2], (0..<60).map { UInt8($0 % 3 == 0 ? 1 : 0) }))
    let read = try scan([flags], out: folder.path + "/flags").result.fields.first { $0.path == "$[]" }
    #expect(read?.types.boolean == 60)
  }

  @Test("a cut array is damaged where it ends, an empty file has no header")
  func cutShort() throws {
    let folder = TemporaryFolder()
    let whole = Self.stored(Self.table(1_000, 3), fortran: false)
    let path = folder.write("a.npy", whole[..<(whole.count - 5)])
    let outcome = try scan([path], out: folder.path + "/out")
    #expect(outcome.shards.map(\.status) == [.damaged])
    #expect(outcome.brief == ["999 record-truncated -", "- shard-unreadable -"])
    #expect(outcome.result.gate.outcome == .failed)
    let none = folder.write("none.npy", [UInt8]())
    #expect(try scan([none], out: folder.path + "/none").brief.contains("- shard-unreadable -"))
  }

  @Test(
    "the arrays of a .npz are fields of their own, located in their members",
    arguments: ["arrays", "deflated"])
  func archive(_ name: String) throws {
    let tests = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
    let path = "\(tests)/ShardIngestTests/Fixtures/arrays/\(name).npz"
    let folder = TemporaryFolder()
    let outcome = try scan([path], out: folder.path + "/out")
    #expect(outcome.brief == ["1 number-nan x[2]", "1 number-nan f[2]"])
    #expect(outcome.lines.map(\.findings.location.member) == ["x.npy", "f.npy"])
    #expect(outcome.result.fields.map(\.path).sorted() == ["f", "f[]", "x", "x[]", "y"])
    #expect(outcome.shards.first?.format == "zip of npy")
    #expect(outcome.result.totals.records == 12)
  }

  @Test("arrays that are not numbers are noted as not read; objects fail the gate")
  func notDecoded() throws {
    let folder = TemporaryFolder()
    let texts = folder.write("texts.npy", Self.array("<U2", [3], [UInt32](repeating: 65, count: 6)))
    let noted = try scan([texts], out: folder.path + "/texts")
    #expect(noted.lines.isEmpty)
    #expect(noted.result.gate.outcome == .passed)
    #expect(noted.result.totals.notes == 1)
    #expect(noted.result.checks["shard-unreadable"]?.findings == 1)
    #expect(noted.result.unchecked.contains { $0.contains("npy not of numbers 1") })
    let objects = folder.write("objects.npy", Self.array("|O", [3], [UInt8](repeating: 65, count: 6)))
    let refused = try scan([objects], out: folder.path + "/objects")
    #expect(refused.brief == ["- shard-unreadable -"])
    #expect(refused.result.gate.outcome == .failed)
  }
}
