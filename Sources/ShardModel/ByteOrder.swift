/// The order of names in every output: that of their UTF-8 bytes, which no locale and no Unicode version changes.
package enum ByteOrder {
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
