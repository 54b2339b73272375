import CKernels
import ShardModel
import ShardSketches

/// One worker's statistics of one field while it reads a shard: what does not depend on the order of chunks.
final class FieldAccumulator {
  var counts = TypeCounts()
  var duplicates: UInt64 = 0
  var isUntyped = false
  var isMember = false
  var numbers: NumberAccumulator?
  var characters: NumberAccumulator?
  var lengths: NumberAccumulator?
  var textBytes: UInt64 = 0
  var trues: UInt64 = 0
  var notFinite: UInt64 = 0
  var withoutPicture: UInt64 = 0
  var distinct = DistinctSketch()
  var listed = KindCounts()
  var extremes = Extremes()
  /// Vectors and boxes so far, to tell what is rare; the profile's own are merged in chunk order.
  var normed: UInt64 = 0
  var unit: UInt64 = 0
  var boxes = BoxCounts()
  /// Finite values seen, and how many there were when the extremes were last narrowed.
  var finite: UInt64 = 0
  private var narrowedAt: UInt64 = 0

  var isEmpty: Bool { counts.present + counts.null == 0 }

  func count(_ kind: ObservationKind) -> UInt64 {
    switch kind {
    case .missing, .rule: 0
    case .null: counts.null
    case .number: counts.number
    case .text: counts.text
    case .boolean: counts.boolean
    case .object: counts.object
    case .list: counts.list
    case .picture: counts.picture
    case .file: counts.file
    case .unexpected: counts.present + counts.null
    case .notFinite: notFinite
    case .noPicture: withoutPicture
    case .notUnitNorm: normed - unit
    case .boxUnordered, .boxEmpty, .boxBeyondOne, .boxBeyondThousand, .boxBeyondPicture,
      .boxSizeBeyondPicture:
      boxes[kind]
    }
  }

  /// Moves the bounds of the extremes to fences somewhat inside those that would hold now, each time the field
  /// has grown by a quarter: cheap, and seldom so far out that the final fences lie inside.
  func narrowExtremes(by rule: OutlierRule) {
    guard let table = numbers?.table, finite >= narrowedAt + narrowedAt / 4 + 16 else { return }
    narrowedAt = finite
    let margin = finite < 1_000 ? 0.5 : finite < 50_000 ? 0.75 : 0.9
    guard let fences = rule.scaled(by: margin).fences(of: table) else { return }
    extremes.narrow(to: fences.low...fences.high)
  }

  /// Everything so far, leaving the accumulator as new. Moments and top values are left out: they are merged in
  /// chunk order.
  func drain(_ field: Field, parent: String) -> FieldProfile {
    var profile = FieldProfile(role: field.role, parent: parent)
    profile.counts = counts
    profile.duplicates = duplicates
    profile.isUntyped = isUntyped
    profile.isMember = isMember
    if let numbers { profile.numbers = numbers.drain() }
    if let characters { profile.characters = characters.drain() }
    if let lengths { profile.lengths = lengths.drain() }
    profile.textBytes = textBytes
    profile.trues = trues
    profile.notFinite = notFinite
    profile.withoutPicture = withoutPicture
    profile.distinct = distinct
    profile.listed = listed
    extremes.settle()
    profile.extremes = extremes
    counts = TypeCounts()
    duplicates = 0
    isUntyped = false
    isMember = false
    textBytes = 0
    trues = 0
    notFinite = 0
    withoutPicture = 0
    distinct = DistinctSketch()
    listed = KindCounts()
    extremes = Extremes()
    normed = 0
    unit = 0
    boxes = BoxCounts()
    finite = 0
    narrowedAt = 0
    return profile
  }
}
