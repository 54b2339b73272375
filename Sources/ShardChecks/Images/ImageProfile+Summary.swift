import ShardImages
import ShardModel

extension ImageProfile {
  private static let names = [
    "width", "height", "aspectRatio", "size", "bytes", "bytesPerPixel", "brightness",
  ]
  private static let wholes: Set<String> = ["width", "height", "bytes"]

  /// What reports show; nil where no record has a picture.
  /// - Parameter sizes: beyond which a size is odd.
  package func summary(sizes fences: Conclusions.Fences?) -> ImageSummary? {
    guard !isEmpty else { return nil }
    var summary = ImageSummary()
    summary.references = references
    summary.read = read
    summary.measured = channels.pictures
    summary.notRead = counts(NotRead.allCases.map { ($0.reason, notRead[Int($0.rawValue)]) })
    summary.formats = counts(ImageFormat.allCases.map { ($0.name, formats[Int($0.rawValue)]) })
    summary.foreign = counts(ForeignContent.allCases.map { ($0.name, foreign[Int($0.rawValue)]) })
    summary.traits = ImageTrait.allCases.map { ImageSummary.Count($0.name, traits[Int($0.rawValue)]) }
    for (name, path) in zip(Self.names, Self.distributions) {
      if var values = self[keyPath: path].summary(isWhole: Self.wholes.contains(name)) {
        if let fences, path == \.sizes {
          values.fences = OutlierFences(
            low: fences.range.lowerBound, high: fences.range.upperBound, isLogarithmic: false)
        }
        summary.distributions.append(ImageSummary.Distribution(name: name, values: values))
      }
    }
    if channels.pictures > 0 {
      summary.channels = ImageSummary.Channels(
        mean: (0..<3).map(channels.mean), deviation: (0..<3).map(channels.deviation))
    }
    return summary
  }

  private func counts(_ named: [(String, UInt64)]) -> [ImageSummary.Count] {
    named.filter { $0.1 > 0 }.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }.map {
      ImageSummary.Count($0, $1)
    }
  }

  /// What was not looked at, for people.
  package var uncheckedTexts: [String] {
    var texts: [String] = []
    // What is missing, unsafe or cannot be read is a finding.
    for reason in [NotRead.elsewhere, .remote, .tooLarge, .notAsked] {
      let count = notRead[Int(reason.rawValue)]
      if count > 0 { texts.append("\(count) \(count == 1 ? "picture" : "pictures") \(reason.reason)") }
    }
    let notDecoded = traits[Int(ImageTrait.notDecoded.rawValue)]
    if notDecoded > 0 {
      texts.append(
        "the pixels of \(notDecoded) \(notDecoded == 1 ? "picture" : "pictures") of formats or sizes that are not decoded"
      )
    }
    let headers =
      read - Swift.min(read, channels.pictures + notDecoded + traits[Int(ImageTrait.broken.rawValue)])
    if headers > 0, channels.pictures == 0 {
      texts.append(
        "the pixels of \(headers) \(headers == 1 ? "picture" : "pictures") (--image-decode header)")
    }
    return texts
  }
}
