#pragma once
#include "ck_cpu.h"
#include "ck_number.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Arrays of integers (token ids, labels, masks): commas are found 64 bytes at a time, then each number is one
// unaligned load that ends at its comma. Numbers follow each other without a dependency from one to the next.

typedef struct {
  const uint8_t *next;  // the first element that was not parsed, or the byte after the closing bracket
  size_t count;
  uint32_t is_closed;
} ck_integer_run;

typedef struct {
  uint64_t commas;
  uint64_t brackets;
} ck_separators;

static inline ck_separators ck_separators_of_64(const uint8_t *p) {
  ck_separators s = {0, 0};
#if defined(__x86_64__)
  const __m128i comma = _mm_set1_epi8(','), bracket = _mm_set1_epi8(']');
  for (int i = 0; i < 4; i++) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + 16 * i));
    s.commas |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, comma)) << (16 * i);
    s.brackets |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, bracket)) << (16 * i);
  }
#else
  for (int i = 0; i < 64; i++) {
    s.commas |= (uint64_t)(p[i] == ',') << i;
    s.brackets |= (uint64_t)(p[i] == ']') << i;
  }
#endif
  return s;
}

// The integer in [s, e), with one leading space allowed; returns whether it is one of at most 8 digits.
__attribute__((always_inline)) static inline int ck_short_integer(const uint8_t *s, const uint8_t *e, double *out) {
  s += *s == ' ';
  int64_t negative = *s == '-';
  s += negative;
  uint64_t length = (uint64_t)(e - s);
  if (length - 1 > 7) return 0;
  unsigned unused = (unsigned)(64 - 8 * length);
  uint64_t digits = ((ck_load8(e - 8) ^ 0x3030303030303030ULL) >> unused) << unused;
  if (ck_nondigits(digits) | (uint64_t)(*s == '0' && length > 1)) return 0;
  int64_t value = (int64_t)ck_eight_digits(digits);
  if (value == 0 && negative) {
    *out = -0.0;
    return 1;
  }
  *out = (double)((value ^ -negative) + negative);
  return 1;
}

// One number at the least fits into a byte pair: 64 bytes never hold more than this.
#define CK_INTEGERS_PER_BLOCK 33

#define CK_INTEGER_LOOP(SEPARATORS)                                                    \
  size_t count = 0;                                                                    \
  const uint8_t *element = p, *block = p;                                              \
  ck_integer_run run = {p, 0, 0};                                                      \
  while (block < end && count + CK_INTEGERS_PER_BLOCK <= capacity) {                   \
    ck_separators s = SEPARATORS(block);                                               \
    uint64_t commas = s.commas;                                                        \
    if (s.brackets) commas &= (s.brackets & -s.brackets) - 1;                          \
    for (; commas; commas &= commas - 1) {                                             \
      const uint8_t *e = block + __builtin_ctzll(commas);                              \
      if (!ck_short_integer(element, e, out + count)) goto done;                       \
      count++;                                                                         \
      element = e + 1;                                                                 \
    }                                                                                  \
    if (s.brackets) {                                                                  \
      const uint8_t *e = block + __builtin_ctzll(s.brackets);                          \
      if (ck_short_integer(element, e, out + count)) {                                 \
        count++;                                                                       \
        element = e + 1;                                                               \
        run.is_closed = 1;                                                             \
      }                                                                                \
      goto done;                                                                       \
    }                                                                                  \
    block += 64;                                                                       \
  }                                                                                    \
  done:                                                                                \
  run.next = element;                                                                  \
  run.count = count;                                                                   \
  return run;

static inline ck_integer_run ck_parse_integers_baseline(const uint8_t *p, const uint8_t *end, double *out,
                                                        size_t capacity) {
  CK_INTEGER_LOOP(ck_separators_of_64)
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,bmi2"), always_inline)) static inline ck_separators ck_separators_of_64_avx2(
    const uint8_t *p) {
  const __m256i comma = _mm256_set1_epi8(','), bracket = _mm256_set1_epi8(']');
  __m256i a = _mm256_loadu_si256((const __m256i *)p), b = _mm256_loadu_si256((const __m256i *)(p + 32));
  ck_separators s;
  s.commas = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, comma)) |
             (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, comma)) << 32;
  s.brackets = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, bracket)) |
               (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, bracket)) << 32;
  return s;
}

__attribute__((target("avx2,bmi,bmi2"))) static inline ck_integer_run ck_parse_integers_avx2(
    const uint8_t *p, const uint8_t *end, double *out, size_t capacity) {
  CK_INTEGER_LOOP(ck_separators_of_64_avx2)
}
#endif

// Parses `integer , integer , ... ]` from `p`, the first byte of an element, as long as the elements are integers
// of at most 8 digits with at most one space before them. Stops at the first other element, at `end`, or when
// `capacity` has less room than a block may need. 8 bytes before `p` and 64 beyond `end` are readable.
static inline ck_integer_run ck_parse_integers(const uint8_t *p, const uint8_t *end, double *out, size_t capacity) {
#if defined(__x86_64__)
  if (ck_has_avx2()) return ck_parse_integers_avx2(p, end, out, capacity);
#endif
  return ck_parse_integers_baseline(p, end, out, capacity);
}
