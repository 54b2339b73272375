import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// What field rules demand of numbers and vectors.
struct NumberRuleTests {
  @Test("Ranges and whole numbers", arguments: ranges)
  func judgeRanges(_ ruled: RuledCase) throws { try ruled.run() }

  static let numbers = ["-1", "0", "0.5", "1", "1.5", "1e300", "NaN", "Infinity", "\"7\"", "null"]
  /// 1e300 does not fit the usual training type; what is not finite is no matter of ranges.
  static let overflow = ["5 number-overflow a", "6 number-nan a", "7 number-infinite a"]
  static let huge = ["5 number-overflow a", "5 number-range a", "6 number-nan a", "7 number-infinite a"]

  static func beyond(_ records: [Int]) -> [String] {
    records.map { "\($0) number-range a" }
  }

  static let ranges: [RuledCase] = [
    RuledCase("range: [0, 1]", numbers, beyond([0, 4]) + huge),
    RuledCase("range: [null, 0]", numbers, beyond([2, 3, 4]) + huge),
    RuledCase("range: [0.5, null]", numbers, beyond([0, 1]) + overflow),
    RuledCase("range: {exclusive_min: 0, max: 1}", numbers, beyond([0, 1, 4]) + huge),
    RuledCase("range: {min: 0, exclusive_max: 1}", numbers, beyond([0, 3, 4]) + huge),
    RuledCase("range: {exclusive_min: -1, exclusive_max: null}", numbers, beyond([0]) + overflow),
    RuledCase(
      rules: "fields: {a: {range: [0, 1]}}", ["{\"a\": [0, 2, [3], {\"b\": 4}]}", "{\"a\": 9}"],
      ["0 number-range a[1]", "0 number-range a[2][0]", "1 number-range a"]),
    RuledCase(
      rules: "fields: {a: {range: [0, 1]}, 'a[]': {range: [0, 5]}}", ["{\"a\": [0, 2, 6]}"],
      ["0 number-range a[2]"]),
    RuledCase(
      "integer: true", ["1", "1.0", "1.5", "1e400", "-0.25"],
      ["2 number-range a", "3 number-overflow a", "4 number-range a"]),
    RuledCase(rules: "fields: {a: {integer: true}}", ["{\"a\": [1, 2, 3.5, 4]}"], ["0 number-range a[2]"]),
    RuledCase("integer: false", ["1.5", "2"]),
    .table("range: [0, 1]", ["0", "2", "x", "", "1e0"], ["1 number-range a"]),
  ]

  @Test("Formats", arguments: formats)
  func judgeFormats(_ ruled: RuledCase) throws { try ruled.run() }

  static let formats: [RuledCase] = [
    RuledCase(
      "dtype: fp16", ["65504", "65519.9", "65520", "-7e4", "1e39"],
      [2, 3, 4].map { "\($0) number-overflow a" }),
    RuledCase("dtype: bf16", ["3.39e38", "3.4e38"], ["1 number-overflow a"]),
    RuledCase("dtype: fp32", ["3.4e38", "3.41e38"], ["1 number-overflow a"]),
    RuledCase(rules: "fields: {a: {dtype: fp16}}", ["{\"a\": [1, 7e4]}"], ["0 number-overflow a[1]"]),
    // What is said of the field stands over what is said of all.
    RuledCase(
      rules: "fields: {a: {dtype: fp32}}\nchecks: {number-overflow: {dtype: fp16}}",
      ["{\"a\": 70000, \"b\": 70000}"], ["0 number-overflow b"]),
  ]

  @Test("Scales", arguments: scales)
  func judgeScales(_ ruled: RuledCase) throws { try ruled.run() }

