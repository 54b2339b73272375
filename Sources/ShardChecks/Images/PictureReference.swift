import ShardModel

/// Where a record names or holds a picture.
package struct PictureReference: BitwiseCopyable {
  package var row: Int
  /// Index of the field in the batch.
  package var field: Int
  /// Byte of the value in the batch, for its exact path.
  package var position: UInt32
  /// Where the bytes of the picture lie in the batch, if the record holds it.
  package var stored: RecordView?
  /// Index of the picture in the pairs of the batch; -1 where `text` names it.
  var pair = -1
  var text = TextView(offset: 0, length: 0, isEscaped: false, characters: 0)
}

/// What came of looking for a picture.
package enum PictureContent {
  /// The picture's bytes, valid until the next picture is asked for.
  case bytes(UnsafeBufferPointer<UInt8>)
  /// What to say of it: `no such file`.
  case missing(String)
  /// In a folder that is not there at all, where nobody said where the pictures are.
  case elsewhere
  /// No picture can be made of the name, and why.
  case malformed(String)
  /// A path that may not be followed, and why: `leads out of the root`.
  case unsafe(String)
  /// An address that is not fetched.
  case remote
  /// More bytes than the limit.
  case tooLarge
  /// A reason outside the bytes: `Permission denied`.
  case failed(String)
}

/// Finds pictures by what the data call them; the scan provides it, so that checks touch no file. One for each worker.
package protocol PictureResolving: AnyObject {
  /// Goes on to a shard: relative names start where it lies.
  /// - Parameters:
  ///   - path: of the shard; empty for standard input.
  func begin(shard path: String)

  /// The picture with this name: a path, an address or a `data:` URL, as the data write it.
  func picture(named name: UnsafeBufferPointer<UInt8>) -> PictureContent

  /// Whether equal names mean one file, whichever folder the shard lies in.
  var hasRoots: Bool { get }
}
