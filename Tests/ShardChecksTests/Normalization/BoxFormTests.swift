import Testing

@testable import ShardChecks

struct BoxFormTests {
  private func form(_ boxes: UInt64, sized: UInt64 = 0, _ counts: [ObservationKind: UInt64]) -> BoxForm? {
    var found = BoxCounts()
    found.boxes = boxes
    found.sized = sized
    for (kind, count) in counts { found[kind] = count }
    return BoxForm(found, .standard)
  }

  @Test("The narrowest form that nearly all boxes have")
  func forms() {
    #expect(form(100, [:]) == BoxForm(layout: .corners, scale: .one))
    #expect(form(100, [.boxBeyondOne: 3]) == BoxForm(layout: .corners, scale: .one))
    #expect(form(100, [.boxBeyondOne: 90]) == BoxForm(layout: .corners, scale: .thousand))
    #expect(form(100, sized: 100, [.boxBeyondOne: 100]) == BoxForm(layout: .corners, scale: .picture))
    #expect(
      form(100, sized: 100, [.boxBeyondOne: 100, .boxBeyondPicture: 40])
        == BoxForm(layout: .corners, scale: .thousand))
    #expect(
      form(100, [.boxBeyondOne: 100, .boxBeyondThousand: 20]) == BoxForm(layout: .corners, scale: .unknown))
    #expect(
      form(100, sized: 100, [.boxUnordered: 60, .boxBeyondOne: 100, .boxBeyondPicture: 1])
        == BoxForm(layout: .cornerAndSize, scale: .picture))
  }

  @Test("Few boxes, or boxes of no form, give no rule")
  func none() {
    #expect(form(19, [:]) == nil)
    #expect(form(100, [.boxUnordered: 60, .boxEmpty: 60]) == nil)
  }
}
