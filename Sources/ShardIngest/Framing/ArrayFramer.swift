import ShardModel

/// How the rows of an array are read. Told from another one by its identity.
package final class ArrayLayout: Sendable {
  package let header: ArrayHeader
  /// The field that a row is; nil where the record itself is the row.
  package let field: String?

  package init(header: ArrayHeader, field: String?) {
    self.header = header
    self.field = field
  }

  /// The name of the field that the arrays of a member are: in a `.npz` each array has a name; in other archives it is
  /// what stands between key and ending, `000017.features.npy`.
  /// - Parameter isNamed: whether the archive is a `.npz`.
  package static func field(ofMember name: String?, isNamed: Bool) -> String? {
    guard let file = name?.split(separator: "/").last else { return nil }
    var parts = file.split(separator: ".", omittingEmptySubsequences: false)[...]
    while let last = parts.last, parts.count > 1, last.lowercased() != "npy" { parts = parts.dropLast() }
    guard parts.last?.lowercased() == "npy" else { return nil }
    parts = isNamed ? parts.dropLast() : parts.dropFirst().dropLast()
    let field = parts.joined(separator: ".")
    return field.isEmpty ? nil : field
  }
}

/// Rows of a fixed number of bytes.
package struct ArrayFramer: RecordFramer {
  private let rowBytes: Int

  /// - Parameter rowBytes: at least 1.
  package init(rowBytes: Int) { self.rowBytes = max(1, rowBytes) }

  package mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary? {
    let rows = count / rowBytes
    return rows == 0 ? nil : FrameBoundary(offset: rows * rowBytes, records: rows)
  }

  package mutating func cut(at boundary: FrameBoundary) {}

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    count / rowBytes + (count % rowBytes == 0 ? 0 : 1)
  }
}
