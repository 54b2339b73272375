import Synchronization

/// How far a picture is read.
package enum ImageMode: UInt8, Sendable, CaseIterable {
  /// Not at all: the report holds the number of bytes.
  case none
  /// Format, size and properties from the header, and the hash of the bytes.
  case header
  /// Every coded byte is decoded, and the pixels are measured.
  case full
}

/// What bounds the work and the memory for one picture, whatever its bytes say.
package struct ImageLimits: Sendable, Equatable {
  /// Pixels of the canvas; Pillow refuses more than this too (twice a quarter of a GiB by 3 bytes).
  package var pixels = 178_956_970
  /// Bytes that a decoding library may hold in each worker: coefficients of a progressive JPEG, of which 48 MiB hold 16
  /// megapixels at half the colour resolution and 8 at the whole, or the pixels of a lossless WebP, of which they hold 12
  /// megapixels. Sequential JPEGs, PNGs and BMPs of any size need less than 1 MB of it.
  package var decoderBytes = 48 << 20
  /// Bytes that it may hold for a larger picture, of which one at a time is decoded in the whole process, so that they
  /// count once, whatever the number of workers: 56 megapixels of a progressive JPEG at whole colour resolution, 111 at
  /// half of it, 83 of a lossless WebP.
  package var largeDecoderBytes = 320 << 20
  /// Decompressed bytes of one compressed text or colour profile, as in Pillow.
  package var textBytes = 1 << 20
  /// Scans of a progressive JPEG: encoders write 10 or so, the format's own bound for 8 bits is near 900.
  package var scans = 500
  /// Pixels of all frames of an animation together, counted once for each frame.
  package var animationPixels = 1 << 30

  package init() {}
}

/// Lets pictures that need more than `ImageLimits.decoderBytes` be decoded one after the other.
enum LargeDecoding {
  static let turn = Mutex<Void>(())
}

/// The thresholds of CleanVision 0.3.7; each flags scores below it, 0 is the worst and 1 the best.
package struct ImageThresholds: Sendable, Equatable {
  package var dark = 0.32
  package var light = 0.05
  package var lowInformation = 0.3
  package var blurry = 0.29
  package var oddAspectRatio = 0.35
  /// The part of the blur score that the spread of the histogram gives counts only above this.
  package var histogramSpread = 0.18

  package init() {}
}

package struct ImageSettings: Sendable, Equatable {
  package var limits = ImageLimits()
  package var thresholds = ImageThresholds()
  /// Measure every pixel of a JPEG, at 1.3 to 2 times the cost, instead of the means of its blocks. Deviations of
  /// channels over blocks are smaller than over pixels, so a sample of pictures read this way makes them right.
  package var measuresEveryPixel = false
  /// Decodes JPEGs at this scale and at no other, so that scales can be compared; 0 in ordinary use.
  package var eighths = 0

  package init() {}
}
