/// What pax records and GNU long names say about the member that follows them.
struct TarExtensions {
  var name: [UInt8]?
  var size: UInt64?
  var isSparse = false

  /// Reads records of the form `length key=value\n` (POSIX.1-2001, pax interchange format).
  mutating func addPax(
    _ bytes: [UInt8], _ damage: (String) -> IngestError
  ) throws(IngestError) {
    var rest = bytes[...]
    // Some writers fill the block with zeros and count them.
    while let first = rest.first, first != 0 {
      guard let blank = rest.prefix(20).firstIndex(of: 0x20),
        let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
        length > blank - rest.startIndex + 1, length <= rest.count
      else { throw damage("corrupt pax record in a tar header") }
      let record = rest[(blank + 1)..<(rest.startIndex + length)]
      rest = rest[(rest.startIndex + length)...]
      guard record.last == 0x0A, let equals = record.firstIndex(of: 0x3D) else {
        throw damage("corrupt pax record in a tar header")
      }
      let key = String(decoding: record[..<equals], as: UTF8.self)
      let value = record[(equals + 1)...].dropLast()
      switch key {
      case "path", "GNU.sparse.name":
        if name == nil || key != "path" { name = Array(value) }
      case "size":
        guard let number = UInt64(String(decoding: value, as: UTF8.self)) else {
          throw damage("corrupt size in a tar header")
        }
        size = number
      default: break
      }
      if key.hasPrefix("GNU.sparse.") { isSparse = true }
    }
  }
}
