import ShardModel
import ShardRules

/// The ends of the numbers of an ordered field in one chunk: whether the next chunk goes on in order is seen when the
/// chunks come together.
package struct OrderEdge: Sendable {
  package let key: String
  package let order: FieldRule.Order
  package let first: Double
  package let last: Double
  /// The record of the first number, with the observation that it breaks the order.
  package let entry: LocatedObservations

  /// Whether `next` may follow `value`.
  package static func allows(_ order: FieldRule.Order, _ value: Double, then next: Double) -> Bool {
    switch order {
    case .increasing: next >= value
    case .decreasing: next <= value
    case .strictlyIncreasing: next > value
    case .strictlyDecreasing: next < value
    }
  }
}

/// Follows the ordered fields of one shard from chunk to chunk.
package struct OrderTracker {
  private var last: [String: Double] = [:]
  private var memberOrdinal: UInt64 = 0

  package init() {}

  /// Takes the ends of the next chunk; returns the records at which the order is broken between chunks.
  /// - Parameter memberOrdinal: each member of an archive begins anew.
  package mutating func take(_ edges: [OrderEdge], memberOrdinal: UInt64) -> [(
    key: String, entry: LocatedObservations
  )] {
    if memberOrdinal != self.memberOrdinal { last.removeAll() }
    self.memberOrdinal = memberOrdinal
    var broken: [(String, LocatedObservations)] = []
    for edge in edges {
      if let before = last[edge.key], !OrderEdge.allows(edge.order, before, then: edge.first) {
        broken.append((edge.key, edge.entry))
      }
      last[edge.key] = edge.last
    }
    return broken
  }
}
