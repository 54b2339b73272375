import Glibc
import ShardModel

/// Numbers of comparisons, for people.
package enum DriftText {
  /// Six decimals: below that processors may disagree about logarithms.
  static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

  /// Three significant digits: `0.31`, `131`, `1.2e-09`.
  package static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    // Powers of ten up to 22 are exact, so that the quotient is the double nearest to the decimal.
    let places = 2 - Int(log10(value.magnitude).rounded(.down))
    let short: Double
    switch places {
    case 0...22: short = (value * pow(10, Double(places))).rounded() / pow(10, Double(places))
    case -13..<0: short = (value / pow(10, Double(-places))).rounded() * pow(10, Double(-places))
    default: short = value
    }
    return short == short.rounded() && short.magnitude < 1e15 ? "\(Int(short))" : "\(short)"
  }

  /// `12%`, `0.05%`.
  package static func percent(_ share: Double) -> String {
    share > 0 && share < 1e-5 ? "<0.001%" : number(share * 100) + "%"
  }

  /// `JS distance 0.31 (limit 0.1), PSI 1.2 (limit 0.25)`: what is beyond comes with its limit, the rest without.
  static func distances(_ jensenShannon: Double, _ stability: Double, _ settings: DriftSettings) -> String {
    "JS distance \(number(jensenShannon)) (limit \(number(settings.jensenShannon))), "
      + "PSI \(number(stability)) (limit \(number(settings.stability)))"
  }

  static func name(_ kind: FieldDrift.Kind) -> String {
    switch kind {
    case .numbers: "the numbers"
    case .characters: "the lengths of the texts"
    case .lengths: "the lengths of the lists"
    case .categories: "the shares of the values"
    }
  }

  static func name(ofRate rate: String) -> String {
    switch rate {
    case "missing": "missing"
    case "null": "null"
    case "nan": "NaN"
    case "infinite": "infinite"
    case "number": "numbers"
    case "whole": "whole numbers"
    case "text": "texts"
    case "boolean": "booleans"
    case "object": "objects"
    default: "lists"
    }
  }
}
