import CXXHash
import ShardModel

/// Reads chunks of samples (WebDataset tars, folders of pictures) into a batch: one record a sample, one field a member,
/// named by its extension in lower case.
///
/// `__key__` is the key. Text members (`SampleContent`) are texts, `cls` and its like numbers where they are one, `json`
/// members what they say, below their own field; `.npy` arrays are lists. Pictures are `Column.blobs`, everything else
/// `Column.files`. A JSON member or an array that is malformed makes
/// the record malformed at that byte: nothing of it is kept.
///
/// - Complexity: O(bytes of headers, texts, JSON and arrays): pictures are not looked at. Memory O(chunk + fields).
package final class SampleReader: RecordReader {
  package let batch: RecordBatch
  private(set) var naming: SampleNaming
  let limits: JSONLimits
  let isIgnored: (@Sendable (String) -> Bool)?
  private var nodes = JSONNodes()
  private var journal = Buffer<JSONScanner.JournalEntry>()
  private var objectOrdinal: UInt64 = 0
  /// Members of the sample being read.
  private var members: [Part] = []
  /// With their fields; those that are there twice once.
  private var placed: [(member: Part, field: Int, content: SampleContent)] = []
  /// Of the fields of members.
  private var contents: [Int: SampleContent] = [:]
  private var sample: [UInt8]?
  private var sampleStart = 0
  private var name: [UInt8] = []
  private var keyField: Int?
  /// Of the batch's records: the keys one after the other, where each ends, and their XXH3-64.
  package private(set) var keyText: [UInt8] = []
  package private(set) var keyEnds: [Int] = []
  package private(set) var keyHashes: [UInt64] = []
  /// A copy of content, with zeros behind it.
  var scratch: [UInt8] = []

  /// More members are no sample but samples that share a key: what tells them apart stands behind a period.
  static let mostMembers = 256

  struct Part {
    var entry: TarEntry
    var keyLength: Int
    var ending: [UInt8]

    var name: String { String(decoding: ending, as: UTF8.self) }
  }

  package init(
    naming: SampleNaming, limits: JSONLimits = JSONLimits(), isIgnored: (@Sendable (String) -> Bool)? = nil
  ) {
    self.naming = naming
    self.limits = limits
    self.isIgnored = isIgnored
    batch = RecordBatch(format: SampleFormat(naming: naming))
    batch.holdsSamples = true
  }

  deinit {
    nodes.deallocate()
    journal.deallocate()
  }

  package func use(_ naming: SampleNaming) {
    self.naming = naming
    batch.format = SampleFormat(naming: naming)
  }

  /// Forgets the fields of the shards before, so that many shards with different fields do not add up.
  package func forgetFields() {
    nodes.deallocate()
    nodes = JSONNodes()
    batch.removeFields()
    keyField = nil
    contents.removeAll()
  }

  package func read(_ bytes: UnsafePointer<UInt8>, count: Int, origin: BatchOrigin, isFinal: Bool) {
    batch.begin(bytes: bytes, count: count, origin: origin)
    var scanner = JSONScanner(
      start: bytes, end: bytes + count, batch: batch, limits: limits, lineFeedEndsRecord: false,
      isFinal: false, nodes: nodes, columns: batch.columns, records: Buffer(), isIgnored: isIgnored,
      objectOrdinal: objectOrdinal, journal: journal, failurePosition: bytes)
    var entries = TarEntries(bytes, to: count)
    var end = 0
    sample = nil
    sampleStart = 0
    members.removeAll(keepingCapacity: true)
    keyText.removeAll(keepingCapacity: true)
    keyEnds.removeAll(keepingCapacity: true)
    keyHashes.removeAll(keepingCapacity: true)
    while let entry = entries.next() {
      name.removeAll(keepingCapacity: true)
      entry.appendName(to: &name, bytes)
      let isMeta = SampleNaming.isMeta(name)
      let parts = entry.kind == .regular && !isMeta ? naming.split(name) : nil
      if let parts, sample.map({ !$0.elementsEqual(name[..<parts.key]) }) ?? true {
        if sample != nil {
          finish(&scanner, end: end)
          sampleStart = end
        }
        sample = Array(name[..<parts.key])
      }
      if let parts {
        members.append(
          Part(entry: entry, keyLength: parts.key, ending: name[parts.ending...].map(SampleFormat.lowered)))
      } else if !isMeta {
        note(entry)
      }
      end = entry.end
    }
    if sample != nil { finish(&scanner, end: end) }
    // A mark without a record after it marks nothing.
    if batch.records.isEmpty { batch.defects.removeAll() }
    batch.valuesBeyondFieldLimit = scanner.valuesBeyondFieldLimit
    nodes = scanner.nodes
    journal = scanner.journal
    objectOrdinal = scanner.objectOrdinal
  }

  /// Notes what belongs to no sample.
  private func note(_ entry: TarEntry) {
    // They go with the sample before them, which is not finished, or with the first.
    let row = batch.records.count
    let shown = "'" + Excerpt.of(name) + "'"
    switch entry.kind {
    case .directory: return
    case .link: add(.memberUnexpected, row, entry, "\(shown) is a link, which loaders pass over")
    case .other: add(.memberUnexpected, row, entry, "\(shown) is neither a file nor a folder")
    case .regular:
      add(.memberUnnamed, row, entry, "\(shown) has no extension or no key: loaders pass it over")
    }
  }

  func add(_ kind: Defect.Kind, _ row: Int, _ entry: TarEntry, _ detail: String) {
    batch.defects.append(
      Defect(kind: kind, row: row, position: UInt32(truncatingIfNeeded: entry.block), detail: detail))
  }

  // MARK: Samples

  /// Makes a record of the members.
  private func finish(_ scanner: inout JSONScanner, end: Int) {
    let row = batch.records.count
    let start = UInt32(truncatingIfNeeded: sampleStart)
    let key = sample ?? []
    keyText.append(contentsOf: key)
    keyEnds.append(keyText.count)
    keyHashes.append(key.withUnsafeBufferPointer { XXH3_64bits($0.baseAddress, $0.count) })
    scanner.row = row
    scanner.objectOrdinal &+= 1
    let ordinal = scanner.objectOrdinal
    defer {
      batch.defects += scanner.defects
      scanner.defects.removeAll(keepingCapacity: true)
      batch.records.append(RecordView(offset: start, length: UInt32(truncatingIfNeeded: end - sampleStart)))
      members.removeAll(keepingCapacity: true)
    }
    if let cut = members.last(where: { $0.entry.isCut }) {
      let ending = String(decoding: cut.ending, as: UTF8.self)
      batch.defects.append(
        Defect(
          kind: .truncated, row: row, position: UInt32(truncatingIfNeeded: end),
          detail: "the data end inside the member .\(Excerpt.of(Array(ending.utf8)))"))
      return
    }
    if members.count > Self.mostMembers, let first = members.first {
      add(
        .memberCount, row, first.entry,
        "\(members.count) members have one key: the key ends at the first period of the base name")
    }
    place(&scanner, row)
    scanner.journal.count = 0
    scanner.defectsBefore = scanner.defects.count
    scanner.beyondLimitBefore = scanner.valuesBeyondFieldLimit
    // What makes the record malformed comes first: nothing of it is kept then.
    for (member, field, content) in placed where content == .array {
      guard checkArray(member, field, scanner) else { return }
    }
    for (member, field, content) in placed where content == .json {
      guard addJSON(member, field, from: sampleStart, &scanner) else { return }
    }
    scanner.columns[0].objects.append(start)
    if let first = members.first { addKey(first, ordinal, &scanner) }
    for (member, field, content) in placed where field >= 0 {
      addValue(of: member, content, to: field, &scanner)
    }
  }

  /// Finds the field of each member, -1 for what is left out.
  private func place(_ scanner: inout JSONScanner, _ row: Int) {
    placed.removeAll(keepingCapacity: true)
    let ordinal = scanner.objectOrdinal
    for member in members {
      let field = self.field(of: member.ending, &scanner)
      guard field >= 0 else {
        placed.append((member, -1, SampleContent(ending: member.name)))
        continue
      }
      let node = scanner.nodes.base + field
      // The key is no member.
      if node.pointee.stamp == ordinal || field == keyField {
        let ending = Excerpt.of(member.ending)
        add(.memberTwice, row, member.entry, "the sample has two members .\(ending): loaders stop at it")
        continue
      }
      node.pointee.stamp = ordinal
      let content = contents[field] ?? SampleContent(ending: member.name)
      if contents.updateValue(content, forKey: field) == nil, content == .picture,
        !member.ending.contains(0x2E)
      {
        batch.pictureFields.insert(field)
      }
      placed.append((member, node.pointee.isIgnored ? -1 : field, content))
    }
  }

  /// The field of a member; -1 where there are too many.
  private func field(of ending: [UInt8], _ scanner: inout JSONScanner) -> Int {
    ending.withUnsafeBufferPointer { key in
      // An empty extension is a field as well.
      let base = key.baseAddress ?? batch.bytes
      return scanner.nodes.member(of: 0, key: base, length: key.count)
        ?? scanner.addMember(of: 0, key: base, length: key.count)
    }
  }

  private static let keyName = Array("__key__".utf8)

  private func addKey(_ member: Part, _ ordinal: UInt64, _ scanner: inout JSONScanner) {
    let known = keyField ?? field(of: Self.keyName, &scanner)
    keyField = known
    guard known >= 0 else { return }
    // A first sample may have a member of this name.
    if scanner.nodes.base[known].isIgnored || scanner.nodes.base[known].stamp == ordinal { return }
    let entry = member.entry
    guard let key = sample else { return }
    let characters = UInt32(truncatingIfNeeded: String(decoding: key, as: UTF8.self).unicodeScalars.count)
    // In a header it may be in two parts, and it may be the first byte of the record, before which nothing stands.
    let view =
      entry.isNamedByHeader
      ? TextView(
        offset: UInt32(truncatingIfNeeded: entry.block + 1),
        length: UInt32(truncatingIfNeeded: member.keyLength), isEscaped: true, characters: characters)
      : TextView(
        offset: UInt32(truncatingIfNeeded: entry.name.lowerBound),
        length: UInt32(truncatingIfNeeded: member.keyLength), isEscaped: false, characters: characters)
    scanner.columns[known].texts.append(view)
  }

  /// What is between white space.
  static func trimmed(_ content: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var start = 0
    var end = content.count
    while start < end, content[start] <= 0x20 { start += 1 }
    while end > start, content[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }
}
