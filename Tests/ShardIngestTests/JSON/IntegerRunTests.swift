import CKernels
import ShardIngest
import ShardTestSupport
import Testing

@Suite struct IntegerRunTests {
  private static let powersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

  struct Run: Equatable {
    var values: [UInt64] = []
    /// How far it came, from its start.
    var length = 0
    var isClosed = false
  }

  private static func run(
    _ bytes: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, isWide: Bool, capacity: Int = 512
  ) -> Run {
    var numbers = [Double](repeating: 7, count: capacity + 1)
    let run =
      isWide
      ? ck_parse_integers(bytes, end, &numbers, capacity)
      : ck_parse_integers_baseline(bytes, end, &numbers, capacity)
    #expect(numbers[capacity] == 7, "written behind the end")
    return Run(
      values: numbers[..<run.count].map(\.bitPattern), length: run.next - bytes, isClosed: run.is_closed != 0)
  }

  /// One element at a time, as the comment at the kernel says.
  private static func plain(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Run {
    var run = Run()
    var start = 0
    while true {
      var stop = start
      while stop < count, bytes[stop] != UInt8(ascii: ","), bytes[stop] != UInt8(ascii: "]") { stop += 1 }
      guard stop < count else { return run }
      var digits = Array(UnsafeBufferPointer(start: bytes + start, count: stop - start))
      if digits.first == UInt8(ascii: " ") { digits.removeFirst() }
      let isNegative = digits.first == UInt8(ascii: "-")
      if isNegative { digits.removeFirst() }
      guard (1...8).contains(digits.count), digits.allSatisfy({ $0 >= 48 && $0 <= 57 }),
        digits.count == 1 || digits[0] != 48, let magnitude = Double(String(decoding: digits, as: UTF8.self))
      else { return run }
      run.values.append((isNegative ? -magnitude : magnitude).bitPattern)
      start = stop + 1
      run.length = start
      if bytes[stop] == UInt8(ascii: "]") {
        run.isClosed = true
        return run
      }
    }
  }

  @Test("runs of integers are those of the plain twin at each length and alignment")
  func twins() {
    var random = RepeatableRandom(seed: 30_522)
    let odd = [
      "", " ", "  1", "1 ", "-", "--1", "+1", "01", "-0", "00", "123456789", "-123456789", "1234567a", "1.5",
      "1e5",
      "[1", "\"1\"", "null", "\n1", "\t1", "-00", "- 1", "１", "12345678901234567890",
    ]
    for count in 0...140 {
      for style in 0..<12 {
        var elements = (0..<count).map { _ in
          let digits = style < 3 ? 5 : Int.random(in: 1...8, using: &random)
          let value = Int.random(in: 0..<Self.powersOfTen[digits], using: &random)
          return (style % 3 == 1 ? " " : "") + (style > 5 && value % 3 == 0 ? "-" : "") + String(value)
        }
        if style % 4 == 3, count > 0 {
          elements[Int.random(in: 0..<count, using: &random)] = odd.randomElement(using: &random) ?? ""
        }
        let text = elements.joined(separator: ",") + (style % 5 == 4 ? "" : "]") + (style == 7 ? ",1,2]" : "")
        for alignment in [0, 1, 7, 8, 31, 32, 33, 63] {
          let prefix = String(repeating: "9", count: alignment)
          let padded = PaddedBytes(Array((prefix + text).utf8))
          let start = padded.base + alignment
          let end = padded.base + padded.count
          let plain = Self.plain(start, end - start)
          for isWide in [true, false] {
            let fast = Self.run(start, end, isWide: isWide)
            guard fast == plain else {
              Issue.record("\(text), alignment \(alignment), wide \(isWide): \(fast), not \(plain)")
              return
            }
          }
        }
      }
    }
  }

  @Test(
    "no more numbers are written than there is room for, and the rest can be taken later", arguments: 33...100
  )
  func capacity(_ capacity: Int) {
    let text = (0..<300).map { String($0 % 10) }.joined(separator: ",") + "]"
    let padded = PaddedBytes(Array(text.utf8))
    for isWide in [true, false] {
      var start = padded.base
      var values: [UInt64] = []
      while true {
        let run = Self.run(start, padded.base + padded.count, isWide: isWide, capacity: capacity)
        #expect(run.values.count <= capacity)
        values += run.values
        start += run.length
        if run.isClosed || run.values.isEmpty { break }
      }
      #expect(values == (0..<300).map { Double($0 % 10).bitPattern })
      #expect(start == padded.base + padded.count)
    }
  }

  @Test(
    "a list of any length and spacing has the numbers that were written",
    arguments: [",", ", ", " ,", " , ", ",\n"])
  func lists(_ separator: String) {
    for count in [0, 1, 2, 31, 32, 33, 34, 63, 64, 65, 127, 128, 129, 500, 5_000] {
      let numbers = (0..<count).map { $0 * 7_919 % 100_000 }
      let text = "{\"a\":[" + numbers.map(String.init).joined(separator: separator) + "],\"b\":1}"
      let parsed = JSONReader(layout: .values).readAll(text)
      #expect(parsed.errors == [] && parsed.kinds == [])
      #expect(parsed.values.filter { $0.ordinal >= 0 }.map(\.bits) == numbers.map { Double($0).bitPattern })
      #expect(parsed.integers["a[]"] ?? 0 == count)
    }
  }
}
