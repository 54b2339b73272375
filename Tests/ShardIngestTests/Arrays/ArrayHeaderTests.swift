import ShardIngest
import ShardTestSupport
import Testing

@Suite struct ArrayHeaderTests {
  private static let plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"

  @Test(
    "the dictionary may be written in every way that means the same",
    arguments: [
      plain, "{'shape': (3, 2), 'fortran_order': False, 'descr': '<f4'}",
      "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(3,2)}",
      "  { 'descr' : '<f4' ,\n'fortran_order':\tFalse, 'shape': ( 3 , 2 , ) , } \n ",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 2L), }",
    ])
  func spellings(_ dictionary: String) throws {
    for version: UInt8 in 1...3 {
      let header = try ArrayHeaderParser.parse(arrayFile(dictionary, version: version))
      #expect(header.element == ArrayElement(descr: "<f4"))
      #expect(header.shape == [3, 2])
      #expect(!header.isFortran)
      #expect(header.rowBytes == 8)
      #expect(header.dataBytes == 24)
      #expect(header.length % 64 == 0)
    }
  }

  static let damaged: [(dictionary: String, reason: String, offset: Int)] = [
    ("", "the header: expected '{', found the end of the header", 64),
    ("[]", "the header: expected '{', found '['", 10),
    ("{", "the header: expected a text in quotes, found the end of the header", 64),
    ("{}", "the header does not say 'descr'", 64),
    ("{'descr': '<f4'}", "the header does not say 'shape'", 64),
    ("{'descr': '<f4', 'shape': ()}", "the header does not say 'fortran_order'", 64),
    ("{'descr' '<f4'}", "the header: expected ':', found '''", 19),
    ("{'descr': '<f4}", "a text of the header is not closed", 21),
    ("{'descr': f4}", "the header: expected a dtype, found 'f'", 20),
    ("{'descr': [('a', '<f4'}", "the dtype of the header is not closed", 20),
    ("{'descr': '<f4', 'descr': '<f4'}", "the header has an unexpected key 'descr'", 27),
    ("{'descr': '<f4', 'order': 'C'}", "the header has an unexpected key 'order'", 27),
    ("{'descr': '<f4', 'fortran_order': 0}", "the header: expected True or False, found '0'", 44),
    ("{'fortran_order': False 'descr': '<f4'}", "the header: expected '}', found '''", 34),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': [3]}", "the header: expected '(', found '['", 60),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3)}",
      "the header: expected a comma in the shape, found ')'", 62
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3 4)}",
      "the header: expected ',' or ')', found '4'", 63
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", "the header: expected a dimension, found ','",
      61
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}",
      "the header: expected ',' or ')', found '.'", 62
    ),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "the shape has a negative dimension", 61),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
      "a dimension of the shape is beyond 2^63", 61
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      "the shape asks for more than 2^63 bytes", 128
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807)}",
      "the shape asks for more than 2^63 bytes", 128
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 65)))}",
      "the shape has more than 64 dimensions", 189
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} x",
      "the header: expected the end of the header, found 'x'", 66
    ),
  ]

  @Test("damage is named with its byte", arguments: damaged)
  func damage(_ dictionary: String, _ reason: String, _ offset: Int) {
    #expect(throws: ArrayHeaderError.damaged(reason: reason, offset: offset)) {
      try ArrayHeaderParser.parse(arrayFile(dictionary))
    }
  }

  @Test("damage before the dictionary is named with its byte")
  func preamble() {
    func expect(_ bytes: [UInt8], _ reason: String, _ offset: Int) {
      #expect(throws: ArrayHeaderError.damaged(reason: reason, offset: offset)) {
        try ArrayHeaderParser.parse(bytes)
      }
    }
    expect([], "the header is cut short", 0)
    expect([0x93, 0x4E], "the header is cut short", 2)
    expect([0x93, 0x4F], "no array: it does not start with \\x93NUMPY", 1)
    expect(Array("not an array at all".utf8), "no array: it does not start with \\x93NUMPY", 0)
    expect(ArrayHeader.magic + [1], "the header is cut short", 7)
    expect(ArrayHeader.magic + [4, 0, 0, 0], "version 4.0 of the format is unknown", 6)
    expect(ArrayHeader.magic + [1, 1, 0, 0], "version 1.1 of the format is unknown", 6)
    expect(ArrayHeader.magic + [2, 0, 1, 0], "the header is cut short", 10)
    expect(ArrayHeader.magic + [1, 0, 10, 0, 0x7B], "the header is cut short", 11)
    expect(
      ArrayHeader.magic + [2, 0, 255, 255, 255, 255],
      "the header claims 4294967295 bytes, expected at most 65535", 8)
  }

  @Test("every header cut short, and every byte of it changed, is borne")
  func mutations() {
    let file = arrayFile(Self.plain, [UInt8](repeating: 0, count: 24))
    for count in 0..<128 {
      #expect(throws: ArrayHeaderError.self) { try ArrayHeaderParser.parse(Array(file[..<count])) }
    }
    var random = RepeatableRandom(seed: 3)
    for _ in 0..<20_000 {
      var bytes = file
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<80, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let header = try? ArrayHeaderParser.parse(bytes) else { continue }
      #expect(header.rows >= 0 && header.rowElements >= 0 && header.dataBytes >= 0)
      #expect(header.length <= bytes.count)
    }
  }

  @Test(
    "dtypes that are no numbers are named, and objects are a hazard", arguments: ArrayFixture.all.undecoded)
  func undecoded(_ one: ArrayFixture.Undecoded) throws {
    let reading = try ArrayReading.of(one.data)
    #expect(reading.rows == [:])
    #expect(reading.said.count == 1)
    let said = try #require(reading.said.first)
    #expect(said.contains(one.dtype), "\(said)")
    #expect(said.hasSuffix("is not decoded"))
    #expect(said.hasPrefix("hazard") == (one.name == "objects"))
  }

  @Test("the field of a member is its name in a .npz, and what follows its key in other archives")
  func fields() {
    let cases: [(String?, Bool, String?)] = [
      (nil, false, nil), ("x.npy", true, "x"), ("a.b.npy", true, "a.b"), ("x.npy", false, nil),
      ("train/000017.features.npy", false, "features"), ("000017.features.npy.gz", false, "features"),
      ("0.a.b.npy", false, "a.b"), ("x.NPY", true, "x"), ("x", true, nil),
    ]
    for (name, isNamed, field) in cases {
      #expect(ArrayLayout.field(ofMember: name, isNamed: isNamed) == field, "\(name ?? "-")")
    }
  }
}
