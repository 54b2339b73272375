import ShardChecks
import ShardIngest
import ShardReports
import ShardRules

/// Every command with its options. A new option is one line here and one in the command's options.
enum CommandTable {
  static let all: [CommandSpec] = [
    scan, initialize, rules, merge, diff, report, tokens, checks, completions, manual,
  ]

  static func named(_ name: String) -> CommandSpec? { all.first { $0.name == name } }

  private static let gate = [
    OptionSpec(
      "fail-on", "LEVEL", choices: ["error", "warning", "never"],
      "findings from this severity on fail the gate (exit 1); default error"),
    OptionSpec(
      "max-quarantined", "N|P%",
      "the gate also passes while no more records than this have such findings: a count or a share of all "
        + "records; default 0"),
    OptionSpec("allow-incomplete", "do not exit 3 when some input cannot be read"),
  ]

  private static let judging = [
    OptionSpec(
      "outliers", "RULE",
      "iqr:3, z:6, mad:6 (any factor) or none: when a number lies too far out; default iqr:3"),
    OptionSpec(
      "nearly-all", "SHARE",
      "the share of records, above 0.5, that makes a rule of what they have in common; default 0.95"),
    OptionSpec(
      "baseline", "FILE",
      "the summary.json of earlier data, or the directory it is in: what moved against it is a warning; without "
        + "it each shard is compared with all others"),
  ]

  private static let tokenizer = OptionSpec(
    "tokenizer", "FILE|auto",
    "count the tokens of texts: tokenizer.json, a .tiktoken rank file, a SentencePiece .model, CLIP's merges; auto "
      + "takes the one beside the data")

  private static let output = [
    OptionSpec("out", short: "o", "DIR", "where the results go; default shardcheck-out"),
    OptionSpec("force", "write into DIR even if it holds other files, which are left alone"),
    OptionSpec("redact", "leave values and keys out of every output"),
    reports,
  ]

  private static let reports = OptionSpec(
    "report", "LIST", isList: true,
    "reports beside the default files, by name (\(ReportCatalog.optional.map(\.name).joined(separator: ", "))) or "
      + "by a file whose ending tells the format: ci.xml, out.sarif, list.csv; in the output directory unless the name has a "
      + "slash; none: no others")

  private static let terminal = [
    OptionSpec("no-progress", "no progress on the terminal"),
    OptionSpec("quiet", short: "q", "no report on the terminal; errors only"),
    OptionSpec("verbose", short: "v", "all fields in the report, and progress as plain lines"),
    OptionSpec("color", "WHEN", choices: ["auto", "always", "never"], "colours in the report; default auto"),
  ]

  static let scan = CommandSpec(
    name: "scan", operands: "PATH...",
    summary: "read shards, write the quarantine list and the statistics, judge the gate",
    details: [
      "PATH is a file, a directory (read recursively), a glob ('data/*.jsonl.gz', '{000..999}' too), - for "
        + "standard input, or @FILE, a list of paths, one a line. Formats (JSONL, JSON, CSV, TSV, npy), "
        + "compression (gzip, zstd, bzip2, xz, lz4) and archives (tar, zip, npz, 7z) are told by content, then by name.",
      "Written are quarantine.jsonl (the flagged records, one a line), summary.json (statistics and the verdict), "
        + "report.html (for people), a report for each shard in shards/, and in state/ what merge and report read.",
      "Exit codes: 0 the gate passed, 1 it failed, 2 the scan could not be started, 3 some input could not be "
        + "read, 130 interrupted.",
    ],
    options: output + [
      OptionSpec(
        "format", "FORMAT", choices: FormatChoice.allCases.map(\.rawValue),
        "how records are written; default auto"),
      OptionSpec(
        "rules", "FILE",
        "what the data must be, in YAML: ranges, lengths, scales, conditions, the gate; shardcheck init writes one"
      ),
      OptionSpec(
        "preset", "NAME", choices: Preset.allCases.map(\.rawValue),
        "rules of a known trainer or format, under those of --rules; shardcheck rules --preset NAME prints them"
      ),
      OptionSpec("fields", "GLOB,...", isList: true, "look at these fields only: 'meta.*', 'features'"),
      OptionSpec("ignore", "GLOB,...", isList: true, "leave these fields out"),
      OptionSpec(
        "image-root", "DIR,...", isList: true,
        "where the paths of pictures start; the first that has the picture wins, the shard's directory comes last"
      ),
      OptionSpec("checks", "ID,...", isList: true, "run these checks or families only"),
      OptionSpec("skip", "ID,...", isList: true, "do not run these checks or families"),
      OptionSpec(
        "dtype", "TYPE", choices: TrainingType.allCases.map(\.rawValue),
        "the number format of the training, for overflow when values are cast; default fp32"),
      tokenizer,
      OptionSpec("max-tokens", "N", "how many tokens of a sequence training keeps: longer ones are errors"),
      OptionSpec(
        "image-tokens", "N",
        "tokens of a picture in a conversation: 256, 256+2 with its marks, or as of a model: "
          + ImageTokens.Model.allCases.map(\.rawValue).joined(separator: ", ")),
      OptionSpec("vocab-size", "N", "rows of the embedding: token ids from N on are errors"),
      OptionSpec(
        "image-decode", "MODE", choices: ["none", "header", "full"],
        "how far the pictures of records are read: not at all, format and size only, every coded byte; default full"
      ),
    ] + judging + gate + [
      OptionSpec("threads", "N", "workers; default one for each core"),
      OptionSpec("limit", "N", "read only the first N records of each shard"),
      OptionSpec("max-record", "SIZE", "longer records are reported and skipped; default 64MiB"),
      OptionSpec(
        "max-decoded", "SIZE",
        "stop reading a shard after this many decoded bytes, against decompression bombs; default none"),
    ] + terminal,
    examples: [
      .init(command: "shardcheck scan data/", meaning: "everything below data/, results in shardcheck-out/"),
      .init(
        command: "shardcheck scan data/ --dtype bf16 --max-quarantined 0.1% --out report",
        meaning: "a gate for an upload"),
      .init(
        command: "zcat old.jsonl.gz | shardcheck scan - --quiet", meaning: "from a pipe; the exit code tells"),
    ])

