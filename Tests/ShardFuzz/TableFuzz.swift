import ShardIngest
import ShardModel

/// Delimited text through sniffer, framer, reader and format.
///
/// The first byte chooses what is known of the dialect and how the rest is split. Whole or in pieces, the values must be
/// the same, and every value kept can be located and read back.
enum TableFuzz {
  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    let delimiter = [nil, UInt8(ascii: ","), 0x09][Int(choice % 3)]
    let header = [nil, true, false][Int(choice / 3 % 3)]
    let step = [1, 5, 16, 33][Int(choice / 9 % 4)]
    let sniffed = bytes.withUnsafeBufferPointer {
      TableSniffer.sniff(prefix: $0, isWhole: true, forced: delimiter, header: header)
    }
    guard let dialect = sniffed else { return }
    expect(dialect.headerLength <= bytes.count, "a header of \(dialect.headerLength) bytes")
    expect(Set(dialect.columns).count == dialect.columns.count, "\(dialect.columns)")
    _ = Reading.compared(Array(bytes[dialect.headerLength...]), step: step) {
      Reading(
        TableReader(dialect: dialect), TableFramer(dialect: dialect), hasQuotedTexts: false,
        offset: dialect.headerLength)
    }
  }
}
