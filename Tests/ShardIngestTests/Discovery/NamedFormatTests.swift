import Testing

@testable import ShardIngest

@Suite struct NamedFormatTests {
  @Test(
    "endings name record format, container and compression",
    arguments: [
      ("a/b.jsonl", Compression.none, Container.none, "jsonl"), ("B.JSONL.GZ", .gzip, .none, "jsonl"),
      ("x.tar.zst", .zstd, .tar, nil), ("x.tgz", .gzip, .tar, nil), ("x.7z", .none, .sevenZip, nil),
      ("x.txt", .none, .none, nil), ("x.gz", .gzip, .none, nil), ("dir.gz/x", .none, .none, nil),
      ("x", .none, .none, nil), ("x.csv.bz2", .bzip2, .none, "csv"),
    ] as [(String, Compression, Container, String?)])
  func reads(_ row: (String, Compression, Container, String?)) {
    let format = NamedFormat(path: row.0)
    #expect(format.compression == row.1)
    #expect(format.container == row.2)
    #expect(format.records == row.3)
  }
}
