import ShardModel

extension SummaryReader {
  static func field(_ cursor: inout JSONCursor) throws(JSONCursor.Failure) -> FieldShape {
    var path: String?
    var field = FieldShape(path: "")
    var distinct: UInt64?
    var least: Double?
    var most: Double?
    try cursor.object { name, cursor throws(JSONCursor.Failure) in
      switch name {
      case "path": path = try cursor.string()
      case "types": field.types = try types(&cursor)
      case "numbers":
        field.numbers = try distribution(&cursor) { name, cursor throws(JSONCursor.Failure) in
          switch name {
          case "nan": field.nan = try cursor.tally()
          case "posInf", "negInf": field.infinite &+= try cursor.tally()
          case "min" where try !cursor.takeNull(): least = try cursor.number()
          case "max" where try !cursor.takeNull(): most = try cursor.number()
          case "min", "max": break
          default: try cursor.skip()
          }
        }
      case "distinct" where try !cursor.takeNull(): distinct = try cursor.tally()
      case "text": field.characters = try distribution(&cursor)
      case "list": field.lengths = try distribution(&cursor)
      case "top": field.top = try top(&cursor)
      default: try cursor.skip()
      }
    }
    guard let path else { throw cursor.failure("a field without a path") }
    field.path = path
    field.isCounter = FieldShape.isCounter(field.types, distinct: distinct, least: least, most: most)
    return field
  }

  private static func types(_ cursor: inout JSONCursor) throws(JSONCursor.Failure) -> TypeCounts {
    var types = TypeCounts()
    try cursor.object { name, cursor throws(JSONCursor.Failure) in
      let count = try cursor.tally()
      switch name {
      case "number": types.number = count
      case "integer": types.integer = count
      case "text": types.text = count
      case "boolean": types.boolean = count
      case "object": types.object = count
      case "list": types.list = count
      case "picture": types.picture = count
      case "file": types.file = count
      case "null": types.null = count
      case "missing": types.missing = count
      default: break
      }
    }
    guard types.integer <= types.number else { throw cursor.failure("more integers than numbers") }
    return types
  }

  /// Nil of no values. `rest` reads or skips the members that are not about the distribution.
  private static func distribution(
    _ cursor: inout JSONCursor,
    rest: (String, inout JSONCursor) throws(JSONCursor.Failure) -> Void = {
      _, cursor throws(JSONCursor.Failure) in try cursor.skip()
    }
  ) throws(JSONCursor.Failure) -> Distribution? {
    var bins: [HistogramBin]?
    var median: Double?
    try cursor.object { name, cursor throws(JSONCursor.Failure) in
      switch name {
      case "quantiles":
        try cursor.object { name, cursor throws(JSONCursor.Failure) in
          if name == "0.5" { median = try cursor.number() } else { try cursor.skip() }
        }
      case "bins": bins = try self.bins(&cursor)
      default: try rest(name, &cursor)
      }
    }
    guard let bins else { throw cursor.failure("a distribution without bins") }
    guard !bins.isEmpty else { return nil }
    guard let median else { throw cursor.failure("a distribution without a median") }
    let distribution = Distribution(bins: bins, median: median)
    guard distribution.isOrdered else { throw cursor.failure("bins out of order") }
    return distribution
  }

  private static func bins(_ cursor: inout JSONCursor) throws(JSONCursor.Failure) -> [HistogramBin] {
    var bins: [HistogramBin] = []
    try cursor.array { cursor throws(JSONCursor.Failure) in
      var bin = HistogramBin(low: 0, high: 0, count: 0)
      var place = 0
      try cursor.array { cursor throws(JSONCursor.Failure) in
        switch place {
        case 0: bin.low = try cursor.number()
        case 1: bin.high = try cursor.number()
        case 2: bin.count = try cursor.tally()
        default: throw cursor.failure("a bin of more than three numbers")
        }
        place += 1
      }
      guard place == 3 else { throw cursor.failure("a bin of \(place) numbers, expected 3") }
      guard bins.count < Distribution.largest else { throw cursor.failure("too many bins") }
      bins.append(bin)
    }
    return bins
  }

  private static func top(_ cursor: inout JSONCursor) throws(JSONCursor.Failure) -> TopSummary {
    var top = TopSummary(values: [], error: 0)
    try cursor.object { name, cursor throws(JSONCursor.Failure) in
      switch name {
      case "error": top.error = try cursor.tally()
      case "rest": top.rest = try cursor.tally()
      case "values":
        try cursor.array { cursor throws(JSONCursor.Failure) in
          var entry = TopSummary.Entry(value: "", count: 0)
          try cursor.object { name, cursor throws(JSONCursor.Failure) in
            switch name {
            case "value": entry.value = try cursor.string()
            case "count": entry.count = try cursor.tally()
            default: try cursor.skip()
            }
          }
          guard top.values.count < TopSummary.largest else {
            throw cursor.failure("too many frequent values")
          }
          top.values.append(entry)
        }
      default: try cursor.skip()
      }
    }
    return top
  }
}
