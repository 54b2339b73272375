/// A member of a tar in memory, in bytes from the start of what is walked.
struct TarEntry {
  /// The first block that belongs to the member, extensions included.
  var start: Int
  /// The member's own header.
  var block: Int
  /// The name, or what of it stands in one piece; a header may have a prefix to it.
  var name: Range<Int>
  /// Whether the name stands in the header, where a prefix may go before it.
  var isNamedByHeader: Bool
  var content: Int
  var size: Int
  var kind: Member.Kind
  /// Behind the last block, or the end of the bytes.
  var end: Int
  /// Whether the bytes end within the content.
  var isCut: Bool

  /// The whole name.
  func appendName(to text: inout [UInt8], _ bytes: UnsafePointer<UInt8>) {
    if isNamedByHeader {
      TarBlock(bytes: bytes + block).appendName(to: &text)
    } else {
      text.append(contentsOf: UnsafeBufferPointer(start: bytes + name.lowerBound, count: name.count))
    }
  }
}

/// Walks over the members of a tar in memory whose checksums were verified by a `SampleFramer`. Stops at the end marker, at
/// damage, and at a header that is not complete.
struct TarEntries {
  private let bytes: UnsafePointer<UInt8>
  private let count: Int
  private(set) var index: Int

  init(_ bytes: UnsafePointer<UInt8>, from start: Int = 0, to count: Int) {
    self.bytes = bytes
    self.count = count
    index = start
  }

  mutating func next() -> TarEntry? {
    let start = index
    var place = index
    var group = TarGroup()
    var name: Range<Int>?
    while count - place >= TarBlock.size {
      let block = place
      switch group.take(TarBlock(bytes: bytes + block), isTrusted: true) {
      case .end, .damaged: return nil
      case .extended(let kind, let size):
        place += TarBlock.size
        guard let stored = TarGroup.stored(UInt64(size)), stored <= UInt64(count - place) else { return nil }
        switch group.take(kind, UnsafeBufferPointer(start: bytes + place, count: size)) {
        case .nothing: break
        case .name(let range): name = (range.lowerBound + place)..<(range.upperBound + place)
        case .damaged: return nil
        }
        place += Int(stored)
      case .continued(let kind, let size):
        repeat {
          place += TarBlock.size
          guard count - place >= TarBlock.size else { return nil }
        } while TarBlock(bytes: bytes + place).isContinued
        return entry(start, block, place + TarBlock.size, kind, size, name)
      case .member(let kind, let size): return entry(start, block, place + TarBlock.size, kind, size, name)
      }
    }
    return nil
  }

  private mutating func entry(
    _ start: Int, _ block: Int, _ content: Int, _ kind: Member.Kind, _ size: UInt64, _ name: Range<Int>?
  ) -> TarEntry? {
    guard let stored = TarGroup.stored(size) else { return nil }
    let left = count - content
    let isCut = size > UInt64(left)
    index = stored > UInt64(left) ? count : content + Int(stored)
    return TarEntry(
      start: start, block: block, name: name ?? block..<(block + TarBlock(bytes: bytes + block).nameLength),
      isNamedByHeader: name == nil, content: content, size: isCut ? left : Int(size), kind: kind, end: index,
      isCut: isCut)
  }
}
