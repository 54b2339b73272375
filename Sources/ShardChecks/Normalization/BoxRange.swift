import ShardModel
import ShardRules

/// A box has no area, or reaches beyond the range that the boxes of its field are in.
struct BoxRange: Check {
  static let description = CheckDescription(
    id: "box-range", family: .normalization, severity: .error,
    summary:
      "A box is reversed or empty, or reaches beyond the range of its field: 0 to 1, 0 to 1000, or the picture.",
    rationale: """
      Pixels among coordinates from 0 to 1000, or corners in the wrong order, teach the model places that do not exist; loss \
      functions over boxes give NaN where a box has no area. Fields called box, bbox or bounding_box (or their plurals) that hold lists of \
      four numbers are boxes; the form that nearly all of them fit is the rule: corners or corner and size; 0 to 1, inside \
      the picture's width and height, or 0 to 1000.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      .init(NearlyAll.example("{\"bbox\": [10, 20, 500, 600]}", "{\"bbox\": [10, 600, 500, 20]}")),
      .init(NearlyAll.example("{\"bbox\": [10, 20, 500, 600]}", "{\"bbox\": [10, 20, 500, 1600]}")),
      .init(NearlyAll.example("{\"bbox\": [0.1, 0.2, 0.5, 0.6]}", "{\"bbox\": [10, 20, 50, 60]}")),
      .init(
        NearlyAll.example(
          "{\"width\": 640, \"height\": 480, \"boxes\": [[0, 0, 640, 480], [5, 5, 20, 20]]}",
          "{\"width\": 640, \"height\": 480, \"boxes\": [[0, 0, 10, 10], [5, 5, 20, 500]]}")),
    ],
    nonTriggering: [
      .init(NearlyAll.example("{\"bbox\": [10, 20, 500, 600]}", "{\"bbox\": [0, 0, 1000, 1000]}")),
      .init(NearlyAll.example("{\"bbox\": [400, 300, 20, 30]}", "{\"bbox\": [1, 2, 3, 4]}")),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for path in dataset.fields.keys.sorted() {
      guard let boxes = dataset.fields[path]?.vectors.boxes, boxes.boxes > 0 else { continue }
      let rule = settings.rules.fields.isEmpty ? nil : settings.rules.demands(onField: path)
      guard let form = form(of: boxes, rule?.box) else { continue }
      for (kind, what) in form.demands {
        if let rule, rule.box != nil {
          let tally = RuleTally(checked: boxes.boxes, broken: boxes[kind])
          guard !tally.holds(mostly: rule.mostly ?? 1) else { continue }
        }
        conclusions.addRule(path, kind) {
          Self.finding($0, what + " (rules)", rule)
            ?? Self.finding(
              field: $0.field, value: $0.value, what + ", as in nearly all boxes of \(path.dropLast(2))")
        }
      }
    }
  }

  /// What is said of a box where a rule says how they are written.
  private static func finding(_ box: Observation, _ message: String, _ rule: FieldRule?) -> Finding? {
    guard let rule, rule.box != nil else { return nil }
    var finding = finding(field: box.field, value: box.value, message)
    finding.severity = rule.severity ?? finding.severity
    finding.isSeverityFixed = rule.severity != nil
    return finding
  }
}

extension BoxRange {
  /// What the rules say, and for what they leave open, what nearly all boxes are.
  private func form(of boxes: BoxCounts, _ rule: BoxRule?) -> BoxForm? {
    let usual = BoxForm(boxes, settings)
    guard let rule else { return usual }
    let layout: BoxForm.Layout? = rule.layout.map { $0 == .xyxy ? .corners : .cornerAndSize }
    let scale: BoxForm.Scale? = rule.range.map {
      switch $0 {
      case .unit: .one
      case .thousand: .thousand
      case .pixels: .picture
      }
    }
    return BoxForm(layout: layout ?? usual?.layout ?? .corners, scale: scale ?? usual?.scale ?? .unknown)
  }
}

/// How the boxes of a field are written.
struct BoxForm: Equatable {
  enum Layout { case corners, cornerAndSize }
  enum Scale { case one, picture, thousand, unknown }

  var layout: Layout
  var scale: Scale

  init(layout: Layout, scale: Scale) {
    self.layout = layout
    self.scale = scale
  }

  /// The first form, from the narrowest on, that nearly all boxes have; nil where none fits.
  init?(_ boxes: BoxCounts, _ settings: CheckSettings) {
    func fits(_ kind: ObservationKind, of all: UInt64) -> Bool {
      NearlyAll.is(all - min(all, boxes[kind]), of: all, settings)
    }
    if fits(.boxUnordered, of: boxes.boxes) {
      layout = .corners
    } else if fits(.boxEmpty, of: boxes.boxes) {
      layout = .cornerAndSize
    } else {
      return nil
    }
    let beyondPicture: ObservationKind = layout == .corners ? .boxBeyondPicture : .boxSizeBeyondPicture
    if fits(.boxBeyondOne, of: boxes.boxes) {
      scale = .one
    } else if boxes.sized == boxes.boxes, fits(beyondPicture, of: boxes.sized) {
      scale = .picture
    } else if fits(.boxBeyondThousand, of: boxes.boxes) {
      scale = .thousand
    } else {
      scale = .unknown
    }
  }

  /// What a box must not be, and what to say of one that is.
  var demands: [(kind: ObservationKind, what: String)] {
    var demands: [(ObservationKind, String)] = []
    switch layout {
    case .corners: demands.append((.boxUnordered, "expected x1 < x2 and y1 < y2"))
    case .cornerAndSize: demands.append((.boxEmpty, "expected a width and a height above 0"))
    }
    switch scale {
    case .one: demands.append((.boxBeyondOne, "expected coordinates from 0 to 1"))
    case .thousand: demands.append((.boxBeyondThousand, "expected coordinates from 0 to 1000"))
    case .picture:
      demands.append(
        layout == .corners
          ? (.boxBeyondPicture, "expected a box inside the picture's width and height")
          : (.boxSizeBeyondPicture, "expected x + width and y + height inside the picture"))
    case .unknown: break
    }
    return demands
  }
}