  static let initialize = CommandSpec(
    name: "init", operands: "PATH...",
    summary: "write a rules file that these data keep",
    details: [
      "Reads the data and writes what they have in common as rules: types, ranges with some room, lengths, scales, "
        + "values of fields of categories, what a field is by its name and shape. The same data pass these rules; read "
        + "them, tighten them, and scan what comes next with them.",
      "Exit codes: 0 written, 2 the data or the output cannot be used, 3 some input could not be read.",
    ],
    options: [
      OptionSpec("output", short: "o", "FILE", "where the rules go; default standard output"),
      OptionSpec("force", "overwrite FILE"),
      OptionSpec(
        "format", "FORMAT", choices: FormatChoice.allCases.map(\.rawValue),
        "how records are written; default auto"),
      OptionSpec("fields", "GLOB,...", isList: true, "make rules for these fields only"),
      OptionSpec("ignore", "GLOB,...", isList: true, "leave these fields out"),
      OptionSpec("threads", "N", "workers; default one for each core"),
      OptionSpec("limit", "N", "read only the first N records of each shard"),
      OptionSpec("no-progress", "no progress on the terminal"),
    ],
    examples: [
      .init(
        command: "shardcheck init data/ --output rules.yaml",
        meaning: "then: shardcheck scan data/ --rules rules.yaml"),
      .init(command: "shardcheck init data/ --limit 10000", meaning: "from the first records of each shard"),
    ])

  static let rules = CommandSpec(
    name: "rules", operands: "FILE...",
    summary: "check rules files, or print their schema or a preset",
    details: ["All mistakes are shown at once, with line and column and what was expected."],
    options: [
      OptionSpec("schema", "print the JSON Schema of rules files, for editors"),
      OptionSpec(
        "preset", "NAME", choices: Preset.allCases.map(\.rawValue), "print a preset, to copy and change"),
    ],
    examples: [
      .init(command: "shardcheck rules rules.yaml", meaning: "exit 2 if it has mistakes"),
      .init(command: "shardcheck rules --schema > rules.schema.json", meaning: "for an editor"),
      .init(
        command: "shardcheck rules --preset llava > rules.yaml", meaning: "a start for rules of your own"),
    ])

  static let merge = CommandSpec(
    name: "merge", operands: "DIR...",
    summary: "judge the results of several scans as one",
    details: [
      "DIR is what scan --out wrote. Outliers, types, missing fields and the gate are judged again over all "
        + "shards; the result is the same, byte for byte, as that of one scan of all of them.",
      "A shard is read again, under the path it had, only where its stored state does not hold all that the "
        + "verdict over the whole makes findings.",
      "Exit codes: as of scan; 2 also where the scans do not fit together.",
    ],
    options: output + judging + gate + [OptionSpec("threads", "N", "workers; default one for each core")]
      + terminal,
    examples: [
      .init(command: "shardcheck merge part-0 part-1 part-2 --out all", meaning: "three scans as one")
    ])

