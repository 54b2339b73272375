/// GIF's variable-length codes (GIF89a, appendix F). Memory: 4,096 codes of 6 bytes, and a string of as many.
struct LZW {
  enum Outcome: Equatable {
    /// All pixels are there.
    case complete
    /// The data end, or say that they end, before the last pixel.
    case short
    /// A code that nothing defined.
    case corrupt
  }

  private static let limit = 4096
  private var prefixes = [UInt16](repeating: 0, count: limit)
  private var suffixes = [UInt8](repeating: 0, count: limit)
  private var firsts = [UInt8](repeating: 0, count: limit)
  private var lengths = [UInt16](repeating: 0, count: limit)
  private var string = [UInt8](repeating: 0, count: limit + 1)

  /// Decodes the sub-blocks from `offset` on, up to `pixels` pixels, and moves `offset` behind the block that ends them.
  ///
  /// Strings go to `emit`; without it their lengths are added up, which finds the same errors.
  /// - Complexity: O(bytes), and O(pixels) with `emit`.
  mutating func decode(
    _ view: ByteView, _ offset: inout Int, minimumSize: Int, pixels: Int,
    emit: ((UnsafeBufferPointer<UInt8>) -> Void)?
  ) -> Outcome {
    let clear = 1 << minimumSize
    let end = clear + 1
    for code in 0..<clear {
      suffixes[code] = UInt8(truncatingIfNeeded: code)
      firsts[code] = UInt8(truncatingIfNeeded: code)
      lengths[code] = 1
    }
    var next = clear + 2
    var size = minimumSize + 1
    var previous: Int?
    var bits = 0
    var available = 0
    var total = 0
    var outcome: Outcome?
    while let length = view.byte(offset) {
      offset += 1
      if length == 0 { return outcome ?? (total >= pixels ? .complete : .short) }
      let block = view.slice(offset, length)
      // A block in part is one that lost bytes, if none that mattered here; others refuse it.
      if block.count < length { return .short }
      offset += length
      if outcome != nil { continue }
      bytes: for byte in block.bytes {
        bits |= Int(byte) << available
        available += 8
        while available >= size {
          let code = bits & ((1 << size) - 1)
          bits >>= size
          available -= size
          if code == clear {
            next = clear + 2
            size = minimumSize + 1
            previous = nil
            continue
          }
          if code == end {
            outcome = total >= pixels ? .complete : .short
            break bytes
          }
          guard code < next || code == next && previous != nil else {
            outcome = .corrupt
            break bytes
          }
          if let previous, next < Self.limit {
            prefixes[next] = UInt16(previous)
            lengths[next] = lengths[previous] &+ 1
            // The string of the code that is just being made begins with what the one before began with.
            suffixes[next] = firsts[code == next ? previous : code]
            firsts[next] = firsts[previous]
            next += 1
            if next == 1 << size, size < 12 { size += 1 }
          } else if code >= next {
            outcome = .corrupt
            break bytes
          }
          previous = code
          total += Int(lengths[code])
          if let emit { emitString(code, emit) }
          if total >= pixels {
            outcome = .complete
            break bytes
          }
        }
      }
    }
    return outcome == .corrupt ? .corrupt : total >= pixels ? .complete : .short
  }

  private mutating func emitString(_ code: Int, _ emit: (UnsafeBufferPointer<UInt8>) -> Void) {
    let count = Int(lengths[code])
    var code = code
    for index in stride(from: count - 1, through: 0, by: -1) {
      string[index] = suffixes[code]
      code = Int(prefixes[code])
    }
    string.withUnsafeBufferPointer { emit(UnsafeBufferPointer(rebasing: $0[0..<count])) }
  }
}
