/// Numbers in messages.
enum Figures {
  /// Four significant digits: what comes from quantiles is within 0.4%.
  static func text(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var scale = 1.0
    while (value * scale).magnitude < 1_000, scale < 1e300 { scale *= 10 }
    while (value * scale).magnitude >= 10_000, scale > 1e-300 { scale /= 10 }
    return exact((value * scale).rounded() / scale)
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  static func exact(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// A count with its thousands apart: 1,934.
  static func grouped(_ count: Int) -> String {
    var digits = "\(count.magnitude)"
    var parts: [Substring] = []
    while digits.utf8.count > 3 {
      parts.insert(digits.suffix(3), at: 0)
      digits.removeLast(3)
    }
    return (count < 0 ? "-" : "") + ([digits[...]] + parts).joined(separator: ",")
  }
}
