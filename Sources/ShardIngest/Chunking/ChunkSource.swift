import CKernels
import ShardModel

/// How a shard is read.
package struct IngestOptions: Sendable, Equatable {
  package var format = FormatChoice.auto
  package var decoding = DecodingOptions()
  /// Longer records are skipped and reported.
  package var maximumRecordBytes = 64 << 20
  /// Read no more records of a shard than this.
  package var recordLimit: UInt64?

  package init() {}
}

/// One piece of a shard, in order.
package enum ShardPiece: Sendable {
  /// Whole records, in the buffer.
  case records(count: Int, origin: BatchOrigin, layout: RecordLayout, isFinal: Bool)
  /// A record longer than the limit, skipped.
  case tooLong(origin: BatchOrigin, length: UInt64)
  /// The bytes cannot be read further; what stood before was delivered.
  case failure(IngestError, origin: BatchOrigin)
  /// A member that is no file of records.
  case passedOver(Member)
  /// A member that no archive of data should have.
  case unexpected(Member, reason: String)
}

/// Cuts the decoded stream of a shard into chunks of whole records.
///
/// A chunk ends with the last record that is complete at a multiple of `chunkSize` decoded bytes of its member: at the
/// first one that gives it `fewestRecords`, or that makes it `longestUsual` bytes long and has a record at all. With
/// more than `mostRecords` it ends after that many. So the
/// cuts depend on the data alone, not on who reads them or how the bytes arrive: all results rest on that.
///
/// Memory: the pending bytes of one record, at most `maximumRecordBytes` and a chunk.
package final class ChunkSource {
  /// Bytes of decoded data after which a chunk is cut. Chunk and columns stay in a core's second-level cache.
  package static let chunkSize = 1 << 18
  /// What is done once for a column in a chunk must pay: records with thousands of fields come in longer chunks.
  static let fewestRecords = 32
  static let longestUsual = 1 << 22
  /// What may be said about each record must not add up: tiny records come in shorter chunks.
  static let mostRecords = 1 << 14

  package let stream: ShardStream
  private let options: IngestOptions
  private let fileEnding: String?
  private var framer: any RecordFramer = LineFramer()
  private var layout = RecordLayout.json(.lines)
  private var origin = BatchOrigin()
  /// Whether bytes of a member are being delivered.
  private var isInMember = false
  private var isMemberRead = false
  private var failure: IngestError?
  private var isOver = false
  /// Bytes after the last cut, already scanned.
  private var carry: [UInt8] = []
  private var members: UInt64 = 0
  private var recordsBefore: UInt64 = 0
  package private(set) var isCutByLimit = false
  /// Names of the layouts met, in order of appearance.
  package private(set) var formats: [String] = []

  package init(
    _ input: ShardInput, options: IngestOptions, workspace: DecodingWorkspace
  ) throws(IngestError) {
    self.options = options
    stream = try ShardStream(input, options: options.decoding, workspace: workspace)
    fileEnding = NamedFormat(path: input.name).records
  }

  /// Members begun, those passed over included; 1 for a shard that is no archive.
  package var memberCount: UInt64 { members }

  /// The next piece; its records are in `buffer`. Nil at the end of the shard.
  package func next(into buffer: ChunkBuffer) -> ShardPiece? {
    while !isOver {
      if !isInMember {
        if let failure {
          self.failure = nil
          return .failure(failure, origin: origin)
        }
        if let piece = beginMember(buffer) { return piece }
      } else if let piece = nextRecords(into: buffer) {
        return piece
      }
    }
    return nil
  }

  // MARK: Members

  /// Goes to the next member with records. Returns a piece where there is something to say about it first.
  private func beginMember(_ buffer: ChunkBuffer) -> ShardPiece? {
    let member: Member
    do throws(IngestError) {
      guard let next = try stream.nextMember() else {
        isOver = true
        return nil
      }
      member = next
    } catch {
      var place = BatchOrigin()
      place.member = nil
      return .failure(error, origin: place)
    }
    members += 1
    if let name = member.name {
      if let reason = unexpected(member, name) { return .unexpected(member, reason: reason) }
      if member.isEncrypted { return .failure(.encrypted(member: name), origin: memberOrigin(name)) }
      guard NamedFormat(path: name).records != nil else { return .passedOver(member) }
    }
    origin = memberOrigin(member.name)
    carry.removeAll(keepingCapacity: true)
    isInMember = true
    isMemberRead = false
    let ending = member.name.map { NamedFormat(path: $0).records } ?? fileEnding
    let count = fill(buffer, from: 0, to: Self.chunkSize)
    layout = LayoutSniffer.sniff(
      UnsafeBufferPointer(start: buffer.bytes, count: count), isWhole: isMemberRead, ending: ending,
      choice: options.format)
    framer = layout.framer(isInside: false)
    if !formats.contains(layout.name) { formats.append(layout.name) }
    let header = min(layout.headerLength, count)
    origin.offset = UInt64(header)
    origin.line += UInt64(ck_count_byte(buffer.bytes, header, layout.lineEnd))
    carry.append(contentsOf: UnsafeBufferPointer(start: buffer.bytes + header, count: count - header))
    isCarryScanned = false
    return nil
  }

  /// Whether the carried bytes went through the framer.
  private var isCarryScanned = true

  private func memberOrigin(_ name: String?) -> BatchOrigin {
    var place = BatchOrigin()
    place.member = name
    place.memberOrdinal = members - 1
    return place
  }

  private func unexpected(_ member: Member, _ name: String) -> String? {
    switch member.kind {
    case .link: return "a link"
    case .other: return "neither a file nor a folder"
    case .regular, .directory: break
    }
    if name.hasPrefix("/") { return "an absolute name" }
    if name.split(separator: "/").contains("..") { return "a name that leads out of the archive" }
    return nil
  }

  // MARK: Records

  /// Reads on until the buffer holds `target` bytes or the member ends.
  private func fill(_ buffer: ChunkBuffer, from count: Int, to target: Int) -> Int {
    guard !isMemberRead, count < target else { return count }
    buffer.grow(to: target, keeping: count)
    var filled = count
    do throws(IngestError) {
      while filled < target {
        let got = try stream.read(
          into: UnsafeMutableRawBufferPointer(start: buffer.bytes + filled, count: target - filled))
        if got == 0 {
          isMemberRead = true
          break
        }
        filled += got
      }
    } catch {
      isMemberRead = true
      failure = error
    }
    return filled
  }

  /// The next chunk of the current member, or nil where it has no more.
  private func nextRecords(into buffer: ChunkBuffer) -> ShardPiece? {
    if let limit = options.recordLimit, recordsBefore >= limit {
      isCutByLimit = true
      isOver = true
      failure = nil
      return nil
    }
    if carry.count < Self.longestUsual { buffer.shrink() }
    buffer.grow(to: carry.count, keeping: 0)
    carry.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { buffer.bytes.update(from: base, count: bytes.count) }
    }
    var count = carry.count
    var scanned = isCarryScanned ? count : 0
    isCarryScanned = true
    carry.removeAll(keepingCapacity: true)
    // The next multiple of the chunk size, in decoded bytes of the member.
    let start = origin.offset
    var target = Self.chunkSize - Int(start % UInt64(Self.chunkSize))
    while target < scanned { target += Self.chunkSize }
    while true {
      count = fill(buffer, from: count, to: target)
      let boundary = scan(buffer, from: scanned, to: min(count, target))
      scanned = min(count, target)
      if let boundary, isLimitReached(boundary) { return cut(buffer, at: boundary, count: count) }
      if isMemberRead, scanned == count, boundary?.records ?? 0 <= Self.mostRecords {
        return finalRecords(buffer, count: count)
      }
      if let boundary,
        boundary.records >= Self.fewestRecords || count >= Self.longestUsual
      {
        return cut(buffer, at: boundary, count: count)
      }
      if boundary == nil, count > options.maximumRecordBytes { return skipRecord(buffer, count: count) }
      target += Self.chunkSize
    }
  }

  private func isLimitReached(_ boundary: FrameBoundary) -> Bool {
    guard let limit = options.recordLimit else { return false }
    return recordsBefore + UInt64(boundary.records) >= limit
  }

  /// Lets the framer see the new bytes; under a record limit not beyond the record at the limit.
  private func scan(_ buffer: ChunkBuffer, from: Int, to count: Int) -> FrameBoundary? {
    guard let limit = options.recordLimit else { return framer.scan(buffer.bytes, from: from, to: count) }
    let wanted = Int(clamping: limit - recordsBefore)
    return scan(buffer.bytes, from: from, to: count, upTo: wanted).boundary
  }

  /// Scans on until at least one and at most `wanted` records are complete, or the bytes end.
  private func scan(
    _ bytes: UnsafePointer<UInt8>, from: Int, to count: Int, upTo wanted: Int
  ) -> (boundary: FrameBoundary?, scanned: Int) {
    var index = from
    var step = 4_096
    var boundary: FrameBoundary?
    while index < count {
      let before = framer
      let end = min(count, index + step)
      let found = framer.scan(bytes, from: index, to: end)
      if let found, found.records > wanted {
        // Too far: take the step again in smaller ones.
        framer = before
        step = max(1, step / 8)
        continue
      }
      boundary = found ?? boundary
      index = end
      if let found, found.records == wanted { return (found, index) }
    }
    return (boundary, index)
  }

  private func cut(_ buffer: ChunkBuffer, at boundary: FrameBoundary, count: Int) -> ShardPiece {
    var boundary = boundary
    if boundary.records > Self.mostRecords {
      framer = layout.framer(isInside: origin.record > 0)
      boundary = scan(buffer.bytes, from: 0, to: count, upTo: Self.mostRecords).boundary ?? boundary
      framer = layout.framer(isInside: true)
      isCarryScanned = false
    } else {
      framer.cut(at: boundary)
    }
    carry.append(
      contentsOf: UnsafeBufferPointer(start: buffer.bytes + boundary.offset, count: count - boundary.offset))
    let place = origin
    advance(past: buffer.bytes, boundary)
    buffer.seal(at: boundary.offset)
    return .records(count: boundary.offset, origin: place, layout: layout, isFinal: false)
  }

  private func advance(past bytes: UnsafePointer<UInt8>, _ boundary: FrameBoundary) {
    origin.chunk += 1
    origin.offset += UInt64(boundary.offset)
    origin.record += UInt64(boundary.records)
    recordsBefore += UInt64(boundary.records)
    origin.line +=
      layout.isLines
      ? UInt64(boundary.records) : UInt64(ck_count_byte(bytes, boundary.offset, layout.lineEnd))
  }

  /// What is left when the member's data have ended.
  private func finalRecords(_ buffer: ChunkBuffer, count: Int) -> ShardPiece? {
    isInMember = false
    let place = origin
    let records = framer.finish(buffer.bytes, count: count)
    advance(past: buffer.bytes, FrameBoundary(offset: count, records: records))
    // An array that was begun says by its bracket that it is whole.
    guard count > 0 || (layout.isArray && place.offset > 0) else { return nil }
    buffer.seal(at: count)
    return .records(count: count, origin: place, layout: layout, isFinal: true)
  }

  // MARK: Records beyond the limit

  /// Reads over a record that is longer than allowed, without keeping it.
  private func skipRecord(_ buffer: ChunkBuffer, count: Int) -> ShardPiece {
    let place = origin
    var length = count
    var lines = ck_count_byte(buffer.bytes, count, layout.lineEnd)
    var end: Int?
    var available = 0
    buffer.shrink()
    while end == nil {
      available = fill(buffer, from: 0, to: Self.chunkSize)
      if available == 0 { break }
      // The framer counts from the start of the record, which is no longer in memory; it looks at new bytes only.
      let base = UnsafePointer(buffer.bytes) - length
      let found = scan(base, from: length, to: length + available, upTo: 1)
      if let boundary = found.boundary {
        end = boundary.offset - length
        carry.append(
          contentsOf: UnsafeBufferPointer(
            start: buffer.bytes + (boundary.offset - length), count: available - (boundary.offset - length)))
        framer.cut(at: boundary)
        isCarryScanned = found.scanned == boundary.offset && boundary.offset - length == available
        if !isCarryScanned { rescanCarry(found.scanned - boundary.offset) }
        lines += ck_count_byte(buffer.bytes, boundary.offset - length, layout.lineEnd)
        length = boundary.offset
      } else {
        lines += ck_count_byte(buffer.bytes, available, layout.lineEnd)
        length += available
      }
    }
    origin.chunk += 1
    origin.offset += UInt64(length)
    origin.record += 1
    recordsBefore += 1
    origin.line += UInt64(lines)
    return .tooLong(origin: place, length: UInt64(length))
  }

  /// The framer saw `seen` bytes of the carry; lets it see the rest.
  private func rescanCarry(_ seen: Int) {
    let count = carry.count
    carry.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress, seen < count { _ = framer.scan(base, from: seen, to: count) }
    }
    isCarryScanned = true
  }
}
