import ShardModel
import ShardRules

/// A picture that a record names or holds.
package struct PairImage: BitwiseCopyable {
  package enum Source: UInt8, BitwiseCopyable, Sendable {
    /// A path in a file system, relative or absolute.
    case path
    /// An address that nobody fetches: `http:`, `s3:`.
    case remote
    /// The picture itself as text, `data:image/png;base64,...`.
    case data
    /// The picture itself as bytes: `text` is empty, the value stands at `position`.
    case blob
  }

  package var row: UInt32
  /// Index of the field with the value, or with the text that the path stands in.
  package var field: UInt32
  /// Byte of the value in the batch, for `Locator.path` and the order of values.
  package var position: UInt32
  package var source: Source
  /// `CK_PATH_...` of the path or address.
  var marks: UInt8 = 0
  /// The place in `PairExtractor.turns`, -1 where the picture stands beside them.
  package var turn: Int32
  /// The value as written; of a path in a tag the text around it. Read it with `PairExtractor.bytes(of:)`.
  var text: TextView
  /// Where the path was copied to, -1 where `text` is the path.
  var copy: Int32 = -1
  var copyLength: UInt32 = 0
}

/// A caption: the text that belongs to the picture of a record without turns.
package struct PairCaption: BitwiseCopyable {
  package var row: UInt32
  package var field: UInt32
  package var position: UInt32
  /// Empty where the caption is null.
  package var text: TextView
  package var isNull: Bool
  var marks = TextMarks()
}

/// What the captions of a batch have at most and at least, so that a check that concerns none of them looks at none.
struct CaptionExtent: BitwiseCopyable {
  /// Of any.
  var marks: UInt32 = 0
  /// One is null or blank.
  var hasBlank = false
  /// Bytes as written.
  var shortest = Int.max
  var fewestCharacters = UInt32.max
  var mostCharacters: UInt32 = 0
  var fewestWords = UInt64.max

  mutating func include(_ caption: PairCaption) {
    marks |= caption.marks.marks
    hasBlank = hasBlank || caption.isNull || caption.marks.isBlank
    shortest = min(shortest, caption.text.length)
    fewestCharacters = min(fewestCharacters, caption.text.characters)
    mostCharacters = max(mostCharacters, caption.text.characters)
    fewestWords = min(fewestWords, caption.marks.words)
  }
}

/// Who says something.
package enum PairRole: UInt8, BitwiseCopyable, Sendable {
  case user, answer, system
  /// What a tool returns; the call itself is an answer.
  case tool
  case unknown
  /// The turn does not say.
  case missing
}

/// One turn of a conversation.
package struct PairTurn: BitwiseCopyable {
  package enum Content: UInt8, BitwiseCopyable, Sendable { case missing, null, text, parts, other }

  package var row: UInt32
  /// From 0, in its record.
  package var index: UInt32
  /// Index of the field of the turns.
  package var field: UInt32
  /// Byte of the turn in the batch.
  package var position: UInt32
  package var role = PairRole.missing
  /// As written.
  package var roleText = TextView(offset: 0, length: 0, isEscaped: false, characters: 0)
  package var content = Content.missing
  package var contentField: UInt32 = 0
  package var contentPosition: UInt32 = 0
  /// The content where it is a text.
  package var text = TextView(offset: 0, length: 0, isEscaped: false, characters: 0)
  /// Places in `PairExtractor.parts`.
  package var parts: Range32 = .init()
  /// Places in `PairExtractor.tags`, those of the parts included.
  var tags: Range32 = .init()
  /// Of the text, or of all texts among the parts.
  var marks = TextMarks()
}

/// One part of a turn whose content is a list.
package struct PairPart: BitwiseCopyable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable { case unknown, text, image, other }

  package var turn: UInt32
  package var field: UInt32
  package var position: UInt32
  package var kind = Kind.unknown
  /// Whether the part says which picture it is.
  package var hasSource = false
  package var text: TextView?
}

/// A run of elements of a flat array.
package struct Range32: BitwiseCopyable, Sendable {
  package var start: Int32 = 0
  package var count: Int32 = 0

  package var indices: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
}

/// What a text has in it.
struct TextMarks: BitwiseCopyable {
  var words: UInt64 = 0
  /// `CK_MARK_...`
  var marks: UInt32 = 0
  var isBlank = true

  mutating func add(_ other: TextMarks) {
    words &+= other.words
    marks |= other.marks
    isBlank = isBlank && other.isBlank
  }
}

/// What one record says about pictures and texts.
package struct PairRecord: BitwiseCopyable {
  /// Nil: the record is no pair.
  package var shape: PairShape?
  /// Places in `PairExtractor.images`.
  package var images = Range32()
  package var turns = Range32()
  /// The place in `PairExtractor.captions`, or -1.
  package var caption: Int32 = -1

  /// The field of the picture, of the caption and of the turns that count, or -1.
  var imageField: Int32 = -1
  var captionField: Int32 = -1
  var turnField: Int32 = -1
  /// The picture's value is null or an empty text.
  var isImageEmpty = false
  /// `images` is there.
  var hasImageList = false
  /// `images` is a text.
  var isImageListText = false
  var imagePosition: UInt32 = 0
  /// A width and a height are there.
  var sizes: UInt8 = 0
  /// A number that only metadata of pictures have is there.
  var hasEvidence = false
  /// The text of a turn has tags as Qwen-VL writes them.
  var isTagged = false
  var hasParts = false
}
