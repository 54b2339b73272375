import ShardIngest
import ShardModel

/// Reads lines of JSON into a batch, which is good while `body` runs.
func withBatch<Result>(_ text: String, _ body: (RecordBatch) throws -> Result) rethrows -> Result {
  let bytes = Array(text.utf8)
  let padded =
    [UInt8](repeating: 0, count: RecordBatch.padding) + bytes
    + .init(repeating: 0, count: RecordBatch.padding)
  let reader = JSONReader(layout: .lines)
  return try padded.withUnsafeBufferPointer { buffer in
    reader.read(
      buffer.baseAddress! + RecordBatch.padding, count: bytes.count, origin: BatchOrigin(), isFinal: true)
    return try body(reader.batch)
  }
}

/// A value of a record, for building lines of JSON and for the reference.
indirect enum Value {
  case null
  case number(Double)
  case text(String)
  case boolean(Bool)
  case list([Value])
  case object([(String, Value)])

  var json: String {
    switch self {
    case .null: return "null"
    case .number(let value):
      if value.isNaN { return "NaN" }
      if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
      return value == value.rounded() && value.magnitude < 1e6 ? "\(Int(value))" : "\(value)"
    case .text(let text):
      let parts = text.unicodeScalars.map { scalar -> String in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "é": "\\u00e9"
        default: String(Character(scalar))
        }
      }
      return "\"" + parts.joined() + "\""
    case .boolean(let value): return "\(value)"
    case .list(let values): return "[" + values.map(\.json).joined(separator: ",") + "]"
    case .object(let members):
      return "{" + members.map { "\"\($0.0)\":\($0.1.json)" }.joined(separator: ", ") + "}"
    }
  }

  subscript(name: String) -> Value? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  var elements: [Value]? {
    if case .list(let values) = self { values } else { nil }
  }
}
