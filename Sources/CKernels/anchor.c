// SwiftPM wants one source file; every kernel is `static inline` in a header.
