import ShardRules

/// Boxes as models write them in texts: `(588,499),(725,789)`, four points of a quad in the same way, and InternVL's
/// `[[588, 499, 725, 789]]`.
///
/// The parser is strict: digits, at most one point, a sign, spaces after commas; nothing around it.
/// - Complexity: O(bytes), no more than `limit` numbers.
package struct BoxText: Equatable {
  /// More numbers than a tag ever has are no box.
  private static let limit = 400

  package private(set) var numbers: [Double] = []
  package private(set) var isBracketed = false

  /// Nil where the text is no list of points.
  package init?(_ text: UnsafeBufferPointer<UInt8>) {
    var parser = Parser(text: text)
    guard let first = text.first else { return nil }
    isBracketed = first == UInt8(ascii: "[")
    let isRead = isBracketed ? parser.readLists(into: &numbers) : parser.readPoints(into: &numbers)
    guard isRead, parser.isAtEnd else { return nil }
  }

  /// What is wrong with the box, in the order in which it matters; nil where it is right.
  package func defect(_ kind: PairTag.Kind, _ range: PairRule.BoxRange) -> String? {
    let count = kind == .quad ? 8 : 4
    guard isBracketed ? numbers.count % 4 == 0 && !numbers.isEmpty : numbers.count == count else {
      return "expected \(count / 2) points, found \(numbers.count / 2)"
    }
    if let defect = rangeDefect(range) { return defect }
    guard kind != .quad else { return nil }
    for start in stride(from: 0, to: numbers.count, by: 4)
    where numbers[start] >= numbers[start + 2] || numbers[start + 1] >= numbers[start + 3] {
      return "expected x1 < x2 and y1 < y2"
    }
    return nil
  }

  private func rangeDefect(_ range: PairRule.BoxRange) -> String? {
    let isWhole = numbers.allSatisfy { $0 == $0.rounded() }
    switch range {
    case .unit:
      return numbers.allSatisfy { $0 >= 0 && $0 <= 1 } ? nil : "expected coordinates from 0 to 1"
    case .thousand:
      if numbers.allSatisfy({ $0 >= 0 && $0 <= 1 }) {
        return "expected coordinates from 0 to 1000, found fractions of the picture"
      }
      guard isWhole else { return "expected whole numbers from 0 to 1000" }
      return numbers.allSatisfy { $0 >= 0 && $0 <= 1000 } ? nil : "expected coordinates from 0 to 1000"
    case .pixels:
      return isWhole && numbers.allSatisfy { $0 >= 0 } ? nil : "expected whole numbers of pixels"
    }
  }

  private struct Parser {
    let text: UnsafeBufferPointer<UInt8>
    var index = 0

    var isAtEnd: Bool { index == text.count }

    mutating func take(_ byte: Unicode.Scalar) -> Bool {
      guard index < text.count, text[index] == UInt8(ascii: byte) else { return false }
      index += 1
      return true
    }

    mutating func takeComma() -> Bool {
      guard take(",") else { return false }
      while take(" ") {}
      return true
    }

    /// `(1,2),(3,4)`
    mutating func readPoints(into numbers: inout [Double]) -> Bool {
      repeat {
        guard take("("), let x = number(), takeComma(), let y = number(), take(")"),
          numbers.count < BoxText.limit
        else { return false }
        numbers.append(x)
        numbers.append(y)
      } while takeComma()
      return true
    }

    /// `[[1, 2, 3, 4], [5, 6, 7, 8]]`, or one list without the outer brackets.
    mutating func readLists(into numbers: inout [Double]) -> Bool {
      guard take("[") else { return false }
      guard take("[") else { return readList(into: &numbers) }
      guard readList(into: &numbers) else { return false }
      while takeComma() { guard take("["), readList(into: &numbers) else { return false } }
      return take("]")
    }

    /// Numbers up to the closing bracket.
    private mutating func readList(into numbers: inout [Double]) -> Bool {
      repeat {
        guard let value = number(), numbers.count < BoxText.limit else { return false }
        numbers.append(value)
      } while takeComma()
      return take("]")
    }

    private mutating func number() -> Double? {
      let isNegative = take("-")
      var value = 0.0
      var digits = 0
      var scale = 0.0
      // Sixteen digits are more than any coordinate has and stay exact.
      while index < text.count, digits <= 16 {
        let byte = text[index]
        if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
          value = value * 10 + Double(byte - UInt8(ascii: "0"))
          digits += 1
          scale *= 10
        } else if byte == UInt8(ascii: "."), scale == 0, digits > 0 {
          scale = 1
        } else {
          break
        }
        index += 1
      }
      guard digits > 0, digits <= 16, scale != 1 else { return nil }
      let magnitude = scale > 1 ? value / scale : value
      return isNegative ? -magnitude : magnitude
    }
  }
}
