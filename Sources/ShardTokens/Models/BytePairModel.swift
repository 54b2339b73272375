import ShardModel

/// The symbols that bytes are at first; those of no token are `none`.
struct ByteSymbols: Sendable {
  static let none = UInt32.max

  var ids = [UInt32](repeating: none, count: 256)
  /// Of the last byte of a word, where words have an ending of their own (CLIP).
  var lastIDs = [UInt32](repeating: none, count: 256)
}

/// Byte-pair encoding of a word's bytes (GPT-2) or of its characters, with bytes for those that are no token (Llama 2).
///
/// Immutable once loaded, and shared between threads.
final class BytePairModel: @unchecked Sendable {
  private let vocabulary: Vocabulary
  private let pairs: PairTable
  private let lookup: PairLookup
  /// Nil where words are characters at first.
  private let symbols: ByteSymbols?
  /// A word that is a token whole stays whole, whatever its merges.
  var wholeWords: Vocabulary?
  var unknown: UInt32?
  var fusesUnknown = false
  /// Put before all characters but the first, and behind the last.
  var prefix: [UInt8] = []
  var suffix: [UInt8] = []
  /// The tokens of single bytes, for characters that are no token.
  var byteFallback: [UInt32?]?
  /// Nil where words may be cut nowhere.
  private(set) var boundaries: MergeBoundaries?

  init(vocabulary: Vocabulary, pairs: PairTable, symbols: ByteSymbols?) {
    self.vocabulary = vocabulary
    self.pairs = pairs
    lookup = pairs.lookup
    self.symbols = symbols
  }

  deinit { boundaries?.deallocate() }

  /// Lets long words be cut, where each byte is a token and none is another at the end of a word.
  /// - Parameter each: hands on every token that a merge may make, as bytes of the text.
  func setBoundaries(_ each: ((UnsafeBufferPointer<UInt8>) -> Void) -> Void) {
    guard let symbols, isComplete, symbols.ids == symbols.lastIDs else { return }
    boundaries = MergeBoundaries(each)
  }

  /// Whether every byte has a token.
  var isComplete: Bool {
    if let symbols {
      return !symbols.ids.contains(ByteSymbols.none) && !symbols.lastIDs.contains(ByteSymbols.none)
    }
    return byteFallback.map { bytes in bytes.allSatisfy { $0 != nil } } ?? false
  }

  @inline(__always)
  func tokenize(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    if let wholeWords, let id = wholeWords.id(of: word) {
      scratch.symbols.append(id)
      return
    }
    tokenize(part: word, &scratch)
  }

  /// The tokens of a part of a word: that it is a token whole counts for nothing.
  @inline(__always)
  func tokenize(part: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    if let symbols { bytes(part, symbols, &scratch.symbols) } else { characters(part, &scratch) }
    scratch.merger.merge(&scratch.symbols, by: lookup)
  }

  private func bytes(
    _ word: UnsafeBufferPointer<UInt8>, _ table: ByteSymbols, _ symbols: inout Buffer<UInt32>
  ) {
    symbols.reserve(word.count)
    var isUnknown = false
    for index in 0..<word.count {
      let byte = Int(word[index])
      let id = index == word.count &- 1 ? table.lastIDs[byte] : table.ids[byte]
      if id != ByteSymbols.none {
        symbols.append(id)
        isUnknown = false
      } else if let unknown, !(fusesUnknown && isUnknown) {
        symbols.append(unknown)
        isUnknown = true
      }
    }
  }

  private func characters(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    guard let base = word.baseAddress else { return }
    var waitsUnknown = false
    var at = 0
    while at < word.count {
      let length = min(UTF8Text.length(leading: base[at]), word.count &- at)
      let character = UnsafeBufferPointer(start: base + at, count: length)
      let isLast = at &+ length == word.count
      let symbol: UnsafeBufferPointer<UInt8>
      if (at > 0 && !prefix.isEmpty) || (isLast && !suffix.isEmpty) {
        scratch.text.removeAll()
        if at > 0 { scratch.text.append(contentsOf: prefix) }
        scratch.text.append(bytes: character)
        if isLast { scratch.text.append(contentsOf: suffix) }
        symbol = scratch.text.view
      } else {
        symbol = character
      }
      at &+= length
      if let id = vocabulary.id(of: symbol) {
        if waitsUnknown, let unknown { scratch.symbols.append(unknown) }
        waitsUnknown = false
        scratch.symbols.append(id)
      } else if !fallBack(symbol, &scratch.symbols), let unknown {
        if waitsUnknown, !fusesUnknown { scratch.symbols.append(unknown) }
        waitsUnknown = true
      }
    }
    if waitsUnknown, let unknown { scratch.symbols.append(unknown) }
  }

  private func fallBack(_ symbol: UnsafeBufferPointer<UInt8>, _ symbols: inout Buffer<UInt32>) -> Bool {
    guard let byteFallback else { return false }
    for byte in symbol where byteFallback[Int(byte)] == nil { return false }
    for byte in symbol { symbols.append(byteFallback[Int(byte)] ?? 0) }
    return true
  }

  /// Whether words may be cut before each mark that follows another character: no merge crosses such a place.
  /// - Complexity: O(bytes of all tokens).
  func neverMerges(across mark: [UInt8]) -> Bool {
    guard symbols == nil, wholeWords == nil, prefix.isEmpty, suffix.isEmpty, vocabulary.id(of: mark) != nil
    else {
      return false
    }
    for id in 0..<UInt32(vocabulary.size) {
      guard let token = vocabulary[id], token.count > mark.count else { continue }
      var at = 1
      while at + mark.count <= token.count {
        if token[at] == mark[0], token[at..<at + mark.count].elementsEqual(mark),
          at < mark.count || !token[at - mark.count..<at].elementsEqual(mark)
        {
          return false
        }
        at += 1
      }
    }
    return true
  }
}
