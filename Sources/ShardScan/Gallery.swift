import ShardChecks
import ShardModel

/// Chooses the flagged pictures that reports show: of each check the first, then of each the second, and so on, as long as
/// there is room; so that no check of many crowds out the others.
///
/// Memory: `depth` pictures for each check.
struct Gallery {
  private static let depth = 12

  private struct Candidate {
    var rank: Int
    var order: Int
    var thumbnail: Thumbnail
  }

  private var candidates: [Candidate] = []
  /// Pictures so far, by check.
  private var counts: [String: Int] = [:]

  /// Takes the pictures of the next shard in the order of names; each has findings and bytes.
  mutating func add(_ pictures: [FlaggedPicture], of shard: String) {
    for picture in pictures {
      let checks = Set(picture.findings.map(\.check))
      let rank = checks.map { counts[$0, default: 0] }.min() ?? Self.depth
      for check in checks { counts[check, default: 0] += 1 }
      guard rank < Self.depth else { continue }
      let thumbnail = Thumbnail(
        shard: shard, location: picture.location, findings: picture.findings,
        name: picture.findings.first?.value ?? "", width: Int(clamping: picture.width),
        height: Int(clamping: picture.height), bytes: picture.bytes)
      candidates.append(Candidate(rank: rank, order: candidates.count, thumbnail: thumbnail))
    }
  }

  /// The gravest first, then in the order of shards.
  var thumbnails: [Thumbnail] {
    func severity(_ candidate: Candidate) -> Severity {
      candidate.thumbnail.findings.first?.severity ?? .note
    }
    var chosen: [Candidate] = []
    var total = 0
    for candidate in candidates.sorted(by: { ($0.rank, $0.order) < ($1.rank, $1.order) }) {
      guard chosen.count < Thumbnail.countLimit else { break }
      guard total + candidate.thumbnail.bytes.count <= Thumbnail.totalLimit else { continue }
      total += candidate.thumbnail.bytes.count
      chosen.append(candidate)
    }
    return
      chosen.sorted { left, right in
        let (a, b) = (severity(left), severity(right))
        return a != b ? a > b : left.order < right.order
      }.map(\.thumbnail)
  }
}
