/// What turns a text into tokens. One belongs to one worker: it may keep scratch memory.
package protocol TextTokenizer: AnyObject {
  /// Tokens of a text in which no special token is looked for, and to which none is added.
  /// - Complexity: near-linear in the bytes.
  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int

  /// The ids of the same tokens.
  func encode(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt32]

  /// The id of a special token by its surface form; nil where the vocabulary has none such.
  func id(ofSpecial name: String) -> UInt32?

  /// Ids are below this.
  var vocabularySize: Int { get }

  /// The id that stands for what the vocabulary does not have; nil where every text can be written.
  var unknown: UInt32? { get }
}

extension TextTokenizer {
  func count(_ bytes: ArraySlice<UInt8>) -> Int { bytes.withUnsafeBufferPointer { count($0) } }

  func count(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBufferPointer { count($0) } }
}
