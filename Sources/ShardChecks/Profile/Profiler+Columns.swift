import ShardModel

extension NumberKind {
  var isNotFinite: Bool {
    switch self {
    case .nan, .infinity, .overflow: true
    case .largeInteger, .underflow: false
    }
  }
}

extension Column {
  func count(of kind: ObservationKind) -> Int {
    switch kind {
    case .missing, .noPicture, .notFinite, .notUnitNorm, .rule: 0
    case .boxUnordered, .boxEmpty, .boxBeyondOne, .boxBeyondThousand, .boxBeyondPicture,
      .boxSizeBeyondPicture:
      0
    case .null: nulls.count
    case .number: numbers.count
    case .text: texts.count
    case .boolean: trues.count + falses.count
    case .object: objects.count
    case .list: lists.count
    case .picture: blobs.count
    case .file: files.count
    case .unexpected: count
    }
  }
}

extension ShardProfile {
  /// Adds what depends on the order; called once for each chunk, in chunk order.
  package mutating func merge(_ chunk: ChunkProfile) {
    for part in chunk.parts {
      if fields[part.path] == nil { fields[part.path] = FieldProfile(role: part.role, parent: part.parent) }
      fields[part.path]?.numbers.moments.merge(part.numbers)
      fields[part.path]?.characters.moments.merge(part.characters)
      fields[part.path]?.lengths.moments.merge(part.lengths)
      fields[part.path]?.top.merge(part.top)
      fields[part.path]?.vectors.merge(part.vectors)
    }
  }
}
