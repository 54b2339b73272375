import ShardModel
import ShardRules

/// Turns of a batch as trainers see them: texts without escapes, with the pictures that belong to them.
struct TurnReader {
  private static let placeholder = Array("<image>".utf8)
  /// Whether the size of pictures matters.
  let needsSize: Bool
  private let sizes = DeclaredSizes(isShared: true)

  init(needsSize: Bool) { self.needsSize = needsSize }

  func begin(_ batch: RecordBatch) {
    if needsSize { sizes.begin(batch) }
  }

  /// Forgets the fields, as the reader does.
  func forgetFields() { sizes.forgetFields() }

  /// To be called for rows in rising order.
  /// - Complexity: O(bytes of the turns).
  func turns(ofRow row: Int, _ pairs: PairExtractor) -> [Turn] {
    let record = pairs.records[row]
    var turns: [Turn] = []
    turns.reserveCapacity(record.turns.indices.count)
    var seen = 0
    func next() -> TurnPicture {
      defer { seen += 1 }
      guard needsSize,
        let size = sizes.size(ofRow: row, picture: seen, of: Int(record.images.count), pairs.batch)
      else { return TurnPicture() }
      return TurnPicture(width: Self.pixels(size.width), height: Self.pixels(size.height))
    }
    // Of pictures in the text the trainer takes care, by their tags.
    var beside = 0
    for index in record.images.indices where pairs.images[index].turn < 0 { beside += 1 }
    for index in record.turns.indices {
      let turn = pairs.turns[index]
      var (content, pictures) = ([UInt8](), [TurnPicture]())
      if turn.content == .text {
        content = Array(pairs.bytes(of: turn.text))
      } else {
        for part in turn.parts.indices {
          switch pairs.parts[part].kind {
          case .text: if let text = pairs.parts[part].text { content += pairs.bytes(of: text) }
          case .image:
            content += pairs.placeholder
            pictures.append(next())
          case .unknown, .other: break
          }
        }
      }
      if beside > 0, turn.role != .answer {
        for tag in turn.tags.indices where beside > 0 && pairs.tags[tag].kind == .placeholder {
          pictures.append(next())
          beside -= 1
        }
      }
      if pairs.placeholder != Self.placeholder {
        content = Array(content[...].parts(at: pairs.placeholder).joined(separator: Self.placeholder))
      }
      turns.append(Turn(Self.role(turn.role), content, pictures: pictures))
    }
    // Pictures without a placeholder stand before the first question.
    if beside > 0, let first = turns.firstIndex(where: { $0.role == .user }) {
      turns[first].pictures.insert(contentsOf: (0..<beside).map { _ in next() }, at: 0)
    }
    return turns
  }

  private static func pixels(_ value: Double) -> Int? {
    value >= 1 && value <= Double(1 << 24) && value == value.rounded() ? Int(value) : nil
  }

  private static func role(_ role: PairRole) -> Turn.Role {
    switch role {
    case .user: .user
    case .answer: .assistant
    case .system: .system
    case .tool: .tool
    case .unknown, .missing: .other
    }
  }
}
