import CYAML

/// Bounds on what a file may ask for.
package struct YAMLLimits: Sendable {
  package var bytes = 4 << 20
  package var depth = 32
  /// Keys and values, those that aliases repeat counted each time: a few hundred bytes of nested aliases can stand for
  /// thousands of millions of them.
  package var nodes = 200_000

  package init() {}
}

/// Reads one YAML 1.1 document with libyaml into a tree. JSON is read as well.
///
/// - Complexity: O(bytes + nodes); no recursion.
package struct YAMLReader {
  /// The root, nil for a file without a value.
  package private(set) var root: YAMLNode?
  /// Keys that stand twice in one mapping; the first is kept.
  package private(set) var mistakes: [Mistake] = []

  private let limits: YAMLLimits
  private var open: [Collection] = []
  private var anchors: [String: Anchored] = [:]
  private var count = 0

  private struct Anchored {
    var node: YAMLNode
    var size: Int
    var depth: Int
  }

  private struct Collection {
    var position: SourcePosition
    var anchor: String?
    var isMapping: Bool
    var elements: [YAMLNode] = []
    var entries: [YAMLEntry] = []
    var lines: [String: Int] = [:]
    /// A key that waits for its value; the Boolean says whether it is dropped for having stood before.
    var key: (text: String, position: SourcePosition, isRepeated: Bool)?
    var size = 1
    /// Of the deepest value in it.
    var depth = 1
  }

  /// - Throws: The mistake that ends the reading: not YAML, or beyond a limit.
  package init(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(Mistake) {
    self.limits = limits
    guard bytes.count <= limits.bytes else {
      throw Mistake(.init(line: 1, column: 1), "expected at most \(limits.bytes) bytes, found \(bytes.count)")
    }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) != 0 else {
      throw Mistake(.init(line: 1, column: 1), "out of memory")
    }
    defer { yaml_parser_delete(&parser) }
    let result: Result<Void, Mistake> = bytes.withUnsafeBufferPointer { buffer in
      // Safe: the parser reads only while this closure runs.
      yaml_parser_set_input_string(&parser, buffer.baseAddress ?? UnsafePointer(bitPattern: 1)!, buffer.count)
      do throws(Mistake) {
        try readStream(&parser, bytes)
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
  }

  private mutating func readStream(_ parser: inout yaml_parser_t, _ bytes: [UInt8]) throws(Mistake) {
    var documents = 0
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) != 0 else { throw Self.failure(parser, bytes) }
      defer { yaml_event_delete(&event) }
      let position = Self.position(event.start_mark)
      switch event.type {
      case YAML_STREAM_END_EVENT: return
      case YAML_DOCUMENT_START_EVENT:
        documents += 1
        guard documents == 1 else { throw Mistake(position, "expected one document, found a second") }
      case YAML_SCALAR_EVENT: try takeScalar(event, position)
      case YAML_ALIAS_EVENT: try takeAlias(event, position)
      case YAML_SEQUENCE_START_EVENT:
        let start = event.data.sequence_start
        try begin(position, Self.text(start.anchor), Self.text(start.tag), isMapping: false)
      case YAML_MAPPING_START_EVENT:
        let start = event.data.mapping_start
        try begin(position, Self.text(start.anchor), Self.text(start.tag), isMapping: true)
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try end()
      default: break
      }
    }
  }

  private mutating func takeScalar(_ event: yaml_event_t, _ position: SourcePosition) throws(Mistake) {
    let scalar = event.data.scalar
    let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    let tag = Self.text(scalar.tag)
    if let tag, tag != "!", tag != "tag:yaml.org,2002:str" { throw Self.unknownTag(tag, position) }
    let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag == nil
    let node = YAMLNode(content: .scalar(YAMLScalar(text: text, isPlain: isPlain)), position: position)
    try add(node, size: 1, depth: 1, anchor: Self.text(scalar.anchor))
  }

  private mutating func takeAlias(_ event: yaml_event_t, _ position: SourcePosition) throws(Mistake) {
    let name = Self.text(event.data.alias.anchor) ?? ""
    guard let anchored = anchors[name] else {
      throw Mistake(position, "unknown alias `*\(name)`; expected the name of an anchor above")
    }
    try add(anchored.node, size: anchored.size, depth: anchored.depth, anchor: nil, aliasAt: position)
  }

  private mutating func begin(
    _ position: SourcePosition, _ anchor: String?, _ tag: String?, isMapping: Bool
  ) throws(Mistake) {
    if let tag, tag != "!" { throw Self.unknownTag(tag, position) }
    if let parent = open.last, parent.isMapping, parent.key == nil {
      throw Mistake(position, "expected a key, found \(isMapping ? "a mapping" : "a list")")
    }
    guard open.count < limits.depth else {
      throw Mistake(position, "expected at most \(limits.depth) levels of nesting, found more")
    }
    open.append(Collection(position: position, anchor: anchor, isMapping: isMapping))
  }

  private mutating func end() throws(Mistake) {
    guard let done = open.popLast() else { return }
    let content: YAMLNode.Content = done.isMapping ? .mapping(done.entries) : .list(done.elements)
    let node = YAMLNode(content: content, position: done.position)
    // Its values were counted when they came.
    count -= done.size - 1
    try add(node, size: done.size, depth: done.depth + 1, anchor: done.anchor)
  }

  private mutating func add(
    _ node: YAMLNode, size: Int, depth: Int, anchor: String?, aliasAt alias: SourcePosition? = nil
  ) throws(Mistake) {
    let position = alias ?? node.position
    count += size
    guard count <= limits.nodes else {
      throw Mistake(
        position, "expected at most \(limits.nodes) keys and values, those behind aliases counted each time")
    }
    guard open.count + depth - 1 <= limits.depth else {
      throw Mistake(position, "expected at most \(limits.depth) levels of nesting, found more")
    }
    if let anchor { anchors[anchor] = Anchored(node: node, size: size, depth: depth) }
    guard !open.isEmpty else {
      root = node
      return
    }
    let last = open.count - 1
    open[last].size += size
    open[last].depth = max(open[last].depth, depth)
    guard open[last].isMapping else {
      open[last].elements.append(node)
      return
    }
    if let key = open[last].key {
      open[last].key = nil
      if !key.isRepeated {
        open[last].entries.append(YAMLEntry(key: key.text, keyPosition: key.position, value: node))
      }
      return
    }
    guard let text = node.scalar?.text else {
      throw Mistake(position, "expected a key, found a list or mapping")
    }
    let first = open[last].lines[text]
    if let first {
      mistakes.append(Mistake(position, "key `\(Shown.text(text))` is given twice, first in line \(first)"))
    } else {
      open[last].lines[text] = position.line
    }
    open[last].key = (text, position, first != nil)
  }
}

extension YAMLReader {
  private static func position(_ mark: yaml_mark_t) -> SourcePosition {
    SourcePosition(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }

  private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func unknownTag(_ tag: String, _ position: SourcePosition) -> Mistake {
    Mistake(position, "the tag `\(Shown.text(tag))` is not supported")
  }

  private static func failure(_ parser: yaml_parser_t, _ bytes: [UInt8]) -> Mistake {
    let problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
    guard parser.error == YAML_READER_ERROR else {
      let context = parser.context.map { " " + String(cString: $0) } ?? ""
      return Mistake(position(parser.problem_mark), "not YAML: \(problem)\(context)")
    }
    // The reader of characters knows no lines, only the byte.
    let before = bytes.prefix(Int(clamping: parser.problem_offset))
    let line = before.reduce(into: 1) { if $1 == UInt8(ascii: "\n") { $0 += 1 } }
    let last = before.suffix(from: (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
    let column = last.reduce(into: 1) { if $1 & 0xC0 != 0x80 { $0 += 1 } }
    return Mistake(.init(line: line, column: column), "not YAML: \(problem)")
  }
}
