/// What the header of a `.npy` file says about the array behind it (NumPy's `numpy.lib.format`, versions 1.0 to 3.0).
package struct ArrayHeader: Sendable, Equatable {
  package static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// Longer ones are refused. The longest of version 1.0 fits; NumPy itself refuses to read more than 10,000 bytes
  /// unless it is told to. Numeric arrays need about a hundred.
  package static let longest = 65_535
  /// NumPy's own bound is 64 (32 before version 2).
  static let mostDimensions = 64

  package let element: ArrayElement
  /// Whether the first index runs fastest. False where that makes no difference.
  package let isFortran: Bool
  package let shape: [Int]
  /// Bytes before the first element.
  package let length: Int
  /// Records: the first dimension; 1 for an array without dimensions.
  package let rows: Int
  /// Elements of a row, over all other dimensions.
  package let rowElements: Int

  /// Bytes of a row.
  package var rowBytes: Int { rowElements * element.size }
  /// Bytes of all elements.
  package var dataBytes: Int { rows * rowBytes }
  /// Whether a record is a list, not one value.
  package var hasLists: Bool { shape.count > 1 }

  /// Nil where the number of bytes does not fit into 63 bits.
  /// - Precondition: no dimension is negative.
  init?(element: ArrayElement, isFortran: Bool, shape: [Int], length: Int) {
    self.element = element
    self.shape = shape
    self.length = length
    rows = shape.first ?? 1
    var rowElements = 1
    // NumPy leaves zeros out of the product, so that an empty array cannot overflow by its order of factors.
    var product = element.size
    for (index, dimension) in shape.enumerated() {
      let (larger, overflow) = product.multipliedReportingOverflow(by: max(1, dimension))
      if overflow || larger > Int.max - length { return nil }
      product = larger
      if index > 0 { rowElements *= dimension }
    }
    self.rowElements = rowElements
    self.isFortran = isFortran && shape.count { $0 > 1 } > 1
  }

  /// `(1000, 64)`, as Python writes it.
  package var shapeText: String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map { "\($0)" }.joined(separator: ", ") + ")"
  }
}

/// Why the bytes behind a header cannot be read as numbers.
package enum ArrayHeaderError: Error, Sendable, Equatable {
  /// Not as NumPy writes it; `offset` in bytes of the file.
  case damaged(reason: String, offset: Int)
  /// Valid as far as can be told, but not an array of numbers or booleans. Loading an array of objects runs whatever
  /// code it holds: NumPy refuses it unless told otherwise.
  case notDecoded(reason: String, isObjects: Bool)
}
