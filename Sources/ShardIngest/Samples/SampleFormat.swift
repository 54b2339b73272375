import ShardModel

/// Names and finds single values in the bytes of samples. Walks the members of the record each time: for values that are
/// reported, not for the hot path.
///
/// A value of a member stands in its content; an empty text stands before it, in the header, and a key in the header or
/// extension that gives the name.
package struct SampleFormat: RecordFormat {
  private let naming: SampleNaming

  package init(naming: SampleNaming) { self.naming = naming }

  /// A member with its name taken apart.
  private struct Found {
    var entry: TarEntry
    var key: [UInt8]
    var ending: String
    var content: SampleContent { SampleContent(ending: ending) }

    /// Whether the position says the name and not the content.
    func isName(_ position: UInt32) -> Bool { Int(position) <= entry.block }
  }

  /// - Parameter position: leaves out what ends before it, without a look at names.
  private func members(
    ofRow row: Int, from position: UInt32 = 0, _ batch: RecordBatch, _ body: (Found) -> Bool
  ) {
    guard row < batch.records.count else { return }
    let record = batch.records[row]
    var entries = TarEntries(
      batch.bytes, from: Int(record.offset), to: Int(record.offset) + Int(record.length))
    while let entry = entries.next() {
      guard entry.kind == .regular, Int(position) < entry.end else { continue }
      var name: [UInt8] = []
      entry.appendName(to: &name, batch.bytes)
      guard !SampleNaming.isMeta(name), let parts = naming.split(name) else { continue }
      let ending = String(decoding: name[parts.ending...].map(Self.lowered), as: UTF8.self)
      if body(Found(entry: entry, key: Array(name[..<parts.key]), ending: ending)) { return }
    }
  }

  static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  private func member(at position: UInt32, _ batch: RecordBatch) -> Found? {
    var found: Found?
    members(ofRow: batch.row(at: position), from: position, batch) { member in
      if Int(position) >= member.entry.start { found = member }
      return true
    }
    return found
  }

  private func range(_ member: Found) -> (from: UInt32, to: UInt32) {
    (
      UInt32(truncatingIfNeeded: member.entry.content),
      UInt32(truncatingIfNeeded: member.entry.content + member.entry.size)
    )
  }

  package func path(of position: UInt32, field: Int, row: Int, in batch: RecordBatch) -> String {
    let whole = batch.fields[field].path
    guard batch.fields[field].parent != 0, let member = member(at: position, batch),
      !member.isName(position)
    else { return whole }
    let owner = FieldPath.member(member.ending, of: FieldPath.root)
    switch member.content {
    case .json:
      let range = range(member)
      guard position >= range.from else { return whole }
      var walker = JSONWalker(batch, from: range.from, to: range.to)
      return walker.path(of: Int(position), root: owner) ?? whole
    case .array:
      guard let header = header(of: member, batch) else { return whole }
      let index = (Int(position) - member.entry.content - header.length) / header.element.size
      return index >= 0 && batch.fields[field].role == .element ? FieldPath.element(index, of: owner) : whole
    case .picture, .text, .number, .other: return whole
    }
  }

  private func header(of member: Found, _ batch: RecordBatch) -> ArrayHeader? {
    let content = UnsafeBufferPointer(start: batch.bytes + member.entry.content, count: member.entry.size)
    return try? ArrayHeaderParser.parse(content)
  }

  package func elementPosition(number ordinal: Int, list: UInt32, in batch: RecordBatch) -> (
    position: UInt32, index: Int
  )? {
    guard let member = member(at: list, batch) else { return nil }
    if member.content == .array {
      guard let header = header(of: member, batch) else { return nil }
      let place = member.entry.content + header.length + ordinal * header.element.size
      return place < member.entry.content + member.entry.size
        ? (UInt32(truncatingIfNeeded: place), ordinal) : nil
    }
    var walker = JSONWalker(batch, from: list, to: range(member).to)
    return walker.number(ordinal)
  }

  package func valueBytes(at position: UInt32, in batch: RecordBatch) -> UnsafeBufferPointer<UInt8> {
    let none = UnsafeBufferPointer(start: batch.bytes + min(Int(position), batch.byteCount), count: 0)
    guard let member = member(at: position, batch), !member.isName(position) else { return none }
    let content = UnsafeBufferPointer(start: batch.bytes + member.entry.content, count: member.entry.size)
    switch member.content {
    case .json:
      guard Int(position) >= member.entry.content else { return none }
      return JSONFormat.valueBytes(at: position, to: range(member).to, in: batch)
    case .number:
      let trimmed = SampleReader.trimmed(content)
      return UnsafeBufferPointer(rebasing: content[trimmed])
    case .text: return content
    case .array:
      guard let header = header(of: member, batch) else { return none }
      let start = Int(position) - member.entry.content
      guard start >= header.length, start + header.element.size <= content.count else { return none }
      return UnsafeBufferPointer(rebasing: content[start..<(start + header.element.size)])
    case .picture, .other: return none
    }
  }

  package func spelling(at position: UInt32, in batch: RecordBatch) -> String? {
    guard let member = member(at: position, batch) else { return nil }
    if member.isName(position) { return Excerpt.of(member.key) }
    guard member.content == .array, let header = header(of: member, batch) else { return nil }
    let start = Int(position) - member.entry.content
    guard start >= header.length, start + header.element.size <= member.entry.size else { return nil }
    return header.element.text(of: batch.bytes + Int(position))
  }

  package func unescaped(_ text: TextView, in batch: RecordBatch) -> [UInt8] {
    let bytes = UnsafeBufferPointer(start: batch.bytes + Int(text.offset), count: text.length)
    guard text.isEscaped, let member = member(at: text.offset, batch) else { return Array(bytes) }
    // A key whose view is marked as escaped stands in a header: behind its first byte.
    if Int(text.offset) < member.entry.content { return text.length > 0 ? member.key : [] }
    return member.content == .json ? JSONText.unescaped(bytes) : Array(bytes)
  }

  package func shownExtent(around position: UInt32, row: Int, in batch: RecordBatch) -> Range<Int> {
    guard let member = member(at: position, batch), Int(position) >= member.entry.content,
      member.content == .json || member.content == .text || member.content == .number
    else { return Int(position)..<Int(position) }
    return member.entry.content..<(member.entry.content + member.entry.size)
  }

  package func jsonExtents(ofRow row: Int, in batch: RecordBatch) -> [RecordView] {
    var extents: [RecordView] = []
    members(ofRow: row, batch) { member in
      if member.content == .json {
        let range = range(member)
        extents.append(RecordView(offset: range.from, length: range.to - range.from))
      }
      return false
    }
    return extents
  }

  package func key(ofRow row: Int, in batch: RecordBatch) -> String? {
    var key: String?
    members(ofRow: row, batch) { member in
      key = Excerpt.of(member.key)
      return true
    }
    return key
  }
}
