import Glibc
import ShardTestSupport
import Testing

@testable import ShardIngest

struct PictureFilesTests {
  /// A root with pictures, links of all kinds and what is no file; a second root; secrets outside of both.
  final class Layout {
    let folder = ScratchFolder()
    var root: String { folder.path + "/root" }
    var other: String { folder.path + "/other" }

    init() {
      folder.write("root/a.jpg", "A")
      folder.write("root/sub/b.jpg", "B")
      folder.write("root/sub/deep/c.jpg", "C")
      folder.write("root/é 猫.jpg", "E")
      folder.write("root/large.jpg", String(repeating: "x", count: 2_000))
      folder.write("root/empty.jpg", "")
      folder.write("other/a.jpg", "other A")
      folder.write("other/d.jpg", "D")
      folder.write("secret.jpg", "S")
      let links = [
        ("to-file.jpg", "a.jpg"), ("sub/up.jpg", "../a.jpg"), ("to-sub", "sub"), ("sub/deep/up", "../.."),
        ("out.jpg", "../secret.jpg"), ("sub/out.jpg", "../../secret.jpg"), ("out", ".."), ("loop", "loop"),
        ("absolute.jpg", folder.path + "/root/a.jpg"), ("dangling.jpg", "nothing"), ("etc", "/etc"),
        ("round.jpg", "sub/../sub/./deep/../b.jpg"), ("chain.jpg", "to-file.jpg"),
      ]
      for (name, target) in links { symlink(target, root + "/" + name) }
      mkfifo(root + "/pipe.jpg", 0o644)
    }
  }

  static let cases: [(path: String, outcome: PictureOutcome, content: String)] = [
    ("a.jpg", .read, "A"), ("./a.jpg", .read, "A"), ("sub//b.jpg", .read, "B"),
    ("sub/deep/c.jpg", .read, "C"),
    ("é 猫.jpg", .read, "E"), ("empty.jpg", .read, ""), ("d.jpg", .read, "D"), ("to-file.jpg", .read, "A"),
    ("sub/up.jpg", .read, "A"), ("to-sub/b.jpg", .read, "B"), ("sub/deep/up/a.jpg", .read, "A"),
    ("round.jpg", .read, "B"), ("chain.jpg", .read, "A"), ("$/a.jpg", .read, "A"),
    ("$/sub/b.jpg", .read, "B"),
    ("file://$/a.jpg", .read, "A"),
    ("none.jpg", .missing, ""), ("none/a.jpg", .missing, ""), ("a.jpg/b.jpg", .missing, ""),
    ("dangling.jpg", .missing, ""), ("", .missing, ""), (".", .missing, ""),
    ("../secret.jpg", .unsafe(.parentFolder), ""), ("sub/../a.jpg", .unsafe(.parentFolder), ""),
    ("$/../secret.jpg", .unsafe(.parentFolder), ""), ("out.jpg", .unsafe(.link), ""),
    ("sub/out.jpg", .unsafe(.link), ""), ("out/secret.jpg", .unsafe(.link), ""),
    ("etc/passwd", .unsafe(.link), ""), ("absolute.jpg", .unsafe(.link), ""), ("loop", .unsafe(.link), ""),
    ("/etc/passwd", .unsafe(.outside), ""), ("$x/a.jpg", .unsafe(.outside), ""), ("$", .unsafe(.outside), ""),
    ("file:///etc/passwd", .unsafe(.outside), ""), ("/", .unsafe(.noFile("a folder")), ""),
    ("sub", .unsafe(.noFile("a folder")), ""), ("pipe.jpg", .unsafe(.noFile("a pipe")), ""),
    ("a\0.jpg", .unsafe(.zeroByte), ""), (String(repeating: "a", count: 256), .unsafe(.tooLong), ""),
    (String(repeating: "a/", count: 2_100) + "a", .unsafe(.tooLong), ""), ("large.jpg", .tooLarge(2_000), ""),
    ("https://example.org/a.jpg", .remote(scheme: "https"), ""), ("S3://bucket/a", .remote(scheme: "s3"), ""),
    ("gs://b/a.jpg", .remote(scheme: "gs"), ""),
    ("<Your_Image_Dir_Path>/1.jpg", .template("<Your_Image_Dir_Path>"), ""),
    ("c:a.jpg", .missing, ""), ("data:image/png;base64,QUJD", .read, "ABC"),
    ("data:image/png;base64,QUI=", .read, "AB"), ("data:;base64,QU JD\nRA", .read, "ABCD"),
    ("DATA:;base64,-_-_", .read, "\u{FB}\u{FF}\u{BF}"),
    ("data:image/png;base64,Q", .malformed("a data: URL whose content is not base64"), ""),
    ("data:image/png;base64,QU!D", .malformed("a data: URL whose content is not base64"), ""),
    ("data:image/png;base64,QU=D", .malformed("a data: URL whose content is not base64"), ""),
    ("data:text/plain,abc", .malformed("a data: URL that is not base64"), ""),
    ("data:image/png", .malformed("a data: URL without a comma before its content"), ""),
    ("data:;base64," + String(repeating: "QUJD", count: 400), .tooLarge(1_200), ""),
  ]

