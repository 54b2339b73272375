/// Classes of scalars as the references (Rust's `char` and the crates of `tokenizers`) have them.
enum ScalarClass {
  @inline(__always)
  static func isSpace(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar == 0x20 || (scalar >= 9 && scalar <= 13) }
    return switch scalar {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  static func category(_ scalar: UInt32) -> Unicode.GeneralCategory {
    Unicode.Scalar(scalar)?.properties.generalCategory ?? .unassigned
  }

  static func isWord(_ scalar: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(scalar) else { return false }
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: false
    }
  }

  /// What BERT drops (`tokenizers`, `normalizers/bert.rs`).
  static func isControl(_ scalar: UInt32) -> Bool {
    if scalar == 9 || scalar == 10 || scalar == 13 { return false }
    // Format controls that the reference's Unicode does not have.
    switch scalar {
    case 0x890...0x891, 0x8E2, 0x110CD, 0x13430...0x1343F: return false
    default: break
    }
    return switch category(scalar) {
    case .control, .format, .privateUse: true
    default: false
    }
  }

  /// The blocks of CJK ideographs that BERT sets apart.
  static func isIdeograph(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
