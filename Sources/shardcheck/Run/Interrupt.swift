import Glibc
import ShardScan
import Synchronization

/// The first SIGINT or SIGTERM lets what is being read come to an end at the next chunk; the second ends at once.
enum Interrupt {
  static let progress = ScanProgress()

  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        // Only what may be done in a signal handler: an atomic store and setting the default again.
        Interrupt.progress.isInterrupted.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    // A closed pipe is an error of the write, not the end of the program.
    signal(SIGPIPE, SIG_IGN)
  }
}
