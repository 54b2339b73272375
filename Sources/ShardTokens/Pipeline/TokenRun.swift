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
  private var isExhausted = false
  private var scratch = ModelScratch()
  private let cache = WordCache()
  private var repaired = Buffer<UInt8>()
  private var texts = (Buffer<UInt8>(), Buffer<UInt8>())
  private let stepCount: Int
  /// For each step, where it needs them.
  private let matchers: UnsafeMutablePointer<TokenMatcher?>
  private let stepTexts: UnsafeMutablePointer<Buffer<UInt8>>
  private let normalizerMatchers: [TokenMatcher?]
  private let kinds: UnsafeMutablePointer<PreTokenizerStep>

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
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
    isExhausted = false
    var text = text
    if UTF8Text.wellFormedPrefix(text) < text.count {
      UTF8Text.repair(text, into: &repaired)
      text = repaired.view
    }
    let hasNewer = ScalarSet.newer.intersects(text)
    for index in 0..<stepCount { matchers[index]?.begin(textOf: text.count, hasNewer: hasNewer) }
    for matcher in normalizerMatchers { matcher?.begin(textOf: text.count, hasNewer: hasNewer) }
    pieces(text, allowsSpecial)
    if isExhausted { exhaustedTexts &+= 1 }
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

  /// The text after all normalizers, in one of two buffers or where it was.
  mutating func normalize(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
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

  // MARK: Words

  private mutating func split(_ text: UnsafeBufferPointer<UInt8>, step: Int, _ atStart: Bool) {
    guard step < stepCount else { return word(text) }
    switch kinds[step] {
    case .split(_, let behavior, let inverted):
      guard let matcher = matchers[step] else { return }
      if behavior == .isolated, step &+ 1 == stepCount {
        isolatedWords(text, matcher)
      } else {
        match(
          text, matcher, SplitState(step: step &+ 1, behavior: behavior, inverted: inverted, atStart: atStart)
        )
      }
    case .bert: bertWords(text, step: step &+ 1, atStart)
    case .prefixSpace:
      guard let first = text.first, first != 0x20 else { return split(text, step: step &+ 1, atStart) }
      stepTexts[step].removeAll()
      stepTexts[step].append(0x20)
      stepTexts[step].append(bytes: text)
      split(stepTexts[step].view, step: step &+ 1, atStart)
    case .metaspace(let mark, let prepend, let splits):
      metaspace(text, mark, prepend, step, atStart)
      let marked = stepTexts[step].view
      if splits {
        cut(marked, before: mark, alsoBetween: true, step: step &+ 1, atStart)
      } else if !marked.isEmpty {
        split(marked, step: step &+ 1, atStart)
      }
    case .cutBefore(let mark): cut(text, before: mark, alsoBetween: false, step: step &+ 1, atStart)
    }
  }

  private mutating func bertWords(_ text: UnsafeBufferPointer<UInt8>, step: Int, _ atStart: Bool) {
    guard let base = text.baseAddress else { return }
    let punctuation = ScalarSet.punctuation
    var start = 0
    var at = 0
    while at < text.count {
      let (scalar, length) = UTF8Text.scalar(at: base + at)
      let isMark = punctuation.contains(scalar)
      guard isMark || ScalarClass.isSpace(scalar) else {
        at &+= length
        continue
      }
      if at > start {
        split(UnsafeBufferPointer(rebasing: text[start..<at]), step: step, atStart && start == 0)
      }
      if isMark {
        split(UnsafeBufferPointer(rebasing: text[at..<at &+ length]), step: step, atStart && at == 0)
      }
      at &+= length
      start = at
    }
    if start < text.count {
      split(UnsafeBufferPointer(rebasing: text[start...]), step: step, atStart && start == 0)
    }
  }

  private func metaspace(
    _ text: UnsafeBufferPointer<UInt8>, _ mark: [UInt8], _ prepend: PreTokenizerStep.Prepend, _ step: Int,
    _ atStart: Bool
  ) {
    stepTexts[step].removeAll()
    let begins = text.first == 0x20 || text.starts(with: mark)
    if !begins, prepend == .always || (prepend == .first && atStart) {
      stepTexts[step].append(contentsOf: mark)
    }
    var copied = 0
    for at in 0..<text.count where text[at] == 0x20 {
      stepTexts[step].append(bytes: UnsafeBufferPointer(rebasing: text[copied..<at]))
      stepTexts[step].append(contentsOf: mark)
      copied = at &+ 1
    }
    stepTexts[step].append(bytes: UnsafeBufferPointer(rebasing: text[copied...]))
  }

  /// - Parameter alsoBetween: cut between two marks as well.
  private mutating func cut(
    _ text: UnsafeBufferPointer<UInt8>, before mark: [UInt8], alsoBetween: Bool, step: Int, _ atStart: Bool
  ) {
    guard let first = mark.first else { return split(text, step: step, atStart) }
    var start = 0
    var at = 0
    var follows = true
    while at < text.count {
      guard text[at] == first, at &+ mark.count <= text.count, text[at..<at &+ mark.count].elementsEqual(mark)
      else {
        at &+= 1
        follows = false
        continue
      }
      if at > start, alsoBetween || !follows {
        split(UnsafeBufferPointer(rebasing: text[start..<at]), step: step, atStart && start == 0)
        start = at
      }
      at &+= mark.count
      follows = true
    }
    if start < text.count {
      split(UnsafeBufferPointer(rebasing: text[start...]), step: step, atStart && start == 0)
    }
  }

  /// The last cut of most tokenizers: each match and what lies between is a word.
  private mutating func isolatedWords(_ text: UnsafeBufferPointer<UInt8>, _ matcher: TokenMatcher) {
    guard let base = text.baseAddress else { return }
    var at = 0
    var taken = 0
    while at < text.count {
      guard case .match(let start, let end) = matcher.next(in: text, from: at) else {
        // What is left is one word, whether or not the search was given up.
        if case .exhausted = matcher.next(in: text, from: at) { isExhausted = true }
        break
      }
      if start > taken { word(base + taken, start &- taken, readable: text.count &- taken) }
      taken = start
      guard end > start else {
        guard end < text.count else { break }
        at = end &+ UTF8Text.length(leading: base[end])
        continue
      }
      word(base + start, end &- start, readable: text.count &- start)
      at = end
      taken = end
    }
    if taken < text.count { word(base + taken, text.count &- taken, readable: text.count &- taken) }
  }

  private mutating func match(
    _ text: UnsafeBufferPointer<UInt8>, _ matcher: TokenMatcher, _ initial: SplitState
  ) {
    guard let base = text.baseAddress else { return }
    var state = initial
    var at = 0
    var taken = 0
    search: while at < text.count {
      switch matcher.next(in: text, from: at) {
      case .match(let start, let end):
        if start > taken { part(taken..<start, isMatch: false, text, &state) }
        taken = start
        guard end > start else {
          guard end < text.count else { break search }
          at = end &+ UTF8Text.length(leading: base[end])
          continue
        }
        part(start..<end, isMatch: true, text, &state)
        at = end
        taken = end
      case .none: break search
      case .exhausted:
        isExhausted = true
        break search
      }
    }
    if taken < text.count { part(taken..<text.count, isMatch: false, text, &state) }
    if let pending = state.pending { hand(on: pending, text, state) }
  }

  private mutating func part(
    _ range: Range<Int>, isMatch: Bool, _ text: UnsafeBufferPointer<UInt8>, _ state: inout SplitState
  ) {
    let isMatch = isMatch != state.inverted
    var joins = false
    switch state.behavior {
    case .removed:
      if !isMatch { hand(on: range, text, state) }
      return
    case .isolated: return hand(on: range, text, state)
    case .mergedWithPrevious: joins = isMatch && !state.pendingIsMatch
    case .mergedWithNext: joins = !isMatch && state.pendingIsMatch
    case .contiguous: joins = isMatch == state.pendingIsMatch
    }
    if let pending = state.pending {
      if joins {
        state.pending = pending.lowerBound..<range.upperBound
        // What two pieces became takes no third, unless all of a kind are taken.
        if state.behavior == .contiguous { return }
        state.pendingIsMatch = isMatch
        return
      }
      hand(on: pending, text, state)
    }
    state.pending = range
    state.pendingIsMatch = isMatch
  }

  private mutating func hand(on range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ state: SplitState) {
    split(
      UnsafeBufferPointer(rebasing: text[range]), step: state.step, state.atStart && range.lowerBound == 0)
  }

  // MARK: Tokens

  private mutating func word(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    word(base, text.count, readable: text.count)
  }

  /// - Parameter readable: bytes that may be read from the word's start on.
  @inline(__always)
  private mutating func word(_ start: UnsafePointer<UInt8>, _ length: Int, readable: Int) {
    guard length <= WordCache.longestWord else {
      tokenizer.model.tokenize(UnsafeBufferPointer(start: start, count: length), &scratch)
      return take(scratch.symbols.base, scratch.symbols.count)
    }
    let key = WordCache.key(start, length, readable: readable)
    if let slot = cache.find(key) {
      let found = Int(slot.pointee.count)
      count &+= found
      if keepsIDs {
        ids.reserve(found)
        withUnsafeBytes(of: slot.pointee.ids) { raw in
          for index in 0..<found {
            ids.append(raw.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
          }
        }
      }
      return
    }
    tokenizer.model.tokenize(UnsafeBufferPointer(start: start, count: length), &scratch)
    cache.store(key, UnsafeBufferPointer(start: scratch.symbols.base, count: scratch.symbols.count))
    take(scratch.symbols.base, scratch.symbols.count)
  }

  private mutating func take(_ symbols: UnsafePointer<UInt32>, _ added: Int) {
    count &+= added
    guard keepsIDs else { return }
    ids.reserve(added)
    for index in 0..<added { ids.append(symbols[index]) }
  }
}
