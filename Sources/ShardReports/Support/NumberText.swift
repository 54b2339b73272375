/// Numbers for people.
package enum NumberText {
  /// `1,234,567`.
  package static func count(_ number: UInt64) -> String {
    var digits = Array(String(number))
    var index = digits.count - 3
    while index > 0 {
      digits.insert(",", at: index)
      index -= 3
    }
    return String(digits)
  }

  /// `1 record`, `2 records`.
  package static func count(_ number: UInt64, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `357 MB`, in powers of 1000.
  package static func bytes(_ count: Double) -> String {
    var value = count
    for unit in ["B", "KB", "MB", "GB", "TB"] {
      if value < 999.5 || unit == "TB" {
        let isShort = value >= 9.95 || unit == "B"
        return (isShort ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)") + " " + unit
      }
      value /= 1_000
    }
    return ""
  }

  /// Four significant digits, in at most 9 columns: `0.3102`, `75940`, `1.2e9`.
  package static func short(_ value: Double) -> String {
    if value == 0 { return "0" }
    if value == value.rounded(), value.magnitude < 1e6 { return "\(Int(value))" }
    guard value.isFinite, value.magnitude < 1e6, value.magnitude >= 1e-3 else { return scientific(value) }
    var scale = 1.0
    while value.magnitude * scale < 1_000 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf" }
    var exponent = 0
    var mantissa = value
    while mantissa.magnitude >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa.magnitude < 1 {
      mantissa *= 10
      exponent -= 1
    }
    mantissa = (mantissa * 100).rounded() / 100
    if mantissa.magnitude >= 10 {
      mantissa /= 10
      exponent += 1
    }
    return mantissa == mantissa.rounded() ? "\(Int(mantissa))e\(exponent)" : "\(mantissa)e\(exponent)"
  }

  /// `0.13%`; never 0% for something, never 100% for less than all.
  package static func percent(_ part: UInt64, of all: UInt64) -> String {
    guard part > 0, all > 0 else { return "0%" }
    if part == all { return "100%" }
    let share = Double(part) / Double(all) * 100
    if share < 0.01 { return "<0.01%" }
    if share > 99.99 { return ">99.99%" }
    return share < 10 ? "\((share * 100).rounded() / 100)%" : "\((share * 10).rounded() / 10)%"
  }
}
