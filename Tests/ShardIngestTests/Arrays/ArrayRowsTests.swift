import ShardTestSupport
import Testing

@testable import ShardIngest

/// Arrays in Fortran order read as rows.
@Suite struct ArrayRowsTests {
  /// Bytes of an array whose element at each place of its row-major order is that place, stored in Fortran order.
  private static func stored(_ shape: [Int]) -> [UInt8] {
    let count = shape.reduce(1, *)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * count)
    var indices = [Int](repeating: 0, count: shape.count)
    for _ in 0..<count {
      let place = zip(shape, indices).reduce(0) { $0 * $1.0 + $1.1 }
      for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: place >> (8 * byte))) }
      for axis in shape.indices {
        indices[axis] += 1
        if indices[axis] < shape[axis] { break }
        indices[axis] = 0
      }
    }
    return bytes
  }

  @Test(
    "rows come in C order whatever the shape, from a file and from memory",
    arguments: [
      [2, 2], [3, 7], [1000, 3], [3, 1000], [5, 4, 3], [2, 3, 4, 5], [70, 31], [200, 2, 9],
    ],
    [(8 << 20, 1 << 20, 16), (1, 4000, 1000), (500, 64, 3), (3000, 2048, 4), (120, 16, 1)])
  func order(_ shape: [Int], _ sizes: (block: Int, span: Int, passes: Int)) throws {
    // Blocks of one row and more, columns read alone and with others, in pieces and at once.
    var bounds = ArrayRows.Bounds()
    bounds.usualBlock = sizes.block
    bounds.usualStretch = 1
    bounds.shortestStretch = 1
    bounds.span = sizes.span
    bounds.mostPasses = sizes.passes

    let dimensions = shape.map { "\($0)" }.joined(separator: ", ")
    let data = Self.stored(shape)
    let bytes = arrayFile("{'descr': '<i4', 'fortran_order': True, 'shape': (\(dimensions)), }", data)
    let header = try ArrayHeaderParser.parse(bytes)
    let folder = ShardTestSupport.TemporaryFolder()
    let path = folder.write("a.npy", bytes)
    let storages: [ArrayRows.Storage] = [
      .memory(data), .file(try PlainSource(path: path, workspace: DecodingWorkspace())),
    ]
    for storage in storages {
      let rows = try #require(ArrayRows(header, rows: header.rows, storage: storage, bounds: bounds))
      var buffer = [UInt8](repeating: 0, count: 1_007)
      var pending: [UInt8] = []
      var next: UInt32 = 0
      while true {
        var result: Result<Int, IngestError> = .success(0)
        buffer.withUnsafeMutableBytes { bytes in
          do throws(IngestError) { result = .success(try rows.read(into: bytes)) } catch {
            result = .failure(error)
          }
        }
        let got = try result.get()
        if got == 0 { break }
        pending += buffer[..<got]
        let whole = pending.count / 4
        for index in 0..<whole {
          let found = (0..<4).reduce(UInt32(0)) { $0 | UInt32(pending[4 * index + $1]) << UInt32(8 * $1) }
          if found != next {
            Issue.record("\(found) where \(next) stands in C order")
            return
          }
          next += 1
        }
        pending.removeFirst(4 * whole)
      }
      #expect(Int(next) == shape.reduce(1, *))
    }
  }

  @Test("a shape that would be read too often is refused, one that fits in memory is not")
  func bounds() throws {
    func header(_ shape: String) throws -> ArrayHeader {
      try ArrayHeaderParser.parse(arrayFile("{'descr': '<f4', 'fortran_order': True, 'shape': \(shape)}"))
    }
    #expect(ArrayRows(try header("(16384, 1000000)"), rows: 1, storage: .memory([])) == nil)
    #expect(ArrayRows(try header("(10, 17000000)"), rows: 1, storage: .memory([])) == nil)
    #expect(ArrayRows(try header("(100000000, 64)"), rows: 1, storage: .memory([])) != nil)
    #expect(ArrayRows(try header("(1000000, 4096)"), rows: 1, storage: .memory([])) != nil)
    #expect(ArrayRows(try header("(2, 8000000)"), rows: 1, storage: .memory([])) != nil)
  }
}
