import ShardModel

/// The rule for one field, made from its statistics.
package struct FieldDraft: Sendable {
  package let path: String
  /// Keys and values as they stand in the file, in order.
  package private(set) var entries: [(key: String, value: String)] = []
  /// What the numbers behind the rule are.
  private var remark = ""

  /// Fewer values than this say nothing about ranges and kinds of values.
  private static let fewest: UInt64 = 20
  private static let categoryLimit = 16

  /// - Parameter elements: the field of the elements, for a list.
  package init?(_ field: FieldSummary, elements: FieldSummary?) {
    path = field.path
    let types = field.types
    guard types.present > 0 else { return nil }
    let isElement = path.hasSuffix("[]")
    // Rules have no word for the members of samples that are no values.
    if types.picture + types.file == 0 { add("type", Self.typeText(types)) }
    if !isElement {
      if types.missing == 0 { add("required", "true") }
      add("nullable", types.null > 0 ? "true" : "false")
    } else if types.null > 0 {
      add("nullable", "true")
    }
    if let role = FieldRole.of(field, elements: elements) { add("role", role.rawValue) }
    if !addCategories(field) {
      if let numbers = field.numbers { addNumbers(numbers, field) }
      addLengths(field)
    }
  }

  private mutating func add(_ key: String, _ value: String) { entries.append((key, value)) }

  package var lines: [String] {
    let body = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return (remark.isEmpty ? [] : ["  # \(remark)"]) + ["  \(QuotedText.of(path)): {\(body)}"]
  }

  private static func typeText(_ types: TypeCounts) -> String {
    var names: [String] = []
    if types.number > 0 { names.append(types.integer == types.number ? "integer" : "number") }
    if types.text > 0 { names.append("text") }
    if types.boolean > 0 { names.append("boolean") }
    if types.object > 0 { names.append("object") }
    if types.list > 0 { names.append("list") }
    return names.count == 1 ? names[0] : "[" + names.joined(separator: ", ") + "]"
  }

  // MARK: Values

  /// A field of few texts that come back often holds categories.
  private mutating func addCategories(_ field: FieldSummary) -> Bool {
    guard field.types.text > 0, field.types.text == field.types.present, let top = field.top, top.error == 0,
      let distinct = field.distinct, distinct == UInt64(top.values.count),
      distinct <= UInt64(Self.categoryLimit),
      field.types.text >= 20 * distinct, top.values.reduce(0, { $0 + $1.count }) == field.types.text,
      // Values that were cut for display are not the values.
      top.values.allSatisfy({
        $0.value.utf8.count < 100 && !$0.value.hasSuffix("…") && !$0.value.contains("\u{FFFD}")
      })
    else { return false }
    add("enum", "[" + top.values.map { QuotedText.of($0.value) }.sorted().joined(separator: ", ") + "]")
    return true
  }

  private mutating func addNumbers(_ numbers: NumberSummary, _ field: FieldSummary) {
    guard numbers.count >= Self.fewest, let least = numbers.minimum, let most = numbers.maximum else {
      return
    }
    remark = "\(Rounded.text(least)) to \(Rounded.text(most)), mean \(Rounded.text(numbers.mean ?? 0))"
    let isWhole = field.types.integer == field.types.number
    let scale = field.scale.flatMap { Scale.Name(rawValue: $0) }
    switch scale {
    case .zeroOne where least >= 0 && most <= 1, .minusOneOne where least >= -1 && most <= 1,
      .byte where least >= 0 && most <= 255:
      add("scale", field.scale ?? "")
      return
    case .unitNorm:
      // One vector in a hundred may be off: then only the range is demanded.
      if field.vectors.map({ $0.unitNorm == $0.count && $0.otherLength == 0 }) ?? false {
        add("scale", "unit-norm")
        return
      }
    case .standardized:
      if let mean = numbers.mean, let deviation = numbers.standardDeviation, mean.magnitude <= 0.05,
        (deviation - 1).magnitude <= 0.05
      {
        add("scale", "standardized")
        return
      }
    default: break
    }
    // Other kinds of values would be none of these.
    if isWhole, field.types.number == field.types.present, least >= 0, most <= 1 {
      add("enum", "[0, 1]")
      return
    }
    // Numbers that name records run on: dense, and hardly one comes twice.
    if isWhole, let distinct = field.distinct, Double(distinct) > 0.9 * Double(numbers.count),
      most - least < 2 * Double(numbers.count)
    {
      return
    }
    var (low, high) = Rounded.range(least, most, isWhole: isWhole)
    // A label that is not counted is -100 and nothing below.
    if isWhole, least == -100 { low = least }
    if isWhole, least >= -1, least < 0 { low = least }
    high = max(high, most)
    add("range", "[\(Shown.number(low)), \(Shown.number(high))]")
  }

  private mutating func addLengths(_ field: FieldSummary) {
    guard let lengths = field.text?.characters ?? field.list?.lengths, lengths.count >= Self.fewest,
      // Cells of a table that read as numbers have lengths as well, which nobody counted.
      field.text == nil || (field.list == nil && field.types.number == 0), let least = lengths.minimum,
      let most = lengths.maximum
    else { return }
    if remark.isEmpty {
      let unit = field.list == nil ? "characters" : "elements"
      remark =
        "\(Shown.number(least)) to \(Shown.number(most)) \(unit), mean \(Rounded.text(lengths.mean ?? 0))"
    }
    if least == most {
      add("length", Shown.number(least))
    } else {
      let (_, high) = Rounded.range(least, most + (most - least) / 2, isWhole: true)
      add("length", "[\(least >= 1 ? 1 : 0), \(Shown.number(high))]")
    }
  }
}

