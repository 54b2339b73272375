import ShardIngest
import ShardModel

/// JSON through framer, reader and format.
///
/// The first byte chooses the layout and how the rest is split. Whole or in pieces, the values must be the same; a line is
/// accepted if the reference accepts it; every value kept can be located, named and read back.
enum JSONFuzz {
  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let layout: JSONReader.Layout = [.lines, .array, .values][Int(choice % 3)]
    let step = [1, 5, 16, 33][Int(choice / 3 % 4)]
    let bytes = Array(input.dropFirst())
    // An array is only looked for where its bracket was seen.
    if layout == .array, !startsArray(bytes) { return }
    let whole = Reading.compared(bytes, step: step) {
      Reading(JSONReader(layout: layout), framer(layout), hasQuotedTexts: true)
    }
    if layout == .lines { compareWithReference(bytes, whole) }
  }

  private static func startsArray(_ bytes: [UInt8]) -> Bool {
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    return content.first { !"\t\n\r ".utf8.contains($0) } == UInt8(ascii: "[")
  }

  private static func framer(_ layout: JSONReader.Layout) -> any RecordFramer {
    switch layout {
    case .lines: LineFramer()
    case .array: JSONValueFramer(layout: .array)
    case .values: JSONValueFramer(layout: .values)
    }
  }

  private static func compareWithReference(_ bytes: [UInt8], _ reading: Reading) {
    var row = 0
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let limit = JSONLimits().depth
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[start..<end]
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      let isValue = ReferenceJSON.isValue(line, maximumDepth: limit)
      let isAccepted = !reading.rejected.contains(row)
      expect(isAccepted == (isValue || isBlank), "row \(row) accepted: \(isAccepted), should be \(isValue)")
      row += 1
      start = end + 1
    }
  }
}
