/// The decoded content of one shard: recognized by its bytes, decompressed, taken out of its archive.
///
/// Members come one after the other with `nextMember`, the bytes of the current one with `read`. A shard that
/// is not an archive has exactly one member, without a name. A compressed member of an archive is decompressed too,
/// one level. Only `unreadable` can be thrown on opening; damage is thrown where it is reached, once everything
/// before it is delivered. After an error in `read` the caller may go on with `nextMember`: members that can
/// still be reached follow, and nil ends the shard, never the same error a second time.
///
/// Memory: workspace buffers, at most five at a time, and the states of at most two decoders (see each).
/// Plain, gzip and zstd content is decoded straight into the caller's buffer; 1 MiB is a good size for it.
package final class ShardStream {
  /// The path as opened, "-" for standard input.
  package let path: String
  /// The compression of the whole file.
  package let compression: Compression
  package let container: Container
  /// How the content differs from what the name promises, in words; nil if it does not. An empty file keeps any promise.
  package let nameMismatch: String?
  /// Bytes handed out by `read`, of all members.
  package private(set) var decodedBytes: UInt64 = 0

  /// Whether the shard is a tar of samples: then the bytes of the whole tar are the content of its only member.
  package let isSamples: Bool
  /// Whether those are the files of a folder.
  package let isFolder: Bool

  private let file: any StoredSource
  private let workspace: DecodingWorkspace
  private let maximum: UInt64?
  /// The decompressed file.
  private let content: TappedSource
  private let archive: (any MemberReader)?
  /// The archive's current member as stored, nil for a shard that is not an archive.
  private var stored: TappedSource?
  private var current: (any ByteSource)?
  private var member: Member?
  private var memberBytes: UInt64 = 0
  private var openFailure: IngestError?
  private var lastThrown: IngestError?
  private var isFinished = false

  /// Opens a file. Costs about three system calls and no large allocation when the workspace has been used before.
  package convenience init(
    path: String, options: DecodingOptions = DecodingOptions(),
    workspace: DecodingWorkspace = DecodingWorkspace()
  ) throws(IngestError) {
    let file = try PlainSource(path: path, workspace: workspace)
    self.init(file, name: path, options: options, workspace: workspace)
  }

  /// Opens an input that discovery found, standard input too.
  package convenience init(
    _ input: ShardInput, options: DecodingOptions = DecodingOptions(),
    workspace: DecodingWorkspace = DecodingWorkspace()
  ) throws(IngestError) {
    let file: any StoredSource
    if input.isStandardInput {
      file = try PlainSource.standardInput(workspace: workspace)
    } else if input.isFolder {
      file = try FolderSource(path: input.path, workspace: workspace)
    } else {
      file = try PlainSource(path: input.path, workspace: workspace)
    }
    self.init(file, name: input.path, options: options, workspace: workspace)
  }

  private init(
    _ file: any StoredSource, name: String, options: DecodingOptions, workspace: DecodingWorkspace
  ) {
    self.file = file
    path = name
    self.workspace = workspace
    maximum = options.maximumDecodedBytes
    let named = NamedFormat(path: name)
    let raw = PrefixedSource(file)
    let compression = Compression(first: raw.first, named: named.compression)
    var decoded = raw
    if compression != .none {
      let decoder = compression.decoder(of: raw, workspace: workspace)
      decoded = PrefixedSource(
        options.maximumDecodedBytes.map { LimitedSource(decoder, maximum: $0) } ?? decoder)
    }
    let container = Container(first: decoded.first, named: named.container)
    var start = decoded.first
    if container == .tar, options.samples == .recognized {
      decoded = PrefixedSource(decoded, count: SampleSniffer.prefixLength)
      start = decoded.first
    }
    let content = TappedSource(decoded)
    isFolder = file is FolderSource
    isSamples =
      isFolder
      || container == .tar
        && (options.samples == .always || (options.samples == .recognized && SampleSniffer.isSamples(start)))
    var archive: (any MemberReader)?
    do throws(IngestError) {
      switch container {
      case .none: break
      case .tar where isSamples: break
      case .tar: archive = TarReader(content, workspace: workspace)
      case .zip, .sevenZip:
        archive = try ArchiveReader(
          content, container: container, file: compression == .none ? file as? PlainSource : nil,
          workspace: workspace)
      }
    } catch {
      openFailure = error
    }
    self.compression = compression
    self.container = container
    self.content = content
    self.archive = archive
    nameMismatch =
      decoded.first.isEmpty ? nil : named.mismatch(compression: compression, container: container)
  }

  /// The file where its bytes are those of the only member, and it can be read at any offset.
  var seekableFile: PlainSource? {
    compression == .none && archive == nil && file.regularSize != nil ? file as? PlainSource : nil
  }

  /// Bytes of the file read so far.
  package var storedBytes: UInt64 { file.furthest }

  /// Reads the next stored bytes while another thread decodes; false where there is nothing worth doing.
  package func readAhead() -> Bool { file.readAhead() }

  /// XXH3-128 of the stored bytes read in order so far, as 32 hexadecimal digits.
  package func storedDigest() -> String { file.digestText }

  /// Reads on to the end of the file and returns the XXH3-128 of all its bytes; throws only `unreadable`.
  package func finishDigest() throws(IngestError) -> String {
    try file.drain()
    return file.digestText
  }

  /// Goes on to the next member that is not a directory; nil after the last.
  package func nextMember() throws(IngestError) -> Member? {
    current = nil
    member = nil
    memberBytes = 0
    guard !isFinished else { return nil }
    if let openFailure {
      isFinished = true
      throw openFailure
    }
    guard let archive else {
      isFinished = true
      current = content
      member = Member(name: nil, size: compression == .none ? file.regularSize : nil, kind: .regular)
      return member
    }
    do throws(IngestError) {
      while let next = try archive.nextMember() {
        if next.kind == .directory { continue }
        return begin(next, of: archive)
      }
      isFinished = true
      return nil
    } catch {
      isFinished = true
      let located = locate(error, isInMember: false)
      if located == lastThrown { return nil }
      lastThrown = located
      throw located
    }
  }

  /// Fills as much of the buffer as it can with the current member's bytes; 0 at its end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    guard let current, !buffer.isEmpty else { return 0 }
    var room = buffer.count
    if let maximum {
      guard decodedBytes < maximum else { return try expectEnd(of: current, maximum) }
      room = Int(clamping: min(UInt64(room), maximum - decodedBytes))
    }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
    var written = 0
    do throws(IngestError) {
      // An archive gives what it has at hand; the caller gets full buffers.
      repeat {
        let got = try current.read(into: UnsafeMutableRawBufferPointer(rebasing: target[written...]))
        if got == 0 { break }
        written += got
      } while written < room
    } catch {
      if written == 0 {
        let located = locate(error, isInMember: true)
        lastThrown = located
        throw located
      }
    }
    decodedBytes += UInt64(written)
    memberBytes += UInt64(written)
    return written
  }

  private func expectEnd(of current: any ByteSource, _ maximum: UInt64) throws(IngestError) -> Int {
    var probe: [UInt8] = [0]
    let more: Int
    do throws(IngestError) {
      more = try current.read(into: &probe)
    } catch {
      throw locate(error, isInMember: true)
    }
    guard more == 0 else {
      isFinished = true
      throw LimitedSource.excess(maximum)
    }
    return 0
  }

  private func begin(_ next: Member, of archive: any MemberReader) -> Member {
    var next = next
    let tap = TappedSource(archive)
    stored = tap
    current = tap
    let named = NamedFormat(path: next.name ?? "").compression
    if named != .none, next.kind == .regular, !next.isEncrypted {
      let raw = PrefixedSource(tap)
      current = raw
      if Compression(first: raw.first, named: named) == named {
        next.compression = named
        current = named.decoder(of: raw, workspace: workspace)
      }
    }
    member = next
    return next
  }

  /// Puts the offsets of an error of an inner stage into terms of the file and of the member.
  private func locate(_ error: IngestError, isInMember: Bool) -> IngestError {
    guard case .damaged(let reason, let offset, let decoded) = error, archive != nil, error != content.failure
    else { return error }
    let isOfMember = isInMember && member?.compression != Compression.none && error != stored?.failure
    let base = isOfMember ? archive?.memberOffset : 0
    let isExact = compression == .none && base != nil
    return .damaged(
      reason: isOfMember ? "member: \(reason)" : reason,
      storedOffset: isExact ? offset + (base ?? 0) : storedBytes,
      decodedOffset: isInMember ? memberBytes : decoded)
  }
}
