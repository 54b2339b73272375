import CISAL

/// Decodes gzip (RFC 1952) with ISA-L: any number of members (bgzf too), CRC-32 and size of each verified.
///
/// Zero bytes after the last member are padding, as tape and block writers leave them; anything else there is
/// damage. Output goes straight to the caller's buffer, but for the 64 KiB that ISA-L keeps as history.
/// Memory: one workspace buffer and one inflate state (about 90 KiB).
package final class GzipSource: SteppingSource {
  private static let magic: UInt8 = 0x1F
  /// The importer leaves large C arrays out, so the position of `tmp_out_buffer`, the last field, is computed.
  private static let historyOffset =
    (MemoryLayout<inflate_state>.offset(of: \.tmp_in_buffer) ?? 0) + Int(ISAL_DEF_MAX_HDR_SIZE)

  private enum Phase { case betweenMembers, inMember, drainingHistory }

  private let workspace: DecodingWorkspace
  private let state: UnsafeMutablePointer<inflate_state>
  private var input: InputWindow
  private var phase = Phase.betweenMembers
  private var memberStart: UInt64 = 0
  private var hasMember = false
  private var failureAfterHistory: IngestError?
  private var decoded: UInt64 = 0
  var failure: IngestError?
  private(set) var isFinished = false

  package init(_ source: any ByteSource, workspace: DecodingWorkspace) {
    self.workspace = workspace
    state = workspace.takeInflater()
    input = InputWindow(source: source, workspace: workspace)
  }

  deinit { workspace.giveBack(inflater: state) }

  func step(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    switch phase {
    case .betweenMembers:
      try startMember()
      return 0
    case .inMember:
      return try inflate(into: buffer)
    case .drainingHistory:
      return drainHistory(into: buffer)
    }
  }

  private func startMember() throws(IngestError) {
    guard try input.fill() else {
      isFinished = true
      return
    }
    if hasMember {
      let bytes = input.bytes
      let padding = bytes.firstIndex { $0 != 0 } ?? bytes.count
      if padding > 0 {
        input.consume(padding)
        return
      }
      guard bytes[0] == Self.magic else { throw damage("data after the end of the gzip stream") }
    }
    memberStart = input.position
    isal_inflate_reset(state)
    state.pointee.crc_flag = UInt32(ISAL_GZIP)
    phase = .inMember
  }

  private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    let hasInput = try input.fill()
    let bytes = input.bytes
    let room = min(buffer.count, Int(UInt32.max >> 1))
    state.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    state.pointee.avail_in = UInt32(bytes.count)
    state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(room)
    let result = isal_inflate(state)
    // On corrupt trailers ISA-L counts a byte more than it was given; and it may give bytes back.
    let consumed = min(bytes.count, bytes.count - Int(Int32(bitPattern: state.pointee.avail_in)))
    let written = room - Int(state.pointee.avail_out)
    input.consume(consumed)
    decoded += UInt64(written)

    if result < 0 {
      failureAfterHistory = error(for: result)
      phase = .drainingHistory
    } else if state.pointee.block_state == ISAL_BLOCK_FINISH {
      hasMember = true
      phase = .betweenMembers
    } else if consumed == 0, written == 0 {
      failureAfterHistory = damage(hasInput ? "corrupt gzip data" : "gzip data cut short")
      phase = .drainingHistory
    }
    return written
  }

  /// What ISA-L decoded before an error but had not handed out yet.
  private func drainHistory(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let processed = Int(state.pointee.tmp_out_processed)
    let left = Int(state.pointee.tmp_out_valid) - processed
    guard left > 0, processed >= 0 else {
      failure = failureAfterHistory
      return 0
    }
    let taken = min(left, buffer.count)
    let history = UnsafeRawPointer(state) + Self.historyOffset + processed
    buffer.copyMemory(from: UnsafeRawBufferPointer(start: history, count: taken))
    state.pointee.tmp_out_processed += Int32(taken)
    decoded += UInt64(taken)
    return taken
  }

  private func error(for result: Int32) -> IngestError {
    switch result {
    case ISAL_INVALID_WRAPPER where hasMember && decodedInMember == 0:
      return .damaged(
        reason: "data after the end of the gzip stream", storedOffset: memberStart, decodedOffset: decoded)
    case ISAL_INVALID_WRAPPER: return damage("corrupt gzip header")
    case ISAL_UNSUPPORTED_METHOD: return damage("unknown gzip compression method")
    case ISAL_INCORRECT_CHECKSUM: return damage("gzip checksum or size mismatch")
    case ISAL_INVALID_LOOKBACK: return damage("corrupt gzip data: distance too far back")
    default: return damage("corrupt gzip data")
    }
  }

  private var decodedInMember: UInt32 { state.pointee.total_out }

  private func damage(_ reason: String) -> IngestError {
    // Whole bytes in the bit buffer are not decoded yet.
    let buffered = UInt64(max(0, state.pointee.read_in_length) / 8)
    let position = input.position
    return .damaged(
      reason: reason, storedOffset: position - min(buffered, position), decodedOffset: decoded)
  }
}
