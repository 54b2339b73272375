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
    case .missing, .notFinite: 0
    case .null: nulls.count
    case .number: numbers.count
    case .text: texts.count
    case .boolean: trues.count + falses.count
    case .object: objects.count
    case .list: lists.count
    }
  }
}
