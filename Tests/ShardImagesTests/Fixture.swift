import Foundation
import Testing

@testable import ShardImages

/// A picture of `Fixtures`, and what `make.py` says of it.
struct Fixture: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let format: ImageFormat
  let width: Int
  let height: Int
  let frames: Int
  let orientation: Int
  let isGray: Bool
  let dark: Double
  let light: Double
  let entropy: Double
  let edges: Double
  let spread: Double
  let hash: UInt64
  let means: [Double]
  let deviations: [Double]

  var testDescription: String { name }

  private static let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures")

  static func bytes(_ name: String) -> [UInt8] {
    guard let folder, let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { return [] }
    return [UInt8](data)
  }

  static let all: [Fixture] = String(decoding: bytes("expected.tsv"), as: UTF8.self).split(separator: "\n")
    .compactMap {
      let fields = $0.split(separator: "\t").map(String.init)
      let numbers = fields.map { Double($0) ?? 0 }
      guard fields.count == 19, let hash = UInt64(fields[12], radix: 16),
        let format = ImageFormat.allCases.first(where: { $0.name.uppercased() == fields[1] })
      else { return nil }
      return Fixture(
        name: fields[0], bytes: bytes(fields[0]), format: format, width: Int(numbers[2]),
        height: Int(numbers[3]),
        frames: Int(numbers[4]), orientation: Int(numbers[5]), isGray: fields[6] == "1", dark: numbers[7],
        light: numbers[8], entropy: numbers[9], edges: numbers[10], spread: numbers[11], hash: hash,
        means: Array(numbers[13..<16]), deviations: Array(numbers[16..<19]))
    }

  static let decoded = all.filter(\.format.isDecoded)
}

/// Reads `bytes` with a reader of its own.
func read(_ bytes: [UInt8], _ mode: ImageMode = .full, _ change: (inout ImageSettings) -> Void = { _ in })
  -> ImageReport
{
  var settings = ImageSettings()
  change(&settings)
  return ImageReader(settings: settings).read(bytes, mode: mode)
}
