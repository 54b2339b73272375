import ShardChecks
import ShardRules

extension ScanSettings {
  /// Settles what hangs on the tokenizer: its special tokens, the template where none is named, and the limit where the
  /// trainer's code has one.
  package mutating func use(_ file: TokenizerFile) {
    tokenizer = file.identity
    checks.specialTokens = Set(file.tokenizer.specialTokens.map(\.text)).sorted()
    if checks.rules.tokens.trainer == nil, checks.rules.tokens.template == nil {
      checks.rules.tokens.template = Self.template(checks.specialTokens)
    }
    settleLimit()
  }

  /// What a trainer keeps is the limit, unless another is set.
  package mutating func settleLimit() {
    let tokens = checks.rules.tokens
    if tokens.trainer != nil, tokens.maxTokens == nil {
      checks.rules.tokens.maxTokens = Trainer(tokens).limit
    }
  }

  /// The template that models with these special tokens use.
  private static func template(_ specials: [String]) -> ChatTemplate {
    for (name, template) in [
      ("<|start_header_id|>", ChatTemplate.llama3), ("<|im_start|>", .chatML), ("[INST]", .mistral),
    ] where specials.contains(name) {
      return template
    }
    return specials.contains("</s>") && specials.contains("<s>") ? .vicuna : .plain
  }
}
