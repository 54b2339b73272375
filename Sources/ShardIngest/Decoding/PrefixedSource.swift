/// A source whose first bytes can be looked at before they are read.
///
/// Holds at most `maximumPrefix` bytes; once they are read it only passes reads on.
final class PrefixedSource: ByteSource {
  /// A tar header is the longest thing that is recognized.
  static let maximumPrefix = 512

  private let source: any ByteSource
  private var prefix: [UInt8]
  private var position = 0

  /// Reads the first bytes. An error waits until it is reached: a source throws its error again and again.
  init(_ source: any ByteSource, count: Int = PrefixedSource.maximumPrefix) {
    self.source = source
    prefix = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = (try? source.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
  }

  /// The first bytes, all of them where the source is shorter.
  var first: [UInt8] { prefix }

  func exchange(_ buffer: inout UnsafeMutableRawBufferPointer) -> Int? {
    position < prefix.count ? nil : source.exchange(&buffer)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    guard position < prefix.count else { return try source.read(into: buffer) }
    let taken = min(buffer.count, prefix.count - position)
    prefix.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<(position + taken)]))
    }
    position += taken
    guard taken < buffer.count else { return taken }
    do throws(IngestError) {
      return taken + (try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[taken...])))
    } catch {
      // The source throws again on the next read; these bytes come first.
      return taken
    }
  }
}
