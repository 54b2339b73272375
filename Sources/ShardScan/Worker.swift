import ShardChecks
import ShardIngest
import ShardModel

/// What came of one piece of a shard.
struct PieceResult: Sendable {
  var profile = ChunkProfile()
  var entries: [LocatedObservations] = []
  var edges: [OrderEdge] = []
  var memberOrdinal: UInt64 = 0
  var records: UInt64 = 0
  var bytes: UInt64 = 0
  /// Frames of the record index.
  var index: [UInt8] = []
  /// Of samples.
  var keys = SampleKeys()
  var membersNotRead: [String: UInt64] = [:]
}

/// One thread's readers, columns, statistics and buffers, used for one shard after the other.
final class Worker {
  private let plan: ScanPlan
  private let checks: [any Check]
  private let opensPictures: Bool
  /// Whether anything is done with pictures, captions and turns.
  private let readsPairs: Bool
  private let lookup: SecondLook?
  private let filter: RepeatFilter?
  var buffer = ChunkBuffer()
  let workspace = DecodingWorkspace()
  private let tokenizer: WorkerTokenizer?
  private lazy var json = station(
    JSONReader(layout: .lines, limits: plan.settings.json, isIgnored: plan.settings.fieldFilter))

  /// Made when the first picture is met.
  private var pictures: PictureObserver?
  private var shardOfPictures: String?

  private var table: Station?
  private var tableLayout: RecordLayout.Table?
  private var array: Station?
  private var arrayLayout: ArrayLayout?
  private var samples: Station?

  /// A reader with the statistics of what it read.
  private final class Station {
    let reader: any RecordReader
    let profiler: Profiler
    let locator: Locator
    let rules: RuleChecker?
    let tokens: TokenChecker
    let texts: TextChecker?
    let pairs: PairExtractor
    let pairCounter = PairCounter()
    let pictures: PictureSource
    let sizes = DeclaredSizes()

    init(
      _ reader: any RecordReader, _ settings: ScanSettings, hashesRecords: Bool,
      conclusions: Conclusions?, tokenizer: WorkerTokenizer?
    ) {
      self.reader = reader
      profiler = Profiler(
        settings: settings.checks, records: hashesRecords ? settings.recordHashers() : [])
      locator = Locator(reader.batch)
      pairs = PairExtractor(reader.batch, rule: settings.checks.rules.pairs)
      pictures = PictureSource(reader.batch, pairs)
      rules = settings.checks.rules.isEmpty ? nil : RuleChecker(settings.checks.rules)
      tokens = TokenChecker(settings.checks, conclusions: conclusions)
      texts = tokenizer.map { TextChecker(settings.checks, $0, conclusions: conclusions) }
    }
  }

  /// - Parameter lookup: for a second read: what to look for. No statistics are taken then.
  /// - Parameter filter: takes the hashes of the records.
  init(_ plan: ScanPlan, lookup: SecondLook? = nil, filter: RepeatFilter? = nil) {
    self.filter = filter
    self.plan = plan
    self.lookup = lookup
    checks = CheckCatalog.checks(for: plan.settings.checks)
    tokenizer = plan.tokenizer.map { WorkerTokenizer($0) }
    opensPictures = plan.settings.checks.isEnabled(.images)
    readsPairs = opensPictures || plan.settings.checks.isEnabled(.pairs) || plan.tokenizer != nil
  }

  /// Reads and checks the records in the buffer.
  func process(
    count: Int, of input: ShardInput, origin: BatchOrigin, layout: RecordLayout, isFinal: Bool
  ) -> PieceResult {
    let station = station(for: layout)
    station.reader.read(buffer.bytes, count: count, origin: origin, isFinal: isFinal)
    let batch = station.reader.batch
    let locator = station.locator
    locator.begin()
    if readsPairs { station.pairs.extract() }
    let pairs = station.pairs.isActive ? station.pairs : nil
    var findings = ChunkFindings()
    var result = PieceResult()
    result.records = UInt64(batch.records.count)
    result.bytes = UInt64(count)
    result.memberOrdinal = origin.memberOrdinal
    if let reader = station.reader as? SampleReader {
      result.keys = SampleKeys(reader)
      result.membersNotRead = batch.membersNotRead
    }
    if let lookup {
      let facts = lookup.look(at: batch, of: input.name, locator, &findings)
      observe(batch, context(facts, locator, pairs), &findings)
      station.rules?.observe(batch, facts, locator, &findings)
      station.tokens.observe(batch, facts, locator, &findings)
      station.texts?.observe(batch, station.pairs, locator, &findings)
      observePictures(station, input, &findings)
      result.edges = station.rules?.edges ?? []
      result.entries = lookup.settled(findings.located(by: locator))
    } else {
      result.profile = station.profiler.observe(batch, locator, &findings)
      station.pairCounter.observe(station.pairs)
      observe(batch, context(station.profiler.facts, locator, pairs), &findings)
      station.rules?.observe(batch, station.profiler.facts, locator, &findings)
      station.tokens.observe(batch, station.profiler.facts, locator, &findings)
      station.texts?.observe(batch, station.pairs, locator, &findings)
      for hasher in station.profiler.records {
        let hashes = hasher.finish(batch)
        filter?.addSafely(UnsafeRawBufferPointer(hashes))
        let frames = RecordIndex.frames(of: batch, hashes: hashes, comparison: hasher.comparison)
        if result.index.isEmpty { result.index = frames } else { result.index += frames }
      }
      if let pictures = observePictures(station, input, &findings) {
        for (frames, hashes) in PictureFrames.make(of: batch, pictures.hashes) {
          hashes.withUnsafeBytes { filter?.addSafely($0) }
          result.index += frames
        }
      }
      result.edges = station.rules?.edges ?? []
      if !findings.isEmpty { result.entries = findings.located(by: locator) }
    }
    return result
  }

