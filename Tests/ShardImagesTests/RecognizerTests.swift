import Testing

@testable import ShardImages

@Suite struct RecognizerTests {}
