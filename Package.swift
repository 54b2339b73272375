// swift-tools-version: 6.2
import PackageDescription

// Every target is held to the same settings; a warning is an error.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

/// One module of the flow; imports point only at the modules named here.
func layer(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["ShardTestSupport"], exclude: exclude, resources: resources,
    swiftSettings: settings)
}

let package = Package(
  name: "shardcheck",
  products: [.executable(name: "shardcheck", targets: ["shardcheck"])],
  targets: [
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "CSpng", pkgConfig: "spng", providers: [.apt(["libspng-dev"])]),
    .systemLibrary(name: "CWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
    .target(name: "CKernels"),
    // A C++ library behind a C interface. `.ci/setup` reads its package here: .apt(["libsentencepiece-dev"])
    .target(name: "CSentencePiece", linkerSettings: [.linkedLibrary("sentencepiece")]),

    layer("ShardModel"),
    layer("ShardSketches", ["ShardModel", "CKernels"]),
    layer(
      "ShardIngest",
      ["ShardModel", "CKernels", "CArchive", "CISAL", "CZstd", "CXXHash"]),
    layer("ShardImages", ["ShardModel", "CKernels", "CTurboJPEG", "CSpng", "CWebP", "CZlib", "CXXHash"]),
    layer("ShardTokens", ["ShardModel", "CPCRE2", "CXXHash", "CSentencePiece"]),
    layer(
      "ShardChecks", ["ShardModel", "ShardSketches", "ShardRules", "ShardImages", "CKernels", "CXXHash"]),
    layer("ShardRules", ["ShardModel", "CYAML", "CPCRE2"], resources: [.embedInCode("Presets")]),
    layer("ShardReports", ["ShardModel"]),
    layer(
      "ShardScan",
      [
        "ShardModel", "ShardSketches", "ShardIngest", "ShardRules", "ShardImages", "ShardChecks",
        "ShardTokens",
        "CXXHash",
      ]),
    .executableTarget(
      name: "shardcheck",
      dependencies: [
        "ShardModel", "ShardIngest", "ShardRules", "ShardChecks", "ShardTokens", "ShardScan", "ShardReports",
      ],
      swiftSettings: settings),

    .executableTarget(
      name: "shardbench",
      dependencies: [
        "ShardModel", "ShardIngest", "ShardSketches", "ShardChecks", "ShardScan", "ShardTokens",
        "ShardImages", "CKernels",
      ],
      swiftSettings: settings),

    .target(
      name: "ShardTestSupport", dependencies: ["ShardModel", "CZlib"],
      path: "Tests/ShardTestSupport", swiftSettings: settings),
    .target(
      name: "ShardFuzz",
      dependencies: [
        "ShardModel", "ShardSketches", "ShardIngest", "ShardChecks", "ShardRules", "ShardScan", "ShardTokens",
        "ShardImages",
        "CKernels",
      ],
      path: "Tests/ShardFuzz", swiftSettings: settings),
    tests("ShardFuzzTests", ["ShardFuzz"]),
    tests("ShardModelTests", ["ShardModel"]),
    tests("ShardSketchesTests", ["ShardSketches"], resources: [.copy("Fixtures")]),
    tests("ShardIngestTests", ["ShardIngest"], resources: [.copy("Fixtures")]),
    tests("ShardImagesTests", ["ShardImages", "CKernels"], resources: [.copy("Fixtures")]),
    tests("ShardRulesTests", ["ShardRules", "ShardIngest", "ShardModel"], exclude: ["Fixtures"]),
    tests("ShardReportsTests", ["ShardReports"], exclude: ["Fixtures", "Snapshots"]),
    tests("ShardTokensTests", ["ShardTokens", "ShardModel"], exclude: ["Fixtures"]),
    tests("CommandTests", ["shardcheck", "ShardReports"]),
    tests(
      "ShardChecksTests",
      ["ShardChecks", "ShardRules", "ShardModel", "ShardSketches", "ShardImages", "CKernels"],
      exclude: ["Tokens/Fixtures"]),
    tests(
      "ShardScanTests",
      [
        "ShardScan", "ShardReports", "ShardChecks", "ShardRules", "ShardIngest", "ShardModel",
        "ShardSketches", "ShardTokens", "CKernels",
      ],
      exclude: ["Fixtures"]),
  ],
  cxxLanguageStandard: .cxx17
)

// The fuzzer's `main` comes with the sanitizer, so only `.ci/fuzz` builds it.
if Context.environment["SHARDCHECK_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "shardfuzz", dependencies: ["ShardFuzz"], path: "Tests/ShardFuzzDriver",
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
