import CKernels
import Glibc
import ShardIngest
import ShardModel

// Times one stage of the hot path alone: `shardbench read FILE` parses a JSONL file into columns, `shardbench images` reads
// pictures, `shardbench tokens` and `shardbench count` are TokenBench's.

func seconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}

let arguments = CommandLine.arguments
if arguments.count >= 4, ["tokens", "count"].contains(arguments[1]) { exit(TokenBench.run(arguments)) }
if arguments.dropFirst().first == "images" {
  Images.run(Array(arguments.dropFirst(2)))
  exit(0)
}
guard arguments.count == 3, let file = fopen(arguments[2], "r") else {
  print(
    "usage: shardbench read FILE | images FILE... | tokens TOKENIZER FILE [special] | count TOKENIZER FILE [ROUNDS]"
  )
  exit(2)
}
let chunkSize = 1 << 18
let storage = UnsafeMutableRawPointer.allocate(byteCount: 4 << 20, alignment: 64)
memset(storage, 0, 4 << 20)
let bytes = (storage + 64).assumingMemoryBound(to: UInt8.self)
let reader = JSONReader(layout: .lines)
var pending = 0
var records = 0
var numbers = 0
var parsing = 0.0
var framer = LineFramer()
while true {
  let got = fread(bytes + pending, 1, chunkSize, file)
  let total = pending + got
  guard total > 0 else { break }
  memset(bytes + total, 0, 64)
  let start = seconds()
  var length = total
  if got > 0, let boundary = framer.scan(bytes, from: pending, to: total) {
    length = boundary.offset
    framer.cut(at: boundary)
  }
  let hidden = bytes[length]
  memset(storage, 0, 64)
  var saved: [UInt8] = Array(UnsafeBufferPointer(start: bytes + length, count: 64))
  memset(bytes + length, 0, 64)
  reader.read(bytes, count: length, origin: BatchOrigin(), isFinal: got == 0)
  memcpy(bytes + length, &saved, 64)
  _ = hidden
  records += reader.batch.records.count
  for index in reader.batch.fields.indices { numbers += reader.batch.columns[index].numbers.count }
  parsing += seconds() - start
  if got == 0 { break }
  memmove(bytes, bytes + length, total - length)
  pending = total - length
}
print("\(records) records, \(numbers) numbers, \(parsing) s", reader.batch.defects.count, "defects")
