import ShardIngest
import ShardModel
import Testing

@Suite struct JSONFormatTests {
  /// A batch of lines, and the bytes it points at.
  private struct Read {
    let bytes: PaddedBytes
    let reader = JSONReader(layout: .lines)

    init(_ text: String) {
      bytes = PaddedBytes(Array(text.utf8))
      reader.read(bytes.base, count: bytes.count, origin: BatchOrigin(), isFinal: true)
    }

    var batch: RecordBatch { reader.batch }
    func field(_ path: String) -> Int? { batch.fields.firstIndex { $0.path == path } }
  }

  @Test(
    "a record's key is its text or integer under the first of the known names",
    arguments: [
      ("{\"id\":\"x\",\"key\":\"y\"}", "y"), ("{\"key\":1,\"id\":\"x\"}", "1"),
      ("{\"id\":-17,\"n\":1}", "-17"),
      ("{\"uid\":\"a\\u0062\"}", "ab"), ("{\"n\":{\"id\":\"x\"},\"_id\":\"z\"}", "z"),
      ("{\"id\":null,\"uuid\":\"u\"}", "u"),
      ("{\"id\":[1],\"uuid\":\"u\"}", "u"), ("{\"a\":\"key\"}", nil), ("{}", nil), ("[1]", nil),
      ("\"key\"", nil),
      ("  { \"id\" : \"spaced\" } ", "spaced"), ("{\"t\":\"\\\"id\\\":1\",\"id\":\"q\\\"\"}", "q\""),
    ])
  func keys(_ line: String, _ key: String?) {
    let read = Read("{\"id\":\"other\"}\n" + line + "\n{\"id\":\"other\"}")
    #expect(read.batch.format.key(ofRow: 1, in: read.batch) == key)
  }

  @Test("every number of nested and mixed lists is found at its place")
  func elementPositions() throws {
    let line =
      "{\"a\" : [ 1, \"x,]\" , [2, -3, [ ]], {\"b\":[4,5]}, null, true, NaN, nan, -Infinity, +inf, 1e5 ,\"\\\"\", 6.5 ]}"
    let read = Read(line)
    let field = try #require(read.field("a"))
    let lists = read.batch.columns[field].lists
    #expect(lists.count == 1 && lists[0].count == 13)
    let numbers = read.batch.columns[try #require(read.field("a[]"))].numbers
    let indices = (0..<numbers.count).compactMap {
      read.batch.format.elementPosition(number: $0, list: lists[0].position, in: read.batch)
    }
    #expect(indices.map(\.index) == [0, 6, 7, 8, 9, 10, 12])
    let texts = indices.map {
      String(decoding: read.batch.format.valueBytes(at: $0.position, in: read.batch), as: UTF8.self)
    }
    #expect(texts == ["1", "NaN", "nan", "-Infinity", "+inf", "1e5", "6.5"])
    let paths = indices.map { read.batch.format.path(of: $0.position, field: field, row: 0, in: read.batch) }
    #expect(paths == ["a[0]", "a[6]", "a[7]", "a[8]", "a[9]", "a[10]", "a[12]"])
    #expect(read.batch.format.elementPosition(number: 7, list: lists[0].position, in: read.batch) == nil)
  }

  @Test("numbers of inner lists belong to them")
  func innerLists() throws {
    let read = Read("{\"m\":[[1,2],[],[3]]}\n{\"m\":[[4],5]}\n")
    let outer = read.batch.columns[try #require(read.field("m"))].lists.values
    let inner = read.batch.columns[try #require(read.field("m[]"))].lists.values
    #expect(outer.map(\.count) == [3, 2])
    #expect(outer.map(\.firstNumber) == [0, 0])
    #expect(inner.map(\.count) == [2, 0, 1, 1])
    #expect(inner.map(\.firstNumber) == [0, 2, 2, 3])
    #expect(Array(read.batch.columns[try #require(read.field("m[][]"))].numbers.values) == [1, 2, 3, 4])
    #expect(Array(read.batch.columns[try #require(read.field("m[]"))].numbers.values) == [5])
    let place = try #require(
      read.batch.format.elementPosition(number: 0, list: inner[3].position, in: read.batch))
    #expect(read.batch.row(at: place.position) == 1)
    let path = read.batch.format.path(of: place.position, field: 0, row: 1, in: read.batch)
    #expect(path == "m[0][0]")
  }

  @Test(
    "a value is given as written, without its quotes",
    arguments: [
      ("{\"v\":\"a\\nb\"}", "a\\nb"), ("{\"v\": -1.50e+3 ,\"w\":1}", "-1.50e+3"), ("{\"v\":\"\"}", ""),
      ("{\"v\":true}", "true"),
      ("{\"v\":[1, {\"a\":\"]\"}]}", "[1, {\"a\":\"]\"}]"), ("{\"v\":{\"a\":[]}}", "{\"a\":[]}"),
      ("{\"v\":12345678901234567890}", "12345678901234567890"),
    ])
  func valueBytes(_ line: String, _ value: String) throws {
    let read = Read(line)
    let column = read.batch.columns[try #require(read.field("v"))]
    let positions =
      column.numberPositions.values + column.texts.values.map { $0.offset - 1 }
      + column.lists.values.map(\.position)
      + column.objects.values + column.trues.values
    let position = try #require(positions.first)
    let found = read.batch.format.valueBytes(at: position, in: read.batch)
    #expect(String(decoding: found, as: UTF8.self) == value)
  }

  @Test(
    "asked about bytes that are no JSON it stays within them",
    arguments: ["", "{", "[", "[1,", "{\"a", "{\"a\":", "{\"a\":[", "\"\\", "[[", "{\"id\":\""])
  func hostile(_ text: String) {
    let read = Read(text)
    let format = read.batch.format
    for position in 0...UInt32(text.utf8.count) {
      _ = format.valueBytes(at: position, in: read.batch)
      _ = format.elementPosition(number: 0, list: position, in: read.batch)
      for row in 0..<read.batch.records.count {
        _ = format.path(of: position, field: 0, row: row, in: read.batch)
        #expect(format.key(ofRow: row, in: read.batch) == nil || text.contains("id"))
      }
    }
  }
}
