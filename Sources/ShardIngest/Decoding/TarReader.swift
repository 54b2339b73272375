/// Reads a tar as a stream and checks what tar programs let pass: a wrong header checksum anywhere, a member or
/// an archive cut short, a missing end marker (two zero blocks), and data after it, are all damage.
///
/// Names are the bytes as stored, in ustar, pax and GNU form. Sparse files are `other`: their content is not put
/// together. Content is read straight into the caller's buffer; memory is one workspace buffer and
/// `maximumHeader`. Offsets in errors are offsets in the tar.
final class TarReader: MemberReader {
  /// Long names and pax records; a larger header is damage or an attack.
  private static let maximumHeader: UInt64 = 1 << 20
  /// Headers in a row that only describe the next member.
  private static let maximumExtensions = 64

  private let source: any ByteSource
  private let workspace: DecodingWorkspace
  private let scratch: UnsafeMutableRawBufferPointer
  private var position: UInt64 = 0
  private var remaining: UInt64 = 0
  private var padding: UInt64 = 0
  private var failure: IngestError?
  private var isFinished = false
  private(set) var memberOffset: UInt64?

  init(_ source: any ByteSource, workspace: DecodingWorkspace) {
    self.source = source
    self.workspace = workspace
    scratch = workspace.takeBuffer()
  }

  deinit { workspace.giveBack(buffer: scratch) }

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
      let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
      position += UInt64(got)
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
      if block.allSatisfy({ $0 == 0 }) {
        try finish()
        return nil
      }
      guard let header = TarHeader(block) else {
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
    guard second.allSatisfy({ $0 == 0 }) else { throw damage("data after a zero block of the tar") }
    isFinished = true
    while true {
      let got = try source.read(into: scratch)
      if got == 0 { return }
      if let index = scratch[..<got].firstIndex(where: { $0 != 0 }) {
        throw damage("data after the end marker of the tar", at: position + UInt64(index))
      }
      position += UInt64(got)
    }
  }

  /// Nil at the end of the stream; part of a block is damage.
  private func readBlock() throws(IngestError) -> UnsafeRawBufferPointer? {
    let got = try fill(TarHeader.blockSize)
    if got == 0 { return nil }
    guard got == TarHeader.blockSize else { throw damage("tar header cut short") }
    return UnsafeRawBufferPointer(rebasing: scratch[..<got])
  }

  private func readExtension(_ header: TarHeader) throws(IngestError) -> [UInt8] {
    guard header.size <= Self.maximumHeader else {
      throw damage("tar extension header of \(header.size) bytes")
    }
    let blockSize = TarHeader.blockSize
    var bytes: [UInt8] = []
    var left = (Int(header.size) + blockSize - 1) / blockSize * blockSize
    while left > 0 {
      let wanted = min(left, scratch.count)
      guard try fill(wanted) == wanted else { throw damage("tar header cut short") }
      bytes.append(contentsOf: scratch[..<wanted])
      left -= wanted
    }
    return Array(bytes.prefix(Int(header.size)))
  }

  /// Reads `count` bytes into the scratch buffer, fewer only at the end.
  private func fill(_ count: Int) throws(IngestError) -> Int {
    var got = 0
    while got < count {
      let more = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[got..<count]))
      if more == 0 { break }
      got += more
    }
    position += UInt64(got)
    return got
  }

  private func skip(_ count: UInt64) throws(IngestError) {
    var left = count
    while left > 0 {
      let wanted = Int(clamping: min(left, UInt64(scratch.count)))
      let got = try fill(wanted)
      left -= UInt64(got)
      guard got == wanted else { throw damage("tar member cut short, \(left) bytes missing") }
    }
  }

  private func damage(_ reason: String, at offset: UInt64? = nil) -> IngestError {
    .damaged(reason: reason, storedOffset: offset ?? position, decodedOffset: offset ?? position)
  }
}
