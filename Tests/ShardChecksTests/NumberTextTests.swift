import Testing

@testable import ShardChecks

struct NumberTextTests {
  @Test(
    "Texts that Python's float() takes are numbers in quotes",
    arguments: [
      ("0.31", NumberText.Reading.finite), (" 12\n", .finite), ("-1e-5", .finite), ("+.5", .finite),
      ("5.", .finite),
      ("nan", .nan), ("-NaN", .nan), (" NAN ", .nan), ("inf", .infinite), ("-Infinity", .infinite),
      ("1e999", .infinite),
    ])
  func numbers(_ text: String, _ reading: NumberText.Reading) {
    #expect(NumberText.reading(text) == reading)
  }

  @Test(
    "Other texts are not",
    arguments: [
      "", " ", "x", "0x10", "1,5", "n.a. (see log)", "nano", "infinite", "--1", "1e", "e5", "1 2", "12a", "٣",
      "11111111111111111111111111111111111111111111111111111111111111111",
    ])
  func texts(_ text: String) { #expect(NumberText.reading(text) == nil) }

  @Test("Nothing is no number")
  func nothing() { #expect(NumberText.reading(nil) == nil) }

  @Test("A share of less than all is never shown as 100%")
  func percent() {
    #expect(NearlyAll.percent(199_999_999, of: 200_000_000) == "99.99%")
    #expect(NearlyAll.percent(95, of: 100) == "95%")
    #expect(NearlyAll.percent(9_505, of: 10_000) == "95.05%")
    #expect(NearlyAll.percent(7, of: 7) == "100%")
  }
}
