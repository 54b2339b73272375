/// Passes a source on and remembers its error, so that an outer stage can tell it from its own.
final class TappedSource: ByteSource {
  private let source: any ByteSource
  private(set) var failure: IngestError?

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    do throws(IngestError) {
      return try source.read(into: buffer)
    } catch {
      failure = error
      throw error
    }
  }
}
