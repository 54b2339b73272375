import ShardModel

/// The records of a batch that break a condition.
package struct Violations: Sendable, Equatable {
  package struct Place: Sendable, Equatable {
    /// Index in `RecordBatch.records`.
    package var row: Int
    /// Nil where the condition is held against the record.
    package var element: Element?
  }

  /// The element of a list, as `Locator` can find it.
  package enum Element: Sendable, Equatable {
    /// Index in the numbers of the element field's column.
    case number(Int, field: Int)
    /// Byte of the value in the batch.
    case position(UInt32, field: Int)
  }

  /// Rows in rising order; the elements of a row in an order of their own, the same each time.
  package var places: [Place] = []
  /// Records, or records with an element, for which the condition is known.
  package var judgedRecords = 0
  package var violatingRecords = 0
  /// Searches that a pattern gave up at its limits.
  package var exhaustedSearches = 0
}

/// Holds one condition against batches, column by column; for one thread.
///
/// - Complexity: for each batch O(fields * paths + operators * (records or elements)), and what patterns take.
///   Memory: a few numbers for each operator that is open and each record or element of the batch.
package final class ExpressionEvaluator {
  private let expression: Expression
  private var matchers: [String: PatternMatcher] = [:]
  /// Where the fields were in the last batch.
  private var places: [String: Int] = [:]

  package init(_ expression: Expression) { self.expression = expression }

  package func violations(in batch: RecordBatch) -> Violations {
    let evaluation = Evaluation(
      batch, elements: expression.elements, find: { self.field($0, batch) }, matcher: { self.matcher($0) })
    let truths = evaluation.truths(expression.root, at: expression.elements.count)
    var found = Violations()
    found.exhaustedSearches = evaluation.exhausted
    let rows = evaluation.rows(at: expression.elements.count)
    var judged = -1
    var violating = -1
    for (slot, truth) in truths.enumerated() where truth != Truth.unknown {
      let row = rows.map { Int($0[slot]) } ?? slot
      if row != judged { found.judgedRecords += 1 }
      judged = row
      guard truth == Truth.no else { continue }
      if row != violating { found.violatingRecords += 1 }
      violating = row
      found.places.append(.init(row: row, element: evaluation.element(slot, at: expression.elements.count)))
    }
    return found
  }

  private func field(_ path: String, _ batch: RecordBatch) -> Int? {
    if let place = places[path], place < batch.fields.count, batch.fields[place].path == path { return place }
    let place = batch.fields.firstIndex { $0.path == path }
    places[path] = place
    return place
  }

  private func matcher(_ pattern: Pattern) -> PatternMatcher {
    if let matcher = matchers[pattern.source] { return matcher }
    let matcher = PatternMatcher(pattern)
    matchers[pattern.source] = matcher
    return matcher
  }
}
