/// The formats of pictures that are known by their first bytes.
package enum ImageFormat: UInt8, Sendable, CaseIterable {
  case jpeg, png, gif, webp, bmp, tiff, avif, heic

  /// As reports print it.
  package var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .gif: "GIF"
    case .webp: "WebP"
    case .bmp: "BMP"
    case .tiff: "TIFF"
    case .avif: "AVIF"
    case .heic: "HEIC"
    }
  }

  /// Whether `full` mode reads the pixels; the other formats are recognized and measured by their headers alone.
  package var isDecoded: Bool {
    switch self {
    case .jpeg, .png, .gif, .webp, .bmp: true
    case .tiff, .avif, .heic: false
    }
  }

  /// Lower-case extensions, without the dot, that files of the format rightly have.
  package var extensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .png: ["png", "apng"]
    case .gif: ["gif"]
    case .webp: ["webp"]
    case .bmp: ["bmp", "dib"]
    case .tiff: ["tif", "tiff"]
    case .avif: ["avif"]
    case .heic: ["heic", "heif", "hif"]
    }
  }
}

/// What a file that should be a picture holds instead.
package enum ForeignContent: UInt8, Sendable, CaseIterable {
  case empty, zeros, html, xml, svg, json, gitLFSPointer, pdf, zip, gzip, text, unknown

  /// For a sentence: `expected a picture, found an HTML page`.
  package var name: String {
    switch self {
    case .empty: "an empty file"
    case .zeros: "nothing but zero bytes"
    case .html: "an HTML page"
    case .xml: "an XML document"
    case .svg: "an SVG drawing"
    case .json: "a JSON text"
    case .gitLFSPointer: "a Git LFS pointer"
    case .pdf: "a PDF document"
    case .zip: "a zip archive"
    case .gzip: "a gzip stream"
    case .text: "plain text"
    case .unknown: "bytes of no known format"
    }
  }
}
