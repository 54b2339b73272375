import CPCRE2

/// The regular expression that cuts a text into words, in PCRE2 with its JIT compiler, for well-formed UTF-8.
///
/// Immutable and shared between threads; each thread matches through a `TokenMatcher` of its own.
final class TokenPattern: @unchecked Sendable {
  /// Bytes of a pattern as a file gives it.
  static let maximumLength = 1 << 14

  /// Safe to share: PCRE2 never writes to compiled code once the JIT compiler is through.
  fileprivate let code: OpaquePointer
  /// The same with the scalars that PCRE2 knows no category of, which costs a fifth of the speed: for texts with such.
  /// Nil where it is no other.
  fileprivate let newerCode: OpaquePointer?
  fileprivate let countsSteps: Bool

  /// - Parameter isTrusted: whether the pattern is known to take time linear in the text. Any other is counted, step by
  ///   step, while it matches, which costs several times as much.
  init(_ source: String, part: String, isTrusted: Bool = false) throws(TokenizerError) {
    guard source.utf8.count <= Self.maximumLength else {
      throw TokenizerError(part: part, message: "the pattern is longer than \(Self.maximumLength) bytes")
    }
    guard let context = pcre2_compile_context_create_8(nil) else {
      throw TokenizerError(part: part, message: "out of memory")
    }
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_parens_nest_limit_8(context, 50)
    countsSteps = !isTrusted
    // As in Oniguruma, which the reference uses, `^` and `$` are the ends of lines.
    var options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | PCRE2_NEVER_BACKSLASH_C | UInt32(PCRE2_MULTILINE)
    if countsSteps { options |= UInt32(PCRE2_AUTO_CALLOUT) }
    let bytes = PatternSyntax.translated(Array(source.utf8), addsNewer: false)
    code = try Self.compile(bytes, options, context, part)
    let newer = PatternSyntax.translated(Array(source.utf8), addsNewer: true)
    newerCode = newer == bytes ? nil : try? Self.compile(newer, options, context, part)
  }

  private static func compile(
    _ bytes: [UInt8], _ options: UInt32, _ context: OpaquePointer, _ part: String
  ) throws(TokenizerError) -> OpaquePointer {
    var error: Int32 = 0
    var offset = 0
    guard let code = pcre2_compile_8(bytes, bytes.count, options, &error, &offset, context) else {
      throw TokenizerError(part: part, message: "the pattern is not supported: \(message(error))")
    }
    // Without executable memory PCRE2 interprets, with the same answers.
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    return code
  }

  deinit {
    pcre2_code_free_8(code)
    if let newerCode { pcre2_code_free_8(newerCode) }
  }

  private static func message(_ error: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(error, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, Int(length))), as: UTF8.self)
  }
}

/// Finds the matches of one pattern, one after another; for one thread.
struct TokenMatcher {
  enum Outcome {
    case match(start: Int, end: Int)
    case none
    /// A limit was reached; whether there is a match is not known.
    case exhausted
  }

  private static let stepLimit = 1 << 22
  private static let stepsForEachByte = 256

  private struct Progress {
    var position = 0
    var steps = 0
    var limit = 0
    var code: OpaquePointer?
  }

  private let pattern: TokenPattern
  private let data: OpaquePointer
  private let ends: UnsafeMutablePointer<Int>
  private let context: OpaquePointer
  private let stack: OpaquePointer?
  private let progress: UnsafeMutablePointer<Progress>

  /// - Precondition: memory for a few hundred bytes.
  init(_ pattern: TokenPattern) {
    self.pattern = pattern
    guard let data = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
      fatalError("out of memory")
    }
    self.data = data
    self.context = context
    ends = pcre2_get_ovector_pointer_8(data)
    progress = .allocate(capacity: 1)
    progress.initialize(to: Progress())
    pcre2_set_match_limit_8(context, 100_000_000)
    pcre2_set_depth_limit_8(context, 100_000)
    // KiB, for the interpreter where the JIT compiler cannot serve.
    pcre2_set_heap_limit_8(context, 16 << 10)
    stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
    guard pattern.countsSteps else { return }
    pcre2_set_callout_8(
      context,
      { block, data in
        guard let block, let progress = data?.assumingMemoryBound(to: Progress.self) else { return 0 }
        // Safe: `data` is the matcher's own, which outlives the search; nobody else has it.
        let position = block.pointee.current_position
        progress.pointee.steps &+= abs(position &- progress.pointee.position) &+ 1
        progress.pointee.position = position
        return progress.pointee.steps > progress.pointee.limit ? PCRE2_ERROR_CALLOUT : 0
      }, progress)
  }

  func deallocate() {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    if let stack { pcre2_jit_stack_free_8(stack) }
    progress.deallocate()
  }

  /// Begins a text, in whatever pieces it comes: all matches together may take so many steps.
  ///
  /// - Parameter hasNewer: whether the text may have scalars of `ScalarSet.newer`.
  func begin(textOf count: Int, hasNewer: Bool) {
    progress.pointee = Progress(
      limit: Self.stepLimit &+ Self.stepsForEachByte &* count,
      code: hasNewer ? pattern.newerCode ?? pattern.code : pattern.code)
  }

  /// The first match at or behind a position.
  /// - Precondition: well-formed UTF-8, of which `from` is an end of a scalar.
  @inline(__always)
  func next(in text: UnsafeBufferPointer<UInt8>, from: Int) -> Outcome {
    // Safe: PCRE2 reads within the text alone; that it need not check UTF-8 is the caller's promise.
    let result = pcre2_match_8(
      progress.pointee.code ?? pattern.code, text.baseAddress, text.count, from, UInt32(PCRE2_NO_UTF_CHECK),
      data, context)
    if result >= 0 {
      // `\K` in a lookahead could put the start behind the end.
      return ends[0] <= ends[1] && ends[0] >= from ? .match(start: ends[0], end: ends[1]) : .exhausted
    }
    return result == PCRE2_ERROR_NOMATCH ? .none : .exhausted
  }
}
