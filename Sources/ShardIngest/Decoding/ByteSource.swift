/// A stream of bytes that fills a caller's buffer.
///
/// `read` fills as much of the buffer as it can and returns how many bytes it wrote; 0 means the end (or an
/// empty buffer). On damage it first returns every byte that it decoded before, then throws, and throws the
/// same error from then on. Implementations hold buffers of a fixed size and are used by one thread at a time.
package protocol ByteSource: AnyObject {
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int

  /// Exchanges a workspace buffer for one that has the next bytes already, from `InputWindow.margin` on, and returns how
  /// many; nil where there is none and the caller must read.
  func exchange(_ buffer: inout UnsafeMutableRawBufferPointer) -> Int?
}

extension ByteSource {
  package func exchange(_ buffer: inout UnsafeMutableRawBufferPointer) -> Int? { nil }
}

extension ByteSource {
  /// Fills an array, whose count stays as it is, and returns how many bytes were written.
  package func read(into bytes: inout [UInt8]) throws(IngestError) -> Int {
    let result = bytes.withUnsafeMutableBytes { buffer -> Result<Int, IngestError> in
      do throws(IngestError) {
        return .success(try read(into: buffer))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

/// A decoder that works in steps; `read(into:)` keeps the promise of `ByteSource` about what comes before damage.
protocol SteppingSource: ByteSource {
  /// The error that ended the stream, thrown once all bytes before it are delivered.
  var failure: IngestError? { get set }
  var isFinished: Bool { get }

  /// Writes some bytes to the non-empty buffer and returns how many, possibly none.
  ///
  /// A step that has bytes *and* an error stores the error in `failure` and returns the bytes.
  func step(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int
}

extension SteppingSource {
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    var written = 0
    while written < buffer.count, failure == nil, !isFinished {
      do throws(IngestError) {
        written += try step(into: UnsafeMutableRawBufferPointer(rebasing: buffer[written...]))
      } catch {
        failure = error
      }
    }
    if written == 0, !buffer.isEmpty, let failure { throw failure }
    return written
  }
}
