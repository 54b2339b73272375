/// A growable run of plain values that is reused from chunk to chunk.
///
/// It is the storage of columns: an append in the hot path is a compare, a store and an increment, with no
/// reference count and no exclusivity check. The owner calls `deallocate()`; copies share the memory, so only
/// one of them may be written.
///
/// Public although nobody outside the package needs it: only `public` makes the compiler specialise and inline
/// across modules, and these calls are the hottest of the program.
@frozen
public struct Buffer<Element: BitwiseCopyable> {
  /// `capacity` elements, of which the first `count` are initialized.
  public var base: UnsafeMutablePointer<Element>
  public var count: Int
  public var capacity: Int

  /// An empty buffer that holds no memory yet.
  @inlinable
  public init() {
    base = UnsafeMutablePointer(bitPattern: 16)!
    count = 0
    capacity = 0
  }

  @inlinable
  public var isEmpty: Bool { count == 0 }

  @inlinable @inline(__always)
  public mutating func append(_ element: Element) {
    if count == capacity { grow(toHold: count &+ 1) }
    // Safe: count < capacity after the line above.
    base[count] = element
    count &+= 1
  }

  /// Makes room for `additional` more elements, which the caller writes at `base + count` before raising `count`.
  @inlinable @inline(__always)
  public mutating func reserve(_ additional: Int) {
    if capacity &- count < additional { grow(toHold: count &+ additional) }
  }

  @inline(never)
  public mutating func grow(toHold wanted: Int) {
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
  public mutating func removeAll() { count = 0 }

  public mutating func deallocate() {
    if capacity > 0 { base.deallocate() }
    self = Buffer()
  }

  /// - Precondition: `0 <= index < count`, which is not checked.
  @inlinable
  public subscript(index: Int) -> Element {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  @inlinable
  public var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
}
