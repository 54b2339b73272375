import ShardModel

/// A picture that checks flagged, made small.
package struct FlaggedPicture: Sendable, Equatable {
  /// Index of the member in the shard, 0 where there are none.
  package var memberOrdinal: UInt64
  /// Which of its record's pictures it is, from 0.
  package var index: UInt64
  package var location: Location
  /// All that checks of single pictures hold against it; their value is its name.
  package var findings: [Finding]
  /// Pixels of the original.
  package var width: UInt64
  package var height: UInt64
  /// A JPEG as `Thumbnail` wants it; empty where no pixel could be decoded.
  package var bytes: [UInt8] = []

  package init(
    memberOrdinal: UInt64, index: UInt64, location: Location, findings: [Finding], width: UInt64,
    height: UInt64
  ) {
    self.memberOrdinal = memberOrdinal
    self.index = index
    self.location = location
    self.findings = findings
    self.width = width
    self.height = height
  }

  /// Earlier in the shard.
  fileprivate func precedes(_ other: FlaggedPicture) -> Bool {
    (memberOrdinal, location.record ?? 0, index)
      < (other.memberOrdinal, other.location.record ?? 0, other.index)
  }
}

/// The first pictures of a shard that each check flagged, in the order of the records.
///
/// A check has its first `shownLimit` pictures that could be made small, looked for among its first `triedLimit`; a
/// picture stays while one check has it. So the set hangs on the records alone: what a check has of the whole it has of
/// any part that holds the picture, in whatever order parts are read and merged.
///
/// Memory: `triedLimit` pictures for each check, of which `shownLimit` take up to `Thumbnail.byteLimit` bytes.
package struct FlaggedPictures: Sendable, Equatable {
  package static let shownLimit = 3
  package static let triedLimit = 8
  /// Of stored ones; there are fewer checks of pictures.
  private static let countLimit = 32 * triedLimit

  package private(set) var pictures: [FlaggedPicture] = []

  package init() {}

  /// How many pictures checks have.
  private struct Tally {
    var tried: [String: Int] = [:]
    var shown: [String: Int] = [:]

    func accepts(_ picture: FlaggedPicture) -> Bool {
      picture.findings.contains {
        tried[$0.check, default: 0] < triedLimit && shown[$0.check, default: 0] < shownLimit
      }
    }

    mutating func add(_ picture: FlaggedPicture) {
      // A check may say two things of a picture.
      for check in Set(picture.findings.map(\.check)) {
        tried[check, default: 0] += 1
        if !picture.bytes.isEmpty { shown[check, default: 0] += 1 }
      }
    }
  }

  /// Whether a picture, whose bytes need not be there yet, would stay.
  /// - Complexity: O(pictures held).
  package func accepts(_ picture: FlaggedPicture) -> Bool {
    var tally = Tally()
    for earlier in pictures where earlier.precedes(picture) { tally.add(earlier) }
    return tally.accepts(picture)
  }

  package mutating func insert(_ picture: FlaggedPicture) {
    pictures.append(picture)
    settle()
  }

  package mutating func merge(_ other: Self) {
    guard !other.pictures.isEmpty else { return }
    pictures += other.pictures
    settle()
  }

  private mutating func settle() {
    pictures.sort { $0.precedes($1) }
    var tally = Tally()
    pictures = pictures.filter { picture in
      guard tally.accepts(picture) else { return false }
      tally.add(picture)
      return true
    }
  }

  /// Those that can be shown, with the findings that the settings leave: no note, the gravest first.
  package func judged(_ settings: CheckSettings) -> [FlaggedPicture] {
    pictures.compactMap { picture in
      guard !picture.bytes.isEmpty else { return nil }
      var picture = picture
      picture.findings = picture.findings.filter { settings.enabled.contains($0.check) }.map(settings.judged)
        .filter { $0.severity >= .warning }.sorted(by: FindingOrder.precedes)
      return picture.findings.isEmpty ? nil : picture
    }
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(pictures.count))
    for picture in pictures {
      writer.write(picture.memberOrdinal)
      writer.write(picture.index)
      LocatedObservations(location: picture.location, findings: picture.findings).encode(into: &writer)
      writer.write(picture.width)
      writer.write(picture.height)
      writer.write(UInt64(picture.bytes.count))
      writer.write(raw: picture.bytes)
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    let count = try reader.readCount(minimumSize: 12)
    guard count <= Self.countLimit else { throw DecodingFailure("more pictures than are kept") }
    for _ in 0..<count {
      let memberOrdinal = try reader.readUInt64()
      let index = try reader.readUInt64()
      let located = try LocatedObservations(decoding: &reader)
      var picture = FlaggedPicture(
        memberOrdinal: memberOrdinal, index: index, location: located.location, findings: located.findings,
        width: try reader.readTally(), height: try reader.readTally())
      picture.bytes = Array(try reader.readBytes())
      guard picture.bytes.isEmpty || Thumbnail.accepts(picture.bytes) else {
        throw DecodingFailure("not a small picture")
      }
      pictures.append(picture)
    }
    settle()
  }
}
