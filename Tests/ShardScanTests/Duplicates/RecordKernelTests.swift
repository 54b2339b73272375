import CKernels
import ShardTestSupport
import Testing

/// The kernels of `ck_records.h` against their plain twins.
struct RecordKernelTests {
  @Test("-0.0 is found at every length and place, and nothing else is taken for it")
  func negativeZero() {
    for count in 0..<40 {
      let values: [Double] = (0..<count).map {
        [0.0, 1.0, -1.0, .nan, -.infinity, -Double.leastNonzeroMagnitude, .leastNonzeroMagnitude][$0 % 7]
      }
      #expect(ck_has_negative_zero(values, count) == 0)
      for place in 0..<count {
        var changed = values
        changed[place] = -0.0
        #expect(ck_has_negative_zero(changed, count) == 1, "\(place) of \(count)")
      }
    }
  }

  @Test("Values are added to the records that hold them, whether each has one or not", arguments: 0..<20)
  func sums(_ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    let recordCount = Int.random(in: 1..<60, using: &random)
    var records: [UInt32] = []
    var positions: [UInt32] = []
    var rows: [Int] = []
    var offset: UInt32 = 3
    for row in 0..<recordCount {
      records += [offset, 20]
      let values = seed % 2 == 0 ? 1 : Int.random(in: 0..<3, using: &random)
      for value in 0..<values {
        positions.append(offset + UInt32(value))
        rows.append(row)
      }
      offset += 21
    }
    let low = rows.map { _ in random.next() }
    let high = rows.map { _ in random.next() }
    let key = ck_record_hash(low: random.next(), high: random.next())
    var words = [ck_record_hash](repeating: ck_record_hash(low: 1, high: 2), count: recordCount)
    var pairs = words
    var constants = words
    ck_records_add_words(&words, records, recordCount, positions, 4, low, rows.count, key)
    ck_records_add_pairs(&pairs, records, recordCount, positions, 4, low, high, rows.count, key)
    ck_records_add_constant(&constants, records, recordCount, positions, 4, rows.count, key)
    for row in 0..<recordCount {
      var word = (low: UInt64(1), high: UInt64(2))
      var pair = word
      var constant = word
      for index in rows.indices where rows[index] == row {
        let product = low[index].multipliedFullWidth(by: key.low | 1)
        word.low &+= product.low
        word.high &+= product.high &+ low[index] &* (key.high | 1)
        pair.low &+= low[index] &* (key.low | 1)
        pair.high &+= high[index] &* (key.high | 1)
        constant.low &+= key.low
        constant.high &+= key.high
      }
      #expect(words[row].low == word.low && words[row].high == word.high)
      #expect(pairs[row].low == pair.low && pairs[row].high == pair.high)
      #expect(constants[row].low == constant.low && constants[row].high == constant.high)
    }
  }
}
