/// The surface forms of the special tokens of a vocabulary, and where they stand in a text.
package struct SpecialTokens: Sendable {
  package let names: [String]
  /// By the second byte, the longest first.
  private let candidates: [[(bytes: [UInt8], index: Int)]]
  /// Whether a name begins with this byte.
  private let starts: [Bool]

  package init(_ names: [String]) {
    self.names = names
    var candidates = [[(bytes: [UInt8], index: Int)]](repeating: [], count: 256)
    var starts = [Bool](repeating: false, count: 256)
    for (index, name) in names.enumerated() where name.utf8.count > 1 {
      let bytes = Array(name.utf8)
      starts[Int(bytes[0])] = true
      candidates[Int(bytes[1])].append((bytes, index))
    }
    for index in candidates.indices { candidates[index].sort { $0.bytes.count > $1.bytes.count } }
    self.candidates = candidates
    self.starts = starts
  }

  package struct Match: Sendable, Equatable {
    package var range: Range<Int>
    /// Index in `names`.
    package var index: Int
  }

  /// The first special token of a text; of two that begin at one place the longer.
  /// - Complexity: O(bytes + bytes that begin a name * names that go on like it).
  package func next(in bytes: ArraySlice<UInt8>) -> Match? {
    var position = bytes.startIndex
    while position < bytes.endIndex {
      guard let start = bytes[position...].firstIndex(where: { starts[Int($0)] }), start + 1 < bytes.endIndex
      else {
        return nil
      }
      for (name, index) in candidates[Int(bytes[start + 1])] where bytes[start...].starts(with: name) {
        return Match(range: start..<(start + name.count), index: index)
      }
      position = start + 1
    }
    return nil
  }

  /// Index of the first special token of a text in `names`, without a copy of the text.
  /// - Complexity: as above.
  func next(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    for start in 0..<max(0, bytes.count - 1) where starts[Int(bytes[start])] {
      for (name, index) in candidates[Int(bytes[start + 1])]
      where name.count <= bytes.count - start
        && UnsafeBufferPointer(rebasing: bytes[start..<(start + name.count)]).elementsEqual(name)
      {
        return index
      }
    }
    return nil
  }

  /// All of them, from left to right, none inside another.
  package func all(in bytes: [UInt8]) -> [Match] {
    var found: [Match] = []
    var rest = bytes[...]
    while let match = next(in: rest) {
      found.append(match)
      rest = bytes[match.range.upperBound...]
    }
    return found
  }

  /// Qwen and Qwen-VL: the vocabulary of Monkey too.
  package static let qwen = SpecialTokens(
    ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + (0..<205).map { "<|extra_\($0)|>" } + [
      "<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>", "<img>", "</img>", "<imgpad>",
    ])
  package static let qwen2 = SpecialTokens([
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>", "<|video_pad|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
    "<|box_end|>", "<|quad_start|>", "<|quad_end|>",
  ])
  package static let llama = SpecialTokens(["<unk>", "<s>", "</s>"])
  package static let llama3 = SpecialTokens([
    "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
    "<|eom_id|>", "<|python_tag|>",
  ])
  package static let none = SpecialTokens([])
}

extension TextTokenizer {
  /// Tokens of a text in which the surface forms of special tokens become these tokens, one each.
  func count(_ bytes: ArraySlice<UInt8>, parsing specials: SpecialTokens) -> Int {
    var total = 0
    var rest = bytes
    while let match = specials.next(in: rest) {
      if match.range.lowerBound > rest.startIndex { total += count(rest[..<match.range.lowerBound]) }
      total += 1
      rest = rest[match.range.upperBound...]
    }
    return rest.isEmpty ? total : total + count(rest)
  }
}
