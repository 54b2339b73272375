import ShardReports
import ShardTestSupport
import Testing

@Suite("JSON text") struct JSONWriterTests {
  private func text(_ write: (inout JSONWriter) -> Void, _ style: JSONWriter.Style = .compact) -> String {
    var writer = JSONWriter(style: style)
    write(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test(
    "doubles are the shortest text that JSON can hold",
    arguments: [
      (0.0, "0"), (-0.0, "-0.0"), (1, "1"), (-17, "-17"), (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"),
      (1e-5, "1e-05"), (1e16, "1e+16"), (9_007_199_254_740_991, "9007199254740991"),
      (-9_007_199_254_740_991, "-9007199254740991"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
      (.leastNonzeroMagnitude, "5e-324"), (.nan, "\"NaN\""), (.infinity, "\"Infinity\""),
      (-.infinity, "\"-Infinity\""),
    ])
  func doubles(value: Double, expected: String) throws {
    let written = text { $0.value(value) }
    #expect(written == expected + "\n")
    guard value.isFinite else { return }
    #expect(try StrictJSON(Array(written.utf8)) == .number(expected))
    #expect(Double(expected)?.bitPattern == value.bitPattern)
  }

  @Test("random doubles read back bit for bit")
  func randomDoubles() throws {
    var random = RepeatableRandom(seed: 1)
    for _ in 0..<5_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let bytes = Array(text { $0.value(value) }.utf8)
      guard case .number(let written) = try StrictJSON(bytes) else {
        Issue.record("not a number")
        return
      }
      #expect(Double(written)?.bitPattern == value.bitPattern)
    }
  }

  @Test(
    "strings are escaped where RFC 8259 or a terminal needs it",
    arguments: [
      ("", #""""#), ("plain", #""plain""#), ("\"\\/", #""\"\\/""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
      ("\u{0}\u{1B}\u{7F}", #""\u0000\u001b\u007f""#),
      ("\u{80}\u{9B}\u{9F}\u{A0}¿", "\"\\u0080\\u009b\\u009f\u{A0}¿\""),
      ("é漢😀\u{2028}\u{FFFF}", "\"é漢😀\u{2028}\u{FFFF}\""), ("Â£Â", "\"Â£Â\""),
    ])
  func strings(value: String, expected: String) throws {
    let written = text { $0.value(value) }
    #expect(written == expected + "\n")
    #expect(try StrictJSON(Array(written.utf8)) == .string(value))
  }

  @Test("random strings read back")
  func randomStrings() throws {
    var random = RepeatableRandom(seed: 2)
    for _ in 0..<2_000 {
      var value = ""
      for _ in 0..<Int.random(in: 0...24, using: &random) {
        let limit: UInt32 = Bool.random(using: &random) ? 0xFF : 0x10FFFF
        if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) {
          value.unicodeScalars.append(scalar)
        }
      }
      let parsed = try StrictJSON(Array(text { $0.value(value) }.utf8))
      guard case .string(let read) = parsed else {
        Issue.record("not a string")
        return
      }
      #expect(Array(read.utf8) == Array(value.utf8))
    }
  }

  @Test("integers at their limits") func integers() {
    let written = text { writer in
      writer.beginArray()
      writer.value(UInt64.max)
      writer.value(Int.min)
      writer.value(0)
      writer.value(UInt64(10))
      writer.value(UInt64(909))
      writer.endArray()
    }
    #expect(written == "[18446744073709551615,-9223372036854775808,0,10,909]\n")
  }

  @Test("the indented style keeps rows on a line") func indented() {
    func write(_ writer: inout JSONWriter) {
      writer.beginObject()
      writer.member("a", 1.5)
      writer.name("rows")
      writer.beginArray()
      writer.beginObject(isInline: true)
      writer.member("x", true)
      writer.name("y")
      writer.beginArray()
      writer.value(1)
      writer.null()
      writer.endArray()
      writer.endObject()
      writer.endArray()
      writer.name("none")
      writer.beginObject()
      writer.endObject()
      writer.name("empty")
      writer.beginArray()
      writer.endArray()
      writer.endObject()
    }
    let expected = """
      {
        "a": 1.5,
        "rows": [
          {"x": true, "y": [1, null]}
        ],
        "none": {},
        "empty": []
      }

      """
    #expect(text(write, .indented) == expected)
    #expect(text(write) == #"{"a":1.5,"rows":[{"x":true,"y":[1,null]}],"none":{},"empty":[]}"# + "\n")
  }
}
