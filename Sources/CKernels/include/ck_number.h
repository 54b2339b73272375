#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ck_powers_of_five.h"

// Numbers by RFC 8259, section 6, correctly rounded to a double.
//
// Digits are read eight at a time; the decimal is converted by the algorithm of Eisel and Lemire (Lemire 2021; that
// no fallback is needed for up to 19 digits: Mushtak and Lemire 2023). Longer decimals whose value the first 19
// digits do not settle go to strtod, which glibc rounds correctly.

enum {
  CK_NUMBER_INVALID = 0,
  CK_NUMBER_INTEGER = 1,
  CK_NUMBER_LARGE_INTEGER = 2,  // beyond 2^53: the double may differ from what is written
  CK_NUMBER_REAL = 3,
  CK_NUMBER_OVERFLOW = 4,   // written finite, beyond the largest double; the value is an infinity
  CK_NUMBER_UNDERFLOW = 5,  // written other than zero, rounds to zero
};

typedef struct {
  double value;
  uint32_t length;  // bytes; of what was read before the error if invalid
  uint32_t kind;
} ck_number;

static inline uint64_t ck_load8(const uint8_t *p) {
  uint64_t v;
  memcpy(&v, p, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  return v;
}

// The first byte of `x` (text xor 0x30...) that is no digit has its top bit set in the result; later bytes are
// not to be trusted.
static inline uint64_t ck_nondigits(uint64_t x) {
  return ((x + 0x7676767676767676ULL) | x) & 0x8080808080808080ULL;
}

// Eight digits, first digit in the low byte, each byte 0...9.
static inline uint64_t ck_eight_digits(uint64_t x) {
  x = (x * 10) + (x >> 8);
  return (((x & 0x000000FF000000FFULL) * 0x000F424000000064ULL) +
          (((x >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL)) >> 32;
}

static const uint64_t ck_small_powers_of_ten[9] = {1,      10,      100,      1000,     10000,
                                                   100000, 1000000, 10000000, 100000000};

// Appends the run of digits at *p to *m, modulo 2^64.
static inline void ck_digits(const uint8_t **p, uint64_t *m) {
  for (;;) {
    uint64_t x = ck_load8(*p) ^ 0x3030303030303030ULL;
    uint64_t stop = ck_nondigits(x);
    if (stop == 0) {
      *m = *m * 100000000 + ck_eight_digits(x);
      *p += 8;
      continue;
    }
    unsigned n = (unsigned)__builtin_ctzll(stop) >> 3;
    // n == 0 shifts everything out in two steps.
    uint64_t digits = (x << (56 - 8 * n)) << 8;
    *m = *m * ck_small_powers_of_ten[n] + ck_eight_digits(digits);
    *p += n;
    return;
  }
}

static inline double ck_from_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, 8);
  return value;
}

// The bits, without sign, of the double nearest to m * 10^q; m is not zero.
static inline uint64_t ck_decimal_bits(uint64_t m, int64_t q) {
  const uint64_t infinity = 0x7FF0000000000000ULL;
  if (q < CK_SMALLEST_POWER) return 0;
  if (q > CK_LARGEST_POWER) return infinity;
  int zeros = __builtin_clzll(m);
  m <<= zeros;
  const uint64_t *power = ck_powers_of_five[q - CK_SMALLEST_POWER];
  unsigned __int128 product = (unsigned __int128)m * power[0];
  uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
  if ((high & 0x1FF) == 0x1FF) {
    uint64_t more = (uint64_t)(((unsigned __int128)m * power[1]) >> 64);
    low += more;
    high += low < more;
  }
  unsigned top = (unsigned)(high >> 63);
  unsigned shift = top + 9;
  uint64_t mantissa = high >> shift;  // 54 bits: one more than kept, for rounding
  int64_t exponent = ((217706 * q) >> 16) + 63 + top - zeros + 1023;
  if (exponent <= 0) {
    if (exponent <= -63) return 0;
    mantissa >>= 1 - exponent;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    return mantissa;  // a carry into bit 52 is the smallest normal number
  }
  // Exactly between two doubles: only possible where 5^q is exact in 64 bits; round to even.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && (mantissa << shift) == high) mantissa &= ~1ULL;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >> 53) {
    mantissa >>= 1;
    exponent++;
  }
  if (exponent >= 0x7FF) return infinity;
  return (mantissa & 0x000FFFFFFFFFFFFFULL) | ((uint64_t)exponent << 52);
}

