/// What a value of the rules file must look like: the one source of the loader's checks, of its words, and of the JSON
/// Schema.
indirect enum Shape: Sendable {
  case text(String)
  case boolean
  case number(Bounds)
  case integer(Bounds)
  case choice([String])
  case null
  /// A number, a text or a boolean.
  case scalar
  /// `0.5%`.
  case percentage
  case list(of: Shape, count: ClosedRange<Int>, String)
  /// Keys that are known.
  case object([Key], KeyNoun)
  /// Keys that the user chooses.
  case map(of: Shape, String)
  /// At most one alternative for lists and one for mappings.
  case oneOf([Shape])

  struct Bounds: Sendable {
    var minimum: Double?
    var excludesMinimum = false
    var maximum: Double?

    static let none = Bounds()
    static let share = Bounds(minimum: 0, maximum: 1)
    static let notNegative = Bounds(minimum: 0)
    static let positive = Bounds(minimum: 0, excludesMinimum: true)
    static let mostly = Bounds(minimum: 0, excludesMinimum: true, maximum: 1)

    func contain(_ value: Double) -> Bool {
      guard value.isFinite else { return false }
      if let minimum, excludesMinimum ? value <= minimum : value < minimum { return false }
      return maximum.map { value <= $0 } ?? true
    }

    var words: String {
      let low = minimum.map { (excludesMinimum ? " above " : " of at least ") + Shown.number($0) }
      let high = maximum.map { " at most " + Shown.number($0) }
      return (low ?? "") + (low != nil && high != nil ? " and" : "") + (high ?? "")
    }
  }

  struct Key: Sendable {
    let name: String
    let shape: Shape
    /// One sentence for the schema.
    let meaning: String
    var isRequired = false

    init(_ name: String, _ shape: Shape, _ meaning: String, isRequired: Bool = false) {
      self.name = name
      self.shape = shape
      self.meaning = meaning
      self.isRequired = isRequired
    }
  }

  enum KeyNoun: String, Sendable {
    case key
    case check = "check or family"
  }

  /// `a number above 0`, `` `error` or `warning` ``.
  var noun: String {
    switch self {
    case .text(let noun): noun
    case .boolean: "true or false"
    case .number(let bounds): "a number" + bounds.words
    case .integer(let bounds):
      bounds.minimum != nil && bounds.minimum == bounds.maximum
        ? Shown.number(bounds.minimum ?? 0) : "a whole number" + bounds.words
    case .choice(let names): Shown.choices(names)
    case .null: "null"
    case .scalar: "a number, a text or a boolean"
    case .percentage: "a percentage such as 0.5%"
    case .list(_, _, let noun), .map(_, let noun): noun
    case .object(let keys, _):
      keys.count <= 4 ? "a mapping with \(Shown.choices(keys.map(\.name)))" : "a mapping"
    case .oneOf(let shapes): shapes.map(\.noun).joined(separator: " or ")
    }
  }
}

extension Shape {
  /// A percentage from 0 to 100, without its sign; nil for anything else.
  static func percent(_ text: String) -> Double? {
    guard text.hasSuffix("%") else { return nil }
    let digits = text.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }),
      let value = Double(digits), value <= 100
    else { return nil }
    return value
  }
}
