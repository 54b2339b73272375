import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

struct SampleScanTests {
  /// A tar of samples with a picture, a caption and metadata each; `change` may put other members in their place.
  static func tar(
    _ count: Int, pictureBytes: Int = 40, _ change: (Int, [(String, [UInt8])]) -> [(String, [UInt8])] = { $1 }
  ) -> [UInt8] {
    var random = RepeatableRandom(seed: 1)
    var bytes: [UInt8] = []
    for index in 0..<count {
      let picture = (0..<pictureBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
      let key = String(1_000_000 + index)
      let members: [(String, [UInt8])] = [
        ("\(key).jpg", picture), ("\(key).txt", Array("a cat, \(index) of them".utf8)),
        ("\(key).json", Array("{\"width\": 640, \"score\": 0.\(100 + index % 50)}".utf8)),
      ]
      for (name, content) in change(index, members) {
        bytes += SampleArchive.member(named: name, content)
      }
    }
    return bytes + SampleArchive.endMarker
  }

  private func scan(_ bytes: [UInt8], threads: Int = 1, settings: ScanSettings = ScanSettings()) throws
    -> Outcome
  {
    let folder = TemporaryFolder()
    let path = folder.write("data/a.tar", bytes)
    var settings = settings
    // The pictures of these samples are none.
    settings.checks.imageMode = .none
    return try ShardScanTests.scan([path], out: folder.path + "/out", threads: threads, settings: settings)
  }

  @Test("Sound samples give nothing to say, and their members are fields")
  func clean() throws {
    let outcome = try scan(Self.tar(60))
    #expect(outcome.lines.isEmpty, "\(outcome.brief)")
    #expect(outcome.shards.map(\.format) == ["webdataset"])
    #expect(outcome.shards.map(\.records) == [60])
    let fields = Dictionary(uniqueKeysWithValues: outcome.result.fields.map { ($0.path, $0) })
    #expect(fields["jpg"]?.types.picture == 60)
    #expect(fields["txt"]?.types.text == 60)
    #expect(fields["__key__"]?.types.text == 60)
    #expect(fields["json.score"]?.types.number == 60)
    let picture = try #require(fields["jpg"])
    #expect(FieldDraft(picture, elements: nil)?.lines == ["  \"jpg\": {required: true, nullable: false}"])
  }

  @Test("Each structural defect is told at its record")
  func defects() throws {
    let planted: [Int: (check: String, change: ([(String, [UInt8])]) -> [(String, [UInt8])])] = [
      3: ("pair-incomplete", { Array($0.dropFirst()) }),
      7: ("pair-incomplete", { [$0[0], $0[2]] }),
      12: ("member-duplicate", { $0 + [$0[0]] }),
      20: ("member-extension", { $0 + [("1000020.jpgg", [1])] }),
      25: ("member-name", { $0 + [("1000025.v2.jpg", [1])] }),
      30: ("member-name", { $0 + [("README", [1])] }),
      41: ("record-malformed", { [$0[0], $0[1], ("1000041.json", Array("{\"width\": 640,}".utf8))] }),
      48: ("encoding-invalid", { [$0[0], ("1000048.txt", [0x61, 0xFF]), $0[2]] }),
    ]
    let bytes = Self.tar(60) { planted[$0]?.change($1) ?? $1 }
    for threads in [1, 4] {
      let outcome = try scan(bytes, threads: threads)
      for record in 0..<60 {
        #expect(
          Set(outcome.checks(record: UInt64(record))) == Set(planted[record].map { [$0.check] } ?? []),
          "\(record) \(outcome.brief)")
      }
    }
  }

