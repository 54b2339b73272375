import ShardModel

/// Finds special tokens that stand in a text as if they were words: those that the trainer looks for, and those of the
/// tokenizer in use. The markup that records of the trainer are written with is none.
struct SpecialTokenFinder: Sendable {
  private let specials: SpecialTokens
  /// Whether every name begins with `<`, so that most texts need no look.
  let beginWithBracket: Bool

  init(_ settings: CheckSettings) {
    var names = Set(settings.specialTokens)
    let rule = settings.rules.tokens
    // Nothing is known of the trainer where only limits are set.
    var markup: Set<String> = [settings.rules.pairs.placeholder ?? "<image>"]
    if rule.trainer != nil || rule.template != nil {
      let trainer = Trainer(rule)
      names.formUnion(trainer.specials.names)
      markup.formUnion(trainer.markup)
    }
    // A tokenizer of a vision model has the markup of pictures among its special tokens.
    markup.formUnion(Trainer.monkey.markup)
    names.subtract(markup)
    // What may be a word is none: `|`, `a`.
    specials = SpecialTokens(names.filter { $0.utf8.count > 2 }.sorted())
    beginWithBracket = specials.names.allSatisfy { $0.hasPrefix("<") }
  }

  var isEmpty: Bool { specials.names.isEmpty }

  /// The first special token of a text.
  /// - Complexity: O(bytes).
  func first(in text: UnsafeBufferPointer<UInt8>) -> String? {
    guard !isEmpty, let match = specials.next(in: text) else { return nil }
    return specials.names[match]
  }
}
