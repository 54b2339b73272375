/// A small picture of a flagged image, with the place where the image stands: an example for people to look at.
///
/// A result holds at most `countLimit` of them, each of at most `byteLimit` bytes.
package struct Thumbnail: Sendable, Equatable {
  package enum Format: String, Sendable {
    case jpeg, png

    /// Told by the first bytes; nil of anything else.
    package init?(of bytes: [UInt8]) {
      if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
        self = .jpeg
      } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
        self = .png
      } else {
        return nil
      }
    }
  }

  package static let countLimit = 48
  package static let byteLimit = 12_288

  /// As `FindingExample.shard`.
  package var shard: String?
  package var location: Location
  /// Why the image was flagged.
  package var finding: Finding
  /// Path of the image as the data name it, or the name of the member.
  package var name: String
  /// Of the original in pixels; 0 where they are not known.
  package var width: Int
  package var height: Int
  /// JPEG or PNG.
  package var bytes: [UInt8]

  package init(
    shard: String?, location: Location, finding: Finding, name: String, width: Int, height: Int,
    bytes: [UInt8]
  ) {
    self.shard = shard
    self.location = location
    self.finding = finding
    self.name = name
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}
