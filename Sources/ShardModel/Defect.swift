/// What a reader found wrong with the form of a record. Readers report, they do not judge: checks turn defects
/// into findings.
package struct Defect: Sendable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    /// The record does not follow the grammar of its format; none of its values was kept.
    case malformed
    /// The data end inside the record; none of its values was kept.
    case truncated
    /// Longer than the limit; skipped unread.
    case tooLong
    /// Bytes that are not UTF-8, or an escaped half of a surrogate pair.
    case invalidEncoding
    /// A name twice in one object.
    case duplicateName
    /// A row with more or fewer cells than the header.
    case cellCount
    /// A blank line, an empty object, a row without a value.
    case empty
    /// Two members of a sample with the same extension.
    case memberTwice
    /// A member that no loader takes into a sample.
    case memberUnnamed
    /// A link, a device, or a name that leads out of the archive.
    case memberUnexpected
    /// More members than a sample has: what should be samples is one.
    case memberCount
  }

  package let kind: Kind
  /// Index in `RecordBatch.records`.
  package let row: Int
  /// Byte in the batch where it was seen.
  package let position: UInt32
  /// Index of the field concerned, where there is one.
  package let field: Int?
  /// What was expected and found, for people: `expected ',' or '}', found 'x'`.
  package let detail: String

  package init(kind: Kind, row: Int, position: UInt32, field: Int? = nil, detail: String) {
    self.kind = kind
    self.row = row
    self.position = position
    self.field = field
    self.detail = detail
  }
}
