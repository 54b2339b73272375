import Foundation
import Testing

@testable import ShardChecks

/// Our trainers against a plain one in Python that holds every token (`Fixtures/make.py`).
struct TrainerFixtureTests {
  private static func lines(_ name: String) throws -> [Substring] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try String(contentsOf: folder.appendingPathComponent("Fixtures/" + name), encoding: .utf8)
      .split(separator: "\n")
  }

  private struct Case: Decodable {
    var trainer: String
    var limit: Int
    var span: Int
    var image: Bool
    var turns: [[String]]
    var crash: Bool
    var tokens: Int?
    var first: Int?
    var labelled: Int?
    var left: Int?

    var conversation: [Turn] {
      turns.enumerated().map { index, turn in
        let role: Turn.Role = turn[0] == "user" ? .user : turn[0] == "assistant" ? .assistant : .system
        return Turn(role, turn[1], images: image && index == 0 ? 1 : 0)
      }
    }
  }

  @Test("Tokens, labels and crashes are those of Python, at limits on both sides of the first label")
  func python() throws {
    var kinds: Set<String> = []
    for line in try Self.lines("trainers.jsonl") {
      let example = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
      var trainer = try #require(Trainer.named(example.trainer)).limited(to: example.limit)
      trainer.pictures = .fixed(example.span, marks: trainer.recipe == .llava ? 0 : 2)
      let record = trainer.train(on: example.conversation, ByteTokenizer())
      #expect((record.failure?.isCrash ?? false) == example.crash, "\(line) \(record)")
      if example.crash { continue }
      #expect(record.tokens == example.tokens, "\(line) \(record)")
      #expect(record.beforeFirstLabel == (example.first.flatMap { $0 < 0 ? nil : $0 }), "\(line) \(record)")
      #expect(record.labelled == example.labelled && record.left == example.left, "\(line) \(record)")
      // The limits that are told are right; LLaVA's mask hangs on the limit itself.
      if let first = record.beforeFirstLabel, first > 0, trainer.recipe != .llava {
        for (limit, left) in [(first, 0), (first + 1, 1), (record.limitForAll, record.labelled)] {
          let other = trainer.limited(to: limit).train(on: example.conversation, ByteTokenizer())
          #expect(other.left == left, "limit \(limit) of \(line)")
        }
      }
      kinds.insert("\(example.trainer) \(record.left == 0)")
    }
    #expect(kinds.count >= 7)
  }

  @Test("Sizes of pictures are those of Python")
  func resize() throws {
    for line in try Self.lines("resize.tsv") {
      let fields = line.split(separator: "\t").map { Int($0) }
      let (height, width) = (try #require(fields[0]), try #require(fields[1]))
      for (resize, place) in [(SmartResize.processor, 2), (.utilities, 4)] {
        let size = resize.size(width: width, height: height)
        #expect(size?.height == fields[place] && size?.width == fields[place + 1], "\(line)")
      }
    }
  }

  @Test("What is no picture has no size", arguments: [(0, 5), (5, 0), (-1, 5), (1 << 30, 1 << 30), (201, 1)])
  func noPicture(_ width: Int, _ height: Int) {
    #expect(SmartResize.processor.size(width: width, height: height) == nil)
    #expect(PictureCost.qwen2VL.tokens(TurnPicture(width: width, height: height)) == nil)
  }
}