// A decimal of more than 19 digits; `p` starts with its first digit and is known to follow the grammar.
__attribute__((noinline)) static uint64_t ck_long_decimal_bits(const uint8_t *p, int64_t exponent) {
  const uint8_t *s = p;
  uint64_t m = 0;
  int significant = 0, cut = 0;
  int64_t scale = exponent, point = 0;
  for (;; s++) {
    unsigned d = (unsigned)*s - '0';
    if (d > 9) {
      if (*s == '.' && !point) {
        point = 1;
        continue;
      }
      break;
    }
    if (significant == 0 && d == 0) {
      scale -= point;
    } else if (significant < 19) {
      m = m * 10 + d;
      significant++;
      scale -= point;
    } else {
      cut |= d != 0;
      scale += !point;
    }
  }
  if (m == 0) return 0;
  uint64_t bits = ck_decimal_bits(m, scale);
  if (!cut || ck_decimal_bits(m + 1, scale) == bits) return bits;
  double value = strtod((const char *)p, NULL);
  memcpy(&bits, &value, 8);
  return bits;
}

// Parses the number at `p`. At least 32 bytes beyond the number are readable, and the number ends before them.
static inline ck_number ck_parse_number(const uint8_t *p) {
  ck_number result = {0, 0, CK_NUMBER_INVALID};
  const uint8_t *s = p;
  const uint64_t sign = (uint64_t)(*s == '-') << 63;
  s += sign >> 63;
  const uint8_t *start = s;
  uint64_t m = 0;
  ck_digits(&s, &m);
  int64_t digits = s - start;
  if (digits == 0 || (*start == '0' && digits > 1)) {
    result.length = (uint32_t)((digits ? start + 1 : s) - p);
    return result;
  }
  int64_t exponent = 0;
  int real = 0;
  if (*s == '.') {
    const uint8_t *fraction = ++s;
    ck_digits(&s, &m);
    exponent = fraction - s;
    digits -= exponent;
    real = 1;
    if (exponent == 0) {
      result.length = (uint32_t)(s - p);
      return result;
    }
  }
  int64_t written = 0;
  if ((*s | 0x20) == 'e') {
    s++;
    int negative = *s == '-';
    if (*s == '-' || *s == '+') s++;
    const uint8_t *first = s;
    for (; (unsigned)*s - '0' <= 9; s++)
      if (written < 1000000000) written = written * 10 + (*s - '0');
    if (s == first) {
      result.length = (uint32_t)(s - p);
      return result;
    }
    if (negative) written = -written;
    exponent += written;
    real = 1;
  }
  result.length = (uint32_t)(s - p);
  uint64_t bits;
  if (digits <= 19) {
    if (!real) {
      double value = (double)m;
      memcpy(&bits, &value, 8);
      result.kind = m <= (1ULL << 53) ? CK_NUMBER_INTEGER : CK_NUMBER_LARGE_INTEGER;
      result.value = ck_from_bits(bits | sign);
      return result;
    }
    bits = m == 0 ? 0 : ck_decimal_bits(m, exponent);
  } else {
    bits = ck_long_decimal_bits(start, written);
    m = bits;  // zero only if all digits are zeros or it underflows; told apart below
    if (bits == 0)
      for (const uint8_t *d = start; d < s && (*d | 0x20) != 'e'; d++) m |= (uint64_t)(*d != '0' && *d != '.');
  }
  result.value = ck_from_bits(bits | sign);
  if (bits == 0x7FF0000000000000ULL) {
    result.kind = CK_NUMBER_OVERFLOW;
  } else if (bits == 0 && m != 0) {
    result.kind = CK_NUMBER_UNDERFLOW;
  } else {
    result.kind = real ? CK_NUMBER_REAL : CK_NUMBER_LARGE_INTEGER;
  }
  return result;
}
