import ShardModel

/// How a record says which picture belongs to which text.
package enum PairShape: String, Sendable, CaseIterable, BitwiseCopyable {
  /// A row with a picture and a caption: LAION, DataComp, COYO, image folders.
  case metadata
  /// `image` and `conversations`, with `<image>` in a turn: LLaVA.
  case llava
  /// Turns with `<img>path</img>` in their text: Qwen-VL, Monkey.
  case qwenVL = "qwen-vl"
  /// Turns whose content is a list of parts, some of them pictures: OpenAI.
  case messages
  /// Turns beside a list `images`, with one placeholder each: LLaMA-Factory, ms-swift.
  case imageList = "image-list"
  /// As LLaVA's, with the sizes of the pictures: InternVL.
  case internVL = "internvl"
  /// Files with a common name in an archive.
  case webDataset = "webdataset"
  /// Turns without a picture.
  case conversation

  /// Whether a text has its picture by belonging to the same record, so that a record without one is no pair.
  @inlinable
  package var needsPicture: Bool {
    switch self {
    case .metadata, .webDataset: true
    case .llava, .qwenVL, .messages, .imageList, .internVL, .conversation: false
    }
  }

  @inlinable
  package var hasTurns: Bool { !needsPicture }
}

/// What a rules file says about pairs of pictures and texts. Nil or empty: what the shape of the record says.
package struct PairRule: Sendable, Equatable {
  /// The range of coordinates in `<box>`.
  package enum BoxRange: String, Sendable, CaseIterable {
    case unit = "0-1"
    case thousand = "0-1000"
    /// Whole numbers without an upper bound.
    case pixels
  }

  package var shape: PairShape?
  /// Paths of the fields with a picture; the first that a record has counts.
  package var images: [String] = []
  package var captions: [String] = []
  /// Path of the list of turns.
  package var turns: String?
  /// Names of a turn's members.
  package var role: String?
  package var content: String?
  /// Names of roles.
  package var users: [String] = []
  package var answers: [String] = []
  /// What stands for a picture in a turn.
  package var placeholder: String?
  package var boxRange: BoxRange?
  /// Bytes of a picture's path in a tag.
  package var longestPath: Int?
  /// Characters of a caption.
  package var captionLength: LengthRange?
  /// Texts that the trainer puts between turns.
  package var separators: [String] = []
  /// Whether records without a picture are meant.
  package var allowsTextOnly: Bool?

  package init() {}

  /// The largest length that can be demanded.
  package static let largest = 1 << 40

  /// Takes what the other rule says over what this one says, key by key.
  package mutating func refine(with later: PairRule) {
    shape = later.shape ?? shape
    if !later.images.isEmpty { images = later.images }
    if !later.captions.isEmpty { captions = later.captions }
    turns = later.turns ?? turns
    role = later.role ?? role
    content = later.content ?? content
    if !later.users.isEmpty { users = later.users }
    if !later.answers.isEmpty { answers = later.answers }
    placeholder = later.placeholder ?? placeholder
    boxRange = later.boxRange ?? boxRange
    longestPath = later.longestPath ?? longestPath
    captionLength = later.captionLength ?? captionLength
    if !later.separators.isEmpty { separators = later.separators }
    allowsTextOnly = later.allowsTextOnly ?? allowsTextOnly
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(optional: shape) { $0.write($1.rawValue) }
    for list in [images, captions, users, answers, separators] { writer.write(list: list) { $0.write($1) } }
    for text in [turns, role, content, placeholder] { writer.write(optional: text) { $0.write($1) } }
    writer.write(optional: boxRange) { $0.write($1.rawValue) }
    writer.write(optional: longestPath) { $0.write($1) }
    writer.write(optional: captionLength) {
      $0.write($1.minimum)
      $0.write(optional: $1.maximum) { $0.write($1) }
    }
    writer.write(optional: allowsTextOnly) { $0.write($1) }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    func texts(_ reader: inout ByteReader) throws(DecodingFailure) -> [String] {
      try reader.list { reader throws(DecodingFailure) in try reader.readString() }
    }
    func text(_ reader: inout ByteReader) throws(DecodingFailure) -> String? {
      try reader.optional { reader throws(DecodingFailure) in try reader.readString() }
    }
    func length(_ reader: inout ByteReader) throws(DecodingFailure) -> Int {
      let value = try reader.readInt()
      guard value >= 0, value <= Self.largest else { throw DecodingFailure("length out of range") }
      return value
    }
    shape = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    images = try texts(&reader)
    captions = try texts(&reader)
    users = try texts(&reader)
    answers = try texts(&reader)
    separators = try texts(&reader)
    turns = try text(&reader)
    role = try text(&reader)
    content = try text(&reader)
    placeholder = try text(&reader)
    boxRange = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    longestPath = try reader.optional { reader throws(DecodingFailure) in try length(&reader) }
    captionLength = try reader.optional { reader throws(DecodingFailure) in
      let minimum = try length(&reader)
      return LengthRange(
        minimum: minimum,
        maximum: try reader.optional { reader throws(DecodingFailure) in try length(&reader) })
    }
    allowsTextOnly = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
  }
}
