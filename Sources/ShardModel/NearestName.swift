/// Finds what was probably meant by a name that does not exist.
package enum NearestName {
  /// The candidate that the fewest slips of the finger make of `name`, if they are few enough; the first of equals.
  ///
  /// A beginning counts as near too: `--max` for `--max-record`.
  package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    // Nobody types a name longer than this by mistake, and the work is quadratic.
    guard name.utf8.count <= 64 else { return nil }
    let typed = Array(name.lowercased().unicodeScalars)
    var best: (name: String, distance: Int)?
    var beginning: String?
    for candidate in candidates {
      let scalars = Array(candidate.unicodeScalars)
      let distance = distance(typed, scalars)
      if distance <= max(1, min(typed.count, scalars.count) / 3), distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
      if beginning == nil, typed.count >= 3, scalars.starts(with: typed) { beginning = candidate }
    }
    return best?.name ?? beginning
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  ///
  /// - Complexity: O(`left.count` * `right.count`).
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var previous = Array(0...right.count)
    for (row, scalar) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(
          previous[column + 1] + 1, current[column] + 1, previous[column] + (scalar == other ? 0 : 1))
        if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
          cost = min(cost, before[column - 1] + 1)
        }
        current.append(cost)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
