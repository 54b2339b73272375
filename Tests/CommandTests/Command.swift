import Glibc
import ShardTestSupport

/// Runs the built command as a user would.
struct Command {
  struct Outcome {
    var status: Int32
    var output: String
    var error: String
    /// Peak resident memory in bytes.
    var peakMemory: Int
  }

  /// The executable that was built with these tests, beside their bundle.
  static let path: String = {
    // The runner is told the path of the bundle.
    for argument in CommandLine.arguments {
      guard let slash = argument.lastIndex(of: "/") else { continue }
      let path = argument[..<slash] + "/shardcheck"
      if access(String(path), X_OK) == 0 { return String(path) }
    }
    return "no shardcheck beside \(CommandLine.arguments)"
  }()

  /// - Parameters:
  ///   - input: what the command reads from standard input; nothing by default.
  ///   - environment: added to `PATH` and `HOME`; nothing else is inherited.
  ///   - signal: sent after `delay` microseconds.
  static func run(
    _ arguments: [String], in folder: String? = nil, input: String = "", environment: [String: String] = [:],
    signal: Int32? = nil, after delay: UInt32 = 0
  ) -> Outcome {
    let work = TemporaryFolder()
    let inputPath = work.write("in", input)
    let outputPath = work.path + "/out"
    let errorPath = work.path + "/err"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT, 0o644)
    // The threads of a test runner block signals; the command must not inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var variables = environment
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
      if variables[name] == nil, let value = getenv(name) { variables[name] = String(cString: value) }
    }
    // The shell changes the folder and then becomes the command.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder ?? "."]
    let argv = (shell + [path] + arguments).map { strdup($0) } + [nil]
    let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid = pid_t()
    guard posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, envp) == 0 else {
      return Outcome(status: -1, output: "", error: "cannot run \(path)", peakMemory: 0)
    }
    if let signal {
      usleep(delay)
      kill(pid, signal)
    }
    var status: Int32 = 0
    var peakMemory = 0
    while true {
      // Not what `wait4` tells: a spawned process begins with the peak of the test runner.
      peakMemory = max(peakMemory, Self.peakMemory(of: pid))
      let ended = waitpid(pid, &status, WNOHANG)
      if ended == pid || (ended < 0 && errno != EINTR) { break }
      usleep(500)
    }
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    return Outcome(
      status: code, output: String(decoding: work.read("out") ?? [], as: UTF8.self),
      error: String(decoding: work.read("err") ?? [], as: UTF8.self), peakMemory: peakMemory)
  }

  /// The peak of the resident memory so far, in bytes; 0 of a process that has ended.
  private static func peakMemory(of pid: pid_t) -> Int {
    guard let file = fopen("/proc/\(pid)/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, CInt(line.count), file) != nil {
      var kilobytes = 0
      let found = withUnsafeMutablePointer(to: &kilobytes) { pointer in
        withVaList([pointer]) { vsscanf(line, "VmHWM: %ld", $0) }
      }
      if found == 1 { return kilobytes * 1_024 }
    }
    return 0
  }
}
