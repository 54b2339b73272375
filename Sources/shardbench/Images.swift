import Glibc
import ShardImages

/// `shardbench images [--header] [--time] FILE...` prints a JSON line for each picture, or how long reading them took;
/// `@LIST` stands for the paths in a file, one a line.
enum Images {
  static func run(_ arguments: [String]) {
    var mode = ImageMode.full
    var isTimed = false
    var settings = ImageSettings()
    let reader: ImageReader
    var paths: [String] = []
    for argument in arguments {
      switch argument {
      case "--header": mode = .header
      case "--time": isTimed = true
      case _ where argument.hasPrefix("--eighths="): settings.eighths = Int(argument.dropFirst(10)) ?? 0
      case "--every-pixel": settings.measuresEveryPixel = true
      case _ where argument.hasPrefix("@"):
        let list = contents(of: String(argument.dropFirst())) ?? []
        paths += String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
      default: paths.append(argument)
      }
    }
    reader = ImageReader(settings: settings)
    var spent = 0.0
    var bytes = 0
    var again = 0
    for path in paths {
      guard let content = contents(of: path) else {
        print("{\"path\":\(quoted(path)),\"error\":\"cannot be read\"}")
        continue
      }
      let start = seconds()
      let report = reader.read(content, mode: mode)
      spent += seconds() - start
      bytes += content.count
      if report.format == .jpeg, report.measures?.blurScale == 1 { again += 1 }
      if !isTimed { print(line(path, report)) }
    }
    if isTimed {
      print(
        "\(paths.count) pictures, \(bytes) bytes, \(spent) s, \(Int(Double(paths.count) / spent)) a second,",
        "\(again) JPEGs at full scale")
    }
  }

  static func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var status = stat()
    guard fstat(fileno(file), &status) == 0 else { return nil }
    return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
  }

  private static func line(_ path: String, _ report: ImageReport) -> String {
    var fields = [
      "\"path\":\(quoted(path))", "\"verdict\":\"\(report.verdict)\"",
      "\"format\":\(quoted(report.format?.name ?? report.foreign?.name ?? ""))",
      "\"width\":\(report.width)", "\"height\":\(report.height)", "\"channels\":\(report.channels)",
      "\"bits\":\(report.bitDepth)", "\"properties\":\(report.properties.rawValue)",
      "\"frames\":\(report.frameCount)", "\"orientation\":\(report.orientation)", "\"gray\":\(report.isGray)",
      "\"aspect\":\(report.aspectScore)",
    ]
    let defects = report.defects.map { "[\"\($0.kind)\",\(quoted($0.message)),\($0.offset ?? -1)]" }
    fields.append("\"defects\":[\(defects.joined(separator: ","))]")
    if let measures = report.measures {
      let moments = measures.moments
      fields += [
        "\"scale\":\(measures.scale)", "\"blurScale\":\(measures.blurScale)",
        "\"dark\":\(measures.darkScore)", "\"light\":\(measures.lightScore)",
        "\"information\":\(measures.informationScore)", "\"blur\":\(measures.blurScore())",
        "\"edges\":\(measures.edgeDeviation)", "\"spread\":\(measures.histogramDeviation)",
        "\"p1\":\(measures.brightness.percentile1)", "\"colorless\":\(measures.isColorless)",
        "\"phash\":\"\(String(measures.perceptualHash, radix: 16))\"", "\"pixels\":\(moments.count)",
        "\"mean\":\((0..<3).map(moments.mean))", "\"deviation\":\((0..<3).map(moments.deviation))",
      ]
    }
    return "{\(fields.joined(separator: ","))}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
