import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of an array that is stored in Fortran order, one after the other as if it were stored in C order.
///
/// A block of rows is gathered at a time: of each column the stretch that belongs to these rows, by reads at offsets, or,
/// where columns are short, with their neighbours. So records are rows like any others, in order, and the file is read
/// about once.
///
/// Memory: a block of rows, 8 MiB, up to 64 MiB for rows of more than 2,000 elements, and 1 MiB.
final class ArrayRows {
  enum Storage {
    case file(PlainSource)
    /// The bytes from the first element on.
    case memory([UInt8])
  }

  /// What reading may cost, in bytes.
  struct Bounds {
    var usualBlock = 8 << 20
    var largestBlock = 64 << 20
    /// Where a block of the usual size has shorter stretches than this, the largest is taken.
    var usualStretch = 4_096
    /// Shorter reads than this would read every page of the file more than eight times.
    var shortestStretch = 512
    /// Read at once.
    var span = 1 << 20
    /// How often the file may be read where columns are short.
    var mostPasses = 16
  }

  private let storage: Storage
  private let header: ArrayHeader
  /// Rows of which every element is there.
  private let rows: Int
  private let blockRows: Int
  private let readsSpans: Bool
  private let bounds: Bounds
  private var block: [UInt8] = []
  private var blockStart = 0
  private var nextRow = 0
  private var staging: [UInt8]

  /// Nil where it would take too many reads: the shape is too wide for the memory.
  /// - Parameter header: of an array with at least one element.
  init?(_ header: ArrayHeader, rows: Int, storage: Storage, bounds: Bounds = Bounds()) {
    self.header = header
    self.bounds = bounds
    self.rows = rows
    self.storage = storage
    let size = header.element.size
    var blockRows = min(header.rows, max(1, bounds.usualBlock / header.rowBytes))
    if blockRows < header.rows, blockRows * size < bounds.usualStretch {
      blockRows = min(header.rows, max(1, bounds.largestBlock / header.rowBytes))
    }
    let columnBytes = header.rows.multipliedReportingOverflow(by: size).partialValue
    let passes = (header.rows - 1) / blockRows + 1
    readsSpans = passes <= bounds.mostPasses && columnBytes <= bounds.span
    guard header.rowBytes <= bounds.largestBlock,
      readsSpans || blockRows * size >= bounds.shortestStretch || blockRows == header.rows
    else { return nil }
    self.blockRows = blockRows
    staging = [UInt8](
      repeating: 0, count: readsSpans ? bounds.span : min(bounds.span, blockRows * size))
  }

  /// The number of whole rows where only the first `available` bytes of the array's are there.
  static func wholeRows(_ header: ArrayHeader, available: Int) -> Int {
    guard available < header.dataBytes else { return header.rows }
    // All columns but the last must be whole.
    let before = header.rows * (header.rowElements - 1)
    return max(0, available / header.element.size - before)
  }

  /// Fills as much of the buffer as it can with bytes of rows; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    var written = 0
    while written < buffer.count {
      if blockStart == block.count {
        guard nextRow < rows else { break }
        try gather()
      }
      let taken = min(buffer.count - written, block.count - blockStart)
      block.withUnsafeBytes { bytes in
        buffer[written..<(written + taken)].copyBytes(from: bytes[blockStart..<(blockStart + taken)])
      }
      blockStart += taken
      written += taken
    }
    return written
  }

  // MARK: Blocks

  private func gather() throws(IngestError) {
    let count = min(blockRows, rows - nextRow)
    let size = header.element.size
    block.removeAll(keepingCapacity: true)
    block.append(contentsOf: repeatElement(0, count: count * header.rowBytes))
    var columns = ColumnOrder(header)
    var column = 0
    while column < header.rowElements {
      if readsSpans {
        let columnBytes = header.rows * size
        // The last column of a cut array may end early.
        let wanted = min(max(1, bounds.span / columnBytes), header.rowElements - column)
        let last = (wanted - 1) * columnBytes + (nextRow + count) * size
        try fetch(at: column * columnBytes, count: last)
        for index in 0..<wanted {
          scatter(from: index * columnBytes + nextRow * size, count: count, row: 0, place: columns.next())
        }
        column += wanted
      } else {
        let place = columns.next()
        var row = 0
        while row < count {
          let part = min(count - row, staging.count / size)
          try fetch(at: (column * header.rows + nextRow + row) * size, count: part * size)
          scatter(from: 0, count: part, row: row, place: place)
          row += part
        }
        column += 1
      }
    }
    blockStart = 0
    nextRow += count
  }

  /// Puts `count` elements of the staging area into the rows of the block from `row` on, as their element `place`.
  private func scatter(from start: Int, count: Int, row: Int, place: Int) {
    let size = header.element.size
    let rowBytes = header.rowBytes
    staging.withUnsafeBufferPointer { from in
      block.withUnsafeMutableBufferPointer { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        // Safe: `start + count * size` bytes were fetched, and `row + count` rows are in the block.
        ck_array_scatter(source + start, count, size, target + row * rowBytes + place * size, rowBytes)
      }
    }
  }

  /// Reads bytes of the array into the staging area.
  private func fetch(at offset: Int, count: Int) throws(IngestError) {
    switch storage {
    case .memory(let bytes):
      staging.withUnsafeMutableBytes { target in
        bytes.withUnsafeBytes { target.copyBytes(from: $0[offset..<min(bytes.count, offset + count)]) }
      }
    case .file(let file):
      var done = 0
      while done < count {
        var failure: IngestError?
        let got = staging.withUnsafeMutableBytes { target in
          do throws(IngestError) {
            return try file.read(
              at: UInt64(header.length + offset + done),
              into: UnsafeMutableRawBufferPointer(rebasing: target[done..<count]))
          } catch {
            failure = error
            return 0
          }
        }
        if let failure { throw failure }
        if got == 0 {
          throw .unreadable(path: file.path, reason: "the file changed while it was read")
        }
        done += got
      }
    }
  }
}

/// Where the columns of the stored order stand in a row: stored, the second index of the shape runs fastest, in the row
/// the last one.
private struct ColumnOrder {
  private let dimensions: [Int]
  /// How far one step of each index moves in the row.
  private var steps: [Int] = []
  private var indices: [Int]
  private var place = 0

  init(_ header: ArrayHeader) {
    dimensions = Array(header.shape.dropFirst())
    indices = [Int](repeating: 0, count: dimensions.count)
    var step = 1
    for dimension in dimensions.reversed() {
      steps.append(step)
      step *= dimension
    }
    steps.reverse()
  }

  mutating func next() -> Int {
    let result = place
    for axis in dimensions.indices {
      indices[axis] += 1
      place += steps[axis]
      if indices[axis] < dimensions[axis] { break }
      place -= indices[axis] * steps[axis]
      indices[axis] = 0
    }
    return result
  }
}
