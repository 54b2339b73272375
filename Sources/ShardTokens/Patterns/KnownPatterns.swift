/// The patterns of published tokenizers, each of which takes time linear in the text.
enum KnownPatterns {
  /// GPT-2 (`encoder.py`), in `tokenizers` the pattern of ByteLevel.
  static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  /// `tiktoken_ext/openai_public.py`, as r50k_base and p50k_base have it.
  static let r50k = #"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"#
  /// `tiktoken_ext/openai_public.py`, before it was made possessive; the matches are the same.
  static let cl100k =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let o200k = [
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#,
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#,
    #"\p{N}{1,3}"#,
    #" ?[^\s\p{L}\p{N}]+[\r\n/]*"#,
    #"\s*[\r\n]+"#,
    #"\s+(?!\S)"#,
    #"\s+"#,
  ].joined(separator: "|")
  /// Qwen's `tokenization_qwen.py`: single digits.
  static let qwen =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  /// CLIP's `simple_tokenizer.py`, without its special tokens.
  static let clip = #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#

  private static let deepseek = [
    #"\p{N}{1,3}"#,
    "[一-龥\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
      + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
  ]

  static let punctuation = #"[\p{P}!-/:-@\[-`{-~]"#
  static let whitespace = #"[\w\x{200C}\x{200D}]+|[^\w\s\x{200C}\x{200D}]+"#

  private static let trusted: Set<String> = [
    gpt2, r50k, cl100k, o200k, qwen, clip, punctuation, whitespace, #"\p{N}"#, #"\p{N}+"#, #"\s+"#,
    #"\s"#,
    #"\p{N}{1,3}"#, #"\d{1,3}"#, "[\r\n]", deepseek[1], deepseek[2],
    #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#,
    // DeepSeek's first models.
    "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", " {2,}",
  ]

  static func isTrusted(_ pattern: String) -> Bool { trusted.contains(pattern) }
}
