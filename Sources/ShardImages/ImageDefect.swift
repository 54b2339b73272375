/// What is wrong with a picture, and where it was seen.
package struct ImageDefect: Sendable, Equatable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    /// The data end before the last pixel.
    case truncated
    /// Bytes that the format forbids, or coded data that make no sense.
    case corrupt
    /// A checksum that its data do not have.
    case checksum
    /// Width or height is 0.
    case zeroSize
    /// More pixels, scans, frames or text than `ImageLimits` allows: not decoded.
    case beyondLimit
    /// A kind of the format that is not read, such as JPEG of 12 bits: not decoded.
    case unsupported
    /// Compressed text or a colour profile that grows beyond `ImageLimits.textBytes`.
    case textBomb
    /// All pixels are there, but not the marker that ends the file (EOI, IEND, trailer).
    case missingEnd
    /// Bytes behind the end of the picture.
    case trailingBytes
    /// Bytes inside the file that belong to nothing.
    case extraneousBytes
    /// Something that readers tolerate and the format does not allow.
    case irregular
  }

  package let kind: Kind
  /// For people: `12 bytes after the end marker`.
  package let message: String
  /// Byte of the file where it was seen, as near as the decoder tells.
  package let offset: Int?

  package init(_ kind: Kind, _ message: String, at offset: Int? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
  }
}

extension ImageDefect.Kind {
  /// What the defect says about the picture: pixels lost or made up, not looked at, or all there.
  package var consequence: ImageVerdict {
    switch self {
    case .truncated, .corrupt, .checksum, .zeroSize, .textBomb: .broken
    case .beyondLimit, .unsupported: .notDecoded
    case .missingEnd, .trailingBytes, .extraneousBytes, .irregular: .intact
    }
  }
}

/// Whether the pixels of a picture are what its author stored.
package enum ImageVerdict: Sendable, Comparable {
  /// Nothing was found that harms a pixel, as far as the mode reads.
  case intact
  /// A format, kind or size that is recognized and not decoded.
  case notDecoded
  /// Not a picture, or one that lost pixels or has wrong ones.
  case broken

}
