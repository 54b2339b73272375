import CKernels

/// Tells which hashes may occur more than once, so that the others, on clean data nearly all, need not be kept.
///
/// With 16 bits a hash about one in 200 of those that occur once is taken for a repeated one.
///
/// Memory: 16 bits a hash up to half of the limit while hashes are added, a quarter of that later.
final class RepeatFilter {
  private var seen: UnsafeMutableBufferPointer<UInt64>
  private let again: UnsafeMutableBufferPointer<UInt64>

  /// Below this many bits a hash too many would be taken for repeated ones.
  private static let fewestBits = 3

  /// Nil where so many hashes leave no room for a filter that is worth its time.
  init?(for count: Int, limit: Int) {
    var words = 64
    while 64 * words < 16 * count, 2 * words * 8 <= limit / 2 { words *= 2 }
    guard 64 * words >= Self.fewestBits * count else { return nil }
    seen = .allocate(capacity: words)
    seen.initialize(repeating: 0)
    again = .allocate(capacity: words / 4)
    again.initialize(repeating: 0)
  }

  deinit {
    seen.deallocate()
    again.deallocate()
  }

  /// Adds hashes, 16 bytes each.
  /// - Complexity: O(hashes), a cache line each.
  func add(_ hashes: UnsafeRawBufferPointer) {
    guard !seen.isEmpty else { return }
    ck_filter_add(
      seen.baseAddress, UInt64(seen.count - 1), again.baseAddress, UInt64(again.count - 1),
      hashes.baseAddress, hashes.count / 16)
  }

  /// Gives up the memory that only `add` needs.
  func finish() {
    seen.deallocate()
    seen = UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// Places of the hashes, in order, that may occur more than once among all that were added.
  ///
  /// - Parameter rows: has room for as many as there are hashes.
  /// - Returns: how many places were written.
  func select(_ hashes: UnsafeRawBufferPointer, into rows: UnsafeMutablePointer<UInt32>) -> Int {
    ck_filter_select(
      again.baseAddress, UInt64(again.count - 1), hashes.baseAddress, hashes.count / 16, rows)
  }
}
