import CKernels
import CXXHash
import ShardModel

/// The keys by which the values of one field are multiplied, from the field's path. Stored indexes hold hashes made with
/// them: they must not change.
struct RecordKeys {
  /// Values that are equal must be of one of these.
  enum Kind: UInt64, CaseIterable {
    case number, text, object, list, null, yes, no, longInteger, file
  }

  /// Two words for each kind, not yet mixed with a place.
  private let seeds: [ck_record_hash]
  /// The keys of a field that a record has at most once.
  private let single: [ck_record_hash]
  /// Whether the field counts at all.
  let isCompared: Bool
  /// Whether a list stands on the way to the field, so that a record may have it more than once.
  let isInList: Bool
  let isElement: Bool
  let parent: Int
  /// The field of the list's elements, if it was met.
  var element: Int?

  init(_ field: Field, isInList: Bool, isCompared: Bool) {
    var path = field.path
    let hash = path.withUTF8 { XXH3_128bits($0.baseAddress, $0.count) }
    seeds = Kind.allCases.map { kind in
      let step = kind.rawValue &* 0x9FB2_1C65_1E98_DF25
      return ck_record_hash(low: ck_mix64(hash.low64 &+ step), high: ck_mix64(hash.high64 &+ step))
    }
    single = seeds.map { Self.key($0, place: 0) }
    self.isInList = isInList
    self.isCompared = isCompared
    isElement = field.role == .element
    parent = field.parent
  }

  /// - Parameter place: tells apart the places of the field in one record.
  @inline(__always)
  func key(_ kind: Kind, place: UInt64) -> ck_record_hash {
    Self.key(seeds[Int(kind.rawValue)], place: place)
  }

  func single(_ kind: Kind) -> ck_record_hash { single[Int(kind.rawValue)] }

  @inline(__always)
  private static func key(_ seed: ck_record_hash, place: UInt64) -> ck_record_hash {
    let step = place &* 0xD6E8_FEB8_6659_FD93
    return ck_record_hash(low: ck_mix64(seed.low &+ step), high: ck_mix64(seed.high &+ step))
  }
}
