import ShardModel

/// The bytes of one array behind its header, as rows one after the other, and what is wrong with their number.
final class ArrayMember {
  private let header: ArrayHeader
  private let stream: ShardStream
  /// Where the stored order is not that of rows.
  private var rows: ArrayRows?
  /// Bytes of rows that were not handed out.
  private var remaining: Int
  /// Of the first bytes, how many are bytes of rows.
  private(set) var taken = 0
  /// Whether all that the member has was among the first bytes.
  private(set) var isRead = false
  /// What is wrong with the end of the member, if it was reached.
  private(set) var ending: IngestError?

  /// - Parameters:
  ///   - first: what was read behind the header; `isAll` where the member has no more.
  ///   - memoryLimit: bytes of an array in Fortran order that may be held where the shard cannot be read at offsets.
  /// - Throws: `unsupported` for an array in Fortran order that would take too much memory, `unreadable`.
  init(
    _ header: ArrayHeader, first: UnsafeBufferPointer<UInt8>, isAll: Bool, stream: ShardStream,
    memoryLimit: Int
  ) throws(IngestError) {
    self.header = header
    self.stream = stream
    remaining = header.dataBytes
    if header.isFortran, header.dataBytes > 0 {
      try beginFortran(first, isAll: isAll, memoryLimit: memoryLimit)
      return
    }
    taken = min(first.count, remaining)
    remaining -= taken
    isRead = isAll
    if header.dataBytes == 0, header.rows > 0 {
      ending = damage("the shape \(header.shapeText) has rows without an element", at: 0)
    } else if taken < first.count {
      isRead = true
      ending = excess(first.count - taken + (isAll ? 0 : try countRest()))
    } else if isAll, remaining > 0 {
      ending = shortage(available: taken)
    }
    if header.dataBytes == 0 { isRead = true }
  }

  /// Fills as much of the buffer as it can; 0 at the end. Damage at the end is thrown behind the last row.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let rows {
      let got = try rows.read(into: buffer)
      if got == 0, let ending { throw ending }
      return got
    }
    guard remaining > 0 else {
      // Reads on to see the end, and the checksum that stands there.
      let more = try countRest()
      if more > 0 { throw excess(more) }
      return 0
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, remaining)])
    let got = try stream.read(into: room)
    if got == 0 { throw shortage(available: header.dataBytes - remaining) }
    remaining -= got
    return got
  }

  // MARK: Fortran order

  private func beginFortran(
    _ first: UnsafeBufferPointer<UInt8>, isAll: Bool, memoryLimit: Int
  ) throws(IngestError) {
    let available: Int
    let storage: ArrayRows.Storage
    if let file = stream.seekableFile, let size = file.regularSize {
      available = max(0, Int(clamping: size) - header.length)
      storage = .file(file)
    } else {
      guard header.dataBytes <= memoryLimit else {
        throw .unsupported(
          reason:
            "an array in Fortran order of \(header.dataBytes) bytes is read from a plain .npy file only, within a "
            + "compressed file or an archive up to --max-record (\(memoryLimit) bytes); save it in C order")
      }
      let bytes = try collect(first, isAll: isAll)
      available = bytes.count
      storage = .memory(bytes)
    }
    let whole = ArrayRows.wholeRows(header, available: available)
    guard let rows = ArrayRows(header, rows: whole, storage: storage) else {
      throw .unsupported(
        reason:
          "an array in Fortran order of shape \(header.shapeText) would have to be read too often; save it in C order"
      )
    }
    self.rows = rows
    if ending == nil {
      if available < header.dataBytes { ending = shortage(available: available) }
      if available > header.dataBytes { ending = excess(available - header.dataBytes) }
    }
  }

  /// The bytes of the array that are there; damage of the stream is kept for the end.
  private func collect(
    _ first: UnsafeBufferPointer<UInt8>, isAll: Bool
  ) throws(IngestError) -> [UInt8] {
    var bytes = Array(first.prefix(header.dataBytes))
    let excessive = first.count - bytes.count
    guard !isAll else {
      if excessive > 0 { ending = excess(excessive) }
      return bytes
    }
    do throws(IngestError) {
      var piece = [UInt8](repeating: 0, count: 1 << 18)
      while bytes.count < header.dataBytes {
        let wanted = min(piece.count, header.dataBytes - bytes.count)
        let (got, failure) = read(into: &piece, count: wanted)
        if let failure { throw failure }
        if got == 0 { return bytes }
        bytes.append(contentsOf: piece[..<got])
      }
      let more = excessive + (try countRest())
      if more > 0 { ending = excess(more) }
    } catch {
      ending = error
    }
    return bytes
  }

  /// Typed errors do not pass through the standard library's closures.
  private func read(into piece: inout [UInt8], count: Int) -> (Int, IngestError?) {
    piece.withUnsafeMutableBytes { target in
      do throws(IngestError) {
        return (try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: target[..<count])), nil)
      } catch {
        return (0, error)
      }
    }
  }

  // MARK: The end

  /// Reads the member to its end and says how many bytes that were.
  private func countRest() throws(IngestError) -> Int {
    var probe: [UInt8] = [0]
    var (more, failure) = read(into: &probe, count: 1)
    if let failure { throw failure }
    guard more > 0 else { return 0 }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got: Int
      (got, failure) = read(into: &piece, count: piece.count)
      // The bytes that are too many are what is told.
      if got == 0 || failure != nil { return more }
      more += got
    }
  }

  private func excess(_ count: Int) -> IngestError {
    damage(
      "the array of shape \(header.shapeText) ends before the data do, \(count) bytes that no loader reads follow",
      at: header.dataBytes)
  }

  private func shortage(available: Int) -> IngestError {
    let rows =
      header.isFortran
      ? ArrayRows.wholeRows(header, available: available) : available / header.rowBytes
    return damage(
      "the array of shape \(header.shapeText) is cut short after \(rows) of \(header.rows) rows",
      at: available)
  }

  private func damage(_ reason: String, at position: Int) -> IngestError {
    let offset = UInt64(header.length + position)
    return .damaged(reason: reason, storedOffset: offset, decodedOffset: offset)
  }

  /// What a header that cannot be read means for its member.
  static func piece(_ error: ArrayHeaderError, _ origin: BatchOrigin) -> ShardPiece {
    switch error {
    case .damaged(let reason, let offset):
      .failure(
        .damaged(reason: reason, storedOffset: UInt64(offset), decodedOffset: UInt64(offset)), origin: origin)
    case .notDecoded(let reason, let isObjects):
      .notDecoded(reason: reason, origin: origin, isHazard: isObjects)
    }
  }
}
