import CPCRE2

/// A compiled regular expression in the syntax of PCRE2, for UTF-8: `\w`, `\d` and case follow Unicode.
///
/// Immutable and shared between threads; each thread matches through a `PatternMatcher` of its own.
package final class Pattern: @unchecked Sendable, Equatable {
  /// Why a pattern is refused.
  package struct Failure: Error, Equatable {
    /// PCRE2's own words.
    package var message: String
    /// Bytes of the pattern before the mistake.
    package var offset: Int
  }

  /// Bytes of a pattern.
  package static let maximumLength = 4096

  package let source: String
  /// Safe to share: PCRE2 never writes to compiled code once the JIT compiler is through.
  fileprivate let code: OpaquePointer

  package init(_ source: String) throws(Failure) {
    self.source = source
    guard source.utf8.count <= Self.maximumLength else {
      throw Failure(message: "longer than \(Self.maximumLength) bytes", offset: Self.maximumLength)
    }
    guard let context = pcre2_compile_context_create_8(nil) else {
      throw Failure(message: "out of memory", offset: 0)
    }
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_parens_nest_limit_8(context, 50)
    var error: Int32 = 0
    var offset = 0
    // `\C` matches half a character; what is not UTF-8 must be borne, as anything in the data; the matcher counts at
    // callouts.
    let options =
      UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C
      | UInt32(PCRE2_AUTO_CALLOUT)
    let bytes = Array(source.utf8)
    guard let code = pcre2_compile_8(bytes, bytes.count, options, &error, &offset, context) else {
      throw Failure(message: Self.message(error), offset: min(offset, bytes.count))
    }
    self.code = code
    // Without executable memory PCRE2 interprets, with the same answers.
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
  }

  deinit { pcre2_code_free_8(code) }

  package static func == (left: Pattern, right: Pattern) -> Bool { left.source == right.source }

  private static func message(_ error: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(error, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, Int(length))), as: UTF8.self)
  }
}

/// Matches texts with one pattern; for one thread.
///
/// No pattern can hang a scan. PCRE2's own limits count backtracking only: `a(?=.*b)` takes the square of the length
/// without any. So PCRE2 calls back before each item of the pattern, and the characters passed since the last call are
/// added up. The count depends on pattern and text alone, so it is the same on every machine.
package final class PatternMatcher {
  package enum Outcome: Sendable {
    case matched, notMatched
    /// The search was given up at a limit; whether the pattern matches is not known.
    case exhausted
  }

  /// Characters passed and items tried in one search, a few thousandths of a second; for a long text more.
  package static let stepLimit = 1 << 20
  private static let stepsForEachByte = 64

  package let pattern: Pattern
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?
  private let progress: UnsafeMutablePointer<Progress>

  private struct Progress {
    var position = 0
    var steps = 0
    var limit = 0
  }

  /// - Precondition: memory for a few hundred bytes.
  package init(_ pattern: Pattern) {
    self.pattern = pattern
    guard let data = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
      fatalError("out of memory")
    }
    self.data = data
    self.context = context
    progress = .allocate(capacity: 1)
    progress.initialize(to: Progress())
    pcre2_set_match_limit_8(context, 1_000_000)
    pcre2_set_depth_limit_8(context, 10_000)
    // KiB, for the interpreter where the JIT compiler cannot serve.
    pcre2_set_heap_limit_8(context, 4 << 10)
    stack = pcre2_jit_stack_create_8(32 << 10, 512 << 10, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
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

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    if let stack { pcre2_jit_stack_free_8(stack) }
    progress.deallocate()
  }

  /// Whether the pattern matches anywhere in the text; anchors hold it to an end.
  /// - Complexity: O(text), and at most `stepLimit` steps beside.
  package func match(_ text: UnsafeRawBufferPointer) -> Outcome {
    progress.pointee = Progress(limit: Self.stepLimit + Self.stepsForEachByte * text.count)
    let empty: StaticString = ""
    let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty.utf8Start
    let code = pcre2_match_8(pattern.code, start, text.count, 0, 0, data, context)
    if code >= 0 { return .matched }
    return code == PCRE2_ERROR_NOMATCH ? .notMatched : .exhausted
  }
}