  static let diff = CommandSpec(
    name: "diff", operands: "SUMMARY SUMMARY",
    summary: "compare two data sets by their summaries, field by field",
    details: [
      "SUMMARY is a summary.json or the directory that scan --out or merge wrote. Compared are the distributions "
        + "of numbers, of lengths of texts and lists (Jensen-Shannon distance and population stability index over the "
        + "deciles of the first, less what chance alone adds), the shares of frequent values (largest difference, "
        + "L-inf), the shares of missing, null and NaN values and of types, and which fields there are.",
      "Exit codes: 0 nothing moved beyond the limits, 1 something did, 2 the summaries cannot be read.",
    ],
    options: [
      OptionSpec(
        "out", short: "o", "FILE",
        "write the comparison to FILE: a page, Markdown, CSV or JUnit if its ending is .html, .md, .csv or .xml, else JSON"
      ),
      OptionSpec(
        "format", "FORMAT", choices: DiffReport.Format.allCases.map(\.rawValue),
        "what is printed; default table"),
      OptionSpec("json", "the same as --format json"),
      OptionSpec(
        "fail-on", "LEVEL", choices: ["error", "warning", "never"],
        "what moved is a warning: exit 1 from this severity on; default warning"),
      OptionSpec("quiet", short: "q", "no table; the exit code tells"),
      OptionSpec("verbose", short: "v", "all fields and all that was compared"),
      OptionSpec(
        "color", "WHEN", choices: ["auto", "always", "never"], "colours in the table; default auto"),
    ],
    examples: [
      .init(command: "shardcheck diff last-week this-week", meaning: "what moved, the worst first"),
      .init(
        command: "shardcheck diff last-week this-week --json --fail-on never",
        meaning: "for a program that judges by itself"),
    ])

  static let tokens = CommandSpec(
    name: "tokens", operands: "[FILE...]",
    summary: "count the tokens of texts, or show them",
    details: [
      "Each FILE is one text; without one, standard input is. Nothing is added to a text: what the model puts around it "
        + "is said apart. Without --tokenizer lengths are in characters and bytes.",
      "Exit codes: 0 counted, 2 a file or the tokenizer cannot be used.",
    ],
    options: [
      tokenizer,
      OptionSpec("text", "STRING", "count this text, instead of files"),
      OptionSpec("show", "print each token: its id and what it stands for"),
      OptionSpec("special", "take special tokens that are written in a text for these tokens"),
    ],
    examples: [
      .init(
        command: "shardcheck tokens --tokenizer tokenizer.json --text 'a dog' --show",
        meaning: "ids and pieces"),
      .init(
        command: "shardcheck tokens notes.txt --tokenizer cl100k_base.tiktoken",
        meaning: "how long a text is for a model"),
    ])

  static let report = CommandSpec(
    name: "report", operands: "DIR",
    summary: "render stored results again, in any format, without reading the data",
    details: [
      "DIR is what scan --out or merge wrote. The files are the same, byte for byte, as those that the scan would "
        + "have written.",
      "Exit codes: 0 rendered, whatever the verdict was; 2 there are no results in DIR.",
    ],
    options: [
      OptionSpec(
        "format", "NAME", choices: StoredReport.formats,
        "what is printed; default terminal, or nothing with --report"),
      reports,
      OptionSpec("redact", "leave values and keys out"),
    ] + terminal.filter { ["verbose", "color"].contains($0.name) },
    examples: [
      .init(command: "shardcheck report shardcheck-out --format markdown", meaning: "for a comment"),
      .init(
        command: "shardcheck report shardcheck-out --report ci.xml,list.csv",
        meaning: "shardcheck-out/ci.xml (JUnit) and shardcheck-out/list.csv"),
    ])

  static let checks = CommandSpec(
    name: "checks", operands: "[ID]",
    summary: "list the checks, or explain one",
    details: ["Each check: what it finds, why that hurts training, its parameters, and examples."],
    options: [OptionSpec("markdown", "print all checks in full as a page of Markdown")],
    examples: [.init(command: "shardcheck checks number-nan", meaning: "explain one check")])

  static let completions = CommandSpec(
    name: "completions", operands: "bash|zsh|fish",
    summary: "print completions for a shell",
    details: [],
    options: [],
    examples: [
      .init(
        command: "shardcheck completions bash > /etc/bash_completion.d/shardcheck",
        meaning: "for all users of bash")
    ])

  static let manual = CommandSpec(
    name: "man", operands: "",
    summary: "print the manual page",
    details: ["All commands and options on one page, for man(1)."],
    options: [],
    examples: [
      .init(
        command: "shardcheck man > /usr/local/share/man/man1/shardcheck.1", meaning: "then: man shardcheck")
    ])

  /// Options that every command takes.
  static let common = [OptionSpec("help", short: "h", "show this page")]
}
