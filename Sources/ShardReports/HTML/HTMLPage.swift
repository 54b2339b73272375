import ShardModel

/// What all pages share: head, banner, sections, foot. Style and script are inline and named by their hashes in a
/// content security policy that allows nothing else.
extension HTMLWriter {
  /// Begins a page, up to its first section.
  ///
  /// - Parameters:
  ///   - title: From the data.
  ///   - kind: What the page is, beside the name of the program.
  ///   - sections: That the banner leads to.
  mutating func beginPage(
    _ title: String, of kind: StaticString, _ sections: [(id: StaticString, name: StaticString)]
  ) {
    raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
    base64(SHA256.digest(Array(PageStyle.text.utf8)))
    raw("'; script-src 'sha256-")
    base64(SHA256.digest(Array(PageScript.text.utf8)))
    raw("'; img-src data:; base-uri 'none'; form-action 'none'\">\n")
    raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    raw(
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
    )
    raw("<link rel=\"icon\" href=\"data:,\">\n<title>")
    data(title, limit: 120)
    raw(" · shardcheck</title>\n<style>")
    raw(unchecked: PageStyle.text)
    raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n")
    raw("<header class=\"bar0\"><p class=\"brand\">shardcheck <span>")
    raw(kind)
    raw("</span></p><nav aria-label=\"Sections\">")
    for section in sections {
      raw("<a href=\"#")
      raw(section.id)
      raw("\">")
      raw(section.name)
      raw("</a>")
    }
    raw("</nav><button type=\"button\" id=\"theme\" hidden>Dark theme</button></header>\n")
    raw("<main id=\"main\">\n")
  }

  /// Ends the page with where it comes from.
  mutating func endPage(_ source: StaticString) {
    raw("</main>\n<footer>")
    raw(source)
    raw(" This page loads nothing.</footer>\n<script>")
    raw(unchecked: PageScript.text)
    raw("</script>\n</body>\n</html>\n")
  }

  /// Opens a section with a heading; `</section>` is up to the caller.
  mutating func beginSection(_ id: StaticString, _ title: StaticString, _ remark: String = "") {
    raw("<section id=\"")
    raw(id)
    raw("\" aria-labelledby=\"")
    raw(id)
    raw("-h\"><h2 id=\"")
    raw(id)
    raw("-h\">")
    raw(title)
    if !remark.isEmpty {
      raw(" <span class=\"count\">")
      text(remark)
      raw("</span>")
    }
    raw("</h2>\n")
  }

  mutating func badge(_ severity: Severity) {
    switch severity {
    case .error: raw("<span class=\"badge error\">Error</span>")
    case .warning: raw("<span class=\"badge warning\">Warning</span>")
    case .note: raw("<span class=\"badge note\">Note</span>")
    }
  }
}
