/// A small picture of a flagged image, with the place where the image stands: an example for people to look at.
///
/// A result holds at most `countLimit` of them, each of at most `byteLimit` bytes, together of at most `totalLimit`.
package struct Thumbnail: Sendable, Equatable {
  package static let countLimit = 48
  package static let byteLimit = 8_192
  package static let totalLimit = 300_000

  /// Whether bytes can be those of a thumbnail: few enough, and with the first bytes of a JPEG.
  package static func accepts(_ bytes: [UInt8]) -> Bool {
    bytes.count <= byteLimit && bytes.starts(with: [0xFF, 0xD8, 0xFF])
  }

  /// As `FindingExample.shard`.
  package var shard: String?
  package var location: Location
  /// Why the image was flagged; at least one, the gravest first.
  package var findings: [Finding]
  /// Path of the image as the data name it, or the name of the member.
  package var name: String
  /// Of the original in pixels; 0 where they are not known.
  package var width: Int
  package var height: Int
  /// A JPEG that was made for this, never a part of the data.
  package var bytes: [UInt8]

  package init(
    shard: String?, location: Location, findings: [Finding], name: String, width: Int, height: Int,
    bytes: [UInt8]
  ) {
    self.shard = shard
    self.location = location
    self.findings = findings
    self.name = name
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}
