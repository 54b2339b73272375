/// Sequences of tokens of one field, or of all, ready to be shown.
package struct TokenSummary: Sendable, Equatable {
  /// What a cut at `limit` takes, and what sequences cost at that length.
  package struct Limit: Sendable, Equatable {
    package var limit: UInt64
    /// Sequences that are longer, and the tokens of theirs beyond it.
    package var sequences: UInt64
    package var tokens: UInt64
    /// Sequences with labels all of which stand beyond it.
    package var unlabelled: UInt64
    /// Positions if every sequence is cut and padded to the limit.
    package var padded: UInt64
    /// Positions if all sequences, uncut, are written one after the other and the whole is cut into pieces of the limit.
    package var packed: UInt64

    package init(
      limit: UInt64, sequences: UInt64, tokens: UInt64, unlabelled: UInt64, padded: UInt64, packed: UInt64
    ) {
      self.limit = limit
      self.sequences = sequences
      self.tokens = tokens
      self.unlabelled = unlabelled
      self.padded = padded
      self.packed = packed
    }
  }

  /// Field of the ids, or of the text; nil for all together.
  package var path: String?
  /// Tokens of each sequence, padding excluded.
  package var lengths = NumberSummary()
  package var tokens: UInt64 = 0
  /// Elements of the lists, padding included.
  package var positions: UInt64 = 0
  /// Sequences that have labels.
  package var labelledSequences: UInt64 = 0
  /// Labels that carry loss.
  package var labelled: UInt64 = 0
  /// Sequences whose labels carry none.
  package var unlabelled: UInt64 = 0
  /// Characters that the tokens were made of; 0 where there is no text.
  package var characters: UInt64 = 0
  /// Tokens that stand for what the vocabulary does not have.
  package var unknown: UInt64 = 0
  /// In rising order.
  package var limits: [Limit] = []
  /// How many tokens of a sequence training keeps, one of `limits`; nil where that is not known.
  package var kept: UInt64?

  package init(path: String? = nil) { self.path = path }

  /// Of texts alone: the tokens of a conversation are its pictures' and its template's, too.
  package var charactersPerToken: Double? {
    characters > 0 && tokens > 0 && labelledSequences == 0 ? Double(characters) / Double(tokens) : nil
  }

  /// The share of the positions that are padding, 0 to 1; nil of no position.
  package var paddingRate: Double? {
    positions > 0 ? Double(positions - min(tokens, positions)) / Double(positions) : nil
  }
}

/// What counted the tokens of texts.
package struct TokenizerSummary: Sendable, Equatable {
  /// In a few words: `tiktoken cl100k_base`, `BPE`.
  package var kind: String
  package var vocabularySize: UInt64
  /// XXH3-128 of its file, 32 hexadecimal digits.
  package var digest: String
  /// The template or trainer by which conversations were counted.
  package var template: String

  package init(kind: String, vocabularySize: UInt64, digest: String, template: String) {
    self.kind = kind
    self.vocabularySize = vocabularySize
    self.digest = digest
    self.template = template
  }
}
