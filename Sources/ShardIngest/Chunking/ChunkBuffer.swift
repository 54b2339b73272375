import ShardModel

/// The bytes of one chunk with readable bytes around them; owned by a worker and used again.
package final class ChunkBuffer {
  private var storage: UnsafeMutableRawPointer
  package private(set) var capacity: Int

  package init(capacity: Int = ChunkSource.chunkSize + 4_096) {
    self.capacity = capacity
    storage = Self.allocate(capacity)
  }

  deinit { storage.deallocate() }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
    let storage = UnsafeMutableRawPointer.allocate(
      byteCount: capacity + 2 * RecordBatch.padding, alignment: RecordBatch.padding)
    storage.initializeMemory(as: UInt8.self, repeating: 0, count: RecordBatch.padding)
    return storage
  }

  package var bytes: UnsafeMutablePointer<UInt8> {
    (storage + RecordBatch.padding).assumingMemoryBound(to: UInt8.self)
  }

  /// Makes room for `wanted` bytes, keeping the first `count`.
  func grow(to wanted: Int, keeping count: Int) {
    guard wanted > capacity else { return }
    // A long record grows step by step: twice the room each time keeps that linear.
    let wanted = count > 0 ? max(wanted, 2 * capacity) : wanted
    let larger = Self.allocate(wanted)
    (larger + RecordBatch.padding).copyMemory(from: bytes, byteCount: count)
    storage.deallocate()
    storage = larger
    capacity = wanted
  }

  /// Gives memory back after a record of unusual length.
  func shrink() {
    let usual = ChunkSource.longestUsual + ChunkSource.chunkSize
    guard capacity > usual else { return }
    storage.deallocate()
    capacity = usual
    storage = Self.allocate(usual)
  }

  /// Makes the padding behind the data zero, which ends every value.
  func seal(at count: Int) {
    (storage + RecordBatch.padding + count).initializeMemory(
      as: UInt8.self, repeating: 0, count: RecordBatch.padding)
  }
}
