import ShardChecks
import ShardModel
import ShardRules

extension GatePolicy {
  /// The policy as it was applied: what a rules file said is in it.
  package func encode(into writer: inout ByteWriter) {
    writer.write(failOn.map { UInt64($0.rawValue) + 1 } ?? 0)
    writer.write(allowance.name)
    writer.write(allowsIncomplete)
    writer.write(UInt64(budgets.count))
    for id in budgets.keys.sorted() {
      writer.write(id)
      writer.write(budgets[id]?.name ?? "0")
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init()
    switch try reader.readUInt64() {
    case 0: failOn = nil
    case 1: failOn = .note
    case 2: failOn = .warning
    case 3: failOn = .error
    default: throw DecodingFailure("unknown severity")
    }
    allowance = try Self.allowance(&reader)
    allowsIncomplete = try reader.readBool()
    for _ in 0..<(try reader.readCount(minimumSize: 2)) {
      let id = try reader.readString()
      budgets[id] = try Self.allowance(&reader)
    }
    // Nothing is to be taken from the rules once more.
    isFailOnChosen = true
    isAllowanceChosen = true
  }

  private static func allowance(_ reader: inout ByteReader) throws(DecodingFailure) -> Allowance {
    guard let allowance = Allowance(try reader.readString()) else { throw DecodingFailure("no allowance") }
    return allowance
  }
}
