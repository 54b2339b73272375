/// Why a tokenizer file is refused: the part of the file, and what is wrong with it.
package struct TokenizerError: Error, Equatable, CustomStringConvertible {
  /// As the file names it: `normalizer`, `model.merges`, `line 17`.
  package var part: String
  package var message: String

  package init(part: String, message: String) {
    self.part = part
    self.message = message
  }

  package var description: String { "\(part): \(message)" }

  /// What a file of another program may well hold and this one does not read.
  static func unsupported(_ part: String, _ what: String) -> TokenizerError {
    TokenizerError(part: part, message: "\(what) is not supported")
  }
}
