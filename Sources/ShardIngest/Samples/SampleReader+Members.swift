import CKernels
import ShardModel

/// Members as values.
extension SampleReader {
  /// Larger arrays are not read: their doubles may take eight times the bytes of the chunk.
  private static let mostElements = 1 << 20
  /// Digits beyond make a text of it.
  private static let longestNumber = 64

  func addValue(
    of member: Part, _ content: SampleContent, to field: Int, _ scanner: inout JSONScanner
  ) {
    switch content {
    case .picture: scanner.columns[field].blobs.append(blob(member))
    case .text: addText(member, field, &scanner)
    case .number: if !addNumber(member, field, &scanner) { addText(member, field, &scanner) }
    case .json: break
    case .array: if !addArray(member, field, &scanner) { addFile(member, field, &scanner) }
    case .other: addFile(member, field, &scanner)
    }
  }

  private func blob(_ member: Part) -> BlobView {
    BlobView(
      position: UInt32(truncatingIfNeeded: member.entry.block),
      offset: UInt32(truncatingIfNeeded: member.entry.content),
      length: UInt32(truncatingIfNeeded: member.entry.size))
  }

  private func content(_ member: Part) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: batch.bytes + member.entry.content, count: member.entry.size)
  }

  private func addFile(_ member: Part, _ field: Int, _ scanner: inout JSONScanner) {
    scanner.columns[field].files.append(blob(member))
    batch.membersNotRead[String(member.name.prefix(16)), default: 0] += 1
  }

  private func addDefect(
    _ kind: Defect.Kind, _ position: Int, _ field: Int, _ scanner: JSONScanner, _ detail: String
  ) {
    batch.defects.append(
      Defect(
        kind: kind, row: scanner.row, position: UInt32(truncatingIfNeeded: position),
        field: field >= 0 ? field : nil,
        detail: detail))
  }

  // MARK: Texts and numbers

  private func addText(_ member: Part, _ field: Int, _ scanner: inout JSONScanner) {
    let entry = member.entry
    var characters = 0
    var index = 0
    let bytes = content(member)
    var firstInvalid: Int?
    while index < bytes.count {
      characters &+= 1
      guard bytes[index] >= 0x80 else {
        index &+= 1
        continue
      }
      // The padding behind the content is readable, and may go on with a sequence.
      let length = Int(ck_utf8_length(batch.bytes + entry.content + index))
      if length == 0 || length > bytes.count - index { firstInvalid = firstInvalid ?? index }
      index &+= max(1, min(length, bytes.count - index))
    }
    if let firstInvalid {
      let byte = String(bytes[firstInvalid], radix: 16, uppercase: true)
      addDefect(
        .invalidEncoding, entry.content + firstInvalid, field, scanner, "byte 0x\(byte) is not UTF-8")
    }
    // Nothing may stand where the next record begins.
    let offset = entry.size == 0 ? entry.content - 1 : entry.content
    scanner.columns[field].texts.append(
      TextView(
        offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: entry.size),
        isEscaped: false, characters: UInt32(truncatingIfNeeded: characters)))
  }

  private func addNumber(_ member: Part, _ field: Int, _ scanner: inout JSONScanner) -> Bool {
    let bytes = content(member)
    let digits = Self.trimmed(bytes)
    guard !digits.isEmpty, digits.count <= Self.longestNumber else { return false }
    copy(UnsafeBufferPointer(rebasing: bytes[digits]))
    let number = scratch.withUnsafeBufferPointer { copy in
      copy.baseAddress.map { ck_parse_number($0) }
    }
    guard let number, number.kind != UInt32(CK_NUMBER_INVALID), Int(number.length) == digits.count else {
      return false
    }
    scanner.addNumber(field, number)
    scanner.columns[field].numberPositions.append(
      UInt32(truncatingIfNeeded: member.entry.content + digits.lowerBound))
    return true
  }

  /// Fills the scratch with the bytes and what a scanner may look at behind them.
  private func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
    scratch.removeAll(keepingCapacity: bytes.count <= ChunkSource.chunkSize)
    scratch.append(contentsOf: bytes)
    scratch.append(contentsOf: repeatElement(0, count: RecordBatch.padding))
  }

  // MARK: JSON

  /// Reads a JSON member; where it is malformed takes back what was kept of the record, which begins at `record`.
  func addJSON(
    _ member: Part, _ field: Int, from record: Int, _ scanner: inout JSONScanner
  ) -> Bool {
    let bytes = content(member)
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      scanner.takeBack(from: scanner.start + record)
      addDefect(
        .malformed, member.entry.content - 1, field, scanner, "the member is empty, expected a value")
      return false
    }
    // The scanner stops at a zero byte, which nearly always stands behind a member.
    if batch.bytes[member.entry.content + bytes.count] == 0 {
      return parse(base, bytes.count, member, field, from: record, &scanner)
    }
    copy(bytes)
    return scratch.withUnsafeBufferPointer { copy in
      guard let base = copy.baseAddress else { return false }
      let start = scanner.start
      // Positions count from the start of the chunk, wherever the bytes are read.
      scanner.start = base - member.entry.content
      defer { scanner.start = start }
      return parse(base, bytes.count, member, field, from: record, &scanner)
    }
  }

  private func parse(
    _ base: UnsafePointer<UInt8>, _ count: Int, _ member: Part, _ field: Int, from record: Int,
    _ scanner: inout JSONScanner
  ) -> Bool {
    scanner.end = base + count
    scanner.failure = nil
    var start = base
    if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { start += 3 }
    if start > base {
      addDefect(
        .invalidEncoding, member.entry.content, field, scanner,
        "a byte order mark stands before the value, which strict readers refuse")
    }
    if let after = scanner.parseValue(field, scanner.skipSpace(start)) {
      let rest = scanner.skipSpace(after)
      if rest >= scanner.end { return true }
      _ = scanner.fail(.expected("the end of the member"), at: rest)
    }
    let position = member.entry.content + (min(scanner.failurePosition, scanner.end) - base)
    let detail = scanner.failureText
    scanner.takeBack(from: scanner.start + record)
    addDefect(.malformed, position, field, scanner, "the member is not JSON: " + detail)
    return false
  }

  // MARK: Arrays

  /// Whether the member is a sound array; says what is wrong with it.
  func checkArray(_ member: Part, _ field: Int, _ scanner: JSONScanner) -> Bool {
    let bytes = content(member)
    do throws(ArrayHeaderError) {
      let header = try ArrayHeaderParser.parse(bytes)
      if header.dataBytes == bytes.count - header.length { return true }
      addDefect(
        .malformed, member.entry.content - 1, field, scanner,
        "an array of shape \(header.shapeText) has \(header.dataBytes) bytes, found \(bytes.count - header.length)"
      )
    } catch {
      switch error {
      case .damaged(let reason, let offset):
        addDefect(
          .malformed, member.entry.content - 1 + min(offset, bytes.count), field, scanner,
          "the member is no array: " + reason)
      case .notDecoded(let reason, let isObjects):
        guard isObjects else { return true }
        addDefect(.malformed, member.entry.content, field, scanner, reason)
      }
    }
    return false
  }

  /// False where the array is sound but not read.
  private func addArray(_ member: Part, _ field: Int, _ scanner: inout JSONScanner) -> Bool {
    guard let header = try? ArrayHeaderParser.parse(content(member)) else { return false }
    let count = header.dataBytes / header.element.size
    guard !header.isFortran, header.element.kind != .boolean, count <= Self.mostElements else { return false }
    let element = scanner.elementField(of: field)
    guard element >= 0 else { return false }
    let numbers = scanner.columns + element
    scanner.columns[field].lists.append(
      ListView(
        position: UInt32(truncatingIfNeeded: member.entry.content),
        count: UInt32(truncatingIfNeeded: count),
        firstNumber: UInt32(truncatingIfNeeded: numbers.pointee.numbers.count)))
    guard !scanner.nodes.base[element].isIgnored else { return true }
    numbers.pointee.numbers.reserve(count)
    let before = numbers.pointee.numbers.count
    let isSpecial = ck_array_convert(
      header.element.kernelType, header.element.isBigEndian ? 1 : 0,
      batch.bytes + member.entry.content + header.length, count, numbers.pointee.numbers.base + before)
    numbers.pointee.numbers.count = before + count
    if header.element.isInteger { numbers.pointee.integers += count }
    if isSpecial != 0 { addExceptions(header.element, from: before, to: numbers) }
    return true
  }

  private func addExceptions(
    _ element: ArrayElement, from before: Int, to column: UnsafeMutablePointer<Column>
  ) {
    let numbers = column.pointee.numbers.values
    for index in before..<numbers.count {
      let kind: NumberKind
      if element.isInteger {
        guard numbers[index].magnitude > 0x1p53 else { continue }
        kind = .largeInteger
      } else {
        guard !numbers[index].isFinite else { continue }
        kind = numbers[index].isNaN ? .nan : .infinity
      }
      column.pointee.exceptions.append(
        NumberException(index: UInt32(truncatingIfNeeded: index), kind: kind))
    }
  }
}
