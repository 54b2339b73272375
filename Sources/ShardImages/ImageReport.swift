/// What is known of one picture.
package struct ImageReport: Sendable, Equatable {
  package var byteCount: Int
  package var mode: ImageMode
  package var format: ImageFormat?
  /// What the bytes are where they are no picture.
  package var foreign: ForeignContent?
  /// Pixels, as stored: before `orientation` is applied. 0 where the header does not tell.
  package var width = 0
  package var height = 0
  /// Samples of a pixel as stored: 1 for gray and for palettes, 4 for CMYK and for RGB with alpha. 0 where not known.
  package var channels = 0
  /// Bits of a sample as stored; of an index for palettes.
  package var bitDepth = 0
  package var properties: ImageProperties = []
  /// Frames counted so far: all of them in `full` mode, in `header` mode what the header says.
  package var frameCount = 0
  /// The EXIF orientation, 1 to 8; 1 where there is none.
  package var orientation = 1
  package var defects: [ImageDefect] = []
  /// XXH3-128 of the stored bytes; nil in mode `none`.
  package var contentHash: ContentHash?
  /// Of the first frame; nil unless it was decoded in whole.
  package var measures: ImageMeasures?

  package init(byteCount: Int, mode: ImageMode) {
    self.byteCount = byteCount
    self.mode = mode
  }

  /// The worst that the defects say; `broken` for what is no picture, `notDecoded` for formats that are only recognized.
  package var verdict: ImageVerdict {
    if mode == .none { return .notDecoded }
    guard let format else { return .broken }
    let worst = defects.map(\.kind.consequence).max() ?? .intact
    return mode == .full && !format.isDecoded ? max(worst, .notDecoded) : worst
  }

  /// EXIF asks for a turn by a quarter, so viewers show width and height exchanged.
  package var swapsSides: Bool { (5...8).contains(orientation) }

  package var bytesPerPixel: Double {
    width > 0 && height > 0 ? Double(byteCount) / (Double(width) * Double(height)) : 0
  }

  /// Square root of the area in pixels: CleanVision's size, whose outliers over a data set are "odd".
  package var size: Double { Double(width).squareRoot() * Double(height).squareRoot() }

  /// The shorter side by the longer: 1 for squares. CleanVision's score, and 0 where a side is 0.
  package var aspectScore: Double {
    width > 0 && height > 0 ? Double(min(width, height)) / Double(max(width, height)) : 0
  }

  /// Stored as gray, with or without alpha: CleanVision's issue, to which it adds no pictures that only look gray.
  package var isGray: Bool { properties.contains(.gray) }
}

package struct ImageProperties: OptionSet, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let alpha = ImageProperties(rawValue: 1 << 0)
  /// More than one frame.
  package static let animated = ImageProperties(rawValue: 1 << 1)
  package static let palette = ImageProperties(rawValue: 1 << 2)
  package static let gray = ImageProperties(rawValue: 1 << 3)
  package static let cmyk = ImageProperties(rawValue: 1 << 4)
  package static let progressive = ImageProperties(rawValue: 1 << 5)
  package static let arithmetic = ImageProperties(rawValue: 1 << 6)
  package static let interlaced = ImageProperties(rawValue: 1 << 7)
  package static let lossless = ImageProperties(rawValue: 1 << 8)
}

/// XXH3-128 of the stored bytes: equal for equal files, whatever their names.
package struct ContentHash: Sendable, Hashable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}
