/// A picture of a conversation, as far as it matters to the number of its tokens.
package struct TurnPicture: Sendable, Equatable {
  /// In pixels; nil where they are not known.
  package var width: Int?
  package var height: Int?

  package init(width: Int? = nil, height: Int? = nil) {
    self.width = width
    self.height = height
  }
}

/// One turn of a conversation, as the record has it.
package struct Turn: Sendable, Equatable {
  package enum Role: Sendable, Equatable { case system, user, assistant, tool, other }

  package var role: Role
  /// The text with its escapes undone, placeholders and tags of pictures in it.
  package var content: [UInt8]
  /// Pictures that belong to the turn, in their order, beside those that the text names itself (`<img>path</img>`).
  package var pictures: [TurnPicture]

  package init(_ role: Role, _ content: [UInt8], pictures: [TurnPicture] = []) {
    self.role = role
    self.content = content
    self.pictures = pictures
  }

  package init(_ role: Role, _ content: String, images: Int = 0) {
    self.init(role, Array(content.utf8), pictures: Array(repeating: TurnPicture(), count: images))
  }
}
