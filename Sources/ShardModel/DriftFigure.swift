/// A field that moved against the baseline, with what is needed to draw both distributions: `before` is the baseline's,
/// the other is that of the field in the same result.
///
/// A result holds at most `countLimit` of them, those that moved most.
package struct DriftFigure: Sendable, Equatable {
  package static let countLimit = 40

  package var drift: FieldDrift
  /// Nil for a field that is new.
  package var before: FieldShape?

  package init(drift: FieldDrift, before: FieldShape?) {
    self.drift = drift
    self.before = before
  }
}
