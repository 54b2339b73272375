import CKernels
import ShardModel

/// Objects: the next key is guessed from the last object of the same kind.
extension JSONScanner {
  mutating func parseObject(_ field: Int, _ open: Cursor) -> Cursor? {
    if depth >= limits.depth { return fail(.tooDeep, at: open) }
    depth &+= 1
    defer { depth &-= 1 }
    objectOrdinal &+= 1
    let ordinal = objectOrdinal
    var expected = -1
    if field >= 0 {
      columns[field].objects.append(position(open))
      note(field)
      expected = nodes.base[field].firstMember
    }
    var p = skipSpace(open + 1)
    if p.pointee == UInt8(ascii: "}") { return p + 1 }
    var previous = -1
    while true {
      guard p.pointee == UInt8(ascii: "\"") else { return fail(.expected("a key in quotes"), at: p) }
      p += 1
      var member = -1
      if expected >= 0, let after = matchToken(expected, p) {
        member = expected
        p = after
      } else {
        guard let after = findMember(of: field, after: expected, at: &p) else { return nil }
        member = after
      }
      if member >= 0 {
        let node = nodes.base + member
        if node.pointee.stamp == ordinal { addDuplicateDefect(member, p) }
        node.pointee.stamp = ordinal
        if previous >= 0 {
          nodes.base[previous].next = node.pointee.prediction
        } else {
          nodes.base[field].firstMember = node.pointee.prediction
        }
        previous = member
        expected = node.pointee.next
        hasMembers = true
        if node.pointee.isIgnored { member = -1 }
      }
      if p.pointee <= 0x20 { p = skipSpace(p) }
      guard let next = parseValue(member, p) else { return nil }
      p = next
      if p.pointee <= 0x20 { p = skipSpace(p) }
      if p.pointee == UInt8(ascii: ",") {
        p += 1
        if p.pointee <= 0x20 { p = skipSpace(p) }
        continue
      }
      guard p.pointee == UInt8(ascii: "}") else { return fail(.expected("',' or '}'"), at: p) }
      return p + 1
    }
  }

  /// The byte after key, quote and colon, if the bytes at `p` are those of this member.
  @inline(__always)
  func matchToken(_ member: Int, _ p: Cursor) -> Cursor? {
    let node = nodes.base + member
    let (low, high) = load16(p)
    let difference =
      ((low ^ node.pointee.head.0) & node.pointee.headMask.0)
      | ((high ^ node.pointee.head.1) & node.pointee.headMask.1)
    guard difference == 0 else { return nil }
    let length = node.pointee.tokenLength
    if length > 16, !equal(p + 16, node.pointee.token + 16, length - 16) { return nil }
    return p + length
  }

  /// The member whose key stands at `p`; moves `p` behind the colon. -1 where it is to be left out.
  @inline(never)
  mutating func findMember(of owner: Int, after expected: Int, at p: inout Cursor) -> Int? {
    if expected >= 0 {
      let next = nodes.base[expected].next
      if next >= 0, let after = matchToken(next, p) {
        p = after
        return next
      }
    }
    let key = p
    let text = ck_scan_text(p)
    if text.flags & UInt32(CK_TEXT_MALFORMED) != 0 {
      _ = failInText(p + Int(text.length))
      return nil
    }
    if text.flags & UInt32(CK_TEXT_INVALID_ENCODING) != 0 {
      addEncodingDefect(owner, p + Int(text.defect))
    }
    p = skipSpace(p + Int(text.length) + 1)
    guard p.pointee == UInt8(ascii: ":") else {
      _ = fail(.expected("':'"), at: p)
      return nil
    }
    p += 1
    guard owner >= 0 else { return -1 }
    return member(of: owner, key: key, text: text)
  }

  mutating func member(of owner: Int, key: Cursor, text: ck_text) -> Int {
    var length = Int(text.length)
    if text.flags & UInt32(CK_TEXT_ESCAPED) == 0 {
      if let known = nodes.member(of: owner, key: key, length: length) { return known }
      return addMember(of: owner, key: key, length: length)
    }
    // The same name however it is escaped.
    let name = JSONText.unescaped(UnsafeBufferPointer(start: key, count: length))
    length = name.count
    return name.withUnsafeBufferPointer { bytes in
      let base = bytes.baseAddress ?? key
      return nodes.member(of: owner, key: base, length: length)
        ?? addMember(of: owner, key: base, length: length)
    }
  }

  mutating func addMember(of owner: Int, key: Cursor, length: Int) -> Int {
    guard hasRoom(below: owner, length) else {
      valuesBeyondFieldLimit += 1
      return -1
    }
    let name = String(decoding: UnsafeBufferPointer(start: key, count: length), as: UTF8.self)
    let field = Field(member: name, of: batch.fields[owner], at: owner)
    let index = batch.addField(field)
    let node = nodes.addMember(of: owner, key: key, length: length)
    precondition(index == node)
    nodes.base[index].isIgnored = isIgnored?(field.path) ?? false
    columns = batch.columns
    return index
  }

  func hasRoom(below owner: Int, _ length: Int) -> Bool {
    batch.fields.count < limits.fields && batch.fields[owner].path.utf8.count + length <= limits.path
  }

  @inline(never)
  mutating func addDuplicateDefect(_ member: Int, _ p: Cursor) {
    defects.append(
      Defect(
        kind: .duplicateName, row: row, position: position(p), field: member,
        detail: "the object has this name twice"))
  }
}
