import CKernels
import CXXHash
import ShardModel

/// What the scanner knows of a field beyond its column: its key as it stands in the bytes, and what came next
/// the last time.
struct JSONNode {
  /// The key, its closing quote and a colon, as bytes: `score":`. Owned, with readable bytes behind it.
  var token: UnsafeMutablePointer<UInt8>
  var tokenLength = 0
  /// The first 16 bytes of the token and which of their bits count.
  var head: (UInt64, UInt64) = (0, 0)
  var headMask: (UInt64, UInt64) = (0, 0)
  var hash: UInt64 = 0
  var parent = 0
  /// This member, or -1 if its key must not be compared as bytes: a key that was written with escapes (`a\"b`) may hold
  /// bytes that mean something else or nothing when they stand in the data, and one that is not UTF-8 is reported
  /// each time.
  var prediction = -1
  /// The member that followed this one in the last object, or -1.
  var next = -1
  /// The first member of the last object, or -1.
  var firstMember = -1
  /// The field of this list's elements, or -1.
  var element = -1
  /// Ordinal of the last object that had this member; a second time in the same object is a duplicate.
  var stamp: UInt64 = 0
  /// Whether the last list held short integers, which have a faster path.
  var holdsIntegers = true
  /// Stands for the elements of a list, whose numbers have no positions.
  var isElement = false
  /// Left out by the user: values are checked for their grammar and forgotten.
  var isIgnored = false
}

/// The fields of a JSON reader, found by parent and key. Grows with the number of distinct fields only.
struct JSONNodes {
  private(set) var base: UnsafeMutablePointer<JSONNode>
  private(set) var count = 0
  private var capacity = 32
  /// Open addressing; -1 is free. Seeded per process, so that no file can be made to collide.
  private var slots: [Int32] = Array(repeating: -1, count: 64)
  private let seed = UInt64.random(in: 0...UInt64.max)

  init() {
    base = .allocate(capacity: capacity)
    appendNode(parent: 0, key: [])
  }

  func deallocate() {
    for index in 0..<count { base[index].token.deallocate() }
    base.deallocate()
  }

  @discardableResult
  private mutating func appendNode(parent: Int, key: [UInt8]) -> Int {
    if count == capacity {
      let larger = UnsafeMutablePointer<JSONNode>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: base, count: count)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    let length = key.count + 2
    let token = UnsafeMutablePointer<UInt8>.allocate(capacity: length + RecordBatch.padding)
    token.initialize(repeating: 0, count: length + RecordBatch.padding)
    for (index, byte) in key.enumerated() { token[index] = byte }
    token[key.count] = UInt8(ascii: "\"")
    token[key.count + 1] = UInt8(ascii: ":")
    var node = JSONNode(token: token)
    node.tokenLength = length
    node.head = load16(token)
    node.headMask = (mask(length), mask(length - 8))
    node.parent = parent
    (base + count).initialize(to: node)
    count += 1
    return count - 1
  }

  private func mask(_ bytes: Int) -> UInt64 {
    bytes <= 0 ? 0 : bytes >= 8 ? UInt64.max : (1 << UInt64(8 * bytes)) - 1
  }

  /// The member of `parent` whose key is these bytes as written, if it is known.
  /// - Complexity: O(length), independent of the number of fields.
  func member(of parent: Int, key: UnsafePointer<UInt8>, length: Int) -> Int? {
    let hash = hash(parent: parent, key: key, length: length)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      let node = base + index
      if node.pointee.hash == hash, node.pointee.parent == parent, node.pointee.tokenLength == length + 2,
        equal(node.pointee.token, key, length)
      {
        return index
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Adds a member; its index is that of the field added to the batch at the same time.
  mutating func addMember(of parent: Int, key: UnsafePointer<UInt8>, length: Int) -> Int {
    let index = appendNode(parent: parent, key: Array(UnsafeBufferPointer(start: key, count: length)))
    base[index].hash = hash(parent: parent, key: key, length: length)
    let text = ck_scan_text(base[index].token)
    if text.flags == 0, Int(text.length) == length { base[index].prediction = index }
    if count * 2 > slots.count { rehash(slots.count * 2) } else { insert(index) }
    return index
  }

  mutating func addElement(of parent: Int) -> Int {
    let index = appendNode(parent: parent, key: [])
    base[parent].element = index
    base[index].isElement = true
    return index
  }

  private mutating func rehash(_ size: Int) {
    slots = Array(repeating: -1, count: size)
    for index in 0..<count where base[index].hash != 0 { insert(index) }
  }

  private mutating func insert(_ index: Int) {
    var slot = Int(truncatingIfNeeded: base[index].hash) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(index)
  }

  private func hash(parent: Int, key: UnsafePointer<UInt8>, length: Int) -> UInt64 {
    // Zero marks fields without a key.
    XXH3_64bits_withSeed(key, length, seed &+ UInt64(parent)) | 1
  }
}

@inline(__always)
func load16(_ bytes: UnsafePointer<UInt8>) -> (UInt64, UInt64) {
  let raw = UnsafeRawPointer(bytes)
  return (raw.loadUnaligned(as: UInt64.self), (raw + 8).loadUnaligned(as: UInt64.self))
}

@inline(__always)
func equal(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  var index = 0
  while index < count {
    if left[index] != right[index] { return false }
    index &+= 1
  }
  return true
}
