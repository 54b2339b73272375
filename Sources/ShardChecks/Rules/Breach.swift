import ShardModel

/// Writes down the values of a field that break its rule.
struct Breach {
  let field: Int
  let path: String
  let observer: Observer
  private var batch: RecordBatch { observer.batch }
  /// Whether cells have no types of their own.
  var isUntyped: Bool { batch.isUntyped }

  init(_ field: Int, _ path: String, _ observer: Observer) {
    self.field = field
    self.path = path
    self.observer = observer
  }

  mutating func add(_ facet: RuleFacet, number index: Int, _ findings: inout ChunkFindings) {
    let position = observer.locator.position(ofNumber: index, field: field)
    add(facet, at: position, value: observer.locator.excerpt(at: position), &findings)
  }

  mutating func add(_ facet: RuleFacet, text: TextView, _ findings: inout ChunkFindings) {
    let position = batch.isUntyped ? text.offset : text.offset - 1
    add(facet, at: position, value: observer.locator.excerpt(at: position), &findings)
  }

  mutating func add(
    _ facet: RuleFacet, at position: UInt32, value: String? = nil, _ findings: inout ChunkFindings
  ) {
    let row = batch.row(at: position)
    let exact = observer.locator.path(of: position, field: field, row: row)
    findings.add(Observation(kind: .rule, path: facet.key(path), field: exact, value: value), row: row)
  }

  /// The record of a number with the observation that it breaks the rule.
  func entry(_ facet: RuleFacet, number index: Int) -> LocatedObservations {
    let position = observer.locator.position(ofNumber: index, field: field)
    let row = batch.row(at: position)
    return LocatedObservations(
      location: observer.locator.location(ofRow: row),
      observations: [
        Observation(
          kind: .rule, path: facet.key(path),
          field: observer.locator.path(of: position, field: field, row: row),
          value: observer.locator.excerpt(at: position))
      ])
  }

  /// A list whose elements are the field.
  mutating func addList(
    _ facet: RuleFacet, _ position: UInt32, value: String, _ findings: inout ChunkFindings
  ) {
    let row = batch.row(at: position)
    let exact = observer.locator.path(of: position, field: batch.fields[field].parent, row: row)
    findings.add(Observation(kind: .rule, path: facet.key(path), field: exact, value: value), row: row)
  }

  /// A number as it is written, in a format without types.
  func cell(ofNumber index: Int) -> UnsafeBufferPointer<UInt8> {
    batch.format.valueBytes(at: observer.locator.position(ofNumber: index, field: field), in: batch)
  }

  /// What a cell means that is a text for want of a type; nil where it is no boolean.
  func boolean(_ text: TextView) -> Bool? {
    guard isUntyped, text.length == 4 || text.length == 5 else { return nil }
    return withBytes(text) { bytes in
      func spells(_ word: StaticString) -> Bool {
        bytes.count == word.utf8CodeUnitCount
          && bytes.indices.allSatisfy { bytes[$0] | 0x20 == word.utf8Start[$0] }
      }
      return spells("true") ? true : spells("false") ? false : nil
    }
  }

  /// The bytes of a text with its escapes undone.
  func withBytes<Result>(_ text: TextView, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    if text.isEscaped {
      return batch.format.unescaped(text, in: batch).withUnsafeBytes(body)
    }
    return body(UnsafeRawBufferPointer(start: batch.bytes + Int(text.offset), count: text.length))
  }
}
