/// A text as Qwen-VL's tokenizer cuts it: brought into NFC, paths included, special tokens looked for, and a picture takes a
/// span of fixed length in which the bytes of its path stand, one a token, before the padding.
struct QwenText {
  /// Of a picture, by its tokens in the text.
  struct Span {
    var start: Int
    var end: Int
    var pathBytes: Int
  }

  var tokens = 0
  var pictures: [Span] = []
  /// Tokens that are `</img>` without a picture.
  var strayEnds: [Int] = []

  /// - Parameter span: tokens between `<img>` and `</img>`.
  /// - Throws: where the tokenizer does.
  init(_ bytes: [UInt8], span: Int, _ tokenizer: any TextTokenizer) throws(TextRejection) {
    let specials = SpecialTokens.qwen
    var rest = tokenizer.normalized(bytes)[...]
    while let match = specials.next(in: rest) {
      add(rest[..<match.range.lowerBound], tokenizer)
      rest = rest[match.range.upperBound...]
      switch specials.names[match.index] {
      case "<img>": try addPicture(&rest, span: span, specials)
      case "</img>":
        strayEnds.append(tokens)
        tokens += 1
      default: tokens += 1
      }
    }
    add(rest, tokenizer)
  }

  private mutating func add(_ text: ArraySlice<UInt8>, _ tokenizer: any TextTokenizer) {
    if !text.isEmpty { tokens += tokenizer.count(text) }
  }

  /// Takes a picture from behind its `<img>` to its `</img>`. That one is missing is seen before anything else.
  private mutating func addPicture(
    _ rest: inout ArraySlice<UInt8>, span: Int, _ specials: SpecialTokens
  ) throws(TextRejection) {
    var inside: String?
    var search = rest
    while let match = specials.next(in: search) {
      search = search[match.range.upperBound...]
      guard specials.names[match.index] == "</img>" else {
        inside = inside ?? specials.names[match.index]
        continue
      }
      let path = match.range.lowerBound - rest.startIndex
      if let inside { throw .specialTokenInPath(inside) }
      guard path <= span else { throw .picturePathTooLong(bytes: path, most: span) }
      pictures.append(Span(start: tokens, end: tokens + span + 1, pathBytes: path))
      tokens += span + 2
      rest = search
      return
    }
    throw .unclosedPicture
  }
}
