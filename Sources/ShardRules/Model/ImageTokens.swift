/// How many tokens a picture takes in a conversation, as a user says it.
package enum ImageTokens: Sendable, Equatable {
  /// A model whose cost is known.
  package enum Model: String, Sendable, CaseIterable {
    case qwenVL = "qwen-vl"
    case monkey
    case textMonkey = "textmonkey"
    case llava
    /// By the size of the picture.
    case qwen2VL = "qwen2-vl"
  }

  /// The same for each picture, with so many marks around it.
  case fixed(Int, marks: Int)
  case model(Model)

  package static let largest = 1 << 20

  /// What messages say is expected.
  package static let expected =
    "a number of tokens such as 256 or 256+2, or one of " + Model.allNames.joined(separator: ", ")

  /// `256`, `256+2` (with two marks), or the name of a model; nil for anything else.
  package init?(_ text: String) {
    if let model = Model(rawValue: text) {
      self = .model(model)
      return
    }
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    let numbers = parts.compactMap { part in
      part.allSatisfy { ("0"..."9").contains($0) } ? Int(part) : nil
    }
    guard numbers.count == parts.count, numbers.allSatisfy({ (0...Self.largest).contains($0) }) else {
      return nil
    }
    self = .fixed(numbers[0], marks: numbers.count > 1 ? numbers[1] : 0)
  }

  /// As it is typed.
  package var text: String {
    switch self {
    case .fixed(let tokens, let marks): marks > 0 ? "\(tokens)+\(marks)" : "\(tokens)"
    case .model(let model): model.rawValue
    }
  }
}
