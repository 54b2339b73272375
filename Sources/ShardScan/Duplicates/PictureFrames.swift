import CKernels
import ShardChecks
import ShardImages
import ShardModel

/// Frames of a record index for the pictures of a batch, which a record may have several of.
///
/// A frame holds the hashes of one kind for the pictures of one path: that of `image`, of `images[0]`, of `jpg`. Where a
/// record has two of one path (two tags in one text) the second has a frame of its own.
///
/// Memory: for each picture 3 hashes, and places of at most 4 records beside its own.
enum PictureFrames {
  /// Records without a picture between two that have one, within a frame.
  private static let widestGap = 4

  static func make(of batch: RecordBatch, _ pictures: [PictureHash]) -> [(
    frames: [UInt8], hashes: [ck_record_hash]
  )] {
    var result: [(frames: [UInt8], hashes: [ck_record_hash])] = []
    for run in runs(of: pictures) {
      for copies in ImageCopies.allCases {
        let rows = run.pictures[0].row..<(run.pictures[run.pictures.count - 1].row + 1)
        var hashes = [ck_record_hash](repeating: ck_record_hash(), count: rows.count)
        for picture in run.pictures {
          if let hash = copies.hash(of: picture) { hashes[picture.row - rows.lowerBound] = hash }
        }
        let frames = hashes.withUnsafeBufferPointer {
          RecordIndex.frames(
            of: batch, hashes: $0, comparison: copies.rawValue, field: run.pictures[0].field, rows: rows)
        }
        if !frames.isEmpty { result.append((frames, hashes)) }
      }
    }
    return result
  }

  /// Pictures of one path in records that lie near each other, one a record.
  private struct Run {
    var pictures: [PictureHash]
  }

  private static func runs(of pictures: [PictureHash]) -> [Run] {
    struct Key: Hashable {
      var field: String
      var repetition: Int
    }
    var runs: [Run] = []
    var open: [Key: Int] = [:]
    var row = -1
    var seen: [String: Int] = [:]
    for picture in pictures {
      if picture.row != row { seen.removeAll(keepingCapacity: true) }
      row = picture.row
      let key = Key(field: picture.field, repetition: seen[picture.field, default: 0])
      seen[picture.field] = key.repetition + 1
      if let index = open[key], let last = runs[index].pictures.last, picture.row - last.row <= widestGap {
        runs[index].pictures.append(picture)
      } else {
        open[key] = runs.count
        runs.append(Run(pictures: [picture]))
      }
    }
    return runs
  }
}

extension ImageCopies {
  /// Nil where the picture is not compared so. Hashes of the three kinds have nothing in common.
  fileprivate func hash(of picture: PictureHash) -> ck_record_hash? {
    switch self {
    case .content: Self.mixed(picture.content, 0x9FB2_1C65_1E98_DF25)
    case .appearance:
      picture.appearance.map { Self.mixed(ContentHash(high: $0, low: ~$0), 0xD6E8_FEB8_6659_FD93) }
    case .file: picture.file.map { Self.mixed($0, 0xA076_1D64_78BD_642F) }
    }
  }

  private static func mixed(_ hash: ContentHash, _ step: UInt64) -> ck_record_hash {
    ck_record_hash(low: ck_mix64(hash.low &+ step), high: ck_mix64(hash.high ^ step))
  }

  /// What is found about a picture that an earlier one equals in this way.
  func finding(field: String, record: UInt64, member: String?, shard: String) -> Finding {
    switch self {
    case .content, .file: ImageDuplicate.finding(field: field, record: record, member: member, shard: shard)
    case .appearance:
      ImageNearDuplicate.finding(field: field, record: record, member: member, shard: shard)
    }
  }

  /// Of each picture the closest likeness only, and none of a file that is named again.
  static func settled(_ found: [DuplicateRecord]) -> [DuplicateRecord] {
    struct Place: Hashable {
      var record: UInt64?
      var field: String?
    }
    var closest: [Place: ImageCopies] = [:]
    for duplicate in found {
      guard let copies = duplicate.copies else { continue }
      let place = Place(record: duplicate.location.record, field: duplicate.finding.field)
      let known = closest[place]
      if known == .file || (known == .content && copies != .file) { continue }
      closest[place] = copies
    }
    return found.filter { duplicate in
      guard let copies = duplicate.copies else { return true }
      let place = Place(record: duplicate.location.record, field: duplicate.finding.field)
      return copies != .file && closest[place] == copies
    }
  }
}
