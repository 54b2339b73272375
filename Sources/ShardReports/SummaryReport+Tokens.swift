import ShardModel

extension SummaryReport {
  /// Writes the member `tokens`, if there is something to write.
  static func write(_ tokens: TokenSummary?, to writer: inout JSONWriter) {
    guard let tokens else { return }
    writer.name("tokens")
    writer.beginObject()
    writeMembers(of: tokens, to: &writer)
    writer.endObject()
  }

  /// Writes the member `tokenizer`, if one was used.
  static func write(_ tokenizer: TokenizerSummary?, to writer: inout JSONWriter) {
    guard let tokenizer else { return }
    writer.name("tokenizer")
    writer.beginObject(isInline: true)
    writer.member("kind", tokenizer.kind)
    writer.member("vocabulary", tokenizer.vocabularySize)
    writer.member("xxh3", tokenizer.digest)
    writer.member("template", tokenizer.template)
    writer.endObject()
  }

  /// Writes the member `tokens` of a shard: a list, one entry for each field.
  static func write(_ tokens: [TokenSummary], to writer: inout JSONWriter) {
    guard !tokens.isEmpty else { return }
    writer.name("tokens")
    writer.beginArray()
    for entry in tokens {
      writer.beginObject()
      writer.member("path", entry.path)
      writeMembers(of: entry, to: &writer)
      writer.endObject()
    }
    writer.endArray()
  }

  private static func writeMembers(of tokens: TokenSummary, to writer: inout JSONWriter) {
    writer.member("tokens", tokens.tokens)
    writer.member("positions", tokens.positions)
    writer.member("paddingRate", tokens.paddingRate)
    writer.member("labelledSequences", tokens.labelledSequences)
    writer.member("labelled", tokens.labelled)
    writer.member("unlabelledSequences", tokens.unlabelled)
    if tokens.characters > 0 {
      writer.member("unknown", tokens.unknown)
      writer.member("characters", tokens.characters)
      if let rate = tokens.charactersPerToken { writer.member("charactersPerToken", rate) }
    }
    writer.name("lengths")
    writer.beginObject()
    writer.member("count", tokens.lengths.count)
    writeMoments(of: tokens.lengths, to: &writer)
    writeShape(of: tokens.lengths, to: &writer)
    writer.endObject()
    writer.member("limit", tokens.kept)
    writer.name("limits")
    writer.beginArray()
    for limit in tokens.limits {
      writer.beginObject(isInline: true)
      writer.member("limit", limit.limit)
      writer.member("sequencesCut", limit.sequences)
      writer.member("tokensLost", limit.tokens)
      writer.member("sequencesWithoutLabel", limit.unlabelled)
      writer.member("paddedPositions", limit.padded)
      writer.member("packedPositions", limit.packed)
      writer.endObject()
    }
    writer.endArray()
  }
}
