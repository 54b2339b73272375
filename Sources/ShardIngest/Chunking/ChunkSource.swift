import CKernels
import ShardModel

/// Cuts the decoded stream of a shard into chunks of whole records.
///
/// A chunk ends with the last record that is complete at a multiple of `bytes` decoded bytes of its member: at the first
/// one that gives it `fewestRecords`, or that makes it `longestUsual` bytes long and has a record at all. With more than
/// `mostRecords` it ends after that many. So the cuts depend on the data alone, not on who reads them or how the bytes
/// arrive: all results rest on that.
///
/// A JSON value whose brackets are not closed would hide all records after it; see `JSONRecovery`.
///
/// Memory: the pending bytes of one record, at most `maximumRecordBytes` and a chunk.
package final class ChunkSource {
  /// Chunk and columns stay in a core's second-level cache.
  package static let chunkSize = 1 << 20
  static let longestUsual = 1 << 22

  package let stream: ShardStream
  let options: IngestOptions
  private let fileEnding: String?
  var framer: any RecordFramer = LineFramer()
  var layout = RecordLayout.json(.lines)
  var origin = BatchOrigin()
  /// Whether bytes of a member are being delivered.
  var isInMember = false
  var isMemberRead = false
  var failure: IngestError?
  private var isOver = false
  /// Bytes that were read and not delivered, from `carryStart`.
  var carry: [UInt8] = []
  var carryStart = 0
  /// How many of them the framer has seen.
  private var carryScanned = 0
  var recovery = JSONRecovery()
  /// The array that the current member is.
  private var array: ArrayMember?
  private var members: UInt64 = 0
  var recordsBefore: UInt64 = 0
  package private(set) var isCutByLimit = false
  /// Names of the layouts met, in order of appearance.
  package private(set) var formats: [String] = []

  package init(
    _ input: ShardInput, options: IngestOptions, workspace: DecodingWorkspace
  ) throws(IngestError) {
    self.options = options
    var decoding = options.decoding
    switch options.format {
    case .auto: decoding.samples = .recognized
    case .webdataset: decoding.samples = .always
    default: decoding.samples = .never
    }
    stream = try ShardStream(input, options: decoding, workspace: workspace)
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
    carryStart = 0
    recovery = JSONRecovery()
    array = nil
    isInMember = true
    isMemberRead = false
    if stream.isSamples || (options.format == .webdataset && stream.container == .none) {
      beginSamples()
      return nil
    }
    let ending = member.name.map { NamedFormat(path: $0).records } ?? fileEnding
    let count = fill(buffer, from: 0, to: ChunkSource.chunkSize)
    let prefix = UnsafeBufferPointer(start: UnsafePointer(buffer.bytes), count: count)
    if LayoutSniffer.isArray(prefix, ending: ending, choice: options.format) {
      return beginArray(buffer, count: count)
    }
    layout = LayoutSniffer.sniff(prefix, isWhole: isMemberRead, ending: ending, choice: options.format)
    framer = layout.framer(isInside: false)
    noteFormat(layout.name)
    let header = min(layout.headerLength, count)
    origin.offset = UInt64(header)
    origin.line += UInt64(ck_count_byte(buffer.bytes, header, layout.lineEnd))
    keep(buffer, from: header, to: count, scanned: 0)
    return nil
  }

  private func beginSamples() {
    layout = .samples(stream.isFolder ? .lastPeriod : .firstPeriod)
    framer = layout.framer(isInside: false)
    origin.line = 0
    carryScanned = 0
    noteFormat(layout.name)
  }

  private func noteFormat(_ name: String) {
    if !formats.contains(name) { formats.append(name) }
  }

  /// Begins a member that is an array: of fixed size, behind a header that says all about it.
  private func beginArray(_ buffer: ChunkBuffer, count: Int) -> ShardPiece? {
    origin.line = 0
    noteFormat("npy")
    let prefix = UnsafeBufferPointer(start: UnsafePointer(buffer.bytes), count: count)
    let header: ArrayHeader
    do throws(ArrayHeaderError) {
      header = try ArrayHeaderParser.parse(prefix)
    } catch {
      isInMember = false
      // Where the stream broke within the header, that is what is wrong.
      return failure == nil ? ArrayMember.piece(error, origin) : nil
    }
    let field = ArrayLayout.field(
      ofMember: origin.member, isNamed: NamedFormat(path: stream.path).isArrays)
    let rows = ArrayLayout(header: header, field: field)
    layout = .array(rows)
    framer = layout.framer(isInside: false)
    origin.offset = UInt64(header.length)
    do throws(IngestError) {
      let member = try ArrayMember(
        header, first: UnsafeBufferPointer(rebasing: prefix[header.length...]), isAll: isMemberRead,
        stream: stream, memoryLimit: options.maximumRecordBytes)
      array = member
      keep(buffer, from: header.length, to: header.length + member.taken, scanned: 0)
      isMemberRead = member.isRead
      if let ending = member.ending, failure == nil { failure = ending }
    } catch {
      isInMember = false
      if failure == nil { failure = error }
    }
    return nil
  }

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
  func fill(_ buffer: ChunkBuffer, from count: Int, to target: Int) -> Int {
    guard count < target, !isMemberRead || carryStart < carry.count else { return count }
    buffer.grow(to: target, keeping: count)
    var filled = count
    let carried = min(target - count, carry.count - carryStart)
    carry.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress, carried > 0 {
        (buffer.bytes + count).update(from: base + carryStart, count: carried)
      }
    }
    carryStart += carried
    filled += carried
    guard !isMemberRead else { return filled }
    do throws(IngestError) {
      while filled < target {
        let room = UnsafeMutableRawBufferPointer(start: buffer.bytes + filled, count: target - filled)
        let got = if let array { try array.read(into: room) } else { try stream.read(into: room) }
        if got == 0 {
          isMemberRead = true
          break
        }
        filled += got
      }
    } catch {
      isMemberRead = true
      // Rows of an array are cut short because the stream was.
      failure = failure ?? error
    }
    return filled
  }

  /// Puts bytes of the buffer back, before those that are still carried; the framer has seen those up to `scanned`.
  func keep(_ buffer: ChunkBuffer, from start: Int, to count: Int, scanned: Int) {
    // A header that is passed over was not scanned.
    carryScanned = max(0, scanned - start)
    if carryStart < carry.count {
      // All that is in the buffer came from the carry.
      carryStart -= count - start
      return
    }
    if carry.capacity > 2 * Self.longestUsual { carry = [] }
    carry.removeAll(keepingCapacity: true)
    carry.append(contentsOf: UnsafeBufferPointer(start: buffer.bytes + start, count: count - start))
    carryStart = 0
  }

  /// The next chunk of the current member, or nil where it has no more.
  private func nextRecords(into buffer: ChunkBuffer) -> ShardPiece? {
    if let limit = options.recordLimit, recordsBefore >= limit {
      isCutByLimit = true
      isOver = true
      failure = nil
      return nil
    }
    let bounds = options.chunks
    var scanned = carryScanned
    if scanned < bounds.longestUsual { buffer.shrink() }
    // The next multiple of the chunk size, in decoded bytes of the member.
    var target = bounds.bytes - Int(origin.offset % UInt64(bounds.bytes))
    while target < scanned { target += bounds.bytes }
    var count = 0
    while true {
      count = fill(buffer, from: count, to: target)
      let boundary = scan(buffer, from: scanned, to: count)
      stopAtDamage(&count)
      scanned = count
      if let piece = recoverCrossed(buffer, count: count) { return piece }
      if let boundary, isLimitReached(boundary) { return cut(buffer, at: boundary, count: count) }
      let isEnd = isMemberRead && carryStart == carry.count
      if isEnd, boundary?.records ?? 0 <= bounds.mostRecords {
        return recoverOpen(buffer, count: count) ?? finalRecords(buffer, count: count)
      }
      if let boundary,
        boundary.records >= (layout.isBinary ? 1 : bounds.fewestRecords) || count >= bounds.longestUsual
          || isEnd
      {
        return cut(buffer, at: boundary, count: count)
      }
      if boundary == nil, count > recovery.lookahead(options) {
        if let piece = recoverOpen(buffer, count: count) { return piece }
        if count > options.maximumRecordBytes { return skipRecord(buffer, count: count) }
      }
      target += bounds.bytes
    }
  }

  private func isLimitReached(_ boundary: FrameBoundary) -> Bool {
    guard let limit = options.recordLimit else { return false }
    return recordsBefore + UInt64(boundary.records) >= limit
  }

  /// Lets the framer see the new bytes; under a record limit not beyond the record at the limit.
  func scan(_ buffer: ChunkBuffer, from: Int, to count: Int) -> FrameBoundary? {
    guard let limit = options.recordLimit else { return framer.scan(buffer.bytes, from: from, to: count) }
    let wanted = Int(clamping: limit - recordsBefore)
    return scan(buffer.bytes, from: from, to: count, upTo: wanted).boundary
  }

  /// Scans on until at least one and at most `wanted` records are complete, or the bytes end.
  func scan(
    _ bytes: UnsafePointer<UInt8>, from: Int, to count: Int, upTo wanted: Int
  ) -> (boundary: FrameBoundary?, scanned: Int) {
    var index = from
    var step = 4_096
    var boundary: FrameBoundary?
    while index < count {
      let before = framer
      let end = min(count, index + step)
      let found = framer.scan(bytes, from: index, to: end)
      if let found, found.records > wanted, step > 1 {
        // Too far: take the step again in smaller ones.
        framer = before
        step = max(1, step / 8)
        continue
      }
      boundary = found ?? boundary
      index = end
      if let found, found.records >= wanted { return (found, index) }
    }
    return (boundary, index)
  }

  private func cut(_ buffer: ChunkBuffer, at boundary: FrameBoundary, count: Int) -> ShardPiece {
    var boundary = boundary
    var scanned = count
    if boundary.records > options.chunks.mostRecords {
      framer = layout.framer(isInside: origin.record > 0)
      let found = scan(buffer.bytes, from: 0, to: count, upTo: options.chunks.mostRecords)
      boundary = found.boundary ?? boundary
      if layout.isSamples {
        // Behind its end marker a tar must not be begun again.
        framer.cut(at: boundary)
        scanned = found.scanned
      } else {
        framer = layout.framer(isInside: true)
        scanned = boundary.offset
      }
    } else {
      framer.cut(at: boundary)
    }
    return deliver(buffer, boundary, count: count, scanned: scanned)
  }

  func deliver(
    _ buffer: ChunkBuffer, _ boundary: FrameBoundary, count: Int, scanned: Int
  ) -> ShardPiece {
    keep(buffer, from: boundary.offset, to: count, scanned: scanned)
    recovery.forgetRecord()
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
    if layout.isBinary { return }
    origin.line +=
      layout.isLines
      ? UInt64(boundary.records) : UInt64(ck_count_byte(bytes, boundary.offset, layout.lineEnd))
  }

  /// What is left when the member's data have ended.
  private func finalRecords(_ buffer: ChunkBuffer, count: Int) -> ShardPiece? {
    isInMember = false
    noteMissing(count)
    let place = origin
    let records = framer.finish(buffer.bytes, count: count)
    advance(past: buffer.bytes, FrameBoundary(offset: count, records: records))
    // An array that was begun says by its bracket that it is whole.
    guard count > 0 || (layout.isArray && place.offset > 0) else { return nil }
    buffer.seal(at: count)
    return .records(count: count, origin: place, layout: layout, isFinal: true)
  }
}
