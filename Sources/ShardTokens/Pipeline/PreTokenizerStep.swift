/// One step of cutting a text into words; the next step sees each piece alone.
enum PreTokenizerStep: Sendable {
  /// What becomes of what a pattern matches.
  enum Behavior: Sendable, Equatable {
    case removed, isolated, mergedWithPrevious, mergedWithNext, contiguous
  }

  enum Prepend: Sendable { case always, first, never }

  /// - inverted: the pattern matches the words, not what lies between.
  case split(TokenPattern, behavior: Behavior, inverted: Bool)
  /// BERT's words: punctuation marks, each alone, and runs of what is neither mark nor space.
  case bert
  /// A space before a piece that begins with none.
  case prefixSpace
  /// Spaces become a mark, and each mark begins a word.
  case metaspace(mark: [UInt8], prepend: Prepend, splits: Bool)
  /// A word ends before each mark that follows another character; changes no result (see `neverMerges`).
  case cutBefore(mark: [UInt8])
}

/// Where a split stands within a piece.
struct SplitState {
  var step: Int
  var behavior: PreTokenizerStep.Behavior
  var inverted: Bool
  var atStart: Bool
  /// A piece that may grow yet.
  var pending: Range<Int>?
  var pendingIsMatch = false
}
