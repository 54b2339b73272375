import ShardModel

/// The way of a text through a tokenizer: added tokens, normalization, words, tokens. For one thread.
///
/// Each step hands its pieces on to the next one by one, so that none is stored; only a step that changes the text has a
/// buffer of its own.
struct TokenRun {
  private static let keptCapacity = 1 << 20

  private let tokenizer: Tokenizer
  private(set) var ids = Buffer<UInt32>()
  private(set) var count = 0
  private(set) var exhaustedTexts = 0
  private var keepsIDs = false
  var isExhausted = false
  private var scratch = ModelScratch()
  private let cache = WordCache()
  private let boundaries: MergeBoundaries?
  private var repaired = Buffer<UInt8>()
  private var texts = (Buffer<UInt8>(), Buffer<UInt8>())
  let stepCount: Int
  /// For each step, where it needs them.
  let matchers: UnsafeMutablePointer<TokenMatcher?>
  let stepTexts: UnsafeMutablePointer<Buffer<UInt8>>
  private let normalizerMatchers: [TokenMatcher?]
  let kinds: UnsafeMutablePointer<PreTokenizerStep>

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    boundaries = tokenizer.model.boundaries
    stepCount = tokenizer.steps.count
    matchers = .allocate(capacity: stepCount)
    stepTexts = .allocate(capacity: stepCount)
    kinds = .allocate(capacity: stepCount)
    for (index, step) in tokenizer.steps.enumerated() {
      (kinds + index).initialize(to: step)
      (stepTexts + index).initialize(to: Buffer())
      if case .split(let pattern, _, _) = step {
        (matchers + index).initialize(to: TokenMatcher(pattern))
      } else {
        (matchers + index).initialize(to: nil)
      }
    }
    normalizerMatchers = tokenizer.normalizers.map { step in
      if case .replace(let pattern, _) = step { return TokenMatcher(pattern) }
      return nil
    }
  }

  mutating func deallocate() {
    ids.deallocate()
    scratch.deallocate()
    cache.deallocate()
    repaired.deallocate()
    texts.0.deallocate()
    texts.1.deallocate()
    for index in 0..<stepCount {
      matchers[index]?.deallocate()
      stepTexts[index].deallocate()
    }
    matchers.deinitialize(count: stepCount)
    matchers.deallocate()
    stepTexts.deallocate()
    kinds.deinitialize(count: stepCount)
    kinds.deallocate()
    for matcher in normalizerMatchers { matcher?.deallocate() }
  }

  mutating func start(keepsIDs: Bool) {
    self.keepsIDs = keepsIDs
    ids.removeAll()
    count = 0
    // What one long text needed is not kept for the short ones.
    if ids.capacity > Self.keptCapacity { ids.deallocate() }
    if repaired.capacity > Self.keptCapacity { repaired.deallocate() }
    if texts.0.capacity > Self.keptCapacity { texts.0.deallocate() }
    if texts.1.capacity > Self.keptCapacity { texts.1.deallocate() }
    for index in 0..<stepCount where stepTexts[index].capacity > Self.keptCapacity {
      stepTexts[index].deallocate()
    }
    if scratch.symbols.capacity > Self.keptCapacity || scratch.paths.capacity > Self.keptCapacity {
      scratch.deallocate()
    }
  }

  mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ allowsSpecial: Bool) {
    pieces(begin(text), allowsSpecial)
    if isExhausted { exhaustedTexts &+= 1 }
  }

  /// The text in well-formed UTF-8, for which the matchers are ready.
  private mutating func begin(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    isExhausted = false
    var text = text
    if UTF8Text.wellFormedPrefix(text) < text.count {
      UTF8Text.repair(text, into: &repaired)
      text = repaired.view
    }
    let hasNewer = ScalarSet.newer.intersects(text)
    for index in 0..<stepCount { matchers[index]?.begin(textOf: text.count, hasNewer: hasNewer) }
    for matcher in normalizerMatchers { matcher?.begin(textOf: text.count, hasNewer: hasNewer) }
    return text
  }

  // MARK: Added tokens

  private mutating func pieces(_ text: UnsafeBufferPointer<UInt8>, _ allowsSpecial: Bool) {
    guard let matcher = tokenizer.rawMatcher, allowsSpecial || !matcher.areAllSpecial else {
      return piece(text, atStart: true, allowsSpecial)
    }
    var from = 0
    var taken = 0
    while let match = matcher.next(in: text, from: &from, taken: taken, allowsSpecial: allowsSpecial) {
      if taken < match.start {
        piece(UnsafeBufferPointer(rebasing: text[taken..<match.start]), atStart: taken == 0, allowsSpecial)
      }
      emit(match.id)
      taken = match.end
    }
    if taken < text.count {
      piece(UnsafeBufferPointer(rebasing: text[taken...]), atStart: taken == 0, allowsSpecial)
    }
  }

  private mutating func piece(_ text: UnsafeBufferPointer<UInt8>, atStart: Bool, _ allowsSpecial: Bool) {
    if let model = tokenizer.sentencePiece {
      let added = model.append(text, to: &ids, keeps: keepsIDs)
      count &+= added
      return
    }
    let normalized = normalize(text)
    guard let matcher = tokenizer.normalizedMatcher, allowsSpecial || !matcher.areAllSpecial else {
      if !normalized.isEmpty { split(normalized, step: 0, atStart) }
      return
    }
    var from = 0
    var taken = 0
    while let match = matcher.next(in: normalized, from: &from, taken: taken, allowsSpecial: allowsSpecial) {
      if taken < match.start {
        split(UnsafeBufferPointer(rebasing: normalized[taken..<match.start]), step: 0, atStart && taken == 0)
      }
      emit(match.id)
      taken = match.end
    }
    if taken < normalized.count {
      split(UnsafeBufferPointer(rebasing: normalized[taken...]), step: 0, atStart && taken == 0)
    }
  }

  private mutating func emit(_ id: UInt32) {
    count &+= 1
    if keepsIDs { ids.append(id) }
  }

  // MARK: Normalization

  /// A whole text after all normalizers; valid until the next text.
  mutating func normalized(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    normalize(begin(text))
  }

  /// The text after all normalizers, in one of two buffers or where it was.
  private mutating func normalize(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var current = text
    for (index, step) in tokenizer.normalizers.enumerated() where !step.keeps(current) {
      // The buffer that the text is not in.
      texts.1.removeAll()
      if !step.apply(current, into: &texts.1, normalizerMatchers[index]) { isExhausted = true }
      swap(&texts.0, &texts.1)
      current = texts.0.view
    }
    return current
  }

  // MARK: Tokens

  mutating func word(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    word(base, text.count, readable: text.count)
  }

  /// - Parameter readable: bytes that may be read from the word's start on.
  @inline(__always)
  mutating func word(_ start: UnsafePointer<UInt8>, _ length: Int, readable: Int) {
    if let boundaries, MergeBoundaries.mayCut(start, length) {
      parts(of: start, length, readable: readable, boundaries)
    } else {
      tokens(start, length, readable: readable, isPart: false)
    }
  }

  /// A word in parts that merge each by itself.
  private mutating func parts(
    of start: UnsafePointer<UInt8>, _ length: Int, readable: Int, _ boundaries: MergeBoundaries
  ) {
    var from = 0
    while from < length {
      let end = boundaries.next(in: start, from: from, count: length)
      tokens(start + from, end &- from, readable: readable &- from, isPart: end &- from < length)
      from = end
    }
  }

  @inline(__always)
  private mutating func tokens(
    _ start: UnsafePointer<UInt8>, _ length: Int, readable: Int, isPart: Bool
  ) {
    guard length <= WordCache.longestWord else { return merged(start, length, isPart) }
    let key = WordCache.key(start, length, readable: readable, isPart: isPart)
    guard let slot = cache.find(key) else {
      merged(start, length, isPart)
      return cache.store(key, scratch.symbols.values)
    }
    let found = Int(slot.pointee.count)
    count &+= found
    guard keepsIDs else { return }
    ids.reserve(found)
    withUnsafeBytes(of: slot.pointee.ids) { raw in
      for index in 0..<found {
        ids.append(raw.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
      }
    }
  }

  /// Leaves the tokens in `scratch.symbols` as well.
  private mutating func merged(_ start: UnsafePointer<UInt8>, _ length: Int, _ isPart: Bool) {
    let text = UnsafeBufferPointer(start: start, count: length)
    if isPart {
      tokenizer.model.tokenize(part: text, &scratch)
    } else {
      tokenizer.model.tokenize(text, &scratch)
    }
    count &+= scratch.symbols.count
    guard keepsIDs else { return }
    ids.reserve(scratch.symbols.count)
    for id in scratch.symbols.values { ids.append(id) }
  }
}