  static let scales: [RuledCase] = [
    RuledCase(
      "scale: zero-one", ["0", "1", "-0.01", "1.01"],
      ["2 normalization-field a", "3 normalization-field a"]),
    RuledCase(
      "scale: minus-one-one", ["-1", "1", "-1.01", "2"],
      ["2 normalization-field a", "3 normalization-field a"]),
    RuledCase(
      "scale: byte", ["0", "255", "256", "-1", "0.5", "300.5"],
      [2, 3, 4, 5].map { "\($0) normalization-field a" }),
    RuledCase(
      rules: "fields: {a: {scale: zero-one}}", ["{\"a\": [0, 2, 1]}"], ["0 normalization-field a[1]"]),
    RuledCase("scale: standardized", ["-1", "0", "1"]),
    RuledCase("scale: standardized", ["9", "10", "11"], ["- normalization-field a"]),
    RuledCase("scale: {mean: 10}", ["9", "10", "11"]),
    RuledCase("scale: {mean: 10.1, tolerance: 0.09}", ["9", "10", "11"], ["- normalization-field a"]),
    RuledCase("scale: {mean: 10.1, stddev: 1, tolerance: 0.11}", ["9", "10", "11"]),
    RuledCase("scale: {stddev: 1}", ["9", "10", "11"]),
    RuledCase("scale: {stddev: 2, tolerance: 0.4}", ["9", "10", "11"], ["- normalization-field a"]),
    RuledCase("scale: {stddev: 2, tolerance: 0.5}", ["9", "10", "11"]),
    RuledCase(
      "scale: unit-norm", ["[0.6, 0.8]", "[1]", "[0, 0, 1]", "[0.5, 0.5]", "[0, 0]", "[]", "[1, null]", "7"],
      ["3 normalization-vector a", "4 normalization-vector a"]),
    RuledCase(
      rules: "fields: {a: {scale: unit-norm}}", ["{\"a\": [[0.6, 0.8], [0.6, 0.6]]}"],
      ["0 normalization-vector a[1]"]),
    RuledCase(
      rules: "fields: {'m.a[]': {scale: unit-norm}}", ["{\"m\": {\"a\": [3, 4]}}"],
      ["0 normalization-vector m.a"]),
    .table("scale: byte", ["0", "256", "1.5", "x"], ["1 normalization-field a", "2 normalization-field a"]),
  ]

  @Test("Order", arguments: orders)
  func judgeOrders(_ ruled: RuledCase) throws { try ruled.run() }

  static let steps = ["1", "2", "2", "NaN", "null", "\"0\"", "1", "3"]

  static func unordered(_ records: [Int]) -> [String] { records.map { "\($0) field-order a" } }

  static let orders: [RuledCase] = [
    RuledCase("monotonic: increasing", steps, ["3 number-nan a", "6 field-order a"]),
    RuledCase(
      "monotonic: strictly-increasing", steps, ["2 field-order a", "3 number-nan a", "6 field-order a"]),
    RuledCase("monotonic: decreasing", steps, ["1 field-order a", "3 number-nan a", "7 field-order a"]),
    RuledCase(
      "monotonic: strictly-decreasing", steps,
      ["1 field-order a", "2 field-order a", "3 number-nan a", "7 field-order a"]),
    // Elements of lists are not compared, and neither are the numbers in them.
    RuledCase(
      rules: "fields: {a: {monotonic: increasing}, 'b[]': {monotonic: increasing}}",
      ["{\"a\": [3, 1], \"b\": [2, 1]}", "{\"a\": [0], \"b\": [0]}"]),
    RuledCase(
      rules: "fields: {'m.t': {monotonic: increasing}}", ["{\"m\": {\"t\": 2}}", "{\"m\": {\"t\": 1}}"],
      ["1 field-order m.t"]),
    .table("monotonic: increasing", ["1", "2", "x", "", "1.5"], ["4 field-order a"]),
  ]

  @Test("Boxes", arguments: boxes)
  func judgeBoxes(_ ruled: RuledCase) throws { try ruled.run() }

  static let boxes: [RuledCase] = [
    RuledCase("box: {layout: xyxy}", ["[1, 2, 3, 4]", "[3, 2, 1, 4]", "[1, 2, 3]"], ["1 box-range a"]),
    RuledCase("box: {layout: xywh}", ["[3, 2, 1, 4]", "[3, 2, 0, 4]"], ["1 box-range a"]),
    RuledCase("box: {layout: xyxy, scale: 0-1}", ["[0, 0, 1, 1]", "[0, 0, 1, 1.5]"], ["1 box-range a"]),
    RuledCase(
      "box: {scale: 0-1000}", ["[0, 0, 1, 1000]", "[0, 0, 1, 1001]", "[-1, 0, 1, 1]"],
      ["1 box-range a", "2 box-range a"]),
    RuledCase(
      rules: "fields: {a: {box: {layout: xywh, scale: pixels}}}",
      [
        "{\"width\": 10, \"height\": 8, \"a\": [5, 5, 5, 3]}",
        "{\"width\": 10, \"height\": 8, \"a\": [5, 5, 5, 4]}",
      ], ["1 box-range a"]),
    RuledCase(
      rules: "fields: {a: {box: {layout: xyxy}}}", ["{\"a\": [[1, 2, 3, 4], [3, 4, 1, 2]]}"],
      ["0 box-range a[1]"]),
    RuledCase("box: {layout: xyxy}, mostly: 0.5", ["[1, 2, 3, 4]", "[3, 2, 1, 4]"]),
  ]
}
