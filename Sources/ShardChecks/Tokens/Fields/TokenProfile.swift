import ShardModel
import ShardSketches

/// How many records were held against something and how many did not keep it.
package struct TokenTally: Sendable, Equatable {
  package var checked: UInt64 = 0
  package var broken: UInt64 = 0
  /// Those of the broken ones that are written down, one by one.
  package var listed: UInt64 = 0

  package init() {}

  package mutating func merge(_ other: TokenTally) {
    checked &+= other.checked
    broken &+= other.broken
    listed &+= other.listed
  }

  /// Whether it is so seldom kept that it was never meant: by more than half of at least 20.
  var isUnmeant: Bool { checked >= 20 && broken > checked / 2 }
}

/// What a cut at a limit takes.
package struct TokenLoss: Sendable, Equatable {
  /// Sequences longer than the limit.
  package var sequences: UInt64 = 0
  /// Tokens beyond it.
  package var tokens: UInt64 = 0
  /// Sequences with labels all of which stand beyond it.
  package var unlabelled: UInt64 = 0

  package init() {}
}

/// Mergeable statistics of the sequences of tokens of one field of one shard, or of many.
///
/// All are integer counts, so they are exact and the same in any order; only quantiles are within 1/256. A token of a
/// padded sequence is one that its mask attends to.
package struct TokenProfile: Sendable, Equatable {
  package var sequences: UInt64 = 0
  /// Elements, padding included.
  package var positions: UInt64 = 0
  package var tokens: UInt64 = 0
  /// Sum of the squares of the lengths.
  package var squares: UInt128 = 0
  /// Of the lengths; meaningless without a sequence.
  package var shortest: UInt64 = .max
  package var longest: UInt64 = 0
  package var lengths = QuantileSketch()
  /// Sequences that have labels, and the labels that carry loss.
  package var labelledSequences: UInt64 = 0
  package var labelled: UInt64 = 0
  /// Those of `labelledSequences` whose labels are all ignored.
  package var unlabelled: UInt64 = 0
  /// Characters of the texts that the tokens were made of; 0 where there is no text.
  package var characters: UInt64 = 0
  /// Tokens that stand for what the vocabulary does not have.
  package var unknown: UInt64 = 0
  /// Conversations with pictures of unknown size, on which their tokens hang; not among `sequences`.
  package var uncounted: UInt64 = 0
  /// Texts whose tokens were counted as if they were cut where a pattern was given up.
  package var inexact: UInt64 = 0
  /// One for each of `limits`, then one for the limit of the rules.
  package var losses = [TokenLoss](repeating: TokenLoss(), count: TokenProfile.limits.count + 1)
  /// Sequences whose labels are not their ids, and whose labels are more or fewer.
  package var differing = TokenTally()
  package var uneven = TokenTally()
  /// Those of `differing` whose labels are the ids after their places throughout.
  package var shifted: UInt64 = 0
  /// Sequences that may be too long or too short.
  package var extremes = Extremes()

  package static let limits: [UInt64] = [512, 1_024, 2_048, 4_096, 8_192, 32_768]

  package init() {}

  package var isEmpty: Bool { sequences == 0 && uncounted == 0 }

  /// Adds what was seen later, or before.
  package mutating func merge(_ other: TokenProfile) {
    lengths.merge(other.lengths)
    extremes.merge(other.extremes)
    mergeCounts(other)
  }

  /// Adds all but the sketch of the lengths and the extremes.
  mutating func mergeCounts(_ other: TokenProfile) {
    sequences &+= other.sequences
    positions &+= other.positions
    tokens &+= other.tokens
    squares &+= other.squares
    shortest = min(shortest, other.shortest)
    longest = max(longest, other.longest)
    labelledSequences &+= other.labelledSequences
    labelled &+= other.labelled
    unlabelled &+= other.unlabelled
    characters &+= other.characters
    unknown &+= other.unknown
    uncounted &+= other.uncounted
    inexact &+= other.inexact
    shifted &+= other.shifted
    for index in losses.indices {
      losses[index].sequences &+= other.losses[index].sequences
      losses[index].tokens &+= other.losses[index].tokens
      losses[index].unlabelled &+= other.losses[index].unlabelled
    }
    differing.merge(other.differing)
    uneven.merge(other.uneven)
  }

  /// Counts a sequence.
  /// - Parameters:
  ///   - length: tokens, padding excluded.
  ///   - limit: what the rules say training keeps.
  /// - Complexity: O(limits).
  mutating func count(length: Int, positions: Int, limit: Int?) {
    let length = UInt64(clamping: length)
    sequences &+= 1
    self.positions &+= UInt64(clamping: positions)
    tokens &+= length
    squares &+= UInt128(length) &* UInt128(length)
    shortest = min(shortest, length)
    longest = max(longest, length)
    for (index, limit) in Self.limits.enumerated() {
      // They rise.
      guard length > limit else { break }
      losses[index].sequences &+= 1
      losses[index].tokens &+= length - limit
    }
    if let limit, length > UInt64(clamping: limit) {
      losses[Self.limits.count].sequences &+= 1
      losses[Self.limits.count].tokens &+= length - UInt64(clamping: limit)
    }
  }

  /// Counts the labels of a sequence.
  /// - Parameters:
  ///   - labelled: those that carry loss.
  ///   - first: index of the first of them; nil if there is none.
  mutating func count(labelled: Int, first: Int?, limit: Int?) {
    labelledSequences &+= 1
    self.labelled &+= UInt64(clamping: labelled)
    guard let first = first.map({ UInt64(clamping: $0) }) else {
      unlabelled &+= 1
      return
    }
    for (index, limit) in Self.limits.enumerated() {
      guard first >= limit else { break }
      losses[index].unlabelled &+= 1
    }
    if let limit, first >= UInt64(clamping: limit) { losses[Self.limits.count].unlabelled &+= 1 }
  }
}

