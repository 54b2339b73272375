/// A function that must bear any bytes: it returns, or it traps because a promise was broken.
///
/// Everything is built without a sanitizer too, so that an ordinary test runs the committed corpus through it.
package struct FuzzTarget: Sendable {
  /// Also the name of its folder of inputs.
  package let name: String
  /// Longer inputs find no more and cost time.
  package let maximumLength: Int
  package let run: @Sendable ([UInt8]) -> Void

  /// A new target needs a line here and a folder of inputs.
  package static let all: [FuzzTarget] = [
    FuzzTarget(name: "array", maximumLength: 1 << 12, run: ArrayFuzz.run),
    FuzzTarget(name: "conversation", maximumLength: 1 << 12, run: ConversationFuzz.run),
    FuzzTarget(name: "decoding", maximumLength: 1 << 14, run: DecodingFuzz.run),
    FuzzTarget(name: "image", maximumLength: 1 << 14, run: ImageFuzz.run),
    FuzzTarget(name: "json", maximumLength: 1 << 12, run: JSONFuzz.run),
    FuzzTarget(name: "number", maximumLength: 1 << 10, run: NumberFuzz.run),
    FuzzTarget(name: "rules", maximumLength: 1 << 12, run: RulesFuzz.run),
    FuzzTarget(name: "samples", maximumLength: 1 << 13, run: SampleFuzz.run),
    FuzzTarget(name: "scan", maximumLength: 1 << 14, run: ScanFuzz.run),
    FuzzTarget(name: "state", maximumLength: 1 << 13, run: StateFuzz.run),
    FuzzTarget(name: "table", maximumLength: 1 << 12, run: TableFuzz.run),
    FuzzTarget(name: "tags", maximumLength: 1 << 12, run: TagsFuzz.run),
    FuzzTarget(name: "tokens", maximumLength: 1 << 14, run: TokenFuzz.run),
  ]
}

/// Traps with a message that is seen in release builds too.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
