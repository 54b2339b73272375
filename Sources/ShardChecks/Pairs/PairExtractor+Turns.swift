import CKernels
import ShardModel
import ShardRules

extension PairExtractor {
  func addTurns(_ field: PairFields.Turns) {
    let list = Int32(truncatingIfNeeded: field.list)
    var row = 0
    // An empty list says what it is by its name alone.
    for view in batch.columns[field.list].lists.values where view.count == 0 && field.isNamed {
      let record = records.base + advance(&row, to: view.position)
      if record.pointee.turnField < 0 { record.pointee.turnField = list }
    }
    guard field.element >= 0 else { return }
    let first = turns.count
    row = 0
    for position in batch.columns[field.element].objects.values {
      let record = records.base + advance(&row, to: position)
      guard record.pointee.turnField < 0 else { continue }
      turns.append(
        PairTurn(
          row: UInt32(truncatingIfNeeded: row), index: 0, field: UInt32(truncatingIfNeeded: field.element),
          position: position))
    }
    guard turns.count > first else { return }
    if field.role >= 0 {
      let names = batch.columns[field.role].texts.values
      visit(
        names, from: first, at: { $0.offset },
        { turn, text in
          turn.roleText = text
          turn.role = self.roles.role(self.bytes(of: text))
        })
    }
    if field.content >= 0 { addContents(field, from: first) }
    if field.toolCalls >= 0 {
      let calls = batch.columns[field.toolCalls].lists.values
      visit(
        calls, from: first, at: { $0.position },
        { turn, _ in if turn.content == .missing || turn.content == .null { turn.content = .other } })
    }
    claim(list, from: first)
    guard turns.count > first else { return }
    if field.content >= 0, field.partElement >= 0, batch.columns[field.content].lists.count > 0 {
      addParts(field, from: first)
    }
  }

  /// Gives the turns from `first` on to their records, those left out that are no turns: objects of a list whose name other
  /// records use for turns.
  private func claim(_ list: Int32, from first: Int) {
    var kept = first
    var start = first
    while start < turns.count {
      let row = turns[start].row
      var end = start
      var isConversation = false
      while end < turns.count, turns[end].row == row {
        if turns[end].role != .missing || turns[end].content != .missing { isConversation = true }
        end += 1
      }
      if isConversation {
        let record = records.base + Int(row)
        record.pointee.turnField = list
        record.pointee.turns.start = Int32(truncatingIfNeeded: kept)
        record.pointee.turns.count = Int32(truncatingIfNeeded: end - start)
        for index in start..<end {
          turns[kept] = turns[index]
          turns.base[kept].index = UInt32(truncatingIfNeeded: index - start)
          kept += 1
        }
      }
      start = end
    }
    turns.count = kept
  }

  private func addContents(_ field: PairFields.Turns, from first: Int) {
    let column = batch.columns[field.content]
    func set(_ turn: inout PairTurn, _ content: PairTurn.Content, _ position: UInt32) {
      turn.content = content
      turn.contentField = UInt32(truncatingIfNeeded: field.content)
      turn.contentPosition = position
    }
    visit(
      column.texts.values, from: first, at: { $0.offset },
      { turn, text in
        set(&turn, .text, self.position(of: text))
        turn.text = text
      })
    visit(column.nulls.values, from: first, at: { $0 }, { set(&$0, .null, $1) })
    visit(column.objects.values, from: first, at: { $0 }, { set(&$0, .other, $1) })
    visit(column.numberPositions.values, from: first, at: { $0 }, { set(&$0, .other, $1) })
    visit(column.lists.values, from: first, at: { $0.position }, { set(&$0, .parts, $1.position) })
  }

  /// Calls the body for each value with the turn that holds it.
  private func visit<Value>(
    _ values: UnsafeBufferPointer<Value>, from first: Int, at position: (Value) -> UInt32,
    _ body: (inout PairTurn, Value) -> Void
  ) {
    var turn = first
    for value in values {
      let position = position(value)
      while turn &+ 1 < turns.count, turns[turn &+ 1].position <= position { turn &+= 1 }
      // Values of records whose turns stand in another field belong to none of these.
      guard turns[turn].position <= position, isInside(position, turns[turn].row) else { continue }
      body(&turns.base[turn], value)
    }
  }

