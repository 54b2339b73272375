import ShardModel
import ShardSketches

/// Mergeable statistics of all fields of one shard, or of many: what a verdict about the data set rests on.
package struct ShardProfile: Sendable, Equatable {
  package var fields: [String: FieldProfile] = [:]
  package var valuesBeyondFieldLimit: UInt64 = 0
  /// How often each rule of the rules file was applied and broken, by the rule's key.
  package var rules: [String: RuleTally] = [:]
  /// Sequences of tokens, by the path of their ids or text.
  package var tokens: [String: TokenProfile] = [:]
  package var images = ImageProfile()

  /// Pictures and the texts that belong to them.
  package var pairs = PairProfile()

  package init() {}

  /// Adds what was seen later in the data.
  package mutating func merge(_ later: ShardProfile) {
    for (path, profile) in later.fields {
      if fields[path]?.merge(profile) == nil { fields[path] = profile }
    }
    valuesBeyondFieldLimit += later.valuesBeyondFieldLimit
    for (path, profile) in later.tokens { tokens[path, default: TokenProfile()].merge(profile) }
    pairs.merge(later.pairs)
    images.merge(later.images)
    for (key, tally) in later.rules { rules[key, default: RuleTally()].merge(tally) }
  }

  /// Notes how many objects of this shard could have each field, and the scale of its numbers; called once, when the
  /// shard has been read.
  package mutating func close() {
    for path in fields.keys { fields[path]?.closeScale() }
    for (path, field) in fields where field.role == .member {
      let owners = fields[field.parent]?.counts.object ?? 0
      fields[path]?.owners = owners
    }
    if let root = fields[FieldPath.root], fields.contains(where: { SampleMembers.isPicture($0, $1) }) {
      fields[FieldPath.root]?.owners = root.counts.object
    }
  }

  /// How many objects that could have the field do not.
  package func missing(_ path: String) -> UInt64 {
    guard let field = fields[path] else { return 0 }
    return missing(path, parent: field.parent, role: field.role)
  }

  /// The same for a field that this profile may not have at all.
  package func missing(_ path: String, parent: String, role: Field.Role) -> UInt64 {
    guard role == .member, let owner = fields[parent] else { return 0 }
    let there = fields[path].map { $0.occurrences - min($0.duplicates, $0.occurrences) } ?? 0
    return owner.counts.object > there ? owner.counts.object - there : 0
  }

  /// How many values of this kind the field has.
  package func count(_ kind: ObservationKind, of path: String, parent: String, role: Field.Role) -> UInt64 {
    if kind == .missing { return missing(path, parent: parent, role: role) }
    return fields[path]?.count(kind) ?? 0
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(valuesBeyondFieldLimit)
    writer.write(UInt64(fields.count))
    for path in fields.keys.sorted() {
      writer.write(path)
      fields[path]?.encode(into: &writer)
    }
    RuleTally.encode(rules, into: &writer)
    TokenProfile.encode(tokens, into: &writer)
    pairs.encode(into: &writer)
    images.encode(into: &writer)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    valuesBeyondFieldLimit = try reader.readTally()
    for _ in 0..<(try reader.readCount(minimumSize: 20)) {
      let path = try reader.readString()
      fields[path] = try FieldProfile(decoding: &reader)
    }
    rules = try RuleTally.decode(&reader)
    tokens = try TokenProfile.decode(&reader)
    pairs = try PairProfile(decoding: &reader)
    images = try ImageProfile(decoding: &reader)
  }
}