  private func context(_ facts: [NumberFacts], _ locator: Locator, _ pairs: PairExtractor?) -> BatchContext {
    var context = BatchContext(settings: plan.settings.checks, facts: facts, locator: locator)
    context.pairs = pairs
    return context
  }

  /// Opens the pictures of the batch; nil where it has none.
  @discardableResult
  private func observePictures(_ station: Station, _ input: ShardInput, _ findings: inout ChunkFindings)
    -> PictureObserver?
  {
    guard opensPictures else { return nil }
    let known = shardOfPictures == input.name ? self.pictures?.absentFolder : nil
    let references = station.pictures.references(absent: known ?? [])
    guard !references.isEmpty || station.pictures.elsewhere > 0 else { return nil }
    let pictures =
      self.pictures ?? PictureObserver(plan.settings.checks, resolver: plan.pictures(plan.settings))
    self.pictures = pictures
    if shardOfPictures != input.name {
      shardOfPictures = input.name
      pictures.begin(shard: input.isStandardInput ? "" : input.path)
    }
    pictures.observe(
      references, of: station.pictures, station.sizes, in: station.reader.batch, station.locator,
      secondLook: lookup.map { $0.conclusions.imageSizes }, &findings)
    return pictures
  }

  private func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for check in checks { check.observe(batch, context, &findings) }
  }

  private func station(_ reader: any RecordReader) -> Station {
    Station(
      reader, plan.settings, hashesRecords: lookup == nil, conclusions: lookup?.conclusions,
      tokenizer: tokenizer)
  }

  private func station(for layout: RecordLayout) -> Station {
    switch layout {
    case .json(let form):
      (json.reader as? JSONReader)?.layout = form
      return json
    case .table(let layout):
      if let table, let reader = table.reader as? TableReader {
        if tableLayout !== layout { reader.use(layout.dialect) }
        tableLayout = layout
        return table
      }
      let fresh = station(TableReader(dialect: layout.dialect, isIgnored: plan.settings.fieldFilter))
      table = fresh
      tableLayout = layout
      return fresh
    case .array(let layout):
      if let array, let reader = array.reader as? ArrayReader {
        if arrayLayout !== layout { reader.use(layout) }
        arrayLayout = layout
        return array
      }
      let fresh = station(ArrayReader(layout: layout, isIgnored: plan.settings.fieldFilter))
      array = fresh
      arrayLayout = layout
      return fresh
    case .samples(let naming):
      if let samples, let reader = samples.reader as? SampleReader {
        reader.use(naming)
        return samples
      }
      let fresh = station(
        SampleReader(
          naming: naming, limits: plan.settings.json, isIgnored: plan.settings.fieldFilter))
      samples = fresh
      return fresh
    }
  }

  /// The statistics since the last call that do not depend on the order of chunks.
  func drain() -> ShardProfile {
    guard lookup == nil else { return ShardProfile() }
    var profile = drain(json)
    if let table { profile.merge(drain(table)) }
    if let array { profile.merge(drain(array)) }
    if let samples { profile.merge(drain(samples)) }
    if let pictures { profile.images.merge(pictures.drain()) }
    return profile
  }

  private func drain(_ station: Station) -> ShardProfile {
    var profile = station.profiler.drain(station.reader.batch)
    if let rules = station.rules { profile.rules = rules.drain() }
    profile.tokens = station.tokens.drain()
    for (path, texts) in station.texts?.drain() ?? [:] {
      profile.tokens[path, default: TokenProfile()].merge(texts)
    }
    profile.pairs = station.pairCounter.drain()
    // Many shards with different fields must not add up.
    if station.reader.batch.fields.count > 2 * profile.fields.count + 64 {
      (station.reader as? JSONReader)?.forgetFields()
      (station.reader as? TableReader)?.forgetFields()
      (station.reader as? ArrayReader)?.forgetFields()
      (station.reader as? SampleReader)?.forgetFields()
      station.profiler.forgetFields()
      station.rules?.forgetFields()
      station.tokens.forgetFields()
      station.texts?.forgetFields()
      station.pairs.forgetFields()
      station.pictures.forgetFields()
      station.sizes.forgetFields()
    }
    return profile
  }
}