  @Test("A key that comes again is told, in the same chunk and in a later one")
  func split() throws {
    let bytes = Self.tar(3_000) { index, members in
      switch index {
      case 11: [members[0]]
      case 12:
        [members[0], members[1], members[2], ("1000011.txt", [0x61]), ("1000011.json", Array("{}".utf8))]
      case 2_900: members.map { ("1000002" + $0.0.dropFirst(7), $0.1) }
      default: members
      }
    }
    let one = try scan(bytes)
    #expect(bytes.count > 3 << 20)
    #expect(one.checks(record: 13).contains("sample-split"))
    #expect(one.checks(record: 2_901) == ["sample-split"])
    #expect(one.result.checks["sample-split"]?.findings == 2)
    let line = one.lines.first { $0.findings.location.record == 2_901 }
    #expect(line?.findings.location.key == "1000002")
    #expect(line?.findings.findings.first?.message.contains("record 2 ") == true)
  }

  @Test("One thread or eight say the same of a large tar, and the samples are all there")
  func threads() throws {
    let bytes = Self.tar(400, pictureBytes: 20_000) { index, members in
      index % 97 == 5 ? [members[0], members[2]] : index % 89 == 3 ? members + [members[1]] : members
    }
    let one = try scan(bytes)
    let eight = try scan(bytes, threads: 8)
    #expect(one.lines.map(\.findings) == eight.lines.map(\.findings))
    #expect(one.result.fields == eight.result.fields)
    #expect(one.result.totals.records == 400)
    #expect(!one.lines.isEmpty)
  }

  @Test(
    "Samples with the same members are duplicates whatever they are called; one byte of a picture tells them apart"
  )
  func duplicates() throws {
    var first: [(String, [UInt8])] = []
    let bytes = Self.tar(40) { index, members in
      if index == 4 { first = members }
      let copied = zip(members, first).map { ($0.0, $1.1) }
      if index == 20 { return copied }
      if index == 30 { return [(copied[0].0, copied[0].1.dropLast() + [1]), copied[1], copied[2]] }
      return members
    }
    let outcome = try scan(bytes)
    #expect(outcome.checks(record: 20) == ["record-duplicate"])
    #expect(outcome.checks(record: 30) == [])
  }

  @Test("A picture in another format is no missing picture; none at all is")
  func otherFormats() throws {
    let outcome = try scan(
      Self.tar(100) { index, members in
        switch index {
        case 40, 41: [("\(1_000_000 + index).png", members[0].1), members[1], members[2]]
        case 50: [members[1], members[2]]
        default: members
        }
      })
    #expect(outcome.brief == ["50 pair-incomplete jpg"])
  }

  private struct Mix: CustomTestStringConvertible {
    var name: String
    /// The extensions of the picture of each sample by turns, in each of the shards; nothing stands for no picture.
    var shards: [[String]]
    var odd: [Int: [String]] = [:]
    /// The records that lack a picture, of the first shard.
    var found: [Int]
    var field = "jpg"
    var testDescription: String { name }
  }

