/// Writes one JSON document as a stream of calls: strict text, never a tree in memory.
///
/// The indented style puts each value on a line of its own, so that a difference of two documents is readable; what
/// is opened with `isInline` stays on one line (rows of a table, arrays of numbers). A call that makes no sense at its
/// place (a value without a name in an object) is a mistake in the program and stops it.
package struct JSONWriter: ~Copyable {
  package enum Style: Sendable {
    /// No white space at all.
    case compact
    /// Two spaces a level.
    case indented
  }

  private struct Scope {
    let isObject: Bool
    let isInline: Bool
    var isEmpty = true
    var hasName = false
  }

  private var bytes = OutputBuffer()
  private let style: Style
  private var scopes: [Scope] = []

  package init(style: Style = .compact) { self.style = style }

  package mutating func beginObject(isInline: Bool = false) { begin("{", isObject: true, isInline: isInline) }

  package mutating func endObject() { end("}", isObject: true) }

  package mutating func beginArray(isInline: Bool = false) { begin("[", isObject: false, isInline: isInline) }

  package mutating func endArray() { end("]", isObject: false) }

  /// Writes the name of the member whose value comes next.
  package mutating func name(_ name: String) {
    precondition(scopes.last.map { $0.isObject && !$0.hasName } ?? false, "a name needs an object")
    separate()
    scopes[scopes.count - 1].hasName = true
    JSONText.append(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    if style == .indented { bytes.append(UInt8(ascii: " ")) }
  }

  package mutating func value(_ value: String) {
    prepare()
    JSONText.append(value, to: &bytes)
  }

  package mutating func value(_ value: UInt64) {
    prepare()
    JSONText.append(value, to: &bytes)
  }

  package mutating func value(_ value: Int) {
    prepare()
    JSONText.append(value, to: &bytes)
  }

  package mutating func value(_ value: Double) {
    prepare()
    JSONText.append(value, to: &bytes)
  }

  package mutating func value(_ value: Bool) {
    prepare()
    JSONText.append(value, to: &bytes)
  }

  package mutating func null() {
    prepare()
    JSONText.appendNull(to: &bytes)
  }

  /// Ends the document with a line feed and gives its bytes.
  package mutating func finish() -> [UInt8] {
    precondition(scopes.isEmpty && bytes.count > 0, "the document is not complete")
    bytes.append(UInt8(ascii: "\n"))
    return bytes.bytes
  }

  private mutating func begin(_ bracket: Unicode.Scalar, isObject: Bool, isInline: Bool) {
    prepare()
    bytes.append(UInt8(ascii: bracket))
    scopes.append(Scope(isObject: isObject, isInline: isInline || (scopes.last?.isInline ?? false)))
  }

  private mutating func end(_ bracket: Unicode.Scalar, isObject: Bool) {
    guard let scope = scopes.popLast() else { preconditionFailure("nothing is open") }
    precondition(scope.isObject == isObject && !scope.hasName, "the innermost value is not complete")
    if style == .indented, !scope.isInline, !scope.isEmpty { breakLine() }
    bytes.append(UInt8(ascii: bracket))
  }

  /// What comes before a value: a separator in a list, nothing after a name.
  private mutating func prepare() {
    guard let scope = scopes.last else {
      precondition(bytes.count == 0, "a document is one value")
      return
    }
    if scope.isObject {
      precondition(scope.hasName, "a member needs a name")
      scopes[scopes.count - 1].hasName = false
    } else {
      separate()
    }
  }

  private mutating func separate() {
    let scope = scopes[scopes.count - 1]
    scopes[scopes.count - 1].isEmpty = false
    if !scope.isEmpty { bytes.append(UInt8(ascii: ",")) }
    guard style == .indented else { return }
    if !scope.isInline {
      breakLine()
    } else if !scope.isEmpty {
      bytes.append(UInt8(ascii: " "))
    }
  }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: 2 * scopes.count)
  }
}

extension JSONWriter {
  package mutating func member(_ name: String, _ value: String?) {
    self.name(name)
    if let value { self.value(value) } else { null() }
  }

  package mutating func member(_ name: String, _ value: UInt64?) {
    self.name(name)
    if let value { self.value(value) } else { null() }
  }

  package mutating func member(_ name: String, _ value: Double?) {
    self.name(name)
    if let value { self.value(value) } else { null() }
  }

  package mutating func member(_ name: String, _ value: Bool) {
    self.name(name)
    self.value(value)
  }
}
