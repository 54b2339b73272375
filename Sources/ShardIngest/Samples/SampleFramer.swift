/// Finds where the samples of a WebDataset tar end: where a member with another key begins, and at the end marker.
///
/// What belongs to no sample (folders, links, names without a key) goes with the sample before it. Verifies what
/// `TarReader` does: checksums, extensions, the end marker.
///
/// Memory: one header block or extension (at most 1 MiB), and the key.
package struct SampleFramer: RecordFramer {
  private enum State: Equatable {
    /// Header bytes are gathered up to `wanted`.
    case header
    case content(TarHeader.Kind)
    /// A further block of a header, before a member of this size.
    case continuation(UInt64)
    /// The second zero block, then zeros.
    case marker, zeros
    case damaged
  }

  private let naming: SampleNaming
  private var state = State.header
  private var group = TarGroup()
  /// The name that an extension gave.
  private var name: [UInt8]?
  /// A block or an extension, as far as it was seen.
  private var gathered: [UInt8] = []
  private var wanted = TarBlock.size
  /// Bytes to pass over before the next header.
  private var skipped: UInt64 = 0
  /// Of those, the ones that are content and not filling.
  private var filling: UInt64 = 0
  private var groupStart = 0
  private var key: [UInt8]?
  private var boundary: FrameBoundary?
  private var complete = 0

  /// What is wrong with the tar, if it was met, and at which byte of the pending region; nothing behind it is read.
  package private(set) var damage: (reason: String, offset: Int)?

  package init(naming: SampleNaming) { self.naming = naming }

  package mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary? {
    var index = from
    while index < count {
      if skipped > 0 {
        let step = Int(min(skipped, UInt64(count - index)))
        skipped -= UInt64(step)
        index += step
        continue
      }
      switch state {
      case .damaged: index = count
      case .zeros: passZeros(bytes, &index, count)
      default: gather(bytes, &index, count)
      }
    }
    return boundary
  }

  private mutating func passZeros(_ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ count: Int) {
    let rest = UnsafeBufferPointer(start: bytes + index, count: count - index)
    if let place = rest.firstIndex(where: { $0 != 0 }) {
      fail("data after the end marker of the tar", at: index + place)
    }
    index = count
    if state == .zeros { boundary = FrameBoundary(offset: count, records: complete) }
  }

  private mutating func gather(_ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ count: Int) {
    if gathered.isEmpty, state == .header, group.isEmpty { groupStart = index }
    let step = min(wanted - gathered.count, count - index)
    // The usual case: the whole block is there.
    if gathered.isEmpty, step == wanted {
      index += step
      take(UnsafeBufferPointer(start: bytes + (index - step), count: step), end: index)
      return
    }
    gathered.append(contentsOf: UnsafeBufferPointer(start: bytes + index, count: step))
    index += step
    guard gathered.count == wanted else { return }
    let whole = gathered
    gathered.removeAll(keepingCapacity: wanted <= TarBlock.size)
    whole.withUnsafeBufferPointer { take($0, end: index) }
  }

  /// Takes a whole block or the whole content of an extension.
  private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, end: Int) {
    guard let base = bytes.baseAddress else { return }
    switch state {
    case .content(let kind):
      skipped = UInt64((TarBlock.size - wanted % TarBlock.size) % TarBlock.size)
      filling = skipped
      state = .header
      wanted = TarBlock.size
      takeContent(kind, bytes)
    case .header: takeHeader(TarBlock(bytes: base), start: end - TarBlock.size)
    case .continuation(let size):
      if !TarBlock(bytes: base).isContinued { pass(size) }
    case .marker:
      if bytes.allSatisfy({ $0 == 0 }) {
        state = .zeros
        boundary = FrameBoundary(offset: end, records: complete)
      } else {
        fail("data after a zero block of the tar", at: end)
      }
    case .zeros, .damaged: break
    }
  }

  private mutating func takeHeader(_ block: TarBlock, start: Int) {
    switch group.take(block) {
    case .end:
      state = .marker
      closeSample(at: start)
    case .damaged(let reason): fail(reason, at: start)
    case .extended(let kind, let size):
      guard size > 0 else {
        takeContent(kind, UnsafeBufferPointer(start: block.bytes, count: 0))
        return
      }
      state = .content(kind)
      wanted = size
    case .continued(let kind, let size):
      guard begin(kind, block, size) else { return }
      state = .continuation(size)
    case .member(let kind, let size):
      guard begin(kind, block, size) else { return }
      pass(size)
    }
  }

  private mutating func takeContent(_ kind: TarHeader.Kind, _ content: UnsafeBufferPointer<UInt8>) {
    switch group.take(kind, content) {
    case .nothing: break
    case .name(let range): name = Array(content[range])
    case .damaged(let reason): fail(reason, at: groupStart)
    }
  }

  /// Notes which sample the member belongs to; false where its size cannot be.
  private mutating func begin(_ kind: Member.Kind, _ block: TarBlock, _ size: UInt64) -> Bool {
    defer { name = nil }
    guard TarGroup.stored(size) != nil else {
      fail("a tar member of \(size) bytes", at: groupStart)
      return false
    }
    guard kind == .regular else { return true }
    var whole = name ?? []
    if name == nil { block.appendName(to: &whole) }
    guard !SampleNaming.isMeta(whole), let parts = naming.split(whole) else { return true }
    if let key, key.elementsEqual(whole[..<parts.key]) { return true }
    if key != nil { closeSample(at: groupStart) }
    key = Array(whole[..<parts.key])
    return true
  }

  private mutating func pass(_ size: UInt64) {
    group = TarGroup()
    state = .header
    skipped = TarGroup.stored(size) ?? 0
    filling = skipped - min(size, skipped)
  }

  private mutating func closeSample(at offset: Int) {
    if key != nil { complete += 1 }
    key = nil
    if complete > 0 { boundary = FrameBoundary(offset: offset, records: complete) }
  }

  private mutating func fail(_ reason: String, at offset: Int) {
    if damage == nil { damage = (reason, offset) }
    state = .damaged
    skipped = 0
  }

  /// The first byte of a header that is not complete, which may begin the next sample.
  var openStart: Int? {
    switch state {
    case .header: gathered.isEmpty && group.isEmpty ? nil : groupStart
    case .content, .continuation: groupStart
    case .marker, .zeros, .damaged: nil
    }
  }

  package mutating func cut(at boundary: FrameBoundary) {
    complete -= boundary.records
    groupStart -= boundary.offset
    damage?.offset -= boundary.offset
    self.boundary = nil
  }

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    complete + (key == nil ? 0 : 1)
  }

  /// What is wrong with data that end here; nil after the end marker.
  package var missing: String? {
    switch state {
    case .zeros, .damaged: return nil
    case .marker: return gathered.isEmpty ? "tar ends after a lone zero block" : "tar header cut short"
    case .header where skipped > filling:
      return "tar member cut short, \(skipped - filling) bytes missing"
    case .header where gathered.isEmpty && group.isEmpty:
      return skipped > 0
        ? "tar member cut short in the zeros behind it" : "tar ends without its end marker of two zero blocks"
    case .header, .content, .continuation: return "tar header cut short"
    }
  }
}
