import ShardIngest
import ShardModel
import Testing

@Suite struct TableFormatTests {
  private func read(_ text: String, columns: [String], _ body: (RecordBatch) -> Void) {
    let reader = TableReader(dialect: TableDialect(columns: columns))
    let bytes = Array(text.utf8)
    withPadding(bytes) { pointer in
      reader.read(pointer, count: bytes.count, origin: BatchOrigin(), isFinal: true)
      body(reader.batch)
    }
  }

  @Test("a value is found again by its position, without quotes, and a number without spaces")
  func valueBytes() {
    read("a, 12 ,\"x \"\"y\"\"\"\r\n\"\"\"\", \" 7\",\" -1.5 \"\n,,\"\"\n , b ,9", columns: ["a", "b", "c"]) {
      batch in
      var values: [(UInt32, String)] = []
      for field in 1...3 {
        let column = batch.columns[field]
        let positions =
          Array(column.numberPositions.values) + column.texts.values.map(\.offset) + column.nulls.values
        for position in positions {
          let bytes = batch.format.valueBytes(at: position, in: batch)
          values.append((position, String(decoding: bytes, as: UTF8.self)))
        }
      }
      values.sort { $0.0 < $1.0 }
      #expect(
        values.map(\.1) == [
          "a", "12", "x \"\"y\"\"", "\"\"", " \" 7\"", "-1.5", "", "", "", " ", " b ", "9",
        ])
    }
  }

  @Test("paths are the names of columns, escaped where they would be taken for something else")
  func paths() {
    read("1,2\n", columns: ["a b", "c.d"]) { batch in
      let paths = (1...2).map { field in
        batch.format.path(of: batch.columns[field].numberPositions[0], field: field, row: 0, in: batch)
      }
      #expect(paths == ["a b", "$[\"c.d\"]"])
      #expect(batch.format.elementPosition(number: 0, list: 0, in: batch) == nil)
    }
  }

  @Test("the key is the first of the known names, whatever the order of the columns")
  func keys() {
    let text = "5,\"a\"\"b\"\n6,\n7,é\n8\n9,x,y\n\"1\"z,k\n2,\"open"
    read(text, columns: ["uid", "id"]) { batch in
      let keys = batch.records.values.indices.map { batch.format.key(ofRow: $0, in: batch) }
      #expect(keys == ["a\"b", nil, "é", nil, nil, "k", nil])
    }
    read("5,a\n\n7\n", columns: ["id", "uid"]) { batch in
      let keys = batch.records.values.indices.map { batch.format.key(ofRow: $0, in: batch) }
      #expect(keys == ["5", nil, "7"])
    }
    read("5,a\n", columns: ["ID", "name"]) { batch in #expect(batch.format.key(ofRow: 0, in: batch) == nil) }
  }
}
