#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "ck_cpu.h"
#if defined(__x86_64__)
#include <immintrin.h>
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

static inline ck_marks ck_find_marks_reference(const uint8_t *p, size_t n) {
  ck_marks found = {0, 0};
  unsigned before = 0;
  for (size_t i = 0; i < n; i++) {
    uint8_t byte = p[i];
    unsigned inside = byte > 0x20;
    found.words += inside & ~before & 1;
    before = inside;
    if (byte == '<') found.marks |= CK_MARK_LESS;
    if (byte == '&') found.marks |= CK_MARK_AMPERSAND;
    if (byte >= 0x80) found.marks |= CK_MARK_HIGH;
    if (byte == 0xC3) found.marks |= CK_MARK_TILDE_A;
    if (byte == 0xEF) found.marks |= CK_MARK_LAST;
  }
  return found;
}

enum {
  CK_PATH_LESS = 1,   // '<'
  CK_PATH_BRACE = 2,  // '{'
  CK_PATH_COLON = 4,  // ':'
  CK_PATH_ODD = 8,    // a zero byte, or a '.' or a '/' behind a '/'
  CK_PATH_SEEN = 16,  // a byte above 0x20
};

static inline uint32_t ck_find_path_marks_reference(const uint8_t *p, size_t n) {
  uint32_t marks = 0;
  for (size_t i = 0; i < n; i++) {
    if (p[i] == '<') marks |= CK_PATH_LESS;
    if (p[i] == '{') marks |= CK_PATH_BRACE;
    if (p[i] == ':') marks |= CK_PATH_COLON;
    if (p[i] == 0 || (i > 0 && p[i - 1] == '/' && (p[i] == '.' || p[i] == '/'))) marks |= CK_PATH_ODD;
    if (p[i] > 0x20) marks |= CK_PATH_SEEN;
  }
  return marks;
}

#if defined(__x86_64__)

// 0xFF for each byte up to 0x20: unsigned, its minimum with 0x20 is itself.
static inline __m128i ck_spaces(__m128i v) {
  return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x20)), v);
}

typedef struct {
  __m128i less, ampersand, tilde, last, high;
} ck_marks_seen;

static inline void ck_see_marks(ck_marks_seen *seen, __m128i v) {
  seen->less = _mm_or_si128(seen->less, _mm_cmpeq_epi8(v, _mm_set1_epi8('<')));
  seen->ampersand = _mm_or_si128(seen->ampersand, _mm_cmpeq_epi8(v, _mm_set1_epi8('&')));
  seen->tilde = _mm_or_si128(seen->tilde, _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC3)));
  seen->last = _mm_or_si128(seen->last, _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xEF)));
  seen->high = _mm_or_si128(seen->high, v);
}

static inline uint32_t ck_marks_of(const ck_marks_seen *seen) {
  return (_mm_movemask_epi8(seen->less) ? CK_MARK_LESS : 0) |
         (_mm_movemask_epi8(seen->ampersand) ? CK_MARK_AMPERSAND : 0) |
         (_mm_movemask_epi8(seen->high) ? CK_MARK_HIGH : 0) |
         (_mm_movemask_epi8(seen->tilde) ? CK_MARK_TILDE_A : 0) |
         (_mm_movemask_epi8(seen->last) ? CK_MARK_LAST : 0);
}

// 64 bytes at a time, what is missing of the last of them zero: a space that is no mark.
__attribute__((target("avx512bw,popcnt,bmi2"), noinline)) static ck_marks ck_find_marks_avx512(
    const uint8_t *p, size_t n) {
  const __m512i space = _mm512_set1_epi8(0x20), less = _mm512_set1_epi8('<'), ampersand = _mm512_set1_epi8('&');
  const __m512i tilde = _mm512_set1_epi8((char)0xC3), last = _mm512_set1_epi8((char)0xEF);
  uint64_t in_less = 0, in_ampersand = 0, in_high = 0, in_tilde = 0, in_last = 0, words = 0, before = 0;
  for (size_t i = 0; i < n; i += 64) {
    __mmask64 there = n - i < 64 ? _bzhi_u64(~0ULL, (unsigned)(n - i)) : ~0ULL;
    __m512i v = _mm512_maskz_loadu_epi8(there, p + i);
    uint64_t inside = _mm512_cmpgt_epu8_mask(v, space), high = _mm512_movepi8_mask(v);
    words += (uint64_t)__builtin_popcountll(inside & ~(inside << 1 | before));
    before = inside >> 63;
    in_less |= _mm512_cmpeq_epi8_mask(v, less);
    in_ampersand |= _mm512_cmpeq_epi8_mask(v, ampersand);
    in_high |= high;
    if (high) {
      in_tilde |= _mm512_cmpeq_epi8_mask(v, tilde);
      in_last |= _mm512_cmpeq_epi8_mask(v, last);
    }
  }
  ck_marks found = {words, (in_less ? CK_MARK_LESS : 0) | (in_ampersand ? CK_MARK_AMPERSAND : 0) |
                               (in_high ? CK_MARK_HIGH : 0) | (in_tilde ? CK_MARK_TILDE_A : 0) |
                               (in_last ? CK_MARK_LAST : 0)};
  return found;
}

