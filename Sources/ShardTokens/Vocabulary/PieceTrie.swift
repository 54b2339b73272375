import ShardModel

/// The tokens of a vocabulary as a tree of bytes, to find all that a text begins with.
///
/// It takes 12 bytes a node. Immutable once built, and shared between threads.
final class PieceTrie: @unchecked Sendable {
  static let none = UInt32.max
  static let maximumNodes = 1 << 24
  /// Bytes of a token, and so steps at each place of a text; the longest known have 128 characters.
  static let maximumTokenLength = 1024

  private struct Node {
    var firstChild: UInt32
    /// Of the token that ends here.
    var id: UInt32
    var childCount: UInt16
    var label: UInt8
  }

  private struct Key {
    /// The first bytes, so that few comparisons need the token.
    var prefix: UInt64
    var id: UInt32
  }

  private var nodes = Buffer<Node>()
  /// The root's children by their byte.
  private var roots = [UInt32](repeating: PieceTrie.none, count: 256)

  /// - Complexity: O(n log n) in tokens, O(bytes of all tokens).
  init(_ vocabulary: Vocabulary, part: String) throws(TokenizerError) {
    var keys: [Key] = []
    keys.reserveCapacity(vocabulary.count)
    for id in 0..<UInt32(vocabulary.size) {
      // Of equal tokens the one that the vocabulary finds.
      guard let token = vocabulary[id], !token.isEmpty, vocabulary.id(of: token) == id else { continue }
      guard token.count <= Self.maximumTokenLength else {
        throw TokenizerError(part: part, message: "a token of more than \(Self.maximumTokenLength) bytes")
      }
      var prefix: UInt64 = 0
      for index in 0..<8 { prefix = prefix << 8 | (index < token.count ? UInt64(token[index]) : 0) }
      keys.append(Key(prefix: prefix, id: id))
    }
    keys.sort { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      guard let first = vocabulary[left.id], let second = vocabulary[right.id] else { return false }
      return first.lexicographicallyPrecedes(second)
    }
    guard build(vocabulary, keys) else {
      throw TokenizerError(
        part: part, message: "more than \(Self.maximumNodes) distinct beginnings of tokens")
    }
    guard nodes.count > 0 else { return }
    let root = nodes.base[0]
    for child in root.firstChild..<root.firstChild + UInt32(root.childCount) {
      roots[Int(nodes.base[Int(child)].label)] = child
    }
  }

  deinit { nodes.deallocate() }

  private func build(_ vocabulary: Vocabulary, _ keys: [Key]) -> Bool {
    struct Pending {
      var node: UInt32
      var low: Int
      var high: Int
      var depth: Int
    }
    nodes.append(Node(firstChild: 0, id: Self.none, childCount: 0, label: 0))
    var pending = [Pending(node: 0, low: 0, high: keys.count, depth: 0)]
    var taken = 0
    while taken < pending.count {
      let item = pending[taken]
      taken += 1
      // What was taken makes room now and then.
      if taken > 1 << 16, taken * 2 > pending.count {
        pending.removeFirst(taken)
        taken = 0
      }
      var low = item.low
      // A token that ends here comes before those that go on.
      if low < item.high, vocabulary[keys[low].id]?.count == item.depth {
        nodes.base[Int(item.node)].id = keys[low].id
        low += 1
      }
      nodes.base[Int(item.node)].firstChild = UInt32(nodes.count)
      while low < item.high {
        guard let token = vocabulary[keys[low].id], item.depth < token.count, nodes.count < Self.maximumNodes
        else {
          return false
        }
        let label = token[item.depth]
        var end = low + 1
        while end < item.high, vocabulary[keys[end].id]?[item.depth] == label { end += 1 }
        pending.append(Pending(node: UInt32(nodes.count), low: low, high: end, depth: item.depth + 1))
        nodes.append(Node(firstChild: 0, id: Self.none, childCount: 0, label: label))
        nodes.base[Int(item.node)].childCount += 1
        low = end
      }
    }
    return true
  }

  /// A place in the tree; 0 is the root.
  typealias Place = UInt32

  @inline(__always)
  func step(_ place: Place, _ byte: UInt8) -> Place? {
    if place == 0 {
      let child = roots[Int(byte)]
      return child == Self.none ? nil : child
    }
    // Safe: places come from this tree alone, and its children lie within it.
    let node = nodes.base[Int(place)]
    var low = node.firstChild
    var high = low &+ UInt32(node.childCount)
    while high &- low > 8 {
      let middle = (low &+ high) / 2
      if nodes.base[Int(middle)].label <= byte { low = middle } else { high = middle }
    }
    while low < high {
      if nodes.base[Int(low)].label == byte { return low }
      low &+= 1
    }
    return nil
  }

  /// The token that ends at a place, or `none`.
  @inline(__always)
  func id(at place: Place) -> UInt32 { nodes.base[Int(place)].id }

  /// The place behind some bytes.
  func place(of bytes: [UInt8]) -> Place? {
    var place: Place = 0
    for byte in bytes {
      guard let next = step(place, byte) else { return nil }
      place = next
    }
    return place
  }

  /// The longest token that the text begins with, from a place on.
  @inline(__always)
  func longest(_ text: UnsafeBufferPointer<UInt8>, from start: Place = 0) -> (id: UInt32, length: Int)? {
    var place = start
    var found: (id: UInt32, length: Int)?
    var at = 0
    while at < text.count, let next = step(place, text[at]) {
      place = next
      at &+= 1
      let id = id(at: place)
      if id != Self.none { found = (id, at) }
    }
    return found
  }
}
