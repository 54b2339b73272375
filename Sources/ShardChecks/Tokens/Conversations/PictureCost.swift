import ShardRules

/// Qwen2-VL's choice of the size at which a picture is read: both sides multiples of `factor`, the area between two
/// limits, the shape kept as nearly as that allows. After the definition that is published with the model
/// (`smart_resize` of its image processor), in doubles and with Python's rounding of halves to even.
package struct SmartResize: Sendable, Equatable {
  /// Pixels that become one token along each side: patches of 14, merged two by two.
  package var factor = 28
  package var minimumPixels = 56 * 56
  package var maximumPixels = 28 * 28 * 1_280
  /// Whether a side is at least `factor` before the area is looked at, as in the model's utilities; its processor lets it
  /// round to 0.
  package var keepsSides = false

  package init() {}

  /// Of the image processor.
  package static let processor = SmartResize()
  /// Of the utilities that read pictures for the processor (`qwen_vl_utils`).
  package static let utilities: SmartResize = {
    var resize = SmartResize()
    resize.minimumPixels = 4 * 28 * 28
    resize.maximumPixels = 16_384 * 28 * 28
    resize.keepsSides = true
    return resize
  }()

  /// The larger side may be at most this many times the smaller one.
  package static let largestRatio = 200.0
  /// Sides beyond this are no picture's.
  private static let largestSide = 1 << 24

  /// The size in pixels; nil where the model refuses the picture: a side of 0, or one 200 times the other.
  package func size(width: Int, height: Int) -> (width: Int, height: Int)? {
    let sides = 1...Self.largestSide
    guard sides.contains(width), sides.contains(height), (1...4_096).contains(factor),
      sides.contains(minimumPixels) || minimumPixels == 0, maximumPixels > 0
    else { return nil }
    let (w, h, f) = (Double(width), Double(height), Double(factor))
    guard max(w, h) / min(w, h) <= Self.largestRatio else { return nil }
    var across = Int((w / f).rounded(.toNearestOrEven)) * factor
    var down = Int((h / f).rounded(.toNearestOrEven)) * factor
    if keepsSides {
      across = max(factor, across)
      down = max(factor, down)
    }
    if across * down > maximumPixels {
      let beta = (h * w / Double(maximumPixels)).squareRoot()
      across = max(factor, Int((w / beta / f).rounded(.down)) * factor)
      down = max(factor, Int((h / beta / f).rounded(.down)) * factor)
    } else if across * down < minimumPixels {
      let beta = (Double(minimumPixels) / (h * w)).squareRoot()
      across = Int((w * beta / f).rounded(.up)) * factor
      down = Int((h * beta / f).rounded(.up)) * factor
    }
    return (across, down)
  }

  /// Tokens of a picture without its marks.
  package func tokens(width: Int, height: Int) -> Int? {
    size(width: width, height: height).map { ($0.width / factor) * ($0.height / factor) }
  }
}

/// How many tokens a picture takes.
package enum PictureCost: Sendable, Equatable {
  /// The same for each; `marks` stand before and after them.
  case fixed(Int, marks: Int)
  /// By its size; nil where that is not known or the model refuses it.
  case bySize(SmartResize, marks: Int)

  package static let qwenVL = PictureCost.fixed(256, marks: 2)
  package static let monkey = PictureCost.fixed(1_280, marks: 2)
  /// With the flags of its script: resampler, 512 remain, and 256 of the whole picture.
  package static let textMonkey = PictureCost.fixed(768, marks: 2)
  /// 336 pixels in patches of 14.
  package static let llava = PictureCost.fixed(576, marks: 0)
  package static let qwen2VL = PictureCost.bySize(.processor, marks: 2)

  package init(_ tokens: ImageTokens) {
    switch tokens {
    case .fixed(let tokens, let marks): self = .fixed(tokens, marks: marks)
    case .model(.qwenVL): self = .qwenVL
    case .model(.monkey): self = .monkey
    case .model(.textMonkey): self = .textMonkey
    case .model(.llava): self = .llava
    case .model(.qwen2VL): self = .qwen2VL
    }
  }

  /// Whether the size of a picture must be known.
  package var needsSize: Bool {
    if case .bySize = self { true } else { false }
  }

  package func tokens(_ picture: TurnPicture) -> Int? {
    switch self {
    case .fixed(let tokens, let marks): return tokens + marks
    case .bySize(let resize, let marks):
      guard let width = picture.width, let height = picture.height else { return nil }
      return resize.tokens(width: width, height: height).map { $0 + marks }
    }
  }
}
