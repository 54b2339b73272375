import ShardIngest

/// The grammar of tables once more, one byte at a time and without numbers: what the fast code must agree with.
struct PlainTable {
  struct Row: Equatable {
    var offset: Int
    var length: Int
    var cells: [[UInt8]] = []
    var isOpen = false
    var isMalformed = false
  }

  var rows: [Row] = []

  init(_ bytes: [UInt8], delimiter: UInt8, terminator: TableDialect.Terminator) {
    let lineBreak: UInt8 = terminator == .lineFeed ? 0x0A : 0x0D
    let quote = UInt8(ascii: "\"")
    var index = 0
    while index < bytes.count {
      var row = Row(offset: index, length: 0)
      var cell: [UInt8] = []
      var isInRow = true
      while isInRow {
        cell = []
        var isQuoted = false
        if index < bytes.count, bytes[index] == quote {
          isQuoted = true
          row.isOpen = true
          index += 1
          while index < bytes.count {
            if bytes[index] == quote {
              if index + 1 < bytes.count, bytes[index + 1] == quote {
                index += 1
              } else {
                index += 1
                row.isOpen = false
                break
              }
            }
            cell.append(bytes[index])
            index += 1
          }
        }
        var rest: [UInt8] = []
        while index < bytes.count, bytes[index] != delimiter, bytes[index] != lineBreak {
          rest.append(bytes[index])
          index += 1
        }
        isInRow = index < bytes.count && bytes[index] == delimiter
        row.length = index - row.offset
        if !isInRow, lineBreak == 0x0A, rest.last == 0x0D {
          rest.removeLast()
          row.length -= 1
        }
        if isQuoted { row.isMalformed = row.isMalformed || !rest.isEmpty } else { cell = rest }
        row.cells.append(cell)
        index += 1
      }
      rows.append(row)
    }
  }
}
