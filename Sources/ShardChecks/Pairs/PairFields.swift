import ShardModel
import ShardRules

/// Which fields of a batch hold pictures, captions and turns: told once for each field, by its name.
struct PairFields {
  /// A list of turns and the members of its elements; -1 where there are none.
  struct Turns {
    var list: Int
    var element: Int
    var rank: Int
    var role = -1
    var content = -1
    var toolCalls = -1
    var partElement = -1
    var partType = -1
    var partText = -1
    /// Texts that say where the picture of a part is.
    var partImages: [Int] = []
    /// Whether the list has a name of its own, rather than being the record.
    var isNamed: Bool

    init(list: Int, element: Int, rank: Int, isNamed: Bool) {
      self.list = list
      self.element = element
      self.rank = rank
      self.isNamed = isNamed
    }
  }

  /// A field with pictures.
  struct Images {
    /// The member of the record.
    var owner: Int
    /// Fields with the texts: the member itself, the elements of its list, paths in objects.
    var texts: [Int]
    var isList: Bool
    /// Says where a web page is, too: counts only in records that have metadata of pictures.
    var isAddress: Bool
    var rank: Int
  }

  struct Captions {
    var field: Int
    /// Says what any text is, too.
    var isGeneral: Bool
    var rank: Int
  }

  private(set) var images: [Images] = []
  private(set) var captions: [Captions] = []
  private(set) var turns: [Turns] = []
  /// Width and height of the picture.
  private(set) var sizes: [Int] = []
  /// Numbers that only metadata of pictures have.
  private(set) var evidence: [Int] = []
  private(set) var metadata: [(field: Int, range: MetadataRange)] = []
  private var known = 0
  private let rule: PairRule

  init(_ rule: PairRule) { self.rule = rule }

  /// Whether any record can be a pair.
  var isActive: Bool { !turns.isEmpty || (!images.isEmpty && !captions.isEmpty) || rule.shape != nil }

  mutating func forget() { self = PairFields(rule) }

  private static let imageNames = [
    "image", "image_path", "img_path", "image_file", "img", "file_name", "filename", "filepath", "image_url",
    "img_url", "picture", "photo", "images", "jpg", "jpeg", "png", "webp", "gif", "bmp", "url",
  ]
  private static let captionNames = [
    "caption", "txt", "json.caption", "text", "alt", "alt_text", "description",
  ]
  private static let turnNames = ["conversations", "messages", "conversation"]
  private static let pathNames: Set<String> = ["path", "url", "file_name", "image"]

  /// Takes in the fields that are new in the batch.
  mutating func look(at fields: [Field]) {
    for index in known..<max(known, fields.count) { look(at: index, fields) }
    known = fields.count
  }

  private mutating func look(at index: Int, _ fields: [Field]) {
    let field = fields[index]
    lookForImage(index, field, fields)
    if let rank = rank(of: field, Self.captionNames, rule.captions), !isTurnMember(field) {
      let general = rule.captions.isEmpty && ["text", "description"].contains(field.name.lowercased())
      captions.append(Captions(field: index, isGeneral: general, rank: rank))
      captions.sort { $0.rank < $1.rank }
    }
    if field.role == .member, field.parent == 0 { lookForNumber(index, field) }
    lookForTurns(index, field, fields)
  }

  /// The place of the field's name in a list of names, or of its path in the user's.
  private func rank(of field: Field, _ names: [String], _ paths: [String]) -> Int? {
    if !paths.isEmpty { return paths.firstIndex(of: field.path) }
    guard field.role == .member else { return nil }
    let name = field.path.lowercased()
    return names.firstIndex(of: name)
  }

  private func isTurnMember(_ field: Field) -> Bool { turns.contains { $0.element == field.parent } }

  private mutating func lookForImage(_ index: Int, _ field: Field, _ fields: [Field]) {
    if let rank = rank(of: field, Self.imageNames, rule.images) {
      let name = field.name.lowercased()
      images.append(
        Images(
          owner: index, texts: [index], isList: name == "images",
          isAddress: rule.images.isEmpty && name == "url", rank: rank))
      images.sort { $0.rank < $1.rank }
      return
    }
    for place in images.indices {
      let isElement = field.role == .element && field.parent == images[place].owner
      let isPath =
        field.role == .member && Self.pathNames.contains(field.name)
        && (field.parent == images[place].owner || images[place].texts.contains(field.parent))
      if isElement || isPath { images[place].texts.append(index) }
    }
  }

  private mutating func lookForNumber(_ index: Int, _ field: Field) {
    let name = field.name.lowercased()
    if ["width", "height", "original_width", "original_height"].contains(name) {
      sizes.append(index)
      evidence.append(index)
    }
    if let range = MetadataRange(of: name) {
      metadata.append((index, range))
      if range != .size { evidence.append(index) }
    }
  }

  private mutating func lookForTurns(_ index: Int, _ field: Field, _ fields: [Field]) {
    if field.role == .element {
      for place in turns.indices where turns[place].content == field.parent {
        turns[place].partElement = index
      }
      return
    }
    guard field.role == .member else { return }
    if let rank = listRank(field) { insert(Turns(list: index, element: -1, rank: rank, isNamed: true)) }
    for place in turns.indices { lookForPart(place, index, field) }
    let isRole = rule.role.map { $0 == field.name } ?? (field.name == "from" || field.name == "role")
    let isContent =
      rule.content.map { $0 == field.name } ?? (field.name == "value" || field.name == "content")
    guard isRole || isContent || field.name == "tool_calls", let place = place(ofTurn: field.parent, fields)
    else { return }
    if isRole, turns[place].role < 0 { turns[place].role = index }
    if isContent, turns[place].content < 0 { turns[place].content = index }
    if field.name == "tool_calls" { turns[place].toolCalls = index }
  }

  private func listRank(_ field: Field) -> Int? {
    if let path = rule.turns { return path == field.path ? 0 : nil }
    return field.parent == 0 ? Self.turnNames.firstIndex(of: field.name) : nil
  }

  private mutating func insert(_ new: Turns) {
    turns.insert(new, at: turns.firstIndex { $0.rank > new.rank } ?? turns.endIndex)
  }

  /// The place in `turns` of the list whose elements are the field `element`, if they can be turns.
  private mutating func place(ofTurn element: Int, _ fields: [Field]) -> Int? {
    guard fields[element].role == .element else { return nil }
    let list = fields[element].parent
    // A record may be the list of its turns.
    if fields[list].role == .root, rule.turns == nil, !turns.contains(where: { $0.list == list }) {
      insert(Turns(list: list, element: element, rank: Self.turnNames.count, isNamed: false))
    }
    guard let place = turns.firstIndex(where: { $0.list == list }) else { return nil }
    turns[place].element = element
    return place
  }

  private mutating func lookForPart(_ place: Int, _ index: Int, _ field: Field) {
    let turn = turns[place]
    guard turn.partElement >= 0 else { return }
    if field.parent == turn.partElement {
      switch field.name {
      case "type": turns[place].partType = index
      case "text": turns[place].partText = index
      case "image_url", "image", "url", "path", "value": turns[place].partImages.append(index)
      default: break
      }
    } else if turn.partImages.contains(field.parent), Self.pathNames.contains(field.name) {
      turns[place].partImages.append(index)
    }
  }
}
