import ShardChecks
import ShardIngest
import ShardModel
import ShardScan

/// Stored states of any bytes: decoding throws or gives what encodes to the same again, and what was decoded can be
/// merged and judged.
///
/// The first byte chooses the part.
enum StateFuzz {
  private static let scratch = ScratchFolder("state")
  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    switch choice % 4 {
    case 0:
      guard let state = decode(bytes, ShardState.init(decoding:)) else { return }
      expectSame(state, ShardState.init(decoding:)) { $0.encode(into: &$1) }
      judge(state)
    case 1:
      guard let entry = decode(bytes, LocatedObservations.init(decoding:)) else { return }
      expectSame(entry, LocatedObservations.init(decoding:)) { $0.encode(into: &$1) }
    case 2:
      _ = scratch.write(ScanRecord.fileName, Array("SHRDSCN".utf8) + [3] + bytes)
      _ = try? ScanRecord(readingFrom: scratch.path)
    default: readFile(bytes)
    }
  }

  private static func decode<Value>(
    _ bytes: [UInt8], _ decoding: (inout ByteReader) throws(DecodingFailure) -> Value
  ) -> Value? {
    var reader = ByteReader(bytes)
    return try? decoding(&reader)
  }

  /// Compares encodings, since NaN is not equal to itself.
  private static func expectSame<Value>(
    _ value: Value, _ decoding: (inout ByteReader) throws(DecodingFailure) -> Value,
    _ encode: (Value, inout ByteWriter) -> Void
  ) {
    var writer = ByteWriter()
    encode(value, &writer)
    guard let again = decode(writer.bytes, decoding) else { fatalError("not read back: \(value)") }
    var second = ByteWriter()
    encode(again, &second)
    expect(second.bytes == writer.bytes, "\(value) was read back as \(again)")
  }

  /// Twice the state as two shards, with its own words, through the verdict.
  private static func judge(_ state: ShardState) {
    var state = state
    // No second read: the path in a state is a path on this machine.
    state.path = ""
    var body = ByteWriter()
    state.encode(into: &body)
    let path = scratch.write("a.state", file([0], state: body.bytes))
    var settings = ScanSettings()
    // The indexes that it needs are not there.
    settings.checks.enabled.remove("record-duplicate")
    let plan = ScanPlan(inputs: [], settings: settings, output: scratch.path)
    var conclude = Conclude(plan: plan, policy: GatePolicy(), progress: ScanProgress())
    _ = try? conclude.run(
      states: [("a", path), ("b", path)], record: ScanRecord(settings: ScanSettings()), sink: Sink())
  }

  private static func readFile(_ bytes: [UInt8]) {
    // Two bytes say where the state begins, so that the whole file is not a lottery.
    let cut = min(bytes.count, Int(bytes.first ?? 0) + 256 * Int(bytes.dropFirst().first ?? 0))
    let whole = file(bytes.dropFirst(2).prefix(cut), state: Array(bytes.dropFirst(2 + cut)))
    guard let reader = try? StateReader(path: scratch.write("b.state", whole)) else { return }
    while (try? reader.next()) != nil {}
  }

  private static func file(_ entries: some Collection<UInt8>, state: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    let magic = Array("SHRDCHK".utf8) + [4]
    writer.write(raw: magic)
    writer.write(raw: entries)
    let offset = UInt64(writer.bytes.count)
    writer.write(raw: state)
    writer.writeFixed(offset)
    writer.write(raw: magic)
    return writer.bytes
  }
}
