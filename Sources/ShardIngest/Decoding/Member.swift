/// One file of an archive, or the only content of a shard that is not an archive.
package struct Member: Sendable, Equatable {
  package enum Kind: String, Sendable { case regular, directory, link, other }

  /// The name as stored; bytes that are not UTF-8 are replaced. Nil where the shard is not an archive.
  package var name: String?
  /// The size that the archive claims, before the member's own compression is undone. Never trust it.
  package var size: UInt64?
  package var kind: Kind
  package var isEncrypted: Bool
  /// The member's own compression, undone by `read`; recognized only where name and content agree.
  package var compression: Compression = .none

  package init(name: String?, size: UInt64?, kind: Kind, isEncrypted: Bool = false) {
    self.name = name
    self.size = size
    self.kind = kind
    self.isEncrypted = isEncrypted
  }
}

/// Reads an archive member by member, in stored order; `read` gives the bytes of the current member.
///
/// After an error of a member `nextMember` goes on where the format allows it; otherwise it throws the same error.
protocol MemberReader: ByteSource {
  func nextMember() throws(IngestError) -> Member?
  /// The offset in the archive of the current member's first byte, where the format stores members as they are.
  var memberOffset: UInt64? { get }
}
