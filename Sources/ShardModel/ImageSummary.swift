/// Statistics of the pictures of a data set, ready to be shown.
package struct ImageSummary: Sendable, Equatable {
  package struct Count: Sendable, Equatable {
    package var name: String
    package var count: UInt64

    package init(_ name: String, _ count: UInt64) {
      self.name = name
      self.count = count
    }
  }

  package struct Distribution: Sendable, Equatable {
    /// As in `summary.json`: `width`, `aspectRatio`.
    package var name: String
    /// Count, limits, quantiles and histogram; no mean.
    package var values: NumberSummary

    package init(name: String, values: NumberSummary) {
      self.name = name
      self.values = values
    }
  }

  /// Means and deviations of red, green and blue, from 0 to 1.
  package struct Channels: Sendable, Equatable {
    package var mean: [Double]
    package var deviation: [Double]

    package init(mean: [Double], deviation: [Double]) {
      self.mean = mean
      self.deviation = deviation
    }

    /// What training scripts put into `Normalize`.
    package static let imageNet = Channels(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
    package static let clip = Channels(
      mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])

    /// The largest differences over the channels.
    package func distance(from other: Channels) -> (mean: Double, deviation: Double) {
      (
        zip(mean, other.mean).map { ($0 - $1).magnitude }.max() ?? 0,
        zip(deviation, other.deviation).map { ($0 - $1).magnitude }.max() ?? 0
      )
    }
  }

  /// Pictures that records name or hold, each mention counted.
  package var references: UInt64 = 0
  /// Those that were opened and are pictures.
  package var read: UInt64 = 0
  /// Those whose pixels the channels are taken from.
  package var measured: UInt64 = 0
  /// Why the others were not read; those that are there.
  package var notRead: [Count] = []
  /// The most frequent first.
  package var formats: [Count] = []
  /// What was no picture: `an HTML page`.
  package var foreign: [Count] = []
  /// `animated`, `alpha`, ...: all of them, in a fixed order.
  package var traits: [Count] = []
  package var distributions: [Distribution] = []
  /// Each picture counts alike; JPEGs as they look at an eighth of their sides, which makes deviations a little smaller
  /// than those of single pixels. Nil where no pixel was read.
  package var channels: Channels?

  package init() {}
}
