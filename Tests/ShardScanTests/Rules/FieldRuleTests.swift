import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Every key of a field rule: what keeps it and what breaks it.
struct FieldRuleTests {
  @Test("Types", arguments: types)
  func judgeTypes(_ ruled: RuledCase) throws { try ruled.run() }

  static let everything = ["1", "1.5", "\"x\"", "true", "false", "{\"b\": 1}", "[1]", "null"]
  static let types: [RuledCase] = [
    RuledCase("type: number", everything, (2...6).map { "\($0) field-type a" }),
    RuledCase("type: integer", everything, (1...6).map { "\($0) field-type a" }),
    RuledCase("type: integer", ["1.0", "1e2", "-0.0", "12345678901234567890", "0.5"], ["4 field-type a"]),
    RuledCase("type: text", everything, [0, 1, 3, 4, 5, 6].map { "\($0) field-type a" }),
    RuledCase("type: boolean", everything, [0, 1, 2, 5, 6].map { "\($0) field-type a" }),
    RuledCase("type: object", everything, [0, 1, 2, 3, 4, 6].map { "\($0) field-type a" }),
    RuledCase("type: list", everything, [0, 1, 2, 3, 4, 5].map { "\($0) field-type a" }),
    RuledCase("type: [integer, text]", everything, [1, 3, 4, 5, 6].map { "\($0) field-type a" }),
    RuledCase("type: [integer, number]", everything, (2...6).map { "\($0) field-type a" }),
    RuledCase(
      "type: [object, list, boolean]", everything, [0, 1, 2].map { "\($0) field-type a" }),
    RuledCase(
      rules: "fields: {'a[]': {type: number}}", ["{\"a\": [1, \"x\", 2, null, [3]]}"],
      ["0 field-type a[1]", "0 field-type a[4]"]),
    RuledCase(
      rules: "fields: {'a[].b': {type: text}}", ["{\"a\": [{\"b\": \"x\"}, {\"b\": 1}, {\"c\": 1}]}"],
      ["0 field-type a[1].b"]),
    .table("type: number", ["1", "x", "", "1e3", "nan"], ["1 field-type a", "4 number-nan a"]),
    .table("type: integer", ["1", "1.5", "x"], ["1 field-type a", "2 field-type a"]),
    // A cell has no type: what reads as a number is a text as well.
    .table("type: text", ["x", "12", "1.5", ""]),
    .table("type: boolean", ["true", "False", "TRUE", "yes", "1"], ["3 field-type a", "4 field-type a"]),
  ]

  @Test("Fields that must be there", arguments: required)
  func judgeRequired(_ ruled: RuledCase) throws { try ruled.run() }

  static let required: [RuledCase] = [
    RuledCase(
      rules: "fields: {a: {required: true}}", ["{\"a\": null}", "{\"b\": 1}", "{\"c\": 1}"],
      ["1 field-missing a", "2 field-missing a"]),
    RuledCase(
      rules: "fields: {never: {required: true}}", ["{\"b\": 1}", "{\"c\": 1}"],
      ["0 field-missing never", "1 field-missing never"]),
    RuledCase(
      rules: "fields: {m.a: {required: true}}", ["{\"m\": {\"a\": 1}}", "{\"m\": {\"b\": 1}}", "{\"b\": 1}"],
      ["1 field-missing m.a"]),
    RuledCase(
      rules: "fields: {m.never: {required: true}}", ["{\"m\": {\"b\": 1}}", "{\"b\": 1}"],
      ["0 field-missing m.never"]),
    RuledCase(
      rules: "fields: {'l[].a': {required: true}}", ["{\"l\": [{\"a\": 1}, {\"b\": 1}, 3]}", "{\"l\": []}"],
      ["0 field-missing l[1].a"]),
    RuledCase(
      rules: "fields: {'l[].never': {required: true}}", ["{\"l\": [{\"a\": 1}, {\"b\": 1}]}"],
      ["0 field-missing l[0].never", "0 field-missing l[1].never"]),
    RuledCase(
      rules: "fields: {'$[\"a.b\"]': {required: true}}", ["{\"b\": 1}", "{\"a.b\": 1}"],
      ["0 field-missing $[\"a.b\"]"]),
    RuledCase(
      rules: "fields: {'m[\"x.y\"]': {required: true}}", ["{\"m\": {}}", "{\"m\": {\"x\": {\"y\": 2}}}"],
      ["0 field-missing m[\"x.y\"]", "1 field-missing m[\"x.y\"]"]),
    RuledCase(
      rules: "fields: {'m[\"a\\\"].b\"].c': {required: true}}",
      ["{\"m\": {\"a\\\"].b\": {\"d\": 1}}}"],
      ["0 field-missing m[\"a\\\"].b\"].c"]),
    RuledCase(
      rules: "fields: {'x*': {required: true}}", ["{\"x1\": 1, \"x2\": 1}", "{\"x1\": 1}", "{\"y\": 1}"],
      ["1 field-missing x2", "2 field-missing x1", "2 field-missing x2"]),
    // The last word counts.
    RuledCase(
      rules: "fields: {a: {required: true}, '*': {required: false}}", ["{\"b\": 1}", "{\"a\": 1}"]),
    RuledCase(
      rules: "fields: {'*': {required: false}, a: {required: true}}", ["{\"b\": 1}", "{\"a\": 1}"],
      ["0 field-missing a"]),
    .table("required: true", ["1", "", "x"]),
    RuledCase.missingColumn,
  ]