  @Test(
    "Pictures are found in the roots and nowhere else, with openat2 and without", arguments: [true, false])
  func outcomes(_ usesKernel: Bool) {
    let layout = Layout()
    let files = PictureFiles(roots: [layout.root, layout.other], maximumBytes: 1_000, usesKernel: usesKernel)
    // Twice: with and without folders that are known.
    for round in 0..<2 {
      for (path, outcome, content) in Self.cases {
        let path = path.replacing("$", with: layout.root)
        #expect(files.read(Array(path.utf8)) == outcome, "\(path.prefix(80)) round \(round)")
        let expected = path.hasPrefix("DATA") ? [0xFB, 0xFF, 0xBF] : Array(content.utf8)
        #expect(Array(files.bytes) == expected, "\(path.prefix(80)) round \(round)")
      }
    }
  }

  @Test("The shard's folder comes last, and goes with the shard")
  func shardFolder() {
    let layout = Layout()
    let files = PictureFiles(roots: [layout.root])
    #expect(files.read(Array("d.jpg".utf8)) == .missing)
    files.use(shardFolder: layout.other)
    #expect(files.read(Array("d.jpg".utf8)) == .read)
    #expect(files.read(Array("a.jpg".utf8)) == .read)
    #expect(files.bytes.elementsEqual("A".utf8))
    files.use(shardFolder: layout.root + "/sub")
    #expect(files.read(Array("d.jpg".utf8)) == .missing)
    #expect(files.read(Array("b.jpg".utf8)) == .read)
    files.use(shardFolder: nil)
    #expect(files.read(Array("b.jpg".utf8)) == .missing)
  }

  @Test("More folders than are kept open")
  func manyFolders() {
    let folder = ScratchFolder()
    for index in 0..<40 { folder.write("\(index)/a.jpg", "\(index)") }
    let files = PictureFiles(roots: [folder.path])
    for index in [0, 39, 3, 0] + Array(0..<40) + [5] {
      #expect(files.read(Array("\(index)/a.jpg".utf8)) == .read)
      #expect(files.bytes.elementsEqual("\(index)".utf8))
    }
  }

  @Test("Both ways of opening say the same of random paths")
  func sameAnswer() {
    let layout = Layout()
    let kernel = PictureFiles(roots: [layout.root], maximumBytes: 1_000)
    let plain = PictureFiles(roots: [layout.root], maximumBytes: 1_000, usesKernel: false)
    var random = RepeatableRandom(seed: 5)
    let parts = [
      "sub", "deep", "up", "to-sub", "out", "etc", "a.jpg", "b.jpg", "loop", "none", ".", "round.jpg",
      "pipe.jpg",
    ]
    var read = 0
    for _ in 0..<3_000 {
      let count = Int.random(in: 1..<6, using: &random)
      let path = (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined(separator: "/")
      let outcome = kernel.read(Array(path.utf8))
      #expect(plain.read(Array(path.utf8)) == outcome, "\(path)")
      #expect(Array(plain.bytes) == Array(kernel.bytes), "\(path)")
      if outcome == .read {
        read += 1
        #expect(["A", "B"].contains(String(decoding: kernel.bytes, as: UTF8.self)), "\(path)")
      }
    }
    #expect(read > 50)
  }
}
