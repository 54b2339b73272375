import ShardModel

/// The normalization forms of Unicode (UAX 15). Immutable, and shared between threads; about 400 KB, made where a
/// tokenizer needs it.
final class Decomposition: @unchecked Sendable {
  enum Form: Sendable { case nfc, nfd, nfkc, nfkd }

  let form: Form
  private var parts: [UInt32: [UInt32]] = [:]
  private var pairs: [UInt64: UInt32] = [:]
  private var classes: [UInt32: UInt8] = [:]
  /// A bit for each scalar that the form may change, or that may change with its neighbours.
  private var isActive = [UInt64](repeating: 0, count: 0x110000 / 64)

  private var composes: Bool { form == .nfc || form == .nfkc }

  /// - Parameter isPythons: by Unicode 14, as Python 3.11 has it, and not by the Unicode 9 of `tokenizers`.
  init(_ form: Form, isPythons: Bool = false) {
    self.form = form
    var canonical: [UInt32: [UInt32]] = [:]
    let classTables =
      [DecompositionTables.combiningClasses] + (isPythons ? [DecompositionTables.newerClasses] : [])
    for table in classTables {
      Self.read(table) { first, last, rest, _ in
        for scalar in first...last {
          classes[scalar] = UInt8(rest[0])
          mark(scalar)
        }
      }
    }
    let canonicalTables =
      [DecompositionTables.canonical] + (isPythons ? [DecompositionTables.newerCanonical] : [])
    for table in canonicalTables {
      Self.read(table) { scalar, _, rest, isExcluded in
        canonical[scalar] = rest
        if rest.count == 2, !isExcluded {
          pairs[UInt64(rest[0]) << 32 | UInt64(rest[1])] = scalar
          // Second parts that are no combining marks.
          mark(rest[1])
        }
        if !composes || isExcluded { mark(scalar) }
      }
    }
    if form == .nfkc || form == .nfkd {
      Self.read(DecompositionTables.compatibility) { scalar, _, rest, _ in
        canonical[scalar] = rest
        mark(scalar)
      }
    }
    for scalar in canonical.keys {
      parts[scalar] = Self.full(scalar, canonical, depth: 0)
      if parts[scalar] != canonical[scalar], composes, parts[scalar].map(changes) ?? false { mark(scalar) }
    }
    // Vowels and finals of Hangul compose; syllables decompose.
    for scalar in UInt32(0x1161)...0x11C2 { mark(scalar) }
    if !composes { for scalar in UInt32(0xAC00)...0xD7A3 { mark(scalar) } }
  }

  private func changes(_ parts: [UInt32]) -> Bool {
    // A canonical composite of composites comes back; one through a compatible part does not.
    form == .nfkc && !parts.isEmpty
  }

  private static func full(_ scalar: UInt32, _ table: [UInt32: [UInt32]], depth: Int) -> [UInt32] {
    guard depth < 16, let parts = table[scalar] else { return [scalar] }
    return parts.flatMap { full($0, table, depth: depth + 1) }
  }