  @Test("Null", arguments: nullable)
  func judgeNullable(_ ruled: RuledCase) throws { try ruled.run() }

  static let nullable: [RuledCase] = [
    RuledCase("nullable: false", ["1", "null", "\"null\""], ["1 field-null a"]),
    RuledCase("nullable: true", ["1", "null"]),
    RuledCase(
      rules: "fields: {'a[]': {nullable: false}}", ["{\"a\": [1, null]}", "{\"a\": null}"],
      ["0 field-null a[1]"]),
    .table("nullable: false", ["1", "", "x"], ["1 field-null a"]),
  ]

  @Test("Lengths of texts and lists", arguments: lengths)
  func judgeLengths(_ ruled: RuledCase) throws { try ruled.run() }

  static let lengths: [RuledCase] = [
    RuledCase(
      "length: [1, 3]", ["\"\"", "\"é\"", "\"\\u00e9\\n\\\"\"", "\"😀😀😀\"", "\"\\ud83d\\ude00abc\"", "12345"],
      ["0 text-length a", "4 text-length a"]),
    RuledCase("length: 2", ["\"ab\"", "\"abc\"", "[1, 2]", "[1]"], ["1 text-length a", "3 list-length a"]),
    RuledCase(
      "length: {min: 2}", ["\"a\"", "[1, 2, 3, 4, 5]", "[]"], ["0 text-length a", "2 list-length a"]),
    RuledCase("length: [null, 1]", ["\"\"", "\"ab\"", "[]"], ["1 text-length a"]),
    // The value must not be taken for the words about a list.
    RuledCase("length: 1", ["\"3 elements\""], ["0 text-length a"]),
    RuledCase(
      rules: "fields: {'a[]': {length: 2}}", ["{\"a\": [\"ab\", \"c\", [1, 2], [1], 7]}"],
      ["0 list-length a[3]", "0 text-length a[1]"]),
    .table(
      "length: [2, 3]", ["ab", "\"a\"\"b\"", "abcd", "é", "12345", "\"a,b,c\""],
      ["2 text-length a", "3 text-length a", "4 text-length a", "5 text-length a"]),
  ]

  @Test("Allowed values and patterns", arguments: allowed)
  func judgeAllowed(_ ruled: RuledCase) throws { try ruled.run() }

  static let allowed: [RuledCase] = [
    RuledCase(
      "enum: [cat, 'dög', \"a\\nb\", '']",
      ["\"cat\"", "\"d\\u00f6g\"", "\"a\\nb\"", "\"\"", "\"Cat\"", "\"cat \"", "1", "true", "null"],
      (4...7).map { "\($0) field-value a" }),
    RuledCase(
      "enum: [1, 2.5, -100, 0]", ["1", "1.0", "25e-1", "-100", "-0.0", "3", "\"1\"", "NaN"],
      ["5 field-value a", "6 field-value a", "7 field-value a", "7 number-nan a"]),
    RuledCase(
      "enum: [true, 1]", ["true", "false", "1", "\"true\""], ["1 field-value a", "3 field-value a"]),
    RuledCase(
      rules: "fields: {'a[]': {enum: [-100, 1, 2]}}", ["{\"a\": [1, 2, -100, 3]}", "{\"a\": []}"],
      ["0 field-value a[3]"]),
    .table(
      "enum: [yes it is, '2', 3]", ["yes it is", "2", "3", "4", "\"yes\"\" it is\"", ""],
      ["3 field-value a", "4 field-value a"]),
    .table("enum: [true]", ["true", "True", "false"], ["2 field-value a"]),
    RuledCase(
      "pattern: '^[a-zé]+\\.png$'",
      ["\"a.png\"", "\"\\u00e9.png\"", "\"a.jpg\"", "\"x/a.png\"", "\"a\\u002epng\"", "5"],
      ["2 field-value a", "3 field-value a"]),
    // Given up at a limit: what is not known to match does not.
    RuledCase(
      "pattern: '^(a+)+$'", ["\"aaaa\"", "\"\(String(repeating: "a", count: 40))b\""], ["1 field-value a"]),
    .table(
      "pattern: '^[0-9]{5}$'", ["12345", "01234", "1234", "1e12"], ["2 field-value a", "3 field-value a"]),
  ]

  @Test("A field that no rule names is not looked at, and wildcards name many", arguments: globs)
  func judgeGlobs(_ ruled: RuledCase) throws { try ruled.run() }

  static let globs: [RuledCase] = [
    RuledCase(rules: "fields: {b: {range: [0, 1]}}", ["{\"a\": 5, \"ab\": 5, \"b2\": 5, \"m\": {\"b\": 5}}"]),
    RuledCase(
      rules: "fields: {'*.b': {range: [0, 1]}}",
      ["{\"b\": 5, \"m\": {\"b\": 5}, \"n\": {\"o\": {\"b\": 0}}}"],
      ["0 number-range m.b"]),
    RuledCase(
      rules: "fields: {'f?': {range: [0, 1], integer: true}, f2: {range: [0, 9]}}",
      ["{\"f1\": 5, \"f2\": 5, \"f3\": 0.5, \"f\": 5}"], ["0 number-range f1", "0 number-range f3"]),
  ]
}

extension RuledCase {
  /// A table without the column.
  fileprivate static let missingColumn: RuledCase = {
    var ruled = RuledCase.table("required: true", ["1", "2"], ["0 field-missing a", "1 field-missing a"])
    ruled.text = ruled.text.replacing("a,other", with: "b,other")
    return ruled
  }()
}
