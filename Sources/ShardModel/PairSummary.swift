/// Statistics of pictures and the texts that belong to them, over all records, ready to be shown.
package struct PairSummary: Sendable, Equatable {
  package struct Shape: Sendable, Equatable {
    /// As a rules file names it: `llava`.
    package var name: String
    package var records: UInt64

    package init(name: String, records: UInt64) {
      self.name = name
      self.records = records
    }
  }

  /// How records say which picture belongs to which text; shapes without a record are left out.
  package var shapes: [Shape] = []
  package var withoutImage: UInt64 = 0
  package var withoutText: UInt64 = 0
  package var images: UInt64 = 0
  package var captions: UInt64 = 0
  package var turns: UInt64 = 0
  package var boxes: UInt64 = 0
  /// Of captions that are not null; words are what spaces of ASCII separate.
  package var captionCharacters: NumberSummary?
  package var captionWords: NumberSummary?
  package var imagesPerRecord: NumberSummary?

  package init() {}
}
