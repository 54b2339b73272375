import Glibc
import ShardModel
import ShardReports
import ShardScan

/// A summary that was named on the command line.
enum BaselineFile {
  /// Reads `summary.json`, or the one in a result directory.
  ///
  /// - Parameter role: what was named, for messages: `--baseline`.
  static func read(_ path: String, role: String) throws(UsageError) -> Baseline {
    var status = stat()
    let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    let file = isFolder ? path + "/" + SummaryReport.fileName : path
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try Files.contents(of: file, limit: SummaryReader.sizeLimit)
    } catch {
      throw UsageError(
        "\(role): \(error.path): \(error.reason)",
        hint: "expected the summary.json that scan --out DIR or merge wrote, or DIR itself")
    }
    do throws(SummaryReader.Failure) {
      return try SummaryReader.baseline(bytes)
    } catch {
      throw UsageError("\(role): \(file): \(error.description)", hint: error.hint)
    }
  }
}
