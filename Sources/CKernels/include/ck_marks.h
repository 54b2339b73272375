#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

// What a text has in it, so that what is rare is only looked for where it can be, and how many words.

enum {
  CK_MARK_LESS = 1,       // '<'
  CK_MARK_AMPERSAND = 2,  // '&'
  CK_MARK_HIGH = 4,       // a byte from 0x80 on
  CK_MARK_TILDE_A = 8,    // 0xC3, with which all of U+00C0 to U+00FF begin
  CK_MARK_LAST = 16,      // 0xEF, with which U+FFFD begins
};

typedef struct {
  uint64_t words;  // runs of bytes above 0x20
  uint32_t marks;
} ck_marks;

static inline ck_marks ck_find_marks(const uint8_t *p, size_t n) {
  ck_marks found = {0, 0};
  unsigned carry = 0;
  size_t i = 0;
#if defined(__x86_64__)
  const __m128i space = _mm_set1_epi8(0x20), less = _mm_set1_epi8('<'), ampersand = _mm_set1_epi8('&'),
                tilde = _mm_set1_epi8((char)0xC3), last = _mm_set1_epi8((char)0xEF);
  __m128i anyLess = _mm_setzero_si128(), anyAmpersand = anyLess, high = anyLess, anyTilde = anyLess, anyLast = anyLess;
  for (; i + 16 <= n; i += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
    // Unsigned: a byte is a space where its minimum with 0x20 is itself.
    unsigned inside = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v, space), v)) & 0xFFFF;
    found.words += (unsigned)__builtin_popcount(inside & ~(inside << 1 | carry));
    carry = inside >> 15;
    anyLess = _mm_or_si128(anyLess, _mm_cmpeq_epi8(v, less));
    anyAmpersand = _mm_or_si128(anyAmpersand, _mm_cmpeq_epi8(v, ampersand));
    anyTilde = _mm_or_si128(anyTilde, _mm_cmpeq_epi8(v, tilde));
    anyLast = _mm_or_si128(anyLast, _mm_cmpeq_epi8(v, last));
    high = _mm_or_si128(high, v);
  }
  if (_mm_movemask_epi8(anyLess)) found.marks |= CK_MARK_LESS;
  if (_mm_movemask_epi8(anyAmpersand)) found.marks |= CK_MARK_AMPERSAND;
  if (_mm_movemask_epi8(high)) found.marks |= CK_MARK_HIGH;
  if (_mm_movemask_epi8(anyTilde)) found.marks |= CK_MARK_TILDE_A;
  if (_mm_movemask_epi8(anyLast)) found.marks |= CK_MARK_LAST;
#endif
  for (; i < n; i++) {
    uint8_t byte = p[i];
    unsigned inside = byte > 0x20;
    found.words += inside & ~carry & 1;
    carry = inside;
    if (byte == '<') found.marks |= CK_MARK_LESS;
    if (byte == '&') found.marks |= CK_MARK_AMPERSAND;
    if (byte >= 0x80) found.marks |= CK_MARK_HIGH;
    if (byte == 0xC3) found.marks |= CK_MARK_TILDE_A;
    if (byte == 0xEF) found.marks |= CK_MARK_LAST;
  }
  return found;
}

// Whether `needle` of m bytes stands in the n bytes at `p`: places where its first and its last byte fit that are no spaces,
// which are everywhere, are compared.
static inline int ck_contains(const uint8_t *p, size_t n, const uint8_t *needle, size_t m) {
  if (m == 0 || n < m) return m == 0;
  size_t i = 0, places = n - m + 1;
#if defined(__x86_64__)
  size_t low = 0, high = m - 1;
  while (low < high && needle[low] == ' ') low++;
  while (high > low && needle[high] == ' ') high--;
  const __m128i first = _mm_set1_epi8((char)needle[low]), last = _mm_set1_epi8((char)needle[high]);
  for (; i + 16 <= places; i += 16) {
    __m128i a = _mm_loadu_si128((const __m128i *)(p + i + low));
    __m128i b = _mm_loadu_si128((const __m128i *)(p + i + high));
    unsigned fits = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));
    while (fits) {
      if (memcmp(p + i + __builtin_ctz(fits), needle, m) == 0) return 1;
      fits &= fits - 1;
    }
  }
#endif
  for (; i < places; i++)
    if (memcmp(p + i, needle, m) == 0) return 1;
  return 0;
}
