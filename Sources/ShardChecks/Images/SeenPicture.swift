import ShardImages
import ShardModel

/// One picture with all that checks judge it by.
package struct SeenPicture {
  package enum State {
    /// Opened and read as far as the mode says.
    case read(ImageReport)
    case missing(String)
    case malformed(String)
    case unsafe(String)
    case failed(String)
  }

  package let state: State
  /// The ending of its name in lower case, without the dot; empty where there is none.
  package let ending: String
  /// Width and height that the record gives for it.
  package let declared: (width: Double, height: Double)?

  /// The report of a picture that is one: its format is known.
  var report: ImageReport? {
    if case .read(let report) = state, report.format != nil { report } else { nil }
  }

  /// Of the pixels, where they were decoded.
  var measures: ImageMeasures? { report?.measures }
}

/// A check of single pictures. What it finds hangs on the picture and its record alone.
package protocol ImageCheck: Check {
  /// Findings without field and value, which are the picture's.
  func judge(_ picture: SeenPicture) -> [Finding]
}

extension ImageCheck {
  package var ofPictures: (any ImageCheck)? { self }

  static func finding(_ severity: Severity, _ message: String) -> Finding {
    Finding(check: description.id, severity: severity, message: message)
  }

  static func found(_ message: String) -> [Finding] { [finding(description.severity, message)] }
}

extension CheckSettings {
  /// What the thresholds of checks make of the reading of pictures.
  var imageSettings: ImageSettings {
    var settings = ImageSettings()
    func set(_ threshold: WritableKeyPath<ImageThresholds, Double>, _ check: String) {
      if let value = number("threshold", of: check) { settings.thresholds[keyPath: threshold] = value }
    }
    set(\.dark, ImageDark.description.id)
    set(\.light, ImageBright.description.id)
    set(\.lowInformation, ImageFlat.description.id)
    set(\.blurry, ImageBlurry.description.id)
    set(\.oddAspectRatio, ImageAspect.description.id)
    if let limit = number("max-pixels", of: ImageDimensions.description.id), limit < 1e12 {
      settings.limits.pixels = Int(limit)
    }
    return settings
  }

  /// The checks of single pictures that are on.
  var imageChecks: [any ImageCheck] {
    imageMode == .none ? [] : CheckCatalog.checks(for: self).compactMap(\.ofPictures)
  }
}
