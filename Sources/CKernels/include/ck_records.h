// Kernels that add the values of one column to the hashes of the records that the values stand in.
//
// A record's hash is a sum modulo 2^64 in each half, so the order in which values are added does not matter: neither
// that of the fields nor that of the members of an object. Values are hashes themselves, well mixed; each is multiplied
// by the odd key of its place before it is added (multilinear hashing, Carter and Wegman 1979), so the same value at
// two places counts differently.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ck_cpu.h"
#include "ck_stats.h"

typedef struct {
  uint64_t low, high;
} ck_record_hash;

// The row that holds `position`, given that of an earlier position. `records` are pairs of offset and length in order
// of offsets.
CK_STATS_INLINE size_t ck_row_after(const uint32_t *records, size_t count, size_t row, uint32_t position) {
  while (row + 1 < count && records[2 * (row + 1)] <= position) row++;
  return row;
}

CK_STATS_INLINE uint32_t ck_position_at(const uint8_t *positions, size_t stride, size_t index) {
  uint32_t position;
  memcpy(&position, positions + stride * index, sizeof position);
  return position;
}

// Adds one 64-bit hash; both halves of the product count, so that 64 bits are enough to tell two sums apart.
CK_STATS_INLINE void ck_record_add_word(ck_record_hash *sum, uint64_t hash, ck_record_hash key) {
  unsigned __int128 product = (unsigned __int128)hash * (key.low | 1);
  sum->low += (uint64_t)product;
  sum->high += (uint64_t)(product >> 64) + hash * (key.high | 1);
}

// Adds one 128-bit hash.
CK_STATS_INLINE void ck_record_add_pair(ck_record_hash *sum, uint64_t low, uint64_t high, ck_record_hash key) {
  sum->low += low * (key.low | 1);
  sum->high += high * (key.high | 1);
}

// Whether value i stands in record i, for all: the usual case, in which no row has to be looked for.
CK_STATS_INLINE int ck_is_one_per_record(
    const uint32_t *records, size_t record_count, const uint8_t *positions, size_t stride, size_t n) {
  if (n != record_count) return 0;
  uint32_t outside = 0;
  for (size_t i = 0; i < n; i++) {
    outside |= ck_position_at(positions, stride, i) - records[2 * i] > records[2 * i + 1];
  }
  return outside == 0;
}

// Adds the 64-bit hash of each value to its record. Positions rise and are `stride` bytes apart; `sums` are parallel
// to `records`. Complexity: O(n + records).
static inline void ck_records_add_words(
    ck_record_hash *sums, const void *records, size_t record_count, const void *positions, size_t stride,
    const uint64_t *hashes, size_t n, ck_record_hash key) {
  if (ck_is_one_per_record((const uint32_t *)records, record_count, (const uint8_t *)positions, stride, n)) {
    for (size_t i = 0; i < n; i++) ck_record_add_word(sums + i, hashes[i], key);
    return;
  }
  size_t row = 0;
  for (size_t i = 0; i < n; i++) {
    row = ck_row_after((const uint32_t *)records, record_count, row, ck_position_at((const uint8_t *)positions, stride, i));
    ck_record_add_word(sums + row, hashes[i], key);
  }
}

// The same for 128-bit hashes.
static inline void ck_records_add_pairs(
    ck_record_hash *sums, const void *records, size_t record_count, const void *positions, size_t stride,
    const uint64_t *low, const uint64_t *high, size_t n, ck_record_hash key) {
  if (ck_is_one_per_record((const uint32_t *)records, record_count, (const uint8_t *)positions, stride, n)) {
    for (size_t i = 0; i < n; i++) ck_record_add_pair(sums + i, low[i], high[i], key);
    return;
  }
  size_t row = 0;
  for (size_t i = 0; i < n; i++) {
    row = ck_row_after((const uint32_t *)records, record_count, row, ck_position_at((const uint8_t *)positions, stride, i));
    ck_record_add_pair(sums + row, low[i], high[i], key);
  }
}

// The same for values that are all alike, such as nulls.
static inline void ck_records_add_constant(
    ck_record_hash *sums, const void *records, size_t record_count, const void *positions, size_t stride, size_t n,
    ck_record_hash key) {
  size_t row = 0;
  for (size_t i = 0; i < n; i++) {
    row = ck_row_after((const uint32_t *)records, record_count, row, ck_position_at((const uint8_t *)positions, stride, i));
    sums[row].low += key.low;
    sums[row].high += key.high;
  }
}

