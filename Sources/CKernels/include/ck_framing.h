#pragma once
#include <stddef.h>
#include <stdint.h>

#include "ck_cpu.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Ends of records: lines, and JSON values by their nesting.

typedef struct {
  size_t lines;  // line feeds
  size_t end;    // offset just past the last one
} ck_lines;

static inline ck_lines ck_count_lines_scalar(const uint8_t *p, size_t count) {
  ck_lines result = {0, 0};
  for (size_t i = 0; i < count; i++)
    if (p[i] == '\n') {
      result.lines++;
      result.end = i + 1;
    }
  return result;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static inline size_t ck_count_byte_avx2(const uint8_t *p, size_t blocks, uint8_t byte) {
  const __m256i wanted = _mm256_set1_epi8((char)byte), zero = _mm256_setzero_si256();
  __m256i total = zero;
  while (blocks > 0) {
    // A byte counter holds 255 at most.
    size_t some = blocks < 255 ? blocks : 255;
    __m256i sums = zero;
    for (size_t i = 0; i < some; i++, p += 32)
      sums = _mm256_sub_epi8(sums, _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)p), wanted));
    total = _mm256_add_epi64(total, _mm256_sad_epu8(sums, zero));
    blocks -= some;
  }
  return (size_t)(_mm256_extract_epi64(total, 0) + _mm256_extract_epi64(total, 1) + _mm256_extract_epi64(total, 2) +
                  _mm256_extract_epi64(total, 3));
}
#endif

// How often `byte` stands in p[0..<count].
static inline size_t ck_count_byte(const uint8_t *p, size_t count, uint8_t byte) {
  size_t done = 0, found = 0;
#if defined(__x86_64__)
  if (ck_has_avx2()) {
    done = count & ~(size_t)31;
    found = ck_count_byte_avx2(p, done / 32, byte);
  } else {
    const __m128i wanted = _mm_set1_epi8((char)byte);
    for (; done + 16 <= count; done += 16)
      found += (size_t)__builtin_popcount(
          (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + done)), wanted)));
  }
#endif
  for (; done < count; done++) found += p[done] == byte;
  return found;
}

static inline ck_lines ck_count_lines(const uint8_t *p, size_t count) {
  ck_lines result = {ck_count_byte(p, count, '\n'), 0};
  if (result.lines == 0) return result;
  size_t end = count;
  while (p[end - 1] != '\n') end--;
  result.end = end;
  return result;
}

// Nesting of one JSON value that starts with a bracket or a quote.
typedef struct {
  uint64_t depth;
  uint32_t in_string;
  uint32_t escaped;    // the byte before was a backslash that counts
  uint32_t is_closed;  // the value ended
} ck_nesting;

static inline size_t ck_scan_nesting_scalar(ck_nesting *n, const uint8_t *p, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint8_t c = p[i];
    if (n->in_string) {
      if (n->escaped && c != '\n') {
        n->escaped = 0;
      } else if (c == '\\') {
        n->escaped = 1;
      } else if (c == '"' || c == '\n') {
        n->in_string = 0;
        n->escaped = 0;
        if (n->depth == 0) {
          n->is_closed = 1;
          return i + 1;
        }
      }
    } else if (c == '"') {
      n->in_string = 1;
    } else if (c == '{' || c == '[') {
      n->depth++;
    } else if (c == '}' || c == ']') {
      if (n->depth <= 1) {
        n->depth = 0;
        n->is_closed = 1;
        return i + 1;
      }
      n->depth--;
    }
  }
  return count;
}

#if defined(__x86_64__)
// The bytes among these 16 that the scalar scan has to look at: outside of strings brackets and quotes, inside
// quotes, backslashes and line feeds.
static inline unsigned ck_nesting_stops(const uint8_t *p, int in_string) {
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  __m128i stop = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  if (in_string) {
    stop = _mm_or_si128(stop, _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')),
                                           _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))));
  } else {
    // '{' and '[', '}' and ']' differ in one bit.
    __m128i folded = _mm_or_si128(v, _mm_set1_epi8(0x20));
    stop = _mm_or_si128(stop, _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')),
                                           _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'))));
  }
  return (unsigned)_mm_movemask_epi8(stop);
}
#endif

// Scans on until the value closes or the bytes end; returns how many bytes were used.
static inline size_t ck_scan_nesting(ck_nesting *n, const uint8_t *p, size_t count) {
  size_t i = 0;
#if defined(__x86_64__)
  while (i + 16 <= count) {
    if (!n->escaped) {
      unsigned stops = ck_nesting_stops(p + i, (int)n->in_string);
      if (stops == 0) {
        i += 16;
        continue;
      }
      i += (size_t)__builtin_ctz(stops);
    }
    // One byte by the rules, then look again.
    ck_scan_nesting_scalar(n, p + i, 1);
    i++;
    if (n->is_closed) return i;
  }
#endif
  return i + ck_scan_nesting_scalar(n, p + i, count - i);
}