/// Numbers that a person would write.
enum Rounded {
  /// The range with a tenth of its width more on each side, ends rounded outwards to two digits of the width; an end
  /// that is not negative stays so.
  static func range(_ least: Double, _ most: Double, isWhole: Bool) -> (low: Double, high: Double) {
    let width = most - least
    guard width > 0, width.isFinite else {
      let room = max(1, least.magnitude)
      return (least >= 0 ? 0 : finite((least - room).rounded(.down)), finite((most + room).rounded(.up)))
    }
    var unit = 1.0
    var parts = 1.0
    var exponent = 0
    if width >= 100 || isWhole {
      while unit * 100 <= width {
        unit *= 10
        exponent += 1
      }
    } else {
      while width * parts < 10, parts < 1e300 {
        parts *= 10
        exponent -= 1
      }
    }
    func scaled(_ value: Double) -> Double { value / unit * parts }
    // Read as a decimal: a product with a power of ten is not always the number that people write.
    func number(_ scaled: Double) -> Double {
      let decimal = scaled.magnitude < 1e15 ? Double("\(Int(scaled))e\(exponent)") : nil
      return decimal ?? scaled * unit / parts
    }
    var low = number(scaled(least - width / 10).rounded(.down))
    var high = number(scaled(most + width / 10).rounded(.up))
    if least >= 0 { low = max(0, low) }
    if most <= 0 { high = min(0, high) }
    return (finite(min(low, least)), finite(max(high, most)))
  }

  /// The value, or the number next to it that is no infinity.
  private static func finite(_ value: Double) -> Double {
    min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  /// Four digits.
  static func text(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return Shown.number(value) }
    var scale = 1.0
    while (value * scale).magnitude < 1_000, scale < 1e300 { scale *= 10 }
    while (value * scale).magnitude >= 10_000, scale > 1e-300 { scale /= 10 }
    return Shown.number((value * scale).rounded() / scale)
  }
}

/// What a field is, by its name and shape.
enum FieldRole {
  static func of(_ field: FieldSummary, elements: FieldSummary?) -> FieldRule.Role? {
    let name = lastName(of: field.path)
    if field.types.list > 0 {
      let isWhole = elements?.types.number ?? 0 > 0 && elements?.types.integer == elements?.types.number
      if let role = ofList(name, elements?.types ?? TypeCounts(), isWhole: isWhole) { return role }
      let isLong = elements?.vectors.map { $0.length >= 64 } ?? false
      return !isWhole && (isLong || elements?.scale == "unit-norm") ? .embedding : nil
    }
    guard field.types.text > 0 || field.types.number > 0 else { return nil }
    switch name {
    case "image", "img", "image_path", "img_path", "file_name": return field.types.text > 0 ? .image : nil
    case "caption", "captions": return field.types.text > 0 ? .caption : nil
    case "id", "uid", "uuid", "key", "__key__": return .id
    default: return nil
    }
  }

  private static func ofList(_ name: String, _ elements: TypeCounts, isWhole: Bool) -> FieldRule.Role? {
    switch name {
    case "conversations", "messages": elements.object > 0 ? .conversation : nil
    case "input_ids", "token_ids", "tokens": isWhole ? .tokenIDs : nil
    case "labels": isWhole ? .labels : nil
    case "attention_mask": isWhole ? .attentionMask : nil
    case "box", "bbox", "bounding_box", "boxes", "bboxes", "bounding_boxes": .box
    case "images", "image": elements.text > 0 ? .image : nil
    default: nil
    }
  }

  private static func lastName(of path: String) -> String {
    let name = path.split(separator: ".").last.map(String.init) ?? path
    return name.lowercased()
  }
}
