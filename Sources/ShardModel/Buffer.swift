/// A growable run of plain values that is reused from chunk to chunk.
///
/// It is the storage of columns: an append in the hot path is a compare, a store and an increment, with no
/// reference count and no exclusivity check. The owner calls `deallocate()`; copies share the memory, so only
/// one of them may be written.
@frozen
package struct Buffer<Element: BitwiseCopyable> {
  /// `capacity` elements, of which the first `count` are initialized.
  package private(set) var base: UnsafeMutablePointer<Element>
  package var count: Int
  package private(set) var capacity: Int

  /// An empty buffer that holds no memory yet.
  @inlinable
  package init() {
    base = UnsafeMutablePointer(bitPattern: 16)!
    count = 0
    capacity = 0
  }

  @inlinable
  package var isEmpty: Bool { count == 0 }

  @inlinable @inline(__always)
  package mutating func append(_ element: Element) {
    if count == capacity { grow(toHold: count &+ 1) }
    // Safe: count < capacity after the line above.
    base[count] = element
    count &+= 1
  }

  /// Makes room for `additional` more elements, which the caller writes at `base + count` before raising `count`.
  @inlinable @inline(__always)
  package mutating func reserve(_ additional: Int) {
    if capacity &- count < additional { grow(toHold: count &+ additional) }
  }

  @inline(never)
  package mutating func grow(toHold wanted: Int) {
    let larger = Swift.max(wanted, capacity * 2, 16)
    let fresh = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    if capacity > 0 {
      fresh.update(from: base, count: count)
      base.deallocate()
    }
    base = fresh
    capacity = larger
  }

  @inlinable
  package mutating func removeAll() { count = 0 }

  package mutating func deallocate() {
    if capacity > 0 { base.deallocate() }
    self = Buffer()
  }

  /// - Precondition: `0 <= index < count`, which is not checked.
  @inlinable
  package subscript(index: Int) -> Element {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  @inlinable
  package var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
}
