import ShardChecks
import ShardModel

/// The stored form of one shard's state: what its records gave rise to, in order, then its statistics.
///
///     magic (8)  { length, member ordinal, LocatedObservations }*  0
///     ShardState   offset of the state (8)  magic (8)
///
/// Findings are streamed to it while the shard is read and streamed from it when they are judged, so that their number
/// does not matter to memory.
package enum StateFile {
  /// The last byte is the version.
  static let magic: [UInt8] = Array("SHRDCHK".utf8) + [4]
  static let fileEnding = ".state"

  /// Where the state of a shard is kept below `folder`.
  package static func path(of name: String, in folder: String) -> String {
    folder + "/" + SafePath.relative(for: name, ending: fileEnding)
  }

  /// Where the state of a second read is kept, from which `report` renders the results again.
  static func secondPath(of name: String, in folder: String) -> String {
    folder + "/" + SafePath.relative(for: name, ending: ".again")
  }
}

/// Writes a state file.
final class StateWriter {
  private let file: FileWriter
  private var head = ByteWriter()
  private var body = ByteWriter()

  init(path: String) throws(FileFailure) {
    file = try FileWriter(path: path)
    try file.write(StateFile.magic)
  }

  func write(_ entry: LocatedObservations, memberOrdinal: UInt64) throws(FileFailure) {
    body.removeAll()
    body.write(memberOrdinal)
    entry.encode(into: &body)
    head.removeAll()
    head.write(UInt64(body.bytes.count))
    try file.write(head.bytes)
    try file.write(body.bytes)
  }

  func finish(_ state: ShardState) throws(FileFailure) {
    try file.write([0])
    let offset = file.count
    var body = ByteWriter()
    state.encode(into: &body)
    body.writeFixed(offset)
    body.write(raw: StateFile.magic)
    try file.write(body.bytes)
    try file.finish()
  }

  func abandon() { file.abandon() }
}

/// Reads a state file back; anything that is not one throws.
package final class StateReader {
  private let path: String
  private let file: FileReader
  private let stateOffset: UInt64
  package let state: ShardState
  private var offset: UInt64
  private var window: [UInt8] = []
  private var windowPosition = 0

  package init(path: String) throws(FileFailure) {
    self.path = path
    file = try FileReader(path: path)
    let head = try file.read(at: 0, count: 8)
    let tail = file.count >= 25 ? try file.read(at: file.count - 16, count: 16) : []
    guard head == StateFile.magic, Array(tail.suffix(8)) == StateFile.magic else {
      throw FileFailure(path: path, reason: "not a state of this version of shardcheck; scan the shard again")
    }
    do throws(DecodingFailure) {
      var reader = ByteReader(tail)
      stateOffset = try reader.readFixed()
      guard stateOffset >= 9, stateOffset <= file.count - 16 else {
        throw DecodingFailure("offset out of range")
      }
    } catch {
      throw FileFailure(path: path, reason: error.description)
    }
    let body = try file.read(at: stateOffset, count: Int(file.count - 16 - stateOffset))
    do throws(DecodingFailure) {
      var reader = ByteReader(body)
      state = try ShardState(decoding: &reader)
    } catch {
      throw FileFailure(path: path, reason: error.description)
    }
    offset = 8
  }

  /// The next entry and the ordinal of its member, in the order in which they were written.
  package func next() throws(FileFailure) -> (memberOrdinal: UInt64, entry: LocatedObservations)? {
    do throws(DecodingFailure) {
      try need(10)
      var reader = ByteReader(window[windowPosition...])
      let length = try reader.readUInt64()
      if length == 0 { return nil }
      guard length <= stateOffset else { throw DecodingFailure("an entry larger than the file") }
      windowPosition = reader.position
      try need(Int(length))
      guard window.count - windowPosition >= Int(length) else { throw DecodingFailure("cut short") }
      var body = ByteReader(window[windowPosition..<(windowPosition + Int(length))])
      windowPosition += Int(length)
      let ordinal = try body.readUInt64()
      return (ordinal, try LocatedObservations(decoding: &body))
    } catch {
      throw FileFailure(path: path, reason: error.description)
    }
  }

  /// Makes sure that the window holds this many bytes more, or all that are left.
  private func need(_ count: Int) throws(DecodingFailure) {
    guard window.count - windowPosition < count, offset < stateOffset else { return }
    window.removeSubrange(..<windowPosition)
    windowPosition = 0
    let size = Int(min(UInt64(max(count, 1 << 16)), stateOffset - offset))
    do throws(FileFailure) {
      window += try file.read(at: offset, count: size)
    } catch {
      throw DecodingFailure(error.reason)
    }
    offset += UInt64(size)
  }
}