  private func addParts(_ field: PairFields.Turns, from first: Int) {
    let firstPart = parts.count
    var turn = first
    func append(_ position: UInt32, _ text: TextView?) {
      while turn &+ 1 < turns.count, turns[turn &+ 1].position <= position { turn &+= 1 }
      guard turns[turn].content == .parts, isInside(position, turns[turn].row) else { return }
      let owner = turns.base + turn
      if owner.pointee.parts.count == 0 { owner.pointee.parts.start = Int32(truncatingIfNeeded: parts.count) }
      owner.pointee.parts.count &+= 1
      parts.append(
        PairPart(
          turn: UInt32(truncatingIfNeeded: turn), field: UInt32(truncatingIfNeeded: field.partElement),
          position: position, kind: text == nil ? .unknown : .text, text: text))
    }
    // Plain texts among the parts are rare; then both kinds are brought into the order of the bytes.
    let element = batch.columns[field.partElement]
    var next = 0
    for position in element.objects.values {
      while next < element.texts.count, element.texts[next].offset < position {
        append(self.position(of: element.texts[next]), element.texts[next])
        next += 1
      }
      append(position, nil)
    }
    for text in element.texts.values.dropFirst(next) { append(self.position(of: text), text) }
    guard parts.count > firstPart else { return }
    if field.partType >= 0 {
      visitParts(field.partType, from: firstPart) { part, text in
        part.kind = PairRoleNames.partKind(self.bytes(of: text))
      }
    }
    if field.partText >= 0 {
      visitParts(field.partText, from: firstPart) { part, text in
        if part.kind == .unknown { part.kind = .text }
        part.text = text
      }
    }
    for index in field.partImages {
      var part = firstPart
      for text in batch.columns[index].texts.values {
        let position = position(of: text)
        while part &+ 1 < parts.count, parts[part &+ 1].position <= position { part &+= 1 }
        let turn = Int(parts[part].turn)
        guard parts[part].position <= position, parts[part].kind != .text, parts[part].kind != .other,
          isInside(position, turns[turn].row)
        else { continue }
        parts.base[part].kind = .image
        guard text.length > 0 else { continue }
        parts.base[part].hasSource = true
        let bytes = bytes(of: text)
        self.append(
          text, bytes, ck_find_path_marks(bytes.baseAddress, bytes.count), field: index,
          row: Int(turns[turn].row), position: position, turn: turn)
      }
    }
    for part in parts.values[firstPart...] where part.kind == .image {
      records.base[Int(turns[Int(part.turn)].row)].hasParts = true
    }
  }

  private func visitParts(_ field: Int, from first: Int, _ body: (inout PairPart, TextView) -> Void) {
    var part = first
    for text in batch.columns[field].texts.values {
      while part &+ 1 < parts.count, parts[part &+ 1].position <= text.offset { part &+= 1 }
      guard parts[part].position <= text.offset,
        isInside(text.offset, turns[Int(parts[part].turn)].row)
      else { continue }
      body(&parts.base[part], text)
    }
  }

  // MARK: Tags

  /// The texts of a turn, each with its place among the parts and where it stands.
  func visitTexts(
    of turn: PairTurn, _ body: (_ text: TextView, _ place: Int, _ field: Int, _ position: UInt32) -> Void
  ) {
    if turn.content == .text { body(turn.text, 0, Int(turn.contentField), turn.contentPosition) }
    for (place, index) in turn.parts.indices.enumerated() {
      guard parts[index].kind == .text, let text = parts[index].text else { continue }
      body(text, place, Int(parts[index].field), parts[index].position)
    }
  }

  func scanTags(of index: Int) {
    turns.base[index].tags.start = Int32(truncatingIfNeeded: tags.count)
    visitTexts(of: turns[index]) { text, place, field, position in
      let bytes = self.bytes(of: text)
      let found = TextMarks(bytes, characters: Int(text.characters))
      turns.base[index].marks.add(found)
      guard found.marks & UInt32(CK_MARK_LESS) != 0 || placeholder.first != UInt8(ascii: "<") else { return }
      var open: PairTag?
      PairTagScanner.scan(bytes, placeholder: placeholder) { tag in
        var tag = tag
        tag.text = UInt32(truncatingIfNeeded: place)
        tags.append(tag)
        if tag.kind == .image, tag.isClosing, let start = open?.end {
          let path = UnsafeBufferPointer(rebasing: bytes[Int(start)..<Int(tag.start)])
          addTagImage(path, text, field: field, position: position, turn: index)
          if PairTagForm.isPath(path) { records.base[Int(turns[index].row)].isTagged = true }
        }
        if tag.kind == .image { open = tag.isClosing ? nil : tag }
        if PairTagForm.isTag(tag, in: bytes, of: turns[index].role) {
          records.base[Int(turns[index].row)].isTagged = true
        }
      }
    }
    turns.base[index].tags.count = Int32(truncatingIfNeeded: tags.count) - turns[index].tags.start
  }

  private func addTagImage(
    _ path: UnsafeBufferPointer<UInt8>, _ text: TextView, field: Int, position: UInt32, turn: Int
  ) {
    let marks = ck_find_path_marks(path.baseAddress, path.count)
    var image = PairImage(
      row: turns[turn].row, field: UInt32(truncatingIfNeeded: field), position: position,
      source: PairAddress.source(of: path, marks), marks: UInt8(truncatingIfNeeded: marks),
      turn: Int32(truncatingIfNeeded: turn), text: text)
    image.copy = Int32(truncatingIfNeeded: copies.count)
    image.copyLength = UInt32(truncatingIfNeeded: path.count)
    copies.reserve(path.count)
    for byte in path { copies.append(byte) }
    images.append(image)
  }
}
