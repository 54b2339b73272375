import Foundation
import ShardIngest
import ShardModel
import Testing

/// The parsing cases of https://github.com/nst/JSONTestSuite, read as data of one document.
@Suite struct JSONTestSuiteTests {
  private static let folder = Bundle.module.resourceURL?.appending(path: "Fixtures/json/json-test-suite")

  private static func names(_ prefix: String) -> [String] {
    let all = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
    return all.filter { $0.hasPrefix(prefix) }.sorted()
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: try #require(Self.folder).appending(path: name)))
  }

  /// What is well-formed and still worth a word.
  static let remarks: [String: [Defect.Kind]] = [
    "y_array_empty.json": [.empty],
    "y_object_duplicated_key.json": [.duplicateName],
    "y_object_duplicated_key_and_value.json": [.duplicateName],
    "y_object_empty.json": [.empty],
    "y_structure_lonely_null.json": [.empty],
    "y_structure_whitespace_array.json": [.empty],
  ]

  @Test("all that must be accepted is accepted")
  func accepted() throws {
    let names = Self.names("y_")
    #expect(names.count == 95)
    for name in names {
      let bytes = try bytes(name)
      let parsed = JSONReader(layout: .values).readAll(bytes)
      #expect(parsed.records.count == 1 && parsed.kinds == Self.remarks[name] ?? [], "\(name): \(parsed)")
      #expect(JSONReader(layout: .values).read(bytes, steps: [1]) == parsed, "\(name)")
      // A list is the record here, and an element of an array there.
      let element = JSONReader(layout: .array).readAll(Array("[".utf8) + bytes + Array("]".utf8))
      #expect(element.records.count == 1 && element.kinds == parsed.kinds, "\(name): \(element)")
    }
  }

  /// Wrong by RFC 8259 only because they hold NaN or an infinity.
  static let extensions: Set<String> = [
    "n_number_+Inf.json", "n_number_-NaN.json", "n_number_Inf.json", "n_number_NaN.json",
    "n_number_infinity.json", "n_number_minus_infinity.json",
  ]

  /// Two good values one after the other, which is how some data sets are written.
  static let several: Set<String> = ["n_structure_object_with_trailing_garbage.json"]

  /// No record at all.
  static let nothing: Set<String> = [
    "n_single_space.json", "n_structure_no_data.json", "n_structure_UTF8_BOM_no_data.json",
  ]

  @Test("all that must be refused is refused, save the named spellings of NaN and the infinities")
  func refused() throws {
    let names = Self.names("n_")
    #expect(names.count == 188)
    var accepted: Set<String> = []
    var empty: Set<String> = []
    for name in names {
      let bytes = try bytes(name)
      let parsed = JSONReader(layout: .values).readAll(bytes)
      #expect(JSONReader(layout: .values).read(bytes, steps: [1]) == parsed, "\(name)")
      #expect(parsed.errors.isEmpty, "\(name): \(parsed.errors)")
      if parsed.records.isEmpty { empty.insert(name) }
      let refusals: [Defect.Kind] = [.malformed, .truncated, .invalidEncoding, .empty]
      if !parsed.records.isEmpty, !parsed.kinds.contains(where: { refusals.contains($0) }) {
        accepted.insert(name)
      }
    }
    #expect(accepted == Self.extensions.union(Self.several))
    #expect(empty == Self.nothing)
  }

  /// Where nothing else is said, a text is read and reported for its encoding.
  static let open: [String: [Defect.Kind]] = [
    // Numbers are read to the nearest double and marked.
    "i_number_double_huge_neg_exp.json": [], "i_number_huge_exp.json": [],
    "i_number_neg_int_huge_exp.json": [], "i_number_pos_double_huge_exp.json": [],
    "i_number_real_neg_overflow.json": [], "i_number_real_pos_overflow.json": [],
    "i_number_real_underflow.json": [], "i_number_too_big_neg_int.json": [],
    "i_number_too_big_pos_int.json": [], "i_number_very_big_negative_int.json": [],
    // UTF-16 is not read.
    "i_string_UTF-16LE_with_BOM.json": [.malformed, .malformed, .malformed],
    "i_string_utf16BE_no_BOM.json": [.malformed, .malformed],
    "i_string_utf16LE_no_BOM.json": [.malformed, .malformed],
    "i_structure_500_nested_arrays.json": [],
    "i_structure_UTF-8_BOM_empty_object.json": [.invalidEncoding, .empty],
  ]

  @Test("what the standard leaves open is read as stated")
  func leftOpen() throws {
    let names = Self.names("i_")
    #expect(names.count == 35)
    for name in names {
      let bytes = try bytes(name)
      let parsed = JSONReader(layout: .values).readAll(bytes)
      #expect(JSONReader(layout: .values).read(bytes, steps: [1]) == parsed, "\(name)")
      #expect(parsed.kinds == Self.open[name] ?? [.invalidEncoding], "\(name)")
    }
  }

  @Test("a hundred thousand opening brackets are one bad record", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func deepNesting(_ opening: String) {
    let bytes = Array(String(repeating: opening, count: 100_000).utf8)
    for layout in [JSONReader.Layout.lines, .array, .values] {
      let parsed = JSONReader(layout: layout).readAll(bytes)
      #expect(parsed.kinds.first == .malformed && parsed.values.isEmpty, "\(layout)")
      #expect(parsed.details.first == "nested deeper than 512 levels")
    }
  }
}
