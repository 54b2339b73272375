import ShardModel

/// Records that brackets left open would swallow, and tars that are damaged.
extension ChunkSource {
  /// Where the data or the longest record ended inside of brackets: the records up to the one that was left open.
  func recoverOpen(_ buffer: ChunkBuffer, count: Int) -> ShardPiece? {
    guard let values = framer as? JSONValueFramer, values.isOpen else { return nil }
    let complete = values.complete
    return recover(buffer, after: complete, limit: count, count: count, resumes: complete.records == 0)
  }

  /// The records up to one that was closed by a bracket meant for something else.
  func recoverCrossed(_ buffer: ChunkBuffer, count: Int) -> ShardPiece? {
    guard var values = framer as? JSONValueFramer, !values.crossed.isEmpty else { return nil }
    for value in values.crossed {
      if let piece = recover(buffer, after: value.complete, limit: value.end, count: count, resumes: false) {
        return piece
      }
    }
    values.forgetCrossed()
    framer = values
    return nil
  }

  private func recover(
    _ buffer: ChunkBuffer, after complete: FrameBoundary, limit: Int, count: Int, resumes: Bool
  ) -> ShardPiece? {
    guard case .json(let form) = layout,
      let boundary = recovery.end(
        of: complete, layout: form, start: origin.offset, bytes: buffer.bytes, limit: limit, count: count,
        resumes: resumes)
    else { return nil }
    framer = layout.framer(isInside: true)
    return deliver(buffer, boundary, count: count, scanned: boundary.offset)
  }

  /// Ends the data where the tar is damaged.
  func stopAtDamage(_ count: inout Int) {
    guard let damage = (framer as? SampleFramer)?.damage, damage.offset <= count else { return }
    if !isMemberRead || failure == nil { failure = damaged(damage.reason, damage.offset) }
    count = damage.offset
    isMemberRead = true
    carryStart = carry.count
  }

  func noteMissing(_ count: Int) {
    guard failure == nil, let reason = (framer as? SampleFramer)?.missing else { return }
    failure = damaged(reason, count)
  }

  func damaged(_ reason: String, _ position: Int) -> IngestError {
    let offset = origin.offset + UInt64(max(0, position))
    return .damaged(
      reason: reason, storedOffset: stream.compression == .none ? offset : stream.storedBytes,
      decodedOffset: offset)
  }
}
