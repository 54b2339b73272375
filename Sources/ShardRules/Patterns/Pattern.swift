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
    // `\C` matches half a character; and what is not UTF-8 must be borne, as anything in the data.
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C
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
/// No pattern can hang a scan: PCRE2's limits on steps and memory are set, and a text beyond `maximumText` is not
/// tried.
package final class PatternMatcher {
  package enum Outcome: Sendable {
    case matched, notMatched
    /// The search was given up at a limit; whether the pattern matches is not known.
    case exhausted
  }

  /// Bytes. Steps within a loop over one character class are not counted by PCRE2, and there can be as many as the
  /// square of the length.
  package static let maximumText = 64 << 10
  /// Of one search: PCRE2's measure of backtracking.
  static let stepLimit: UInt32 = 100_000

  package let pattern: Pattern
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?

  /// - Precondition: memory for a few hundred bytes.
  package init(_ pattern: Pattern) {
    self.pattern = pattern
    guard let data = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
      fatalError("out of memory")
    }
    self.data = data
    self.context = context
    pcre2_set_match_limit_8(context, Self.stepLimit)
    pcre2_set_depth_limit_8(context, 10_000)
    pcre2_set_heap_limit_8(context, 4 << 10)
    stack = pcre2_jit_stack_create_8(32 << 10, 512 << 10, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    if let stack { pcre2_jit_stack_free_8(stack) }
  }

  /// Whether the pattern matches anywhere in the text; anchors hold it to an end.
  /// - Complexity: bounded by the limits, whatever pattern and text are.
  package func match(_ text: UnsafeRawBufferPointer) -> Outcome {
    guard text.count <= Self.maximumText else { return .exhausted }
    let empty: StaticString = ""
    let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty.utf8Start
    let code = pcre2_match_8(pattern.code, start, text.count, 0, 0, data, context)
    if code >= 0 { return .matched }
    return code == PCRE2_ERROR_NOMATCH ? .notMatched : .exhausted
  }
}
