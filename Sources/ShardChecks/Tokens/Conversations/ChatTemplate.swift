import ShardRules

/// How a model's conversations are written, and which of their tokens trainers supervise.
///
/// The segments are those of supervised fine-tuning with a loss on answers only: the question with all that stands around it
/// is one text, the answer with what ends it another. They are LLaMA-Factory's for `chatML` (its template `qwen2_vl`),
/// `llama2`, `llama3` and `mistral`, and FastChat's for `vicuna`, whose spaces before answers are a part of their first
/// token. Others differ in what ends an answer: Meta's Llama 2 writes a space before `</s>`, and InternVL masks the line
/// feed behind `<|im_end|>`. Trainers that do otherwise are in `Trainer`.
package typealias ChatTemplate = TokenRule.Template

extension TokenRule.Template {
  /// What is taken for the text of special tokens, and so must not stand in data.
  package var specials: SpecialTokens {
    switch self {
    case .chatML: .qwen2
    case .llama3: .llama3
    case .llama2, .vicuna, .mistral: .llama
    case .plain: SpecialTokens(["<|endoftext|>", "<s>", "</s>"])
    }
  }

  /// The token that ends an answer.
  package var endOfAnswer: String {
    switch self {
    case .chatML: "<|im_end|>"
    case .llama3: "<|eot_id|>"
    case .llama2, .vicuna, .mistral: "</s>"
    case .plain: "<|endoftext|>"
    }
  }

  static let vicunaSystem =
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and "
    + "polite answers to the user's questions."

  private var defaultSystem: String? {
    switch self {
    case .chatML: "You are a helpful assistant."
    case .vicuna: Self.vicunaSystem
    case .llama2, .llama3, .mistral, .plain: nil
    }
  }

  /// The pieces of the whole conversation, in order.
  /// - Complexity: O(bytes).
  package func segments(_ turns: [Turn]) -> [Segment] {
    var list = SegmentList()
    var rest = turns[...]
    var system = defaultSystem.map { Turn(.system, $0) }
    if let first = rest.first, first.role == .system {
      system = first
      rest = rest.dropFirst()
    }
    begin(&list, system)
    // Llama 2 writes the system's text into the first question.
    var pending = self == .llama2 || self == .mistral ? system : nil
    for turn in rest {
      if turn.role == .assistant {
        answer(turn, &list)
      } else {
        question(turn, pending, &list)
        pending = nil
      }
    }
    return list.segments
  }

  private func begin(_ list: inout SegmentList, _ system: Turn?) {
    switch self {
    case .chatML:
      if let system { block("system", system, &list) }
    case .llama3:
      list.special("<|begin_of_text|>")
      if let system { block("system", system, &list) }
    case .vicuna:
      list.special("<s>")
      if let system {
        list.content(system)
        list.text(" ")
      }
    case .mistral: list.special("<s>")
    case .llama2: break
    case .plain:
      if let system { list.content(system) }
    }
  }

  /// A turn between a header and an end.
  private func block(_ role: String, _ turn: Turn, _ list: inout SegmentList) {
    header(role, &list)
    list.content(turn)
    list.special(endOfAnswer)
    if self == .chatML { list.text("\n") }
  }

  private func header(_ role: String, _ list: inout SegmentList) {
    if self == .chatML {
      list.special("<|im_start|>")
      list.text(role + "\n")
    } else {
      list.special("<|start_header_id|>")
      list.text(role)
      list.special("<|end_header_id|>")
      list.text("\n\n")
    }
  }

  private func question(_ turn: Turn, _ system: Turn?, _ list: inout SegmentList) {
    switch self {
    case .chatML:
      if turn.role == .tool {
        header("user", &list)
        list.text("<tool_response>\n")
        list.content(turn)
        list.text("\n</tool_response>")
        list.special(endOfAnswer)
        list.text("\n")
      } else {
        block(turn.role == .system ? "system" : "user", turn, &list)
      }
      header("assistant", &list)
    case .llama3:
      block(turn.role == .system ? "system" : turn.role == .tool ? "ipython" : "user", turn, &list)
      header("assistant", &list)
    case .llama2:
      list.special("<s>")
      list.text("[INST] ")
      if let system {
        list.text("<<SYS>>\n")
        list.content(system)
        list.text("\n<</SYS>>\n\n")
      }
      list.content(turn)
      list.text(" [/INST]")
    case .mistral:
      list.text("[INST] ")
      if let system {
        list.content(system)
        list.text("\n\n")
      }
      list.content(turn)
      list.text("[/INST]")
    case .vicuna:
      list.text("USER: ")
      list.content(turn)
      list.text(" ASSISTANT:")
    case .plain: list.content(turn)
    }
  }

  private func answer(_ turn: Turn, _ list: inout SegmentList) {
    if self == .mistral { list.text(" ", isLabelled: true) }
    list.content(turn, isLabelled: true)
    list.special(endOfAnswer, isLabelled: true)
    if self == .chatML { list.text("\n", isLabelled: true) }
  }
}
