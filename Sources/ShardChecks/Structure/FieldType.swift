import ShardModel

/// A value has another type than nearly all values of its field.
struct FieldTypeCheck: Check {
  static let description = CheckDescription(
    id: "field-type", family: .structure, severity: .error,
    summary: "A value has another type than nearly all values of its field.",
    rationale: """
      Columnar loaders (Arrow, datasets) fail on it or cast the whole column; code that expects a number meets an \
      object. In CSV, where cells have no type, only a text in a column of numbers counts.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      .init(NearlyAll.example("{\"a\": 1}", "{\"a\": {\"value\": 1}}")),
      .init("a\n" + NearlyAll.example("1.5", "see log"), file: "example.csv"),
    ],
    nonTriggering: [
      .init(NearlyAll.example("{\"a\": 1}", "{\"a\": 1.5}")),
      .init(NearlyAll.example("{\"a\": 1}", "{\"a\": null}")),
      .init("a\n" + NearlyAll.example("word", "12"), file: "example.csv"),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, field) in dataset.fields {
      if settings.rules.decides({ $0.kinds != nil }, path) { continue }
      guard let expected = field.expectedType(settings) else { continue }
      if field.isUntyped, expected != .number { continue }
      let isUntyped = field.isUntyped
      let share = NearlyAll.percent(field.count(expected), of: field.counts.present)
      for kind in ObservationKind.types where kind != expected && field.count(kind) > 0 {
        conclusions.addRule(path, kind) { observation in
          if expected == .number, kind == .text, !isUntyped, NumberText.reading(observation.value) != nil {
            return nil  // number-as-text says it better
          }
          return Self.finding(
            field: observation.field, value: observation.value,
            "expected \(expected.name) as in \(share) of the values, found \(kind.name)")
        }
      }
    }
  }
}

extension FieldProfile {
  func count(_ kind: ObservationKind) -> UInt64 {
    switch kind {
    case .missing, .rule: 0
    case .null: counts.null
    case .number: counts.number
    case .text: counts.text
    case .boolean: counts.boolean
    case .object: counts.object
    case .list: counts.list
    case .picture: counts.picture
    case .file: counts.file
    case .unexpected: counts.present + counts.null
    case .notFinite: notFinite
    case .noPicture: withoutPicture
    case .notUnitNorm: vectors.notUnit
    case .boxUnordered, .boxEmpty, .boxBeyondOne, .boxBeyondThousand, .boxBeyondPicture,
      .boxSizeBeyondPicture:
      vectors.boxes[kind]
    }
  }

  /// The type that nearly all values have that are not null.
  func expectedType(_ settings: CheckSettings) -> ObservationKind? {
    ObservationKind.types.first { NearlyAll.is(count($0), of: counts.present, settings) }
  }
}

/// Texts that a program may take for a number.
enum NumberText {
  enum Reading {
    case finite, nan, infinite
  }

  /// What `float(text)` of Python would make of the text, white space around it and case ignored; nil where it
  /// would raise.
  static func reading(_ text: String?) -> Reading? {
    guard let text else { return nil }
    let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
    let word = String(trimmed).lowercased()
    guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
    let unsigned = word.first == "-" || word.first == "+" ? String(word.dropFirst()) : word
    switch unsigned {
    case "nan": return .nan
    case "inf", "infinity": return .infinite
    default: break
    }
    guard let first = unsigned.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+"),
      unsigned.utf8.allSatisfy({ isNumberByte($0) }), let value = Double(unsigned)
    else { return nil }
    return value.isFinite ? .finite : .infinite
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
  }
}
