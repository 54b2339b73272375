import ShardChecks
import ShardModel
import ShardScan

@testable import ShardIngest

/// The hashes of the records of one text; nil for those that are not compared.
func recordHashes(
  _ text: String, name: String = "a.jsonl", settings: ScanSettings = ScanSettings()
) -> [String?] {
  let input = Array(text.utf8)
  let padding = RecordBatch.padding
  let padded = Array(repeating: 0, count: padding) + input + Array(repeating: 0, count: padding)
  return padded.withUnsafeBufferPointer { bytes in
    guard let base = bytes.baseAddress else { return [] }
    let start = base + padding
    let reader: any RecordReader
    var from = 0
    let layout = LayoutSniffer.sniff(
      UnsafeBufferPointer(start: start, count: input.count), isWhole: true,
      ending: NamedFormat(path: name).records, choice: .auto)
    switch layout {
    case .json(let form): reader = JSONReader(layout: form)
    case .table(let table):
      reader = TableReader(dialect: table.dialect)
      from = layout.headerLength
    case .array(let array): reader = ArrayReader(layout: array)
    case .samples(let naming): reader = SampleReader(naming: naming)
    }
    reader.read(start + from, count: input.count - from, origin: BatchOrigin(), isFinal: true)
    let hasher = RecordHasher()
    let profiler = Profiler(settings: settings.checks, records: [hasher])
    let locator = Locator(reader.batch)
    locator.begin()
    var findings = ChunkFindings()
    _ = profiler.observe(reader.batch, locator, &findings)
    return hasher.finish(reader.batch).map { hash in
      hash.low == 0 && hash.high == 0 ? nil : "\(hash.low)-\(hash.high)"
    }
  }
}
