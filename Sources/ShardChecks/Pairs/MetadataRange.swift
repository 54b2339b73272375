/// What a number that comes with pictures can be, by the name of its field.
enum MetadataRange {
  /// A cosine of two embeddings.
  case cosine
  case probability
  /// Pixels.
  case size

  private static let cosines: Set<String> = [
    "similarity", "clip_similarity", "clip_score", "cosine_similarity", "clip_b32_similarity_score",
    "clip_l14_similarity_score", "clip_similarity_vitb32", "clip_similarity_vitl14",
  ]
  private static let probabilities: Set<String> = [
    "punsafe", "pwatermark", "watermark_score", "nsfw_score_opennsfw2", "nsfw_score_gantman",
  ]
  private static let sizes: Set<String> = [
    "width", "height", "original_width", "original_height", "image_width", "image_height",
  ]

  /// - Parameter name: in lower case.
  init?(of name: String) {
    if Self.cosines.contains(name) {
      self = .cosine
    } else if Self.probabilities.contains(name) {
      self = .probability
    } else if Self.sizes.contains(name) {
      self = .size
    } else {
      return nil
    }
  }

  func contains(_ value: Double) -> Bool {
    switch self {
    // Cosines of vectors in single precision are off by some units in the last place.
    case .cosine: value >= -1.001 && value <= 1.001
    case .probability: value >= 0 && value <= 1.001
    case .size: value >= 1 && value == value.rounded()
    }
  }

  /// Whether no finite value is outside; false where that cannot be told at once.
  func holds(_ values: UnsafeBufferPointer<Double>, _ facts: NumberFacts) -> Bool {
    guard facts.finite > 0 else { return false }
    let (least, most) = (facts.summary.min, facts.summary.max)
    guard self == .size else { return contains(least) && contains(most) }
    guard least >= 1, most < Self.firstWithoutFraction else { return false }
    // The sum has no bits left for a fraction.
    var isWhole = true
    for value in values {
      let rounded = (value + Self.firstWithoutFraction) - Self.firstWithoutFraction
      isWhole = (rounded == value) && isWhole
    }
    return isWhole
  }

  /// From here on doubles are whole numbers.
  private static let firstWithoutFraction = 0x1p52

  var expectation: String {
    switch self {
    case .cosine: "a cosine from -1 to 1"
    case .probability: "a probability from 0 to 1"
    case .size: "a whole number of pixels above 0"
    }
  }
}
