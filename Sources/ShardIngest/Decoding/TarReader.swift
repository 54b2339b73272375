/// Reads a tar as a stream and checks what tar programs let pass: a wrong header checksum anywhere, a member or
/// an archive cut short, a missing end marker (two zero blocks), and data after it, are all damage.
///
/// Names are the bytes as stored, in ustar, pax and GNU form. Sparse files are `other`: their content is not put
/// together. Small members are copied out of one workspace buffer, so that many of them cost few system calls; what is
/// longer than that is read straight into the caller's buffer. Memory beside it: `maximumHeader`. Offsets in
/// errors are offsets in the tar.
final class TarReader: MemberReader {
  /// Long names and pax records; a larger header is damage or an attack.
  private static let maximumHeader: UInt64 = 1 << 20
  /// Headers in a row that only describe the next member.
  private static let maximumExtensions = 64

  private var window: InputWindow
  private var remaining: UInt64 = 0
  private var padding: UInt64 = 0
  private var failure: IngestError?
  private var isFinished = false
  private(set) var memberOffset: UInt64?

  init(_ source: any ByteSource, workspace: DecodingWorkspace) {
    window = InputWindow(source: source, workspace: workspace)
  }

  func nextMember() throws(IngestError) -> Member? {
    if let failure { throw failure }
    do throws(IngestError) {
      try skip(remaining)
      remaining = 0
      try skip(padding)
      padding = 0
      return isFinished ? nil : try readMember()
    } catch {
      failure = error
      throw error
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let failure { throw failure }
    let room = Int(clamping: min(remaining, UInt64(buffer.count)))
    guard room > 0 else { return 0 }
    do throws(IngestError) {
      let got = try window.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
      remaining -= UInt64(got)
      guard got > 0 else { throw damage("tar member cut short, \(remaining) bytes missing") }
      return got
    } catch {
      failure = error
      throw error
    }
  }

  private func readMember() throws(IngestError) -> Member? {
    var extensions = TarExtensions()
    for _ in 0..<Self.maximumExtensions {
      let start = position
      guard let block = try readBlock() else {
        throw damage("tar ends without its end marker of two zero blocks")
      }
      if Self.isZero(block) {
        try finish()
        return nil
      }
      guard let header = block.withUnsafeBytes({ TarHeader($0) }) else {
        throw damage("tar header checksum mismatch", at: start)
      }
      switch header.kind {
      case .paxRecord: try extensions.addPax(readExtension(header)) { damage($0, at: start) }
      case .longName: extensions.name = TarHeader.text(try readExtension(header))
      case .longLink, .paxGlobal: _ = try readExtension(header)
      default: return try begin(header, extensions)
      }
    }
    throw damage("too many tar extension headers")
  }

  private func begin(_ header: TarHeader, _ extensions: TarExtensions) throws(IngestError) -> Member {
    let size = extensions.size ?? header.size
    let kind: Member.Kind
    switch header.kind {
    case .regular: kind = extensions.isSparse ? .other : .regular
    case .directory: kind = .directory
    case .hardLink, .symbolicLink: kind = .link
    default: kind = .other
    }
    var more = header.isExtended
    while more {
      guard let block = try readBlock() else { throw damage("tar header cut short") }
      more = block[504] != 0
    }
    // Links, directories and devices may state a size but have no content, but for hard links in pax.
    let hasContent: Bool
    switch header.kind {
    case .regular, .sparse, .volumePart: hasContent = true
    case .hardLink: hasContent = extensions.size != nil
    default: hasContent = false
    }
    memberOffset = position
    remaining = hasContent ? size : 0
    padding =
      (UInt64(TarHeader.blockSize) - remaining % UInt64(TarHeader.blockSize)) % UInt64(TarHeader.blockSize)
    let name = String(decoding: extensions.name ?? header.name, as: UTF8.self)
    return Member(name: name, size: hasContent ? size : 0, kind: kind)
  }

  /// After the first zero block: one more, then zeros to the end.
  private func finish() throws(IngestError) {
    guard let second = try readBlock() else { throw damage("tar ends after a lone zero block") }
    guard Self.isZero(second) else { throw damage("data after a zero block of the tar") }
    isFinished = true
    while try window.fill() {
      let bytes = window.bytes
      if let index = bytes.firstIndex(where: { $0 != 0 }) {
        throw damage("data after the end marker of the tar", at: position + UInt64(index))
      }
      window.consume(bytes.count)
    }
  }

  /// Nil at the end of the stream; part of a block is damage.
  private func readBlock() throws(IngestError) -> [UInt8]? {
    let block = try take(TarHeader.blockSize)
    if block.isEmpty { return nil }
    guard block.count == TarHeader.blockSize else { throw damage("tar header cut short") }
    return block
  }

  private func readExtension(_ header: TarHeader) throws(IngestError) -> [UInt8] {
    guard header.size <= Self.maximumHeader else {
      throw damage("tar extension header of \(header.size) bytes")
    }
    let blockSize = TarHeader.blockSize
    let stored = (Int(header.size) + blockSize - 1) / blockSize * blockSize
    let bytes = try take(stored)
    guard bytes.count == stored else { throw damage("tar header cut short") }
    return Array(bytes.prefix(Int(header.size)))
  }

  private var position: UInt64 { window.position }

  /// The next `count` bytes, fewer only at the end.
  private func take(_ count: Int) throws(IngestError) -> [UInt8] {
    var taken: [UInt8] = []
    taken.reserveCapacity(count)
    while taken.count < count, try window.fill() {
      let piece = window.bytes.prefix(count - taken.count)
      taken.append(contentsOf: piece)
      window.consume(piece.count)
    }
    return taken
  }

  private func skip(_ count: UInt64) throws(IngestError) {
    var left = count
    while left > 0 {
      guard try window.fill() else { throw damage("tar member cut short, \(left) bytes missing") }
      let skipped = Int(clamping: min(left, UInt64(window.bytes.count)))
      window.consume(skipped)
      left -= UInt64(skipped)
    }
  }

  private static func isZero(_ block: [UInt8]) -> Bool { block[0] == 0 && block.allSatisfy { $0 == 0 } }

  private func damage(_ reason: String, at offset: UInt64? = nil) -> IngestError {
    .damaged(reason: reason, storedOffset: offset ?? position, decodedOffset: offset ?? position)
  }
}
