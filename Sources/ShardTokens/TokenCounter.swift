import ShardModel

/// Counts and lists the tokens of texts; for one thread, with its own scratch memory and word cache (about 3 MB, and until
/// the next text, some 16 bytes for each of the longest word).
package final class TokenCounter {
  package let tokenizer: Tokenizer
  /// Nil where every text can be written.
  package let unknown: UInt32?
  private let run: UnsafeMutablePointer<TokenRun>

  package init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    unknown = tokenizer.unknown
    run = .allocate(capacity: 1)
    run.initialize(to: TokenRun(tokenizer))
  }

  deinit {
    run.pointee.deallocate()
    run.deinitialize(count: 1)
    run.deallocate()
  }

  /// Texts in which a pattern was given up at its limit, so that their number of tokens is not exact.
  package var inexactTexts: Int { run.pointee.exhaustedTexts }

  /// Texts of more bytes are counted in parts of so many.
  package static let maximumBytes = 1 << 30

  /// The number of tokens of a text, without the template's own. What is not UTF-8 counts as U+FFFD.
  ///
  /// - Parameter allowingSpecial: whether a special token that is written in the text is that token, as the
  ///   references' `encode` has it, or text like any other.
  /// - Complexity: O(text), times the logarithm of distinct merges in words of more than 48 bytes.
  package func count(_ text: UnsafeRawBufferPointer, allowingSpecial: Bool = false) -> Int {
    run.pointee.start(keepsIDs: false)
    add(text, allowingSpecial)
    return run.pointee.count
  }

  package func count(_ text: [UInt8], allowingSpecial: Bool = false) -> Int {
    text.withUnsafeBytes { count($0, allowingSpecial: allowingSpecial) }
  }

  /// The number of tokens of a text, and how many of them stand for what the vocabulary does not have.
  package func countUnknown(_ text: UnsafeRawBufferPointer) -> (all: Int, unknown: Int) {
    guard let unknown else { return (count(text), 0) }
    run.pointee.start(keepsIDs: true)
    add(text, false)
    return (run.pointee.count, run.pointee.ids.values.count { $0 == unknown })
  }

  /// The tokens of a text in which special tokens are text like any other.
  package func encodeOrdinary(_ text: UnsafeRawBufferPointer) -> [UInt32] {
    encode(text, allowingSpecial: false)
  }

  package func encodeOrdinary(_ text: [UInt8]) -> [UInt32] { text.withUnsafeBytes { encodeOrdinary($0) } }

  /// The tokens of a text, without the template's own.
  package func encode(_ text: UnsafeRawBufferPointer, allowingSpecial: Bool = true) -> [UInt32] {
    run.pointee.start(keepsIDs: true)
    add(text, allowingSpecial)
    let ids = run.pointee.ids
    return Array(UnsafeBufferPointer(start: ids.base, count: ids.count))
  }

  package func encode(_ text: [UInt8], allowingSpecial: Bool = true) -> [UInt32] {
    text.withUnsafeBytes { encode($0, allowingSpecial: allowingSpecial) }
  }

  /// What each token of a text stands for.
  package func pieces(_ text: [UInt8], allowingSpecial: Bool = true) -> [[UInt8]] {
    encode(text, allowingSpecial: allowingSpecial).map { tokenizer.piece($0) ?? [] }
  }

  private func add(_ text: UnsafeRawBufferPointer, _ allowingSpecial: Bool) {
    let bytes = text.assumingMemoryBound(to: UInt8.self)
    var start = 0
    while start < bytes.count {
      let end = min(start + Self.maximumBytes, bytes.count)
      run.pointee.add(UnsafeBufferPointer(rebasing: bytes[start..<end]), allowingSpecial)
      start = end
    }
  }

  /// A text as it is before it is cut into words. What is not UTF-8 becomes U+FFFD.
  package func normalized(_ text: [UInt8]) -> [UInt8] {
    if tokenizer.normalizers.isEmpty { return text }
    return text.withUnsafeBufferPointer { Array(run.pointee.normalized($0)) }
  }
}
