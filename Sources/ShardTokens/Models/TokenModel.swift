import ShardModel

/// Makes tokens of a word.
enum TokenModel: Sendable {
  case bytePair(BytePairModel)
  case wordPiece(WordPieceModel)
  case unigram(UnigramModel)
  case wordLevel(WordLevelModel)

  /// The tokens of a word that is not empty, in place of those in `scratch.symbols`.
  @inline(__always)
  func tokenize(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    scratch.symbols.removeAll()
    switch self {
    case .bytePair(let model): model.tokenize(word, &scratch)
    case .wordPiece(let model): model.tokenize(word, &scratch.symbols)
    case .unigram(let model): model.tokenize(word, &scratch)
    case .wordLevel(let model): model.tokenize(word, &scratch.symbols)
    }
  }

  /// The same of a part of a word, cut at one of `boundaries`.
  func tokenize(part: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch) {
    guard case .bytePair(let model) = self else { return tokenize(part, &scratch) }
    scratch.symbols.removeAll()
    model.tokenize(part: part, &scratch)
  }

  /// Where words may be cut; nil where nowhere.
  var boundaries: MergeBoundaries? {
    if case .bytePair(let model) = self { model.boundaries } else { nil }
  }

  /// The token that stands for what the vocabulary does not have; nil where every text can be written.
  var unknown: UInt32? {
    switch self {
    case .bytePair(let model): model.isComplete ? nil : model.unknown
    case .wordPiece(let model): model.unknown
    case .unigram(let model): model.unknown
    case .wordLevel(let model): model.unknown
    }
  }
}

/// Memory that a model works in; for one thread.
struct ModelScratch {
  var symbols = Buffer<UInt32>()
  var merger = PairMerger()
  var paths = Buffer<UnigramModel.Path>()
  var text = Buffer<UInt8>()

  mutating func deallocate() {
    symbols.deallocate()
    merger.deallocate()
    paths.deallocate()
    text.deallocate()
  }
}

/// Whole words alone.
final class WordLevelModel: Sendable {
  private let vocabulary: Vocabulary
  let unknown: UInt32?

  init(vocabulary: Vocabulary, unknown: UInt32?) {
    self.vocabulary = vocabulary
    self.unknown = unknown
  }

  func tokenize(_ word: UnsafeBufferPointer<UInt8>, _ symbols: inout Buffer<UInt32>) {
    if let id = vocabulary.id(of: word) ?? unknown { symbols.append(id) }
  }
}

/// The longest token first, from left to right; a word that cannot be made of tokens is one unknown token (Devlin et al.
/// 2019, `tokenization.py`).
final class WordPieceModel: Sendable {
  private let trie: PieceTrie
  /// Where tokens within a word begin; nil where there are none.
  private let continuing: PieceTrie.Place?
  let unknown: UInt32
  private let maximumCharacters: Int

  init(
    vocabulary: Vocabulary, prefix: [UInt8], unknown: UInt32, maximumCharacters: Int
  ) throws(TokenizerError) {
    trie = try PieceTrie(vocabulary, part: "model.vocab")
    continuing = trie.place(of: prefix)
    self.unknown = unknown
    self.maximumCharacters = maximumCharacters
  }

  func tokenize(_ word: UnsafeBufferPointer<UInt8>, _ symbols: inout Buffer<UInt32>) {
    var characters = 0
    if word.count > maximumCharacters {
      for byte in word where byte & 0xC0 != 0x80 { characters &+= 1 }
    }
    var at = 0
    while at < word.count, characters <= maximumCharacters {
      let rest = UnsafeBufferPointer(rebasing: word[at...])
      guard let place = at == 0 ? 0 : continuing, let found = trie.longest(rest, from: place),
        found.length > 0
      else {
        break
      }
      symbols.append(found.id)
      at &+= found.length
    }
    guard at < word.count else { return }
    symbols.removeAll()
    symbols.append(unknown)
  }
}
