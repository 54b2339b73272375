/// The headers of a bitmap: the file's and the picture's.
struct BitmapHeader {
  let dataOffset: Int
  let width: Int
  let height: Int
  let isTopDown: Bool
  let bits: Int
  let compression: Int
  private let paletteOffset: Int
  private let paletteCount: Int
  /// Bytes of a palette's colour: 3 for OS/2, otherwise 4.
  private let paletteStep: Int
  /// Of red, green, blue and alpha.
  private let masks: [Int]

  /// Nil where it is not there in whole or its numbers are out of range.
  init?(_ view: ByteView) {
    guard let data = view.little32(10), let length = view.little32(14) else { return nil }
    let isCore = length == 12
    guard isCore || length >= 16 else { return nil }
    if isCore {
      guard let width = view.little16(18), let height = view.little16(20), let bits = view.little16(24) else {
        return nil
      }
      (self.width, self.height, self.bits, isTopDown, compression) = (width, height, bits, false, 0)
    } else {
      guard let width = view.little32(18), let height = view.little32(22), let bits = view.little16(28),
        width < 1 << 31
      else { return nil }
      let isNegative = height >= 1 << 31
      let sides = isNegative ? (1 << 32) - height : height
      guard sides < 1 << 31 else { return nil }
      (self.width, self.height, self.bits, isTopDown) = (width, sides, bits, isNegative)
      compression = length >= 40 ? view.little32(30) ?? 0 : 0
    }
    guard [1, 4, 8, 16, 24, 32].contains(bits), view.holds(14, length) else { return nil }
    let hasMasks = compression == 3 || compression == 6
    let outside = hasMasks && length == 40 ? (compression == 6 ? 16 : 12) : 0
    paletteOffset = 14 + length + outside
    paletteStep = isCore ? 3 : 4
    let told = length >= 40 ? view.little32(46) ?? 0 : 0
    paletteCount = bits > 8 ? 0 : told == 0 ? 1 << bits : min(told, 256)
    if hasMasks {
      guard let red = view.little32(54), let green = view.little32(58), let blue = view.little32(62) else {
        return nil
      }
      masks = [red, green, blue, length >= 56 || compression == 6 ? view.little32(66) ?? 0 : 0]
    } else {
      masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
    }
    // Pixels that would lie in the headers are a sign of damage.
    guard data >= 14 + length else { return nil }
    dataOffset = data
  }

  var hasAlpha: Bool { bits == 32 && masks[3] != 0 }
  var isRunLength: Bool { compression == 1 || compression == 2 }

  /// Why the pixels cannot be read.
  var unsupported: String? {
    switch compression {
    case 0: nil
    case 1 where bits == 8, 2 where bits == 4: isTopDown ? "run lengths from the top down" : nil
    case 3 where bits >= 16 && bits != 24, 6 where bits >= 16 && bits != 24: nil
    default: "compression \(compression) of \(bits) bits"
    }
  }

  /// Whether the palette is the scale of grays itself, as writers of gray pictures make it.
  func isGray(_ view: ByteView) -> Bool {
    bits == 8 && paletteCount == 256
      && (0..<256).allSatisfy { index in
        let offset = paletteOffset + paletteStep * index
        return (0..<3).allSatisfy { view.byte(offset + $0) == index }
      }
  }

  /// Writes a colour of the palette, black where it has none.
  func color(_ view: ByteView, _ index: Int, _ row: inout [UInt8], at target: Int) {
    let offset = paletteOffset + paletteStep * index
    let isKnown = index < paletteCount && view.holds(offset, 3)
    for channel in 0..<3 { row[target + channel] = isKnown ? view.bytes[offset + 2 - channel] : 0 }
  }

  /// Makes RGB of a row of pixels that are not run-length coded.
  ///
  /// Safe: `data` holds `width` pixels and `target` three bytes for each.
  func convert(_ view: ByteView, _ data: ByteView, to target: UnsafeMutablePointer<UInt8>) {
    switch bits {
    case 24:
      for x in 0..<width {
        for channel in 0..<3 { target[3 &* x &+ channel] = data.bytes[3 &* x &+ 2 &- channel] }
      }
    case 16, 32:
      for x in 0..<width {
        let value = (bits == 16 ? data.little16(2 * x) : data.little32(4 * x)) ?? 0
        for channel in 0..<3 { target[3 &* x &+ channel] = Self.scaled(value, masks[channel]) }
      }
    default:
      for x in 0..<width {
        let position = x * bits
        let shift = 8 - bits - position % 8
        let index = Int(data.bytes[position / 8]) >> shift & ((1 << bits) - 1)
        let offset = paletteOffset + paletteStep * index
        let isKnown = index < paletteCount && view.holds(offset, 3)
        for channel in 0..<3 { target[3 &* x &+ channel] = isKnown ? view.bytes[offset + 2 - channel] : 0 }
      }
    }
  }

  /// The bits of `value` under `mask`, as a share of 255.
  private static func scaled(_ value: Int, _ mask: Int) -> UInt8 {
    guard mask > 0 else { return 0 }
    let shift = mask.trailingZeroBitCount
    let most = mask >> shift
    return UInt8(clamping: ((value & mask) >> shift) * 255 / most)
  }
}
