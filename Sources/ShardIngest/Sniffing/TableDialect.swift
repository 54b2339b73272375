/// How one delimited text file is written: all that its framer, its reader and its format have to know.
///
/// RFC 4180, section 2, with what is met in practice: other delimiters, line feeds alone or lone carriage returns,
/// a byte order mark, and a missing header.
package struct TableDialect: Sendable, Equatable {
  package enum Terminator: Sendable, Equatable {
    /// A line feed; a carriage return right before it belongs to it.
    case lineFeed
    /// A lone carriage return, as in old Mac files; a line feed is then an ordinary byte.
    case carriageReturn

    /// The byte that ends a row outside of quotes.
    var byte: UInt8 { self == .lineFeed ? 0x0A : 0x0D }
  }

  package var delimiter: UInt8
  package var terminator: Terminator
  package var hasHeader: Bool
  /// The names of the columns, each different; `c0`, `c1`, ... without a header.
  package var columns: [String]
  /// Bytes before the first record: the byte order mark, blank lines before the header, and the header.
  package var headerLength: Int
  /// What was odd about the header, for people: `columns 1 and 4 are both named "x"; the second is called "x#2"`.
  package var notes: [String]

  package init(
    delimiter: UInt8 = UInt8(ascii: ","), terminator: Terminator = .lineFeed, hasHeader: Bool = true,
    columns: [String], headerLength: Int = 0, notes: [String] = []
  ) {
    self.delimiter = delimiter
    self.terminator = terminator
    self.hasHeader = hasHeader
    self.columns = columns
    self.headerLength = headerLength
    self.notes = notes
  }

  /// Whether `byte` can stand between cells: neither a quote, a line break, part of a number or a word, nor part
  /// of a longer UTF-8 sequence.
  package static func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "\""), 0x0A, 0x0D, 0x80...:
      false
    default: true
    }
  }

  /// The delimiter for people: `','` or `a tab`.
  var delimiterName: String {
    switch delimiter {
    case 0x09: "a tab"
    case 0x20: "a space"
    case 0x21..<0x7F: "'\(Character(Unicode.Scalar(delimiter)))'"
    default: "byte 0x" + String(delimiter, radix: 16, uppercase: true)
    }
  }
}
