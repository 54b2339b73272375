/// How a number was written, where that says more than its value.
public enum NumberKind: UInt8, BitwiseCopyable, Sendable {
  /// An integer that a double cannot hold exactly; its text is kept at its position.
  case largeInteger = 1
  /// A literal such as `NaN`.
  case nan
  /// A literal such as `-Infinity`; the value has its sign.
  case infinity
  /// A finite decimal beyond the largest double (`1e999`); the value is an infinity.
  case overflow
  /// A decimal other than zero that rounds to zero as a double (`1e-999`).
  case underflow
}

/// A number of a column that is not plain, by its index in `Column.numbers`.
@frozen
public struct NumberException: BitwiseCopyable {
  public var index: UInt32
  public var kind: NumberKind

  @inlinable
  public init(index: UInt32, kind: NumberKind) {
    self.index = index
    self.kind = kind
  }
}

/// A text inside the bytes of its batch, as written: neither unescaped nor copied.
@frozen
public struct TextView: BitwiseCopyable {
  /// First byte after the opening quote (or of the cell), from the start of the batch's bytes.
  public var offset: UInt32
  public var lengthAndFlag: UInt32
  /// Unicode scalars after unescaping.
  public var characters: UInt32

  @inlinable
  public init(offset: UInt32, length: UInt32, isEscaped: Bool, characters: UInt32) {
    self.offset = offset
    lengthAndFlag = length | (isEscaped ? 0x8000_0000 : 0)
    self.characters = characters
  }

  /// Bytes as written.
  @inlinable
  public var length: Int { Int(lengthAndFlag & 0x7FFF_FFFF) }
  /// Whether `Column.textForm` must be undone before the text means what it says.
  @inlinable
  public var isEscaped: Bool { lengthAndFlag & 0x8000_0000 != 0 }
}

/// One list of a list column.
@frozen
public struct ListView: BitwiseCopyable {
  /// Byte of the opening bracket.
  public var position: UInt32
  /// Elements of any type.
  public var count: UInt32
  /// Index of this list's first number in the element column's `numbers`.
  public var firstNumber: UInt32

  @inlinable
  public init(position: UInt32, count: UInt32, firstNumber: UInt32) {
    self.position = position
    self.count = count
    self.firstNumber = firstNumber
  }
}

/// A file inside the bytes of its batch, such as a picture that is a member of a sample.
@frozen
public struct BlobView: BitwiseCopyable {
  /// A byte of the record before the content, which tells the record.
  public var position: UInt32
  /// First byte of the content, from the start of the batch's bytes.
  public var offset: UInt32
  public var length: UInt32

  @inlinable
  public init(position: UInt32, offset: UInt32, length: UInt32) {
    self.position = position
    self.offset = offset
    self.length = length
  }
}

/// The values of one field in one batch, by type, in the order of the bytes.
///
/// Positions are bytes from the start of the batch. A position is all that is needed to find the record, the
/// line and the exact path of a value, which is done only for values that are reported. The numbers of list
/// elements have no positions of their own (they would double the memory of a token array): the parent's
/// `lists` says which numbers belong to which list.
package struct Column {
  package var numbers = Buffer<Double>()
  /// Parallel to `numbers`; empty for a field of list elements.
  package var numberPositions = Buffer<UInt32>()
  package var texts = Buffer<TextView>()
  package var lists = Buffer<ListView>()
  package var objects = Buffer<UInt32>()
  package var nulls = Buffer<UInt32>()
  package var trues = Buffer<UInt32>()
  package var falses = Buffer<UInt32>()
  /// Pictures.
  package var blobs = Buffer<BlobView>()
  /// Files that are neither pictures nor read as values.
  package var files = Buffer<BlobView>()
  /// In index order.
  package var exceptions = Buffer<NumberException>()
  /// How many of `numbers` were written without fraction and exponent.
  package var integers = 0

  package init() {}

  package mutating func removeAll() {
    numbers.count = 0
    numberPositions.count = 0
    texts.count = 0
    lists.count = 0
    objects.count = 0
    nulls.count = 0
    trues.count = 0
    falses.count = 0
    blobs.count = 0
    files.count = 0
    exceptions.count = 0
    integers = 0
  }

  package mutating func deallocate() {
    numbers.deallocate()
    numberPositions.deallocate()
    texts.deallocate()
    lists.deallocate()
    objects.deallocate()
    nulls.deallocate()
    trues.deallocate()
    falses.deallocate()
    blobs.deallocate()
    files.deallocate()
    exceptions.deallocate()
  }

  /// Values of any type, null included.
  package var count: Int {
    numbers.count + texts.count + lists.count + objects.count + nulls.count + trues.count + falses.count
      + blobs.count + files.count
  }
}
