import CKernels
import ShardModel

/// Records longer than the limit.
extension ChunkSource {
  /// Reads over a record that is longer than allowed, without keeping it.
  func skipRecord(_ buffer: ChunkBuffer, count: Int) -> ShardPiece {
    recovery.forgetRecord()
    let place = origin
    var length = count
    var lines = layout.isBinary ? 0 : ck_count_byte(buffer.bytes, count, layout.lineEnd)
    var isEnded = false
    // Bytes in the buffer that the framer has seen and that may belong to the next record.
    var held = 0
    if let open = (framer as? SampleFramer)?.openStart, open < count {
      keep(buffer, from: open, to: count, scanned: count)
      held = count - open
      length = open
    }
    buffer.shrink()
    while !isEnded {
      let available = fill(buffer, from: 0, to: held + options.chunks.bytes)
      if available <= held {
        // The data end in the record: nothing is left to be said about them.
        isInMember = false
        length += held
        noteMissing(length)
        break
      }
      // The framer counts from the start of the record, which is no longer in memory; it looks at new bytes only.
      let base = UnsafePointer(buffer.bytes) - length
      let found = scan(base, from: length + held, to: length + available, upTo: 1)
      if let damage = (framer as? SampleFramer)?.damage, found.boundary == nil {
        isInMember = false
        failure = damaged(damage.reason, damage.offset)
        length = max(length, damage.offset)
        break
      }
      let next = found.boundary?.offset ?? (framer as? SampleFramer)?.openStart ?? length + available
      let used = min(max(0, next - length), available)
      if !layout.isBinary { lines += ck_count_byte(buffer.bytes, used, layout.lineEnd) }
      if let boundary = found.boundary {
        isEnded = true
        framer.cut(at: boundary)
        keep(buffer, from: used, to: available, scanned: found.scanned - length)
      } else if used < available {
        keep(buffer, from: used, to: available, scanned: available)
      }
      held = available - used
      length += used
    }
    origin.chunk += 1
    origin.offset += UInt64(length)
    origin.record += 1
    recordsBefore += 1
    origin.line += UInt64(lines)
    return .tooLong(origin: place, length: UInt64(length))
  }
}
