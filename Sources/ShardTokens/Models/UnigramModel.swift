import ShardModel

/// The most probable tokens of a word under a unigram language model (Kudo 2018), found by Viterbi's algorithm.
///
/// Immutable, and shared between threads. It takes 12 bytes for each distinct beginning of a token, and 8 a token.
final class UnigramModel: Sendable {
  /// The best way to a place of the word.
  struct Path {
    var score: Double
    /// Where its last token starts, or `none`.
    var start: UInt32
    var id: UInt32

    static let none = UInt32.max
  }

  /// What an unknown character costs beyond the least probable token, as in SentencePiece.
  private static let unknownPenalty = 10.0

  private let vocabulary: Vocabulary
  private let trie: PieceTrie
  private let scores: [Double]
  private let unknownToken: UInt32?
  private let unknownScore: Double
  private let byteFallback: [UInt32?]?

  init(
    vocabulary: Vocabulary, scores: [Double], unknown: UInt32?, byteFallback: [UInt32?]?
  ) throws(TokenizerError) {
    self.vocabulary = vocabulary
    self.scores = scores
    unknownToken = unknown
    self.byteFallback = byteFallback
    trie = try PieceTrie(vocabulary, part: "model.vocab")
    unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
  }

  /// Nil where every byte has a token.
  var unknown: UInt32? {
    byteFallback.map { bytes in bytes.allSatisfy { $0 != nil } } ?? false ? nil : unknownToken
  }

  /// - Complexity: O(word × longest token).
  func tokenize(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    guard let base = word.baseAddress else { return }
    scratch.paths.removeAll()
    scratch.paths.reserve(word.count &+ 1)
    for _ in 0...word.count { scratch.paths.append(Path(score: 0, start: Path.none, id: 0)) }
    // Safe: every index is an end of a character of the word, so at most its length.
    let paths = scratch.paths.base
    var at = 0
    while at < word.count {
      let score = paths[at].score
      let length = min(UTF8Text.length(leading: base[at]), word.count &- at)
      var isCovered = false
      var place: PieceTrie.Place = 0
      var end = at
      while end < word.count, let next = trie.step(place, base[end]) {
        place = next
        end &+= 1
        let id = trie.id(at: place)
        guard id != PieceTrie.none else { continue }
        reach(paths + end, score + scores[Int(id)], from: at, id)
        if end &- at == length { isCovered = true }
      }
      if !isCovered { reach(paths + at + length, score + unknownScore, from: at, unknownToken ?? Path.none) }
      at &+= length
    }
    collect(word, &scratch)
  }

  @inline(__always)
  private func reach(_ path: UnsafeMutablePointer<Path>, _ score: Double, from start: Int, _ id: UInt32) {
    guard path.pointee.start == Path.none || score > path.pointee.score else { return }
    path.pointee = Path(score: score, start: UInt32(truncatingIfNeeded: start), id: id)
  }

  /// The tokens of the best path, from its end; unknown ones that touch are one.
  private func collect(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    var end = word.count
    while end > 0 {
      let path = scratch.paths.base[end]
      var start = Int(path.start)
      if path.id != unknownToken ?? Path.none {
        scratch.symbols.append(path.id)
      } else {
        while start > 0, scratch.paths.base[start].id == path.id {
          start = Int(scratch.paths.base[start].start)
        }
        appendUnknown(UnsafeBufferPointer(rebasing: word[start..<end]), &scratch.symbols)
      }
      end = start
    }
    var found = UnsafeMutableBufferPointer(start: scratch.symbols.base, count: scratch.symbols.count)
    found.reverse()
  }

  private func appendUnknown(_ text: UnsafeBufferPointer<UInt8>, _ symbols: inout Buffer<UInt32>) {
    if let id = vocabulary.id(of: text) { return symbols.append(id) }
    if let byteFallback, !text.contains(where: { byteFallback[Int($0)] == nil }) {
      for byte in text.reversed() { symbols.append(byteFallback[Int(byte)] ?? 0) }
    } else if let unknownToken {
      symbols.append(unknownToken)
    }
  }
}
