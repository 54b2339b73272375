import Glibc
import ShardModel
import ShardReports

/// What a CI service is told without being asked: its environment says which one it is.
enum Annotations {
  static func write(_ result: ScanResult, redact: Bool) {
    if Terminal.environment("GITHUB_ACTIONS") == "true" {
      Terminal.write(GitHubReport.render(result, redact: redact))
    }
    if Terminal.environment("TF_BUILD") != nil {
      Terminal.write(AzureReport.render(result, redact: redact))
    }
    if let path = Terminal.environment("GITHUB_STEP_SUMMARY") {
      append(MarkdownReport.render(result, redact: redact), to: path)
    }
  }

  /// The summary of a step is appended to: other programs of the step write to it too.
  private static func append(_ page: [UInt8], to path: String) {
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      Terminal.writeError(
        "shardcheck: GITHUB_STEP_SUMMARY: \(Printable.line(path)): \(String(cString: strerror(errno)))\n")
      return
    }
    defer { close(file) }
    Terminal.write(page, to: file)
  }
}
