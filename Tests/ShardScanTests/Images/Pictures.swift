import Glibc
import ShardModel
import ShardTestSupport

/// The pictures that `Fixtures/images/make_images.py` made.
enum Pictures {
  static let folder =
    #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/images"

  static func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen(folder + "/" + name, "r") else { preconditionFailure("no picture \(name)") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  /// Copies pictures to a folder.
  static func copy(_ names: [String], to folder: TemporaryFolder, below prefix: String = "data/") {
    for name in names { folder.write(prefix + name, bytes(name)) }
  }

  static let sound = (0..<6).map { "photo\($0).jpg" }

  /// A tar of members in ustar.
  static func tar(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var result: [UInt8] = []
    for member in members {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, _ offset: Int) {
        for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
      }
      func octal(_ value: Int, _ digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: digits - text.utf8.count) + text
      }
      put(member.name, 0)
      put("0000644", 100)
      put(octal(member.bytes.count, 11), 124)
      put(octal(0, 11), 136)
      put("        0", 148)
      put("ustar", 257)
      put("00", 263)
      put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", 148)
      result += header + member.bytes
      result += [UInt8](repeating: 0, count: (512 - member.bytes.count % 512) % 512)
    }
    return result + [UInt8](repeating: 0, count: 1_024)
  }
}

extension Outcome {
  /// Checks of pictures that were found, by the value that names the picture; notes are not on the list.
  var pictures: [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    for line in lines {
      for finding in line.findings.findings where finding.check.hasPrefix("image-") {
        found[finding.value ?? "record \(line.findings.location.record ?? 0)", default: []].insert(
          finding.check)
      }
    }
    return found
  }
}