// A block at a time, the last of them again from its own last byte on, so that no byte is looked at alone.
static inline ck_marks ck_find_marks(const uint8_t *p, size_t n) {
  static const uint8_t ends[32] = {0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                                   0,    0,    0,    0,    0,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  if (n < 16) return ck_find_marks_reference(p, n);
  if (n >= 64 && ck_has_avx512()) return ck_find_marks_avx512(p, n);
  const __m128i zero = _mm_setzero_si128();
  ck_marks_seen seen = {zero, zero, zero, zero, zero};
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  ck_see_marks(&seen, v);
  // A word starts where a byte is no space and the one before it is; before the text is a zero, which is one.
  __m128i counts = _mm_sub_epi8(zero, _mm_andnot_si128(ck_spaces(v), ck_spaces(_mm_slli_si128(v, 1))));
  __m128i words = zero;
  size_t i = 16;
  while (i + 16 <= n) {
    // The counts of a lane are at most the blocks, with the first one and the last one 255.
    size_t end = n - i > 253 * 16 ? i + 253 * 16 : n;
    for (; i + 16 <= end; i += 16) {
      v = _mm_loadu_si128((const __m128i *)(p + i));
      ck_see_marks(&seen, v);
      __m128i before = ck_spaces(_mm_loadu_si128((const __m128i *)(p + i - 1)));
      counts = _mm_sub_epi8(counts, _mm_andnot_si128(ck_spaces(v), before));
    }
    words = _mm_add_epi64(words, _mm_sad_epu8(counts, zero));
    counts = zero;
  }
  if (i < n) {
    v = _mm_loadu_si128((const __m128i *)(p + n - 16));
    ck_see_marks(&seen, v);
    __m128i before = ck_spaces(_mm_loadu_si128((const __m128i *)(p + n - 17)));
    __m128i fresh = _mm_loadu_si128((const __m128i *)(ends + (n - i)));
    counts = _mm_sub_epi8(counts, _mm_and_si128(fresh, _mm_andnot_si128(ck_spaces(v), before)));
  }
  words = _mm_add_epi64(words, _mm_sad_epu8(counts, zero));
  words = _mm_add_epi64(words, _mm_unpackhi_epi64(words, words));
  ck_marks found = {(uint64_t)_mm_cvtsi128_si64(words), ck_marks_of(&seen)};
  return found;
}

static inline uint32_t ck_path_marks_of(__m128i v, __m128i before) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i slash = _mm_set1_epi8('/');
  // Dot and slash differ in their last bit.
  __m128i dots = _mm_cmpeq_epi8(_mm_or_si128(v, _mm_set1_epi8(1)), slash);
  __m128i hidden = _mm_and_si128(dots, _mm_cmpeq_epi8(before, slash));
  __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, zero), hidden);
  return (_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('<'))) ? CK_PATH_LESS : 0) |
         (_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('{'))) ? CK_PATH_BRACE : 0) |
         (_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(':'))) ? CK_PATH_COLON : 0) |
         (_mm_movemask_epi8(odd) ? CK_PATH_ODD : 0) |
         (_mm_movemask_epi8(ck_spaces(v)) != 0xFFFF ? CK_PATH_SEEN : 0);
}

// What a path of n bytes has in it that nearly none has.
static inline uint32_t ck_find_path_marks(const uint8_t *p, size_t n) {
  if (n < 16) return ck_find_path_marks_reference(p, n);
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  uint32_t marks = ck_path_marks_of(v, _mm_slli_si128(v, 1));
  for (size_t i = 16; i < n; i += 16) {
    size_t at = i + 16 <= n ? i : n - 16;
    marks |= ck_path_marks_of(
        _mm_loadu_si128((const __m128i *)(p + at)), _mm_loadu_si128((const __m128i *)(p + at - 1)));
  }
  return marks;
}

#else

static inline ck_marks ck_find_marks(const uint8_t *p, size_t n) { return ck_find_marks_reference(p, n); }

static inline uint32_t ck_find_path_marks(const uint8_t *p, size_t n) { return ck_find_path_marks_reference(p, n); }

#endif

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
