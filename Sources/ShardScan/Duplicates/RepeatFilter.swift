import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tells which hashes may occur more than once, so that the others, on clean data nearly all, need not be kept.
///
/// With 12 bits a hash about one in 300 of those that occur once is taken for a repeated one; up to some two million
/// hashes hardly any is, so that clean data need not be looked at twice.
///
/// Memory: 8 MiB, of which few hashes touch little; for more than 5.5 million hashes 12 to 24 bits each, up to half of the limit;
/// and a quarter of that for what was seen again.
final class RepeatFilter: @unchecked Sendable {
  private let lock = Monitor()
  private var seen: ZeroedWords?
  private let again: ZeroedWords

  /// Below this many bits a hash too many would be taken for repeated ones.
  private static let fewestBits = 5
  private static let wantedBits = 12

  /// Nil where so many hashes leave no room for a filter that is worth its time.
  init?(for count: Int, limit: Int) {
    // Enough for most data sets, so that these take the same memory whatever their size.
    var words = 1 << 20
    while words > 64, words * 8 > limit / 2 { words /= 2 }
    while 64 * words < Self.wantedBits * count, 2 * words * 8 <= limit / 2 { words *= 2 }
    guard 64 * words >= Self.fewestBits * count else { return nil }
    guard let seen = ZeroedWords(words), let again = ZeroedWords(words / 4) else { return nil }
    self.seen = seen
    self.again = again
    seenWords = words
  }

  /// For a scan, whose records are not counted yet: they are added as they are read.
  convenience init?(limit: Int) { self.init(for: 0, limit: limit) }

  private var count = 0
  /// Hashes that may have been added before.
  private var repeats = 0

  /// The first hashes, 16 bytes each, until there are many or no more come; nil from then on. To make the pages of the
  /// whole filter for a few takes longer than to read small data.
  private var waiting: [UInt8]? = []
  private static let many = 1 << 14
  /// Words of `seen` in use, a power of two.
  private var seenWords: Int

  /// Whether `select` could find one.
  var hasRepeats: Bool {
    settle(areMany: false)
    return repeats > 0
  }

  /// Whether so many hashes were added that too many would be taken for repeated ones.
  var isCrowded: Bool { seen.map { count > 64 * $0.count / Self.wantedBits } ?? true }

  /// Adds hashes from any thread, until there are too many.
  func addSafely(_ hashes: UnsafeRawBufferPointer) {
    lock.locked {
      count += hashes.count / 16
      if !isCrowded { add(hashes) }
    }
  }

  /// Adds hashes, 16 bytes each.
  /// - Complexity: O(hashes), a cache line each.
  func add(_ hashes: UnsafeRawBufferPointer) {
    if let waiting, waiting.count + hashes.count < 16 * Self.many {
      self.waiting?.append(contentsOf: hashes)
      return
    }
    settle(areMany: true)
    insert(hashes)
  }

  /// Takes in what waited.
  private func settle(areMany: Bool) {
    guard let waiting else { return }
    self.waiting = nil
    if areMany {
      seen?.useLargePages()
      again.useLargePages()
    } else {
      // So few that they fit into a small part.
      while seenWords > 64, 64 * seenWords / 2 >= Self.wantedBits * waiting.count / 16 { seenWords /= 2 }
    }
    waiting.withUnsafeBytes { insert($0) }
  }

  private func insert(_ hashes: UnsafeRawBufferPointer) {
    guard let seen else { return }
    repeats += ck_filter_add(
      seen.base, UInt64(seenWords - 1), again.base, UInt64(again.count - 1), hashes.baseAddress,
      hashes.count / 16)
  }

  /// Gives up the memory that only `add` needs.
  func finish() {
    settle(areMany: false)
    seen = nil
  }

  /// Places of the hashes, in order, that may occur more than once among all that were added.
  ///
  /// - Parameter rows: has room for as many as there are hashes.
  /// - Returns: how many places were written.
  func select(_ hashes: UnsafeRawBufferPointer, into rows: UnsafeMutablePointer<UInt32>) -> Int {
    ck_filter_select(
      again.base, UInt64(again.count - 1), hashes.baseAddress, hashes.count / 16, rows)
  }
}

/// Words of zeros that are touched in no order.
private final class ZeroedWords {
  private static let largePage = 2 << 20

  let count: Int
  let base: UnsafeMutablePointer<UInt64>
  private let mapping: UnsafeMutableRawPointer
  private let mappedSize: Int

  /// Nil where there is no memory.
  init?(_ count: Int) {
    let size = count * MemoryLayout<UInt64>.stride
    mappedSize = size + Self.largePage
    let mapping = mmap(nil, mappedSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapping, mapping != MAP_FAILED else { return nil }
    let page = UInt(Self.largePage)
    let start = (UInt(bitPattern: mapping) + page - 1) & ~(page - 1)
    // Safe: there is a large page more than is needed.
    base = mapping.advanced(by: Int(start - UInt(bitPattern: mapping))).assumingMemoryBound(to: UInt64.self)
    self.mapping = mapping
    self.count = count
  }

  deinit { munmap(mapping, mappedSize) }

  /// For many places to come, before any word is touched: each small page that is made on the way, twice because it is
  /// read before it is written, costs more than the hashes in it.
  func useLargePages() {
    #if !canImport(Darwin)
      madvise(base, count * MemoryLayout<UInt64>.stride, Int32(MADV_HUGEPAGE))
    #endif
  }
}
