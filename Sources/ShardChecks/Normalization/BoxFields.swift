import CKernels
import ShardModel
import ShardRules

/// Which fields hold boxes, and what is wrong with single boxes in each way in which they can be written.
struct BoxFields {
  private static let names: Set<String> = [
    "box", "boxes", "bbox", "bboxes", "bounding_box", "bounding_boxes", "boundingbox", "boundingboxes",
  ]
  private static let widths: Set<String> = ["width", "image_width", "img_width", "original_width"]
  private static let heights: Set<String> = ["height", "image_height", "img_height", "original_height"]

  private let rules: Rules
  /// Parallel to the batch's fields.
  private var isBox: [Bool] = []
  private var width: Int?
  private var height: Int?

  init(_ rules: Rules = Rules()) { self.rules = rules }

  mutating func forget() { self = BoxFields(rules) }

  /// Takes in fields that are new in the batch.
  mutating func look(at fields: [Field]) {
    for index in isBox.count..<max(isBox.count, fields.count) {
      let field = fields[index]
      isBox.append(field.role == .element && (isDeclared(field) || isNamed(index, fields)))
      guard field.role == .member, field.parent == 0 else { continue }
      if width == nil, Self.widths.contains(field.name.lowercased()) { width = index }
      if height == nil, Self.heights.contains(field.name.lowercased()) { height = index }
    }
  }

  func contains(_ field: Int) -> Bool { field < isBox.count && isBox[field] }

  private func isNamed(_ index: Int, _ fields: [Field]) -> Bool {
    Self.names.contains(Self.name(of: index, fields).lowercased())
  }

  private func isDeclared(_ field: Field) -> Bool {
    guard !rules.fields.isEmpty, let rule = rules.demands(onField: field.path) else { return false }
    return rule.box != nil || rule.role == .box
  }

  /// The name of the member that holds the lists, or the lists of lists.
  private static func name(of index: Int, _ fields: [Field]) -> String {
    var index = index
    while fields[index].role == .element { index = fields[index].parent }
    return fields[index].name
  }

  /// What is wrong with each box of the batch in a field of boxes; every box once for each kind.
  /// - Complexity: O(boxes), and O(log records) each where records say the size of their picture.
  func visit(
    _ field: Int, _ batch: RecordBatch, boxes: inout BoxCounts,
    _ body: (_ list: Int, _ kind: ObservationKind) -> Void
  ) {
    let column = batch.columns[field]
    let lists = batch.columns[batch.fields[field].parent].lists
    let sizes = pictureSizes(batch)
    for index in 0..<lists.count {
      guard let box = VectorObserver.row(index, lists, column, 4) else { continue }
      boxes.boxes += 1
      let (x1, y1, x2, y2) = (box[0], box[1], box[2], box[3])
      let isNegative = x1 < 0 || y1 < 0 || x2 < 0 || y2 < 0
      let most = max(max(x1, x2), max(y1, y2))
      if !(x1 < x2 && y1 < y2) { body(index, .boxUnordered) }
      if !(x2 > 0 && y2 > 0) { body(index, .boxEmpty) }
      if isNegative || most > 1 { body(index, .boxBeyondOne) }
      if isNegative || most > 1_000 { body(index, .boxBeyondThousand) }
      guard let sizes else { continue }
      let row = batch.row(at: lists[index].position)
      boxes.sized += 1
      let (width, height) = (sizes.width[row], sizes.height[row])
      if isNegative || x2 > width || y2 > height { body(index, .boxBeyondPicture) }
      if x1 < 0 || y1 < 0 || x1 + x2 > width || y1 + y2 > height { body(index, .boxSizeBeyondPicture) }
    }
  }

  /// Width and height by row, where every record of the batch has one of each.
  private func pictureSizes(
    _ batch: RecordBatch
  ) -> (width: UnsafePointer<Double>, height: UnsafePointer<Double>)? {
    guard let width, let height else { return nil }
    let count = batch.records.count
    let (widths, heights) = (batch.columns[width], batch.columns[height])
    guard widths.count == count, widths.numbers.count == count, heights.count == count,
      heights.numbers.count == count
    else { return nil }
    return (UnsafePointer(widths.numbers.base), UnsafePointer(heights.numbers.base))
  }
}
