import ShardModel

/// Bytes with exactly the zero bytes around them that readers may look at, so that a sanitizer sees one step more.
struct PaddedBytes: ~Copyable {
  private let storage: UnsafeMutableRawPointer
  let count: Int

  init(_ bytes: some Collection<UInt8>) {
    count = bytes.count
    storage = .allocate(byteCount: count + 2 * RecordBatch.padding, alignment: 1)
    storage.initializeMemory(as: UInt8.self, repeating: 0, count: count + 2 * RecordBatch.padding)
    let target = UnsafeMutableRawBufferPointer(start: storage + RecordBatch.padding, count: count)
    target.copyBytes(from: bytes)
  }

  deinit { storage.deallocate() }

  var base: UnsafePointer<UInt8> {
    UnsafePointer((storage + RecordBatch.padding).assumingMemoryBound(to: UInt8.self))
  }
}
