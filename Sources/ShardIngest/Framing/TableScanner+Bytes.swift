import CKernels
import ShardModel

/// Finding and counting bytes of cells, eight at a time.
extension TableScanner {
  /// Unicode scalars of a text that is not all ASCII; each byte that is not UTF-8 counts as one and the first is a
  /// defect.
  @inline(never)
  func countCharacters(_ cell: Int, _ start: Cursor, _ end: Cursor) -> UInt32 {
    var p = start
    var characters: UInt32 = 0
    var isReported = false
    while p < end {
      if p.pointee < 0x80 {
        while end - p >= 8, TableWord.load(p) & TableWord.highBits == 0 {
          p += 8
          characters &+= 8
        }
        guard p < end, p.pointee < 0x80 else { continue }
        p += 1
      } else {
        // Safe: what follows the cell is ASCII, so that no valid sequence reaches beyond it.
        let length = ck_utf8_length(p)
        if length == 0, !isReported {
          isReported = true
          let value = String(p.pointee, radix: 16, uppercase: true)
          addDefect(.invalidEncoding, at: p, field: fields[cell], "byte 0x\(value) is not UTF-8")
        }
        p += max(1, Int(length))
      }
      characters &+= 1
    }
    return characters
  }

  // MARK: Finding bytes

  /// The first delimiter or line break; there is one.
  @inline(__always)
  func findStop(_ from: Cursor, _ high: inout UInt64) -> Cursor {
    let delimiters = TableWord.filled(delimiter)
    let terminators = TableWord.filled(terminator)
    var p = from
    while true {
      let word = TableWord.load(p)
      let found = TableWord.zeros(word ^ delimiters) | TableWord.zeros(word ^ terminators)
      if found != 0 {
        high |= word & TableWord.highBits & (found & (0 &- found)) &- 1
        return p + found.trailingZeroBitCount / 8
      }
      high |= word & TableWord.highBits
      p += 8
    }
  }

  /// The first quote, or `end`.
  @inline(__always)
  func findQuote(_ from: Cursor, _ high: inout UInt64) -> Cursor {
    let quotes = TableWord.filled(UInt8(ascii: "\""))
    var p = from
    while p < end {
      let word = TableWord.load(p)
      let found = TableWord.zeros(word ^ quotes)
      if found != 0 {
        high |= word & TableWord.highBits & (found & (0 &- found)) &- 1
        return min(end, p + found.trailingZeroBitCount / 8)
      }
      high |= word & TableWord.highBits
      p += 8
    }
    return end
  }
}

/// Eight bytes at a time, the first in the low bits.
enum TableWord {
  static let highBits: UInt64 = 0x8080_8080_8080_8080
  static let lowBits: UInt64 = 0x0101_0101_0101_0101

  @inline(__always)
  static func filled(_ byte: UInt8) -> UInt64 { UInt64(byte) &* lowBits }

  @inline(__always)
  static func load(_ p: Cursor) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
  }

  /// The top bit of the first byte that is zero; bits above it are not to be trusted.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 { (word &- lowBits) & ~word & highBits }
}
