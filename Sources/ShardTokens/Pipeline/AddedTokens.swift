import ShardModel

/// A token that is found in the text before it is cut into words.
struct AddedToken: Sendable {
  var content: [UInt8]
  var id: UInt32
  var isSpecial: Bool
  /// Only where no letter or digit touches it.
  var isSingleWord = false
  /// Takes the space before, or behind, with it.
  var stripsLeft = false
  var stripsRight = false
  /// Looked for in the normalized text.
  var isNormalized = false
}

typealias AddedTokenList = [AddedToken]

/// Finds added tokens, the leftmost first and of those that start together the longest. Immutable, shared.
final class AddedTokenMatcher: Sendable {
  private let tokens: [AddedToken]
  private let trie: PieceTrie
  private let isFirstByte: [Bool]
  private let onlyFirstByte: UInt8?
  let areAllSpecial: Bool

  /// - Parameter tokens: with the contents as they are to be found.
  init?(_ tokens: [AddedToken]) throws(TokenizerError) {
    let vocabulary = Vocabulary()
    var kept: [AddedToken] = []
    for token in tokens where !token.content.isEmpty {
      let index = UInt32(kept.count)
      var failure: TokenizerError?
      token.content.withUnsafeBufferPointer { content in
        do throws(TokenizerError) {
          try vocabulary.insert(content, id: index, part: "added_tokens")
        } catch { failure = error }
      }
      if let failure { throw failure }
      kept.append(token)
    }
    guard !kept.isEmpty else { return nil }
    self.tokens = kept
    trie = try PieceTrie(vocabulary, part: "added_tokens")
    var first = [Bool](repeating: false, count: 256)
    for token in kept { first[Int(token.content[0])] = true }
    isFirstByte = first
    onlyFirstByte = first.count(where: { $0 }) == 1 ? kept[0].content[0] : nil
    areAllSpecial = !kept.contains { !$0.isSpecial }
  }

  /// A place where a token was found.
  struct Match {
    var start: Int
    var end: Int
    var id: UInt32
  }

  /// The next token at or behind `from`, of which the text before `taken` is spent.
  /// - Complexity: O(text × longest token), near O(text) where few places begin like a token.
  func next(
    in text: UnsafeBufferPointer<UInt8>, from: inout Int, taken: Int, allowsSpecial: Bool
  ) -> Match? {
    while true {
      guard let (token, start, end) = find(text, from) else { return nil }
      from = end
      if token.isSpecial, !allowsSpecial { continue }
      if token.isSingleWord, touchesWord(text, start, end) { continue }
      var match = Match(start: start, end: end, id: token.id)
      if token.stripsLeft { match.start = max(spaceStart(text, start), taken) }
      if token.stripsRight { match.end = spaceEnd(text, end) }
      return match
    }
  }

  @inline(__always)
  private func find(_ text: UnsafeBufferPointer<UInt8>, _ from: Int) -> (AddedToken, Int, Int)? {
    var at = from
    return isFirstByte.withUnsafeBufferPointer { isFirstByte in
      while at < text.count {
        if !isFirstByte[Int(text[at])] {
          at &+= 1
          continue
        }
        if let found = trie.longest(UnsafeBufferPointer(rebasing: text[at...])) {
          return (tokens[Int(found.id)], at, at &+ found.length)
        }
        at &+= 1
      }
      return nil
    }
  }

  private func touchesWord(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard let base = text.baseAddress else { return false }
    if start > 0, ScalarClass.isWord(UTF8Text.scalar(at: base + previous(text, start)).value) { return true }
    return end < text.count && ScalarClass.isWord(UTF8Text.scalar(at: base + end).value)
  }

  private func previous(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> Int {
    var start = end - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  private func spaceStart(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> Int {
    guard let base = text.baseAddress else { return end }
    var start = end
    while start > 0 {
      let last = previous(text, start)
      guard ScalarClass.isSpace(UTF8Text.scalar(at: base + last).value) else { break }
      start = last
    }
    return start
  }

  private func spaceEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    guard let base = text.baseAddress else { return start }
    var end = start
    while end < text.count {
      let (scalar, length) = UTF8Text.scalar(at: base + end)
      guard ScalarClass.isSpace(scalar) else { break }
      end += length
    }
    return end
  }
}
