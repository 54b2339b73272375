import Glibc

/// A lock that can be waited on. Workers block on it for as long as a stage takes, which a task of Swift's
/// cooperative pool must not do.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Called with the lock held: gives it up while `body` runs.
  func unlocked<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_unlock(mutex)
    defer { pthread_mutex_lock(mutex) }
    return try body()
  }

  /// Called with the lock held: gives it up until `signal`, then holds it again.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// The same for at most this long.
  func wait(milliseconds: Int) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    time.tv_nsec += (milliseconds % 1_000) * 1_000_000
    time.tv_sec += milliseconds / 1_000 + time.tv_nsec / 1_000_000_000
    time.tv_nsec %= 1_000_000_000
    pthread_cond_timedwait(condition, mutex, &time)
  }

  func signal() { pthread_cond_broadcast(condition) }
}

/// Runs closures on threads of their own.
enum Threads {
  private final class Body {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread; `join` waits for it.
  static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    // Readers recurse as deep as JSON nests; the limit of that is set with this in mind.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    let box = Unmanaged.passRetained(Body(body))
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      return nil
    }
    return thread
  }

  /// Runs `body` on `count` threads, the calling one included, and returns when all have ended.
  static func run(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
    var others: [pthread_t] = []
    for index in 1..<max(1, count) {
      if let thread = start({ body(index) }) { others.append(thread) }
    }
    body(0)
    for thread in others { pthread_join(thread, nil) }
  }
}
