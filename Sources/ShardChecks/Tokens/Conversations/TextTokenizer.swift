/// What turns a text into tokens. One belongs to one worker: it may keep scratch memory.
package protocol TextTokenizer: AnyObject {
  /// Tokens of a text in which no special token is looked for, and to which none is added.
  /// - Complexity: near-linear in the bytes.
  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int

  /// The same, and how many of these tokens stand for what the vocabulary does not have.
  func countUnknown(_ utf8: UnsafeBufferPointer<UInt8>) -> (all: Int, unknown: Int)

  /// Tokens of a text as the vocabulary's own program encodes it, in which a special token that is written is that token;
  /// nil where no special token is known.
  func countParsingSpecials(_ utf8: UnsafeBufferPointer<UInt8>) -> Int?

  /// A text as the vocabulary's own program has it before it looks for special tokens: Qwen's in NFC.
  func normalized(_ utf8: [UInt8]) -> [UInt8]

  /// Whether there are texts that the vocabulary cannot write.
  var hasUnknown: Bool { get }

  /// Tokens that the model puts around each text, such as CLIP's two.
  var addedTokens: Int { get }

  /// Texts so far whose number of tokens is not exact.
  var inexactTexts: Int { get }
}

extension TextTokenizer {
  func count(_ bytes: ArraySlice<UInt8>) -> Int { bytes.withUnsafeBufferPointer { count($0) } }

  package func countParsingSpecials(_ utf8: UnsafeBufferPointer<UInt8>) -> Int? { nil }

  package func normalized(_ utf8: [UInt8]) -> [UInt8] { utf8 }

  func count(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBufferPointer { count($0) } }
}