// Whether one of the values is -0.0, which equals 0.0 and has other bits.
CK_STATS_INLINE int ck_has_negative_zero_body(const double *v, size_t n) {
  ck_u64x8 found = 0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    ck_u64x8 bits;
    memcpy(&bits, v + i, sizeof bits);
    // Only -0.0 becomes zero, and only from zero does the subtraction borrow into a clear top bit.
    bits ^= 0x8000000000000000u;
    found |= (bits - 1) & ~bits;
  }
  uint64_t any = 0;
  for (int lane = 0; lane < 8; lane++) any |= found[lane];
  for (; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, v + i, sizeof bits);
    bits ^= 0x8000000000000000u;
    any |= (bits - 1) & ~bits;
  }
  return (int)(any >> 63);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static inline int ck_has_negative_zero_avx2(const double *v, size_t n) {
  return ck_has_negative_zero_body(v, n);
}
#endif

static inline int ck_has_negative_zero(const double *v, size_t n) {
#if defined(__x86_64__)
  if (ck_has_avx2()) return ck_has_negative_zero_avx2(v, n);
#endif
  return ck_has_negative_zero_body(v, n);
}

// ---- Which hashes may occur twice ----

// Two Bloom filters (Bloom 1970): what was seen (five bits in each of two words of a cache line), and what was seen again
// (three bits of a word). Masks are numbers of words minus one, powers of two from 8 on. A hash of zeros stands for
// nothing and is passed over.

CK_STATS_INLINE uint64_t ck_filter_three_bits(uint64_t half) {
  return 1ull << (half & 63) | 1ull << (half >> 6 & 63) | 1ull << (half >> 12 & 63);
}

CK_STATS_INLINE uint64_t ck_filter_five_bits(uint64_t half) {
  return ck_filter_three_bits(half) | 1ull << (half >> 18 & 63) | 1ull << (half >> 24 & 63);
}

CK_STATS_INLINE uint64_t ck_filter_again_bits(uint64_t high) { return ck_filter_three_bits(high >> 36); }

#define CK_FILTER_AHEAD 16

// Adds `n` hashes, 16 bytes each, low half first and low byte first; returns how many may have been added before.
static inline size_t ck_filter_add(
    uint64_t *seen, uint64_t seen_mask, uint64_t *again, uint64_t again_mask, const void *hashes, size_t n) {
  const uint8_t *p = (const uint8_t *)hashes;
  size_t repeats = 0;
  for (size_t i = 0; i < n; i++) {
    ck_record_hash hash;
    if (i + CK_FILTER_AHEAD < n) {
      uint64_t low;
      memcpy(&low, p + 16 * (i + CK_FILTER_AHEAD), sizeof low);
      __builtin_prefetch(seen + (low & seen_mask), 1);
    }
    memcpy(&hash, p + 16 * i, sizeof hash);
    if ((hash.low | hash.high) == 0) continue;
    uint64_t place = hash.low & seen_mask, other = place ^ (hash.high >> 61 | 1);
    uint64_t bits = ck_filter_five_bits(hash.high), other_bits = ck_filter_five_bits(hash.high >> 30);
    if ((seen[place] & bits) == bits && (seen[other] & other_bits) == other_bits) {
      again[hash.low >> 32 & again_mask] |= ck_filter_again_bits(hash.high);
      repeats++;
    } else {
      seen[place] |= bits;
      seen[other] |= other_bits;
    }
  }
  return repeats;
}

// Writes the places of the hashes that may have been added twice to `rows`, which has room for `n`, and returns how
// many there are. None that was added twice is left out.
static inline size_t ck_filter_select(
    const uint64_t *again, uint64_t again_mask, const void *hashes, size_t n, uint32_t *rows) {
  const uint8_t *p = (const uint8_t *)hashes;
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    ck_record_hash hash;
    if (i + CK_FILTER_AHEAD < n) {
      uint64_t low;
      memcpy(&low, p + 16 * (i + CK_FILTER_AHEAD), sizeof low);
      __builtin_prefetch(again + (low >> 32 & again_mask), 0);
    }
    memcpy(&hash, p + 16 * i, sizeof hash);
    uint64_t bits = ck_filter_again_bits(hash.high);
    int may = (again[hash.low >> 32 & again_mask] & bits) == bits && (hash.low | hash.high) != 0;
    rows[count] = (uint32_t)i;
    count += (size_t)may;
  }
  return count;
}
