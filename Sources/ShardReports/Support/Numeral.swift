/// Numbers for people.
package enum Numeral {
  /// `1,234,567`.
  package static func grouped(_ value: UInt64) -> String { grouped(digits: String(value)) }

  private static func grouped(digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 record`, `2 records`, `1,234 records`.
  package static func count(_ value: UInt64, _ noun: String, plural: String? = nil) -> String {
    grouped(value) + " " + (value == 1 ? noun : plural ?? noun + "s")
  }

  /// At most six columns, never rounded up: `99,999`, `123k`, `1.23M`.
  package static func compact(_ value: UInt64) -> String {
    guard value >= 100_000 else { return grouped(value) }
    var unit: UInt64 = 1000
    var name = 0
    while value / unit >= 1000 {
      unit *= 1000
      name += 1
    }
    let whole = value / unit
    let places: UInt64 = whole >= 100 ? 1 : whole >= 10 ? 10 : 100
    let shown = Double(value / (unit / places)) / Double(places)
    return rounded(shown, digits: 3) + ["k", "M", "G", "T", "P", "E"][name]
  }

  /// `512 B`, `1.23 GB`, in steps of a thousand.
  package static func bytes(_ value: UInt64) -> String {
    var rest = Double(value)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    // 999.5 would be shown as 1000.
    while rest >= 999.5, unit + 1 < units.count {
      rest /= 1000
      unit += 1
    }
    return rounded(rest, digits: 3) + " " + units[unit]
  }

  /// `42%`, `0.03%`; never `0%` or `100%` for what is not quite that.
  package static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0, part > 0 else { return "0%" }
    guard part < whole else { return "100%" }
    let share = Double(part) / Double(whole) * 100
    if share >= 99.5 { return ">99%" }
    return share < 0.001 ? "<0.001%" : rounded(share, digits: 2) + "%"
  }

  /// The double with as many digits, at most six, as fit in `width` columns; with an exponent where that shows more.
  package static func fitted(_ value: Double, width: Int) -> String {
    var text = ""
    for digits in stride(from: 6, through: 1, by: -1) {
      text = rounded(value, digits: digits)
      if text.utf8.count <= width { return text }
      text = rounded(value, digits: digits, alwaysExponent: true)
      if text.utf8.count <= width { return text }
    }
    return text
  }

  /// The double to some significant digits, without zeros at the end: `0.00123`, `12,346`, `1.2e-9`.
  ///
  /// Rounds the shortest decimal text of the double, half up, which is what a person would do with it.
  package static func rounded(_ value: Double, digits limit: Int, alwaysExponent: Bool = false) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "Inf" : "-Inf" }
    guard value != 0 else { return "0" }
    var (digits, exponent) = decimal(value.magnitude)
    if digits.count > limit {
      let isUp = digits[limit] >= 5
      digits.removeLast(digits.count - limit)
      if isUp { carry(into: &digits, exponent: &exponent) }
    }
    while digits.last == 0 { digits.removeLast() }
    return (value < 0 ? "-" : "") + text(digits, exponent: exponent, alwaysExponent)
  }

  /// The significant digits, without zeros at either end, and the power of ten of the first one.
  private static func decimal(_ value: Double) -> (digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var point = 0
    var power = 0
    let parts = value.description.split(separator: "e")
    if parts.count > 1 { power = Int(parts[1]) ?? 0 }
    var hasPoint = false
    for byte in parts[0].utf8 {
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else {
        digits.append(byte - 0x30)
        if !hasPoint { point += 1 }
      }
    }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    return (digits, point - zeros - 1 + power)
  }

  private static func carry(into digits: inout [UInt8], exponent: inout Int) {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      digits.removeLast()
      exponent += 1
    }
  }

  private static func text(_ digits: [UInt8], exponent: Int, _ alwaysExponent: Bool) -> String {
    func string(_ digits: some Sequence<UInt8>) -> String { digits.map { String($0) }.joined() }
    switch exponent {
    case 0..<9 where !alwaysExponent:
      let whole = (0...exponent).map { $0 < digits.count ? digits[$0] : 0 }
      let rest = digits.dropFirst(exponent + 1)
      return grouped(digits: string(whole)) + (rest.isEmpty ? "" : "." + string(rest))
    case -4..<0 where !alwaysExponent:
      return "0." + String(repeating: "0", count: -exponent - 1) + string(digits)
    default:
      let rest = digits.dropFirst()
      return string(digits.prefix(1)) + (rest.isEmpty ? "" : "." + string(rest)) + "e\(exponent)"
    }
  }
}
