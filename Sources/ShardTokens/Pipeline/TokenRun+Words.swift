import ShardModel

// The steps that cut a text into words.
extension TokenRun {
  mutating func split(_ text: UnsafeBufferPointer<UInt8>, step: Int, _ atStart: Bool) {
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
}
