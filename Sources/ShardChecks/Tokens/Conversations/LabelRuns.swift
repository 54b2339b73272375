/// A sequence of tokens as runs: how many, and what their labels are worth.
package struct LabelRuns: Sendable, Equatable {
  package enum Worth: Sendable, Equatable {
    /// -100.
    case ignored
    /// A label on a token of the template that stands in every record.
    case frame
    /// A label on a token of an answer, its end included.
    case answer
  }

  private var runs: [(count: Int, worth: Worth)] = []
  package private(set) var count = 0

  package init() {}

  package mutating func append(_ count: Int, _ worth: Worth) {
    guard count > 0 else { return }
    self.count += count
    if let last = runs.last, last.worth == worth {
      runs[runs.count - 1].count += count
    } else {
      runs.append((count, worth))
    }
  }

  /// Labels at `range` that carry loss; of answers only, if asked.
  /// - Complexity: O(runs).
  package func labelled(in range: Range<Int>, answersOnly: Bool = false) -> Int {
    var (start, total) = (0, 0)
    for run in runs {
      let end = start + run.count
      if run.worth == .answer || (run.worth == .frame && !answersOnly) {
        total += max(0, min(end, range.upperBound) - max(start, range.lowerBound))
      }
      start = end
    }
    return total
  }

  /// Index of the first label that carries loss at or after `place`; nil if there is none.
  package func firstLabel(from place: Int, answersOnly: Bool = false) -> Int? {
    var start = 0
    for run in runs {
      let end = start + run.count
      if end > place, run.worth == .answer || (run.worth == .frame && !answersOnly) {
        return max(start, place)
      }
      start = end
    }
    return nil
  }

  /// One more than the index of the last label; 0 if there is none.
  package var end: Int {
    var (start, end) = (0, 0)
    for run in runs {
      start += run.count
      if run.worth != .ignored { end = start }
    }
    return end
  }

  package static func == (left: LabelRuns, right: LabelRuns) -> Bool {
    left.runs.elementsEqual(right.runs) { $0 == $1 }
  }
}
