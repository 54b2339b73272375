/// One input of a scan.
package struct ShardInput: Sendable, Equatable, Hashable {
  /// The path as the user would write it: the argument joined with the way below it, without "./" and "//".
  package var name: String
  /// What to open; "-" for standard input.
  package var path: String
  package var isStandardInput: Bool

  /// Whether it is a folder of pictures, read as a shard of samples. Asks the operating system.
  var isFolder: Bool {
    !isStandardInput && (try? FileSystem.status(path))?.kind == .directory
  }

  package init(name: String, path: String, isStandardInput: Bool = false) {
    self.name = name
    self.path = path
    self.isStandardInput = isStandardInput
  }

  package static let standardInput = ShardInput(name: "-", path: "-", isStandardInput: true)
}