  private static func read(
    _ table: StaticString, _ body: (UInt32, UInt32, [UInt32], _ isExcluded: Bool) -> Void
  ) {
    var numbers: [UInt32] = []
    var number: UInt32 = 0
    var last: UInt32?
    var isExcluded = false
    for byte in UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount) + [
      UInt8(ascii: ";")
    ] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      case UInt8(ascii: "!"): isExcluded = true
      case UInt8(ascii: "-"):
        numbers.append(number)
        last = 0
        number = 0
      case UInt8(ascii: " "), UInt8(ascii: ";"):
        if last == 0 { last = number } else { numbers.append(number) }
        number = 0
        guard byte == UInt8(ascii: ";") else { continue }
        body(numbers[0], last ?? numbers[0], Array(numbers.dropFirst()), isExcluded)
        numbers.removeAll(keepingCapacity: true)
        last = nil
        isExcluded = false
      default: break
      }
    }
  }

  private func mark(_ scalar: UInt32) { isActive[Int(scalar / 64)] |= 1 << UInt64(scalar % 64) }

  /// Whether the form leaves a text as it is; now and then false for one that it would.
  /// - Complexity: O(text).
  func keeps(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return true }
    return isActive.withUnsafeBufferPointer { bits in
      var at = 0
      while at < text.count {
        if base[at] < 0x80 {
          at &+= 1
          continue
        }
        let (scalar, length) = UTF8Text.scalar(at: base + at)
        if bits[Int(scalar / 64)] >> UInt64(scalar % 64) & 1 != 0 { return false }
        at &+= length
      }
      return true
    }
  }

  /// - Complexity: O(text), and n log n for runs of n combining marks.
  func normalize(_ text: UnsafeBufferPointer<UInt8>, into output: inout Buffer<UInt8>) {
    guard let base = text.baseAddress else { return }
    var run: [(scalar: UInt32, order: UInt8)] = []
    var at = 0
    while at < text.count {
      let (scalar, length) = UTF8Text.scalar(at: base + at)
      at &+= length
      decompose(scalar) { part in
        let order = self.order(part)
        // A run is a starter and the marks behind it; where it composes, with the starters that may join it.
        if order == 0, !run.isEmpty, !(composes && joins(part)) {
          flush(&run, into: &output)
        }
        run.append((part, order))
      }
    }
    flush(&run, into: &output)
  }

  private func order(_ scalar: UInt32) -> UInt8 { scalar < 0x300 ? 0 : classes[scalar] ?? 0 }

  private func joins(_ scalar: UInt32) -> Bool {
    scalar >= 0x300 && isActive[Int(scalar / 64)] >> UInt64(scalar % 64) & 1 != 0
  }

  private func decompose(_ scalar: UInt32, _ body: (UInt32) -> Void) {
    if scalar < 0xA0 { return body(scalar) }
    if scalar >= 0xAC00, scalar <= 0xD7A3 {
      let index = scalar - 0xAC00
      body(0x1100 + index / 588)
      body(0x1161 + index % 588 / 28)
      if index % 28 != 0 { body(0x11A7 + index % 28) }
      return
    }
    guard let parts = parts[scalar] else { return body(scalar) }
    for part in parts { body(part) }
  }

  private func flush(_ run: inout [(scalar: UInt32, order: UInt8)], into output: inout Buffer<UInt8>) {
    var start = 0
    while start < run.count {
      var end = start + 1
      if run[start].order != 0 {
        while end < run.count, run[end].order != 0 { end += 1 }
        // Stable, as the order of equal classes matters (UAX 15, D109).
        let sorted = run[start..<end].enumerated().sorted {
          ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
        }
        for (index, item) in sorted.enumerated() { run[start + index] = item.element }
      }
      start = end
    }
    if composes { compose(&run) }
    for item in run { UTF8Text.append(item.scalar, to: &output) }
    run.removeAll(keepingCapacity: true)
  }

  /// The canonical composition algorithm (UAX 15, D117).
  private func compose(_ run: inout [(scalar: UInt32, order: UInt8)]) {
    var starter: Int?
    var lastOrder: Int = -1
    var kept = 0
    for item in run {
      if let place = starter, lastOrder < Int(item.order),
        let whole = composite(run[place].scalar, item.scalar)
      {
        run[place].scalar = whole
        continue
      }
      if item.order == 0 {
        starter = kept
        lastOrder = -1
      } else {
        lastOrder = Int(item.order)
      }
      run[kept] = item
      kept += 1
    }
    run.removeLast(run.count - kept)
  }

  private func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first >= 0x1100, first < 0x1113, second >= 0x1161, second < 0x1176 {
      return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
    }
    if first >= 0xAC00, first <= 0xD7A3, (first - 0xAC00) % 28 == 0, second > 0x11A7, second < 0x11C3 {
      return first + second - 0x11A7
    }
    return pairs[UInt64(first) << 32 | UInt64(second)]
  }
}
