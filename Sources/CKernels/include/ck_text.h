#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "ck_cpu.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// JSON strings: their end, whether they are well-formed, and how many Unicode scalars they hold.

enum {
  CK_TEXT_ESCAPED = 1,           // at least one backslash
  CK_TEXT_INVALID_ENCODING = 2,  // not UTF-8, or an escaped half of a surrogate pair; the text still has an end
  CK_TEXT_MALFORMED = 4,         // a control character or an unknown escape: no string by RFC 8259, section 7
};

typedef struct {
  uint32_t length;      // bytes up to the closing quote; up to the offending byte if malformed
  uint32_t characters;  // scalars after unescaping; an invalid byte or half counts as one
  uint32_t flags;
  uint32_t defect;      // offset of the first invalid encoding
} ck_text;

#if defined(__x86_64__)
__attribute__((target("avx512bw"), noinline)) static const uint8_t *ck_plain_end_avx512(const uint8_t *p) {
  const __m512i quote = _mm512_set1_epi8('"'), backslash = _mm512_set1_epi8('\\'), space = _mm512_set1_epi8(0x20);
  for (;; p += 64) {
    __m512i v = _mm512_loadu_si512(p);
    uint64_t special = _mm512_cmpeq_epi8_mask(v, quote) | _mm512_cmpeq_epi8_mask(v, backslash) |
                       _mm512_cmplt_epi8_mask(v, space);
    if (special) return p + __builtin_ctzll(special);
  }
}
#endif

// The first byte at or after `p` that is a quote, a backslash, a control character or not ASCII.
// 64 bytes from that byte on are readable.
static inline const uint8_t *ck_plain_end(const uint8_t *p) {
#if defined(__x86_64__)
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
  // What is longer than this is worth a call.
  const uint8_t *far = ck_has_avx512() ? p + 48 : 0;
  for (;; p += 16) {
    if (p == far) return ck_plain_end_avx512(p);
    __m128i v = _mm_loadu_si128((const __m128i *)p);
    // Signed: bytes from 0x80 are below 0x20 too.
    __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                                   _mm_cmplt_epi8(v, space));
    unsigned mask = (unsigned)_mm_movemask_epi8(special);
    if (mask) return p + __builtin_ctz(mask);
  }
#else
  while (*p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\') p++;
  return p;
#endif
}

// Bytes of the UTF-8 sequence at `p` (Unicode 15, table 3-7), 0 if it is none. `p[0]` is not ASCII.
static inline unsigned ck_utf8_length(const uint8_t *p) {
  uint8_t a = p[0];
  if (a < 0xC2) return 0;
  if ((p[1] & 0xC0) != 0x80) return 0;
  if (a < 0xE0) return 2;
  if (a < 0xF0) {
    if ((p[2] & 0xC0) != 0x80) return 0;
    if (a == 0xE0 && p[1] < 0xA0) return 0;
    if (a == 0xED && p[1] > 0x9F) return 0;
    return 3;
  }
  if (a > 0xF4 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80) return 0;
  if (a == 0xF0 && p[1] < 0x90) return 0;
  if (a == 0xF4 && p[1] > 0x8F) return 0;
  return 4;
}

// The four hexadecimal digits at `p`, or -1.
static inline int32_t ck_hex4(const uint8_t *p) {
  int32_t value = 0;
  for (int i = 0; i < 4; i++) {
    unsigned d = (unsigned)p[i] - '0', letter = ((unsigned)p[i] | 0x20) - 'a';
    if (d <= 9) value = value << 4 | (int32_t)d;
    else if (letter <= 5) value = value << 4 | (int32_t)(letter + 10);
    else return -1;
  }
  return value;
}

// Goes on from `special`, the first byte of the string at `p` that is not plain.
__attribute__((noinline)) static ck_text ck_text_with_specials(const uint8_t *p, const uint8_t *special) {
  ck_text t = {0, 0, 0, 0};
  const uint8_t *s = p;
  uint32_t characters = 0;
  for (;;) {
    characters += (uint32_t)(special - s);
    s = special;
    uint8_t c = *s;
    if (c == '"') break;
    if (c >= 0x80) {
      // Stay here while the text is not ASCII.
      do {
        unsigned n = ck_utf8_length(s);
        if (n == 0) {
          if (!(t.flags & CK_TEXT_INVALID_ENCODING)) t.defect = (uint32_t)(s - p);
          t.flags |= CK_TEXT_INVALID_ENCODING;
          n = 1;
        }
        s += n;
        characters++;
      } while (*s >= 0x80);
    } else if (c == '\\') {
      t.flags |= CK_TEXT_ESCAPED;
      switch (s[1]) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
          s += 2;
          break;
        case 'u': {
          int32_t unit = ck_hex4(s + 2);
          if (unit < 0) {
            t.flags |= CK_TEXT_MALFORMED;
            t.length = (uint32_t)(s - p);
            return t;
          }
          int32_t next = (unit & 0xFC00) == 0xD800 && s[6] == '\\' && s[7] == 'u' ? ck_hex4(s + 8) : -1;
          if ((next & ~0x3FF) == 0xDC00) {
            s += 12;
          } else {
            if ((unit & 0xF800) == 0xD800) {
              if (!(t.flags & CK_TEXT_INVALID_ENCODING)) t.defect = (uint32_t)(s - p);
              t.flags |= CK_TEXT_INVALID_ENCODING;
            }
            s += 6;
          }
          break;
        }
        default:
          t.flags |= CK_TEXT_MALFORMED;
          t.length = (uint32_t)(s - p);
          return t;
      }
      characters++;
    } else {
      t.flags |= CK_TEXT_MALFORMED;
      t.length = (uint32_t)(s - p);
      return t;
    }
    special = ck_plain_end(s);
  }
  t.length = (uint32_t)(s - p);
  t.characters = characters;
  return t;
}

// The string whose first byte after the quote is `p`. Memory behind the data is zero, which ends every string.
static inline ck_text ck_scan_text(const uint8_t *p) {
  const uint8_t *special = ck_plain_end(p);
  if (*special == '"') {
    ck_text t = {(uint32_t)(special - p), (uint32_t)(special - p), 0, 0};
    return t;
  }
  return ck_text_with_specials(p, special);
}
