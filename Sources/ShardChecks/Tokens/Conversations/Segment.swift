/// A piece of a sequence that a trainer turns into tokens by itself.
package struct Segment: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// One token, by its surface form.
    case special(String)
    case text([UInt8])
    case picture(TurnPicture)
  }

  package var kind: Kind
  package var isLabelled: Bool

  package init(_ kind: Kind, isLabelled: Bool) {
    self.kind = kind
    self.isLabelled = isLabelled
  }
}

/// Gathers segments; texts that follow each other with the same label are one.
struct SegmentList {
  private(set) var segments: [Segment] = []

  mutating func special(_ name: String, isLabelled: Bool = false) {
    segments.append(Segment(.special(name), isLabelled: isLabelled))
  }

  mutating func text(_ text: String, isLabelled: Bool = false) {
    bytes(Array(text.utf8)[...], isLabelled: isLabelled)
  }

  mutating func bytes(_ bytes: ArraySlice<UInt8>, isLabelled: Bool = false) {
    guard !bytes.isEmpty else { return }
    if let last = segments.last, last.isLabelled == isLabelled, case .text(let before) = last.kind {
      segments[segments.count - 1].kind = .text(before + bytes)
    } else {
      segments.append(Segment(.text(Array(bytes)), isLabelled: isLabelled))
    }
  }

  /// The content of a turn: a picture stands at each placeholder, and those without one before the text.
  mutating func content(_ turn: Turn, placeholder: [UInt8] = Array("<image>".utf8), isLabelled: Bool = false)
  {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = turn.content[...]
    while pieces.count < turn.pictures.count, let found = rest.firstRange(of: placeholder) {
      pieces.append(rest[..<found.lowerBound])
      rest = rest[found.upperBound...]
    }
    let first = turn.pictures.count - pieces.count
    for picture in turn.pictures.prefix(first) {
      segments.append(Segment(.picture(picture), isLabelled: false))
    }
    for (piece, picture) in zip(pieces, turn.pictures.dropFirst(first)) {
      bytes(piece, isLabelled: isLabelled)
      segments.append(Segment(.picture(picture), isLabelled: false))
    }
    bytes(rest, isLabelled: isLabelled)
  }
}

extension ArraySlice<UInt8> {
  /// Where `other` stands first.
  /// - Complexity: O(count * other) at worst, O(count) in texts.
  func firstRange(of other: [UInt8]) -> Range<Int>? {
    guard let first = other.first else { return nil }
    var rest = self
    while let start = rest.firstIndex(of: first) {
      if rest[start...].starts(with: other) { return start..<(start + other.count) }
      rest = rest[(start + 1)...]
    }
    return nil
  }

  /// The parts between the places where `separator` stands, as Python's `split` gives them.
  func parts(at separator: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var rest = self
    while let found = rest.firstRange(of: separator) {
      parts.append(rest[..<found.lowerBound])
      rest = rest[found.upperBound...]
    }
    return parts + [rest]
  }
}
