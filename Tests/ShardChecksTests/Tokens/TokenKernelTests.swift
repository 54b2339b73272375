import CKernels
import ShardTestSupport
import Testing

struct TokenKernelTests {
  /// Rows with ignored labels, equal and other ids, NaN, at each alignment and length.
  private static func atEachPlace(_ body: (UnsafePointer<Double>, UnsafePointer<Double>, Int) -> Void) {
    var random = RepeatableRandom(seed: 5)
    let values: [Double] = [-100, -100, 0, 1, 2, 7, .nan, -1, 0.5]
    let size = 80
    let ids = UnsafeMutablePointer<Double>.allocate(capacity: size)
    let labels = UnsafeMutablePointer<Double>.allocate(capacity: size)
    defer {
      ids.deallocate()
      labels.deallocate()
    }
    for round in 0..<20 {
      for index in 0..<size {
        (ids + index).initialize(to: values[Int.random(in: 0..<values.count, using: &random)])
        let isOther = Int.random(in: 0..<4, using: &random) == 0
        let isIgnored = round > 10 && index < 60
        let label =
          isIgnored ? -100 : isOther ? values[Int.random(in: 0..<values.count, using: &random)] : ids[index]
        (labels + index).initialize(to: label)
      }
      for start in 0..<4 { for length in 0...(size - 4) { body(ids + start, labels + start, length) } }
    }
  }

  @Test("Counts of labels are those of the plain twin, with ids and without")
  func labels() {
    Self.atEachPlace { ids, labels, count in
      for ids in [ids, nil] {
        let fast = ck_count_labels(ids, labels, count, -100)
        let plain = ck_count_labels_reference(ids, labels, count, -100)
        #expect(fast.labelled == plain.labelled && fast.differing == plain.differing, "length \(count)")
      }
    }
  }

  @Test("The first label is the first that is not ignored")
  func first() {
    Self.atEachPlace { _, labels, count in
      for start in [0, 1, count / 2] where start <= count {
        let plain = (start..<count).first { labels[$0] != -100 } ?? count
        #expect(ck_first_label(labels, start, count, -100) == plain, "length \(count)")
      }
    }
  }

  @Test("The least and the greatest label are those of the plain twin")
  func limits() {
    Self.atEachPlace { ids, labels, count in
      for values in [ids, labels] {
        let fast = ck_limit_labels(values, count, -100)
        let plain = ck_limit_labels_reference(values, count, -100)
        #expect(fast.least == plain.least && fast.greatest == plain.greatest, "length \(count)")
      }
    }
  }

  @Test("Counts of masks are those of the plain twin")
  func masks() {
    Self.atEachPlace { mask, _, count in
      let fast = ck_count_mask(mask, count)
      let plain = ck_count_mask_reference(mask, count)
      #expect(
        fast.ones == plain.ones && fast.changes == plain.changes && fast.odd == plain.odd, "length \(count)")
    }
  }
}