extension TokenProfile {
  package func encode(into writer: inout ByteWriter) {
    for count in [
      sequences, positions, tokens, UInt64(truncatingIfNeeded: squares),
      UInt64(truncatingIfNeeded: squares >> 64),
      shortest, longest, labelledSequences, labelled, unlabelled, characters, unknown,
      shifted, uncounted, inexact,
    ] {
      writer.write(count)
    }
    for loss in losses {
      for count in [loss.sequences, loss.tokens, loss.unlabelled] { writer.write(count) }
    }
    for tally in [differing, uneven] {
      for count in [tally.checked, tally.broken, tally.listed] { writer.write(count) }
    }
    lengths.encode(into: &writer)
    extremes.encode(into: &writer)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    sequences = try reader.readTally()
    positions = try reader.readTally()
    tokens = try reader.readTally()
    squares = UInt128(try reader.readUInt64())
    squares |= UInt128(try reader.readUInt64()) << 64
    shortest = try reader.readUInt64()
    longest = try reader.readTally()
    labelledSequences = try reader.readTally()
    labelled = try reader.readTally()
    unlabelled = try reader.readTally()
    characters = try reader.readTally()
    unknown = try reader.readTally()
    shifted = try reader.readTally()
    uncounted = try reader.readTally()
    inexact = try reader.readTally()
    for index in losses.indices {
      losses[index].sequences = try reader.readTally()
      losses[index].tokens = try reader.readTally()
      losses[index].unlabelled = try reader.readTally()
    }
    differing = try TokenTally(decoding: &reader)
    uneven = try TokenTally(decoding: &reader)
    lengths = try QuantileSketch(decoding: &reader)
    extremes = try Extremes(decoding: &reader)
    guard sequences > 0 ? shortest <= longest : tokens == 0, unlabelled <= labelledSequences else {
      throw DecodingFailure("a part is larger than the whole")
    }
  }

  static func encode(_ profiles: [String: TokenProfile], into writer: inout ByteWriter) {
    writer.write(UInt64(profiles.count))
    for path in profiles.keys.sorted() {
      writer.write(path)
      profiles[path]?.encode(into: &writer)
    }
  }

  static func decode(_ reader: inout ByteReader) throws(DecodingFailure) -> [String: TokenProfile] {
    var profiles: [String: TokenProfile] = [:]
    for _ in 0..<(try reader.readCount(minimumSize: 40)) {
      let path = try reader.readString()
      profiles[path] = try TokenProfile(decoding: &reader)
    }
    return profiles
  }
}

extension TokenTally {
  fileprivate init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    checked = try reader.readTally()
    broken = try reader.readTally()
    listed = try reader.readTally()
  }
}
