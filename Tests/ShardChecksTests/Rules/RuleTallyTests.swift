import ShardModel
import ShardRules
import Testing

@testable import ShardChecks

struct RuleTallyTests {
  @Test("A rule that was never applied holds, and so does one that nothing broke")
  func untouched() {
    #expect(RuleTally().holds(mostly: 1))
    #expect(RuleTally(checked: 7).holds(mostly: 1))
    #expect(!RuleTally(checked: 7, broken: 7).holds(mostly: 0.001))
  }

  @Test("Counts that a damaged state could hold do not trap")
  func hostile() {
    #expect(!RuleTally(checked: 0, broken: 1).holds(mostly: 0.5))
    #expect(!RuleTally(checked: 3, broken: UInt64.max).holds(mostly: 0.5))
    #expect(RuleTally(checked: UInt64.max, broken: 1).holds(mostly: 0.99))
  }

  @Test("Tallies come back from their bytes")
  func coding() throws {
    let tallies = [
      "range a b": RuleTally(checked: 9, broken: 2), "record 0": RuleTally(checked: 1, broken: 1),
      "type $[\"\"]": RuleTally(),
    ]
    var writer = ByteWriter()
    RuleTally.encode(tallies, into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try RuleTally.decode(&reader) == tallies)
    for length in 0..<writer.bytes.count {
      var cut = ByteReader(Array(writer.bytes.prefix(length)))
      #expect(throws: DecodingFailure.self) { _ = try RuleTally.decode(&cut) }
    }
  }

  @Test("A key names its facet and its field, whatever the field is called")
  func keys() throws {
    for facet in RuleFacet.allCases {
      for path in ["a", "a b", "", " ", "$", "$[\"range x\"]", "record 0"] {
        let parsed = try #require(RuleFacet.parse(facet.key(path)))
        #expect(parsed.facet == facet)
        #expect(parsed.path == path)
      }
    }
    #expect(RuleFacet.parse("record 0") == nil)
    #expect(RuleFacet.parse("range") == nil)
  }
}

struct RequiredFieldTests {
  private static let cases: [(path: String, owner: String?, inOther: String)] = [
    ("a", "$", "a"), ("a.b", "a", "o.b"), ("a[].b", "a[]", "o.b"), ("a[][].b.c", "a[][].b", "o.c"),
    ("$[\"a.b\"]", "$", "$[\"a.b\"]"), ("m[\"x.y\"]", "m", "o[\"x.y\"]"),
    ("m[\"x.y\"].z", "m[\"x.y\"]", "o.z"),
    ("m[\"a\\\"].b\"].c", "m[\"a\\\"].b\"]", "o.c"), ("$[\"\"].a", "$[\"\"]", "o.a"),
    ("$[\"a[]\"]", "$", "$[\"a[]\"]"), ("é.ü", "é", "o.ü"), ("$[\"[]\"][].x", "$[\"[]\"][]", "o.x"),
    ("a[]", nil, ""),
    ("a[][]", nil, ""), ("$", nil, ""), ("", nil, ""), ("$[\"a\\\\\"].b", "$[\"a\\\\\"]", "o.b"),
  ]

  @Test("The object that must have a field is told from its path", arguments: cases)
  func owners(_ path: String, _ owner: String?, _ inOther: String) {
    let field = RequiredField(path)
    #expect(field?.owner == owner.map { FieldName($0) })
    if let field { #expect(field.path(in: "o") == inOther) }
  }

  @Test(
    "Paths as fields spell them come apart again",
    arguments: [
      "a", "a.b", "", "$", "x\"y", "[]", "a\\", "\"]", "\\\"", "é", "a[\"b\"]",
    ])
  func spelled(_ name: String) {
    let root = Field.root
    let outer = Field(member: name, of: root, at: 0)
    let inner = Field(member: name, of: outer, at: 1)
    let element = Field(elementsOf: inner, at: 2)
    let last = Field(member: "z.\(name)", of: element, at: 3)
    #expect(RequiredField(outer.path)?.owner == FieldName(root.path))
    #expect(RequiredField(inner.path)?.owner == FieldName(outer.path))
    #expect(RequiredField(element.path) == nil)
    #expect(RequiredField(last.path)?.owner == FieldName(element.path))
  }

  @Test("Names are their bytes")
  func bytes() {
    #expect("e\u{301}" == "\u{E9}")
    #expect(FieldName("e\u{301}") != FieldName("\u{E9}"))
  }
}

struct OrderTrackerTests {
  private static func edge(_ key: String, _ first: Double, _ last: Double) -> OrderEdge {
    OrderEdge(
      key: key, order: .increasing, first: first, last: last, entry: LocatedObservations(location: Location())
    )
  }

  @Test("Chunks are held against the last one that had the field, within a member")
  func follows() {
    var tracker = OrderTracker()
    func broken(_ edges: [OrderEdge], _ member: UInt64 = 0) -> [String] {
      tracker.take(edges, memberOrdinal: member).map(\.key)
    }
    #expect(broken([Self.edge("a", 1, 5), Self.edge("b", 9, 9)]) == [])
    #expect(broken([Self.edge("a", 5, 6)]) == [])
    #expect(broken([]) == [])
    #expect(broken([Self.edge("a", 5.5, 7), Self.edge("b", 8, 8)]) == ["a", "b"])
    #expect(broken([Self.edge("a", 6, 6)], 1) == [])
    #expect(broken([Self.edge("a", 5, 6)], 1) == ["a"])
  }

  @Test("What may follow what")
  func allows() {
    for (order, up, same, down) in [
      (.increasing, true, true, false), (.decreasing, false, true, true),
      (.strictlyIncreasing, true, false, false),
      (.strictlyDecreasing, false, false, true),
    ] as [(FieldRule.Order, Bool, Bool, Bool)] {
      #expect(OrderEdge.allows(order, 1, then: 2) == up)
      #expect(OrderEdge.allows(order, 2, then: 2) == same)
      #expect(OrderEdge.allows(order, 2, then: 1) == down)
    }
  }
}