  /// 120 samples in each shard.
  @Test(
    "A sample without a picture is found among pictures of several formats",
    arguments: [
      Mix(name: "one format", shards: [["jpg"]], odd: [50: [], 119: []], found: [50, 119]),
      Mix(name: "two by turns", shards: [["jpg", "png"]], odd: [50: [], 51: []], found: [50, 51]),
      Mix(
        name: "three", shards: [["webp", "png", "jpg"]], odd: [0: [], 7: ["png"]], found: [0]),
      Mix(name: "none is missing", shards: [["jpg", "png"]], found: []),
      Mix(
        name: "two pictures make up for none", shards: [["jpg", "png"]], odd: [3: ["jpg", "png"], 4: []],
        found: [4]),
      Mix(name: "half have none, as is meant", shards: [["jpg", ""]], found: []),
      Mix(name: "no picture at all", shards: [[""]], found: []),
      Mix(
        name: "a shard for each format", shards: [["jpg"], ["png"]], odd: [9: []], found: [9], field: "png"),
      Mix(name: "beside a shard of texts", shards: [["jpg", "png"], [""]], odd: [9: []], found: [9]),
      Mix(
        name: "more than are written down", shards: [["jpg"], ["jpg"], ["jpg"], ["png"], ["png"], ["png"]],
        odd: Dictionary(uniqueKeysWithValues: (20..<50).map { ($0, []) }), found: Array(20..<50), field: "png"
      ),
      Mix(
        name: "a mask is another kind", shards: [["jpg"]], odd: [8: ["seg.png"]], found: [8]),
    ])
  private func mixed(mix: Mix) throws {
    let folder = TemporaryFolder()
    for (place, endings) in mix.shards.enumerated() {
      let bytes = Self.tar(120) { index, members in
        let odd = place == 0 ? mix.odd[index] : nil
        let wanted = odd ?? [endings[index % endings.count]].filter { !$0.isEmpty }
        return wanted.map { ("\(1_000_000 + index).\($0)", members[0].1) } + members[1...]
      }
      folder.write("data/\(place).tar", bytes)
    }
    for threads in [1, 3] {
      let outcome = try ShardScanTests.scan(
        [folder.path + "/data"], out: folder.path + "/out\(threads)", threads: threads,
        settings: .samplesAlone)
      let incomplete = outcome.lines.filter { line in
        line.findings.findings.contains { $0.check == "pair-incomplete" }
      }
      #expect(
        incomplete.map { $0.findings.location.record } == mix.found.map(UInt64.init), "\(outcome.brief)")
      #expect(incomplete.allSatisfy { $0.shard.hasSuffix("0.tar") })
      #expect(incomplete.allSatisfy { $0.findings.findings.map(\.field).contains(mix.field) })
    }
  }

  @Test("Splits of the shards, merged, find the same samples without a picture")
  func mergedMix() throws {
    let folder = TemporaryFolder()
    for (place, ending) in ["jpg", "png", "webp"].enumerated() {
      folder.write(
        "data/\(place).tar",
        Self.tar(80) { index, members in
          index == 7 + place
            ? Array(members[1...]) : [("\(1_000_000 + index).\(ending)", members[0].1)] + members[1...]
        })
    }
    let whole = try ShardScanTests.scan(
      [folder.path + "/data"], out: folder.path + "/whole", settings: .samplesAlone)
    for place in 0..<3 {
      _ = try ShardScanTests.scan(
        [folder.path + "/data/\(place).tar"], out: folder.path + "/part\(place)", settings: .samplesAlone)
    }
    let merged = try merge([2, 0, 1].map { folder.path + "/part\($0)" }, out: folder.path + "/merged")
    #expect(merged.brief == whole.brief)
    #expect(whole.brief == ["7 pair-incomplete jpg", "8 pair-incomplete jpg", "9 pair-incomplete jpg"])
  }

  @Test("A tar of shards stays what it was")
  func shards() throws {
    let lines = (0..<30).map { "{\"a\": \($0)}\n" }.joined()
    let tar = SampleArchive.text(of: [("a.jsonl", lines), ("b.jsonl", lines + "{\"a\": 30}\n")])
    let outcome = try scan(Array(tar.utf8), settings: .withoutDuplicates)
    #expect(outcome.shards.map(\.format) == ["tar of jsonl"])
    #expect(outcome.shards.map(\.records) == [61])
  }

  @Test("Members that are not read are counted")
  func unread() throws {
    let outcome = try scan(Self.tar(30) { [$1[0], ("\(1_000_000 + $0).mp4", [1, 2])] })
    #expect(
      outcome.result.unchecked.contains { $0.contains("30") && $0.contains("mp4") },
      "\(outcome.result.unchecked)")
    #expect(outcome.lines.isEmpty, "\(outcome.brief)")
  }
}

extension ScanSettings {
  /// Samples whose members alone matter: their pictures are none, and all alike.
  fileprivate static var samplesAlone: ScanSettings {
    var settings = ScanSettings.withoutPictures
    settings.checks.enabled.formIntersection(["pair-incomplete", "member-extension"])
    return settings
  }
}
