import ShardModel

/// HTML appended to a buffer. Constants go in as they are; all else goes through one of two doors, both of which
/// leave no character that could end a text or an attribute in double quotes.
struct HTMLWriter: ~Copyable {
  private var output = OutputBuffer()

  var bytes: [UInt8] { output.bytes }

  /// Appends markup.
  mutating func raw(_ markup: StaticString) { JSONText.append(raw: markup, to: &output) }

  /// Appends markup that is too long for a static string: the style and the script, constants of this module.
  mutating func raw(unchecked markup: String) { output += markup.utf8 }

  /// Appends a text of ours.
  mutating func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): raw("&amp;")
      case UInt8(ascii: "<"): raw("&lt;")
      case UInt8(ascii: ">"): raw("&gt;")
      case UInt8(ascii: "\""): raw("&quot;")
      case UInt8(ascii: "'"): raw("&#39;")
      default: output.append(byte)
      }
    }
  }

  /// Appends a text from the data: what could reorder, hide or tower over other text is written as an escape.
  ///
  /// - Parameter limit: Columns; longer texts lose their middle.
  mutating func data(_ text: String, limit: Int = 240) {
    let shown = Printable.line(text)
    self.text(shown.utf8.count <= limit ? shown : DisplayWidth.cutMiddle(shown, to: limit))
  }

  /// Appends ` name="value"`.
  mutating func attribute(_ name: StaticString, _ value: String) {
    raw(" ")
    raw(name)
    raw("=\"")
    data(value)
    raw("\"")
  }

  mutating func number(_ value: Int) { JSONText.append(value, to: &output) }

  /// Appends a coordinate, in tenths.
  mutating func number(_ value: Double) {
    guard value.isFinite, value.magnitude < 1e9 else { return raw("0") }
    let tenths = Int(value * 10 + (value < 0 ? -0.5 : 0.5))
    if tenths < 0 { raw("-") }
    JSONText.append(Int(tenths.magnitude / 10), to: &output)
    guard tenths % 10 != 0 else { return }
    raw(".")
    JSONText.append(Int(tenths.magnitude % 10), to: &output)
  }

  mutating func base64(_ source: [UInt8]) { Base64.append(source, to: &output) }

  /// Appends `<code class="d">`, the data and the end of it: isolated, so that its direction changes nothing around it.
  mutating func code(_ text: String, limit: Int = 240) {
    raw("<code class=\"d\">")
    data(text, limit: limit)
    raw("</code>")
  }

  /// Appends a command or a line of a rules file, which one click selects.
  mutating func command(_ text: String) {
    raw("<pre class=\"cmd\" tabindex=\"0\"><code>")
    self.text(Printable.line(text))
    raw("</code></pre>")
  }

  /// Appends an entry of a list of terms.
  mutating func term(_ name: String, _ value: String, class style: StaticString? = nil) {
    raw("<div><dt>")
    data(name)
    raw("</dt><dd")
    if let style {
      raw(" class=\"")
      raw(style)
      raw("\"")
    }
    raw(">")
    data(value)
    raw("</dd></div>")
  }
}
