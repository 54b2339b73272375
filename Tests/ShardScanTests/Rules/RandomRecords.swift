import ShardTestSupport

/// Data sets of fields of many shapes, for properties that must hold of any of them.
struct RandomRecords {
  /// Field names that need quotes in paths, in JSON, in YAML or in a pattern, and some that need none.
  static let names = [
    "a", "score", "input_ids", "labels", "bbox", "image", "caption", "id", "x1", "x2", "embedding", "meta",
    "conversations", "a.b", "a*", "a?", "ab", "aab", "*", "?", "a\"b", "a\\b", "é", "e\u{301}", "", "$",
    "a[]", "[",
    "null", "true", "1", "~", "# x", ": ", "- a", "a: b", "a\nb", "a\u{85}b", "\u{2028}", "\u{FEFF}", "😀",
    "{a", "'", "%", "&a", "!t", "@", "a b", "\u{7F}", "\u{1}", "version", "fields",
    String(repeating: "long", count: 300),
  ]

  private var random: RepeatableRandom
  private var fields: [(name: String, shape: Shape)] = []

  /// - Parameter depth: of objects in objects.
  init(seed: UInt64, depth: Int = 2) {
    var random = RepeatableRandom(seed: seed)
    var names: Set<String> = []
    for _ in 0..<Int.random(in: 1...7, using: &random) {
      let name = Self.names[Int.random(in: 0..<Self.names.count, using: &random)]
      guard names.insert(name).inserted else { continue }
      fields.append((name, Shape(&random, depth: depth)))
    }
    self.random = random
  }

  mutating func text(_ count: Int) -> String {
    var lines = ""
    for index in 0..<count { lines += object(index) + "\n" }
    return lines
  }

  private mutating func object(_ index: Int) -> String {
    let members = fields.compactMap { name, shape in
      shape.value(index, &random).map { Self.quoted(name) + ": " + $0 }
    }
    return "{" + members.joined(separator: ", ") + "}"
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" || scalar.value < 0x20 {
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// How the values of one field are made.
  private final class Shape {
    private let make: (Int, inout RepeatableRandom) -> String?

    init(_ random: inout RepeatableRandom, depth: Int) {
      let make = Self.kind(&random, depth)
      let odd = Int.random(in: 0..<8, using: &random)
      let rate = [2, 10, 60][Int.random(in: 0..<3, using: &random)]
      self.make = { index, random in
        if odd < 4, Int.random(in: 0..<rate, using: &random) == 0 {
          return [nil, "null", "\"7\"", "NaN"][odd]
        }
        return make(index, &random)
      }
    }

    func value(_ index: Int, _ random: inout RepeatableRandom) -> String? { make(index, &random) }

    private static func kind(
      _ random: inout RepeatableRandom, _ depth: Int
    ) -> (Int, inout RepeatableRandom) -> String? {
      let power = [-320, -30, -5, 0, 0, 3, 8, 20, 37, 307][Int.random(in: 0..<10, using: &random)]
      let factor = Double("1e\(power)") ?? 1
      let dimension = Int.random(in: 1...9, using: &random)
      switch Int.random(in: 0..<(depth > 0 ? 20 : 17), using: &random) {
      case 0: return { _, random in "\(random.normal() * factor)" }
      case 1: return { _, random in "\(Double.random(in: 0...1, using: &random) * factor)" }
      case 2: return { _, random in "\(Int.random(in: -3...300, using: &random))" }
      case 3: return { index, _ in "\(index * 3 + 17)" }
      case 4: return { _, random in "\(Int.random(in: 0...1, using: &random) == 0 ? -1 : 1)" + "e\(power)" }
      case 5: return { _, _ in "\(factor)" }
      case 6: return { _, random in "\(Double(Int.random(in: -100...100, using: &random)) / 100)" }
      case 7: return { _, random in "\(Int.random(in: 0...255, using: &random))" }
      case 8:
        let values = [
          "\"cat\"", "\"d\\u00f6g \\\"x\\\"\"", "\"a\\nb\"", "\"\"", "\"no\"", "\"1\"", "\"\\u2028\\\\\"",
        ]
        return { _, random in values[Int.random(in: 0..<values.count, using: &random)] }
      case 9:
        let longest = [0, 3, 40, 300][Int.random(in: 0..<4, using: &random)]
        return { _, random in
          "\"" + String(repeating: "é", count: Int.random(in: 0...longest, using: &random)) + "x\\n\""
        }
      case 10: return { _, random in Bool.random(using: &random) ? "true" : "false" }
      case 11: return list(dimension...dimension) { _, random in "\(random.normal() * factor)" }
      case 12: return list(0...dimension) { _, random in "\(Int.random(in: -100...5000, using: &random))" }
      case 13:
        let odd = Int.random(in: 0...1, using: &random) * 40
        return { index, random in
          let angle = Double.random(in: 0...1, using: &random)
          let vector = "\((1 - angle * angle).squareRoot()), \(angle)"
          return odd > 0 && index % odd == odd - 1 ? "[0.5, 0.5, 0.25]" : "[\(vector)]"
        }
      case 14:
        return { _, random in
          let (x, y) = (Int.random(in: 0...500, using: &random), Int.random(in: 0...500, using: &random))
          return "[\(x), \(y), \(x + Int.random(in: 1...99, using: &random)), \(y + 5)]"
        }
      case 15: return list(0...3) { _, random in "\"\(Int.random(in: 0...9, using: &random))\"" }
      case 16: return list(0...4) { index, _ in ["1", "\"x\"", "null", "[1, 2]", "{\"b\": 1.5}"][index % 5] }
      case 17:
        let inner = RandomRecords(seed: random.next(), depth: depth - 1)
        return { index, random in
          var records = inner
          records.random = RepeatableRandom(seed: random.next())
          return records.object(index)
        }
      default:
        let inner = RandomRecords(seed: random.next(), depth: depth - 1)
        return list(0...3) { index, random in
          var records = inner
          records.random = RepeatableRandom(seed: random.next())
          return records.object(index)
        }
      }
    }

    private static func list(
      _ count: ClosedRange<Int>, _ element: @escaping (Int, inout RepeatableRandom) -> String
    ) -> (Int, inout RepeatableRandom) -> String? {
      { index, random in
        let elements = (0..<Int.random(in: count, using: &random)).map { element(index + $0, &random) }
        return "[" + elements.joined(separator: ", ") + "]"
      }
    }
  }
}
