import CKernels
import Foundation

/// Tests that take minutes run where `SHARDCHECK_SLOW_TESTS=1` asks for them.
enum Slow {
  static let isEnabled = ProcessInfo.processInfo.environment["SHARDCHECK_SLOW_TESTS"] == "1"
}

enum NestingTwin {
  static func agrees(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    for inString in 0...1 as ClosedRange<UInt32> {
      var fast = ck_nesting()
      fast.depth = 2
      fast.in_string = inString
      var plain = fast
      let used = ck_scan_nesting(&fast, bytes, count)
      guard used == ck_scan_nesting_scalar(&plain, bytes, count), fast.depth == plain.depth,
        fast.in_string == plain.in_string, fast.escaped == plain.escaped, fast.is_closed == plain.is_closed
      else { return false }
    }
    return true
  }
}
