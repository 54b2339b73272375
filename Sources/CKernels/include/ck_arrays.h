// Conversion of the elements of a numeric array to doubles, and the scattering of columns into rows.
//
// Every conversion is exact but that of 64-bit integers, which rounds to nearest. The wider form is compiled for its
// own target and chosen by a look at the processor in each call, so call these for a row or more, not for a value.
// `ck_array_convert_reference` is the plain twin that tests compare with.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ck_cpu.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef enum {
  CK_ARRAY_F16 = 0,
  CK_ARRAY_F32 = 1,
  CK_ARRAY_F64 = 2,
  CK_ARRAY_I8 = 3,
  CK_ARRAY_I16 = 4,
  CK_ARRAY_I32 = 5,
  CK_ARRAY_I64 = 6,
  CK_ARRAY_U8 = 7,
  CK_ARRAY_U16 = 8,
  CK_ARRAY_U32 = 9,
  CK_ARRAY_U64 = 10,
} ck_array_type;

typedef enum { CK_ARRAY_BASELINE = 0, CK_ARRAY_AVX2 = 1 } ck_array_level;

// The widest form that runs here.
static inline ck_array_level ck_array_best_level(void) {
#if defined(__x86_64__)
  if (ck_has_avx2() && __builtin_cpu_supports("f16c")) return CK_ARRAY_AVX2;
#endif
  return CK_ARRAY_BASELINE;
}

#define CK_ARRAY_INLINE static inline __attribute__((always_inline))

// An IEEE half as the bits of a float. The product is exact: it moves the exponent's bias, and makes subnormals normal.
CK_ARRAY_INLINE float ck_half_to_float(uint16_t half) {
  uint32_t bits = (uint32_t)(half & 0x7FFF) << 13, sign = (uint32_t)(half & 0x8000) << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  value *= 0x1p112f;
  memcpy(&bits, &value, sizeof bits);
  bits |= (half & 0x7C00) == 0x7C00 ? 0x7F800000u : 0;
  bits |= sign;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// Loops that the compiler turns into vectors; `swapped` is a constant where they are inlined.
CK_ARRAY_INLINE int ck_convert_f16(const uint8_t *p, size_t n, double *out, int swapped) {
  uint32_t special = 0;
  for (size_t i = 0; i < n; i++) {
    uint16_t bits;
    memcpy(&bits, p + 2 * i, sizeof bits);
    if (swapped) bits = __builtin_bswap16(bits);
    special |= (bits & 0x7C00) == 0x7C00;
    out[i] = ck_half_to_float(bits);
  }
  return special != 0;
}

CK_ARRAY_INLINE int ck_convert_f32(const uint8_t *p, size_t n, double *out, int swapped) {
  uint32_t special = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, p + 4 * i, sizeof bits);
    if (swapped) bits = __builtin_bswap32(bits);
    special |= (bits & 0x7F800000u) == 0x7F800000u;
    float value;
    memcpy(&value, &bits, sizeof value);
    out[i] = value;
  }
  return special != 0;
}

CK_ARRAY_INLINE int ck_convert_f64(const uint8_t *p, size_t n, double *out, int swapped) {
  uint64_t special = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, p + 8 * i, sizeof bits);
    if (swapped) bits = __builtin_bswap64(bits);
    special |= (bits & 0x7FF0000000000000u) == 0x7FF0000000000000u;
    memcpy(out + i, &bits, sizeof bits);
  }
  return special != 0;
}

#define CK_CONVERT_SMALL(name, signed_type, unsigned_type, swap)                                       \
  CK_ARRAY_INLINE int name(const uint8_t *p, size_t n, double *out, int swapped) {                     \
    for (size_t i = 0; i < n; i++) {                                                                   \
      unsigned_type bits;                                                                              \
      memcpy(&bits, p + sizeof bits * i, sizeof bits);                                                 \
      if (swapped) bits = swap(bits);                                                                  \
      out[i] = (double)(signed_type)bits;                                                              \
    }                                                                                                  \
    return 0;                                                                                          \
  }
#define CK_ARRAY_SAME(bits) (bits)
CK_CONVERT_SMALL(ck_convert_i8, int8_t, uint8_t, CK_ARRAY_SAME)
CK_CONVERT_SMALL(ck_convert_u8, uint8_t, uint8_t, CK_ARRAY_SAME)
CK_CONVERT_SMALL(ck_convert_i16, int16_t, uint16_t, __builtin_bswap16)
CK_CONVERT_SMALL(ck_convert_u16, uint16_t, uint16_t, __builtin_bswap16)
CK_CONVERT_SMALL(ck_convert_i32, int32_t, uint32_t, __builtin_bswap32)
CK_CONVERT_SMALL(ck_convert_u32, uint32_t, uint32_t, __builtin_bswap32)
#undef CK_CONVERT_SMALL
#undef CK_ARRAY_SAME

CK_ARRAY_INLINE int ck_convert_i64(const uint8_t *p, size_t n, double *out, int swapped) {
  const uint64_t limit = (uint64_t)1 << 53;
  uint64_t special = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, p + 8 * i, sizeof bits);
    if (swapped) bits = __builtin_bswap64(bits);
    special |= bits + limit > 2 * limit;
    out[i] = (double)(int64_t)bits;
  }
  return special != 0;
}

CK_ARRAY_INLINE int ck_convert_u64(const uint8_t *p, size_t n, double *out, int swapped) {
  uint64_t special = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, p + 8 * i, sizeof bits);
    if (swapped) bits = __builtin_bswap64(bits);
    special |= bits > (uint64_t)1 << 53;
    out[i] = (double)bits;
  }
  return special != 0;
}

CK_ARRAY_INLINE int ck_array_convert_body(
    ck_array_type type, int swapped, const uint8_t *p, size_t n, double *out) {
#define CK_ARRAY_BOTH(name) return swapped ? name(p, n, out, 1) : name(p, n, out, 0)
  switch (type) {
    case CK_ARRAY_F16: CK_ARRAY_BOTH(ck_convert_f16);
    case CK_ARRAY_F32: CK_ARRAY_BOTH(ck_convert_f32);
    case CK_ARRAY_F64: CK_ARRAY_BOTH(ck_convert_f64);
    case CK_ARRAY_I8: return ck_convert_i8(p, n, out, 0);
    case CK_ARRAY_I16: CK_ARRAY_BOTH(ck_convert_i16);
    case CK_ARRAY_I32: CK_ARRAY_BOTH(ck_convert_i32);
    case CK_ARRAY_I64: CK_ARRAY_BOTH(ck_convert_i64);
    case CK_ARRAY_U8: return ck_convert_u8(p, n, out, 0);
    case CK_ARRAY_U16: CK_ARRAY_BOTH(ck_convert_u16);
    case CK_ARRAY_U32: CK_ARRAY_BOTH(ck_convert_u32);
    case CK_ARRAY_U64: CK_ARRAY_BOTH(ck_convert_u64);
  }
#undef CK_ARRAY_BOTH
  return 0;
}

static inline int ck_array_convert_baseline(
    ck_array_type type, int swapped, const uint8_t *p, size_t n, double *out) {
  return ck_array_convert_body(type, swapped, p, n, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2,f16c"))) static inline int ck_convert_f16_f16c(
    const uint8_t *p, size_t n, double *out, int swapped) {
  const __m128i exponent = _mm_set1_epi16(0x7C00);
  __m128i special = _mm_setzero_si128();
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m128i half = _mm_loadu_si128((const __m128i *)(p + 2 * i));
    if (swapped) half = _mm_or_si128(_mm_slli_epi16(half, 8), _mm_srli_epi16(half, 8));
    special = _mm_or_si128(special, _mm_cmpeq_epi16(_mm_and_si128(half, exponent), exponent));
    __m256 single = _mm256_cvtph_ps(half);
    _mm256_storeu_pd(out + i, _mm256_cvtps_pd(_mm256_castps256_ps128(single)));
    _mm256_storeu_pd(out + i + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(single, 1)));
  }
  int rest = swapped ? ck_convert_f16(p + 2 * i, n - i, out + i, 1) : ck_convert_f16(p + 2 * i, n - i, out + i, 0);
  return _mm_movemask_epi8(special) != 0 || rest;
}

__attribute__((target("avx2,f16c"))) static inline int ck_array_convert_avx2(
    ck_array_type type, int swapped, const uint8_t *p, size_t n, double *out) {
  if (type == CK_ARRAY_F16) return ck_convert_f16_f16c(p, n, out, swapped);
  return ck_array_convert_body(type, swapped, p, n, out);
}
#endif

static inline int ck_array_convert_at(
    ck_array_level level, ck_array_type type, int swapped, const uint8_t *p, size_t n, double *out) {
#if defined(__x86_64__)
  if (level == CK_ARRAY_AVX2) return ck_array_convert_avx2(type, swapped, p, n, out);
#endif
  (void)level;
  return ck_array_convert_baseline(type, swapped, p, n, out);
}

// Writes `n` elements, little-endian or `swapped`, to `out` as doubles. Returns whether one of them is NaN, an
// infinity, or an integer beyond 2^53 in magnitude.
static inline int ck_array_convert(
    ck_array_type type, int swapped, const uint8_t *p, size_t n, double *out) {
  return ck_array_convert_at(ck_array_best_level(), type, swapped, p, n, out);
}

// Byte by byte and field by field, as the formats are described.
static inline int ck_array_convert_reference(
    ck_array_type type, int swapped, const uint8_t *p, size_t n, double *out) {
  static const uint8_t sizes[] = {2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
  size_t size = sizes[type];
  int special = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = 0;
    for (size_t b = 0; b < size; b++)
      bits |= (uint64_t)p[i * size + b] << 8 * (swapped ? size - 1 - b : b);
    uint64_t sign = bits >> (8 * size - 1);
    if (type <= CK_ARRAY_F64) {
      int width = type == CK_ARRAY_F16 ? 10 : type == CK_ARRAY_F32 ? 23 : 52;
      int bias = type == CK_ARRAY_F16 ? 15 : type == CK_ARRAY_F32 ? 127 : 1023;
      uint64_t exponent = bits >> width & (2 * (uint64_t)bias + 1);
      uint64_t fraction = bits & (((uint64_t)1 << width) - 1);
      double value;
      if (exponent == 2 * (uint64_t)bias + 1) {
        special = 1;
        value = fraction ? __builtin_nan("") : __builtin_inf();
      } else {
        uint64_t significand = exponent ? fraction | (uint64_t)1 << width : fraction;
        value = __builtin_ldexp((double)significand, (int)(exponent ? exponent : 1) - bias - width);
      }
      out[i] = sign ? -value : value;
    } else if (type >= CK_ARRAY_U8) {
      out[i] = (double)bits;
      special |= bits > (uint64_t)1 << 53;
    } else {
      uint64_t magnitude = sign ? (~bits + 1) << (64 - 8 * size) >> (64 - 8 * size) : bits;
      out[i] = sign ? -(double)magnitude : (double)magnitude;
      special |= magnitude > (uint64_t)1 << 53;
    }
  }
  return special;
}

// Writes `n` elements of `size` bytes that lie side by side `stride` bytes apart. `size` is 1, 2, 4 or 8.
static inline void ck_array_scatter(const uint8_t *from, size_t n, size_t size, uint8_t *to, size_t stride) {
  switch (size) {
    case 1: for (size_t i = 0; i < n; i++) to[i * stride] = from[i]; break;
    case 2: for (size_t i = 0; i < n; i++) memcpy(to + i * stride, from + 2 * i, 2); break;
    case 4: for (size_t i = 0; i < n; i++) memcpy(to + i * stride, from + 4 * i, 4); break;
    default: for (size_t i = 0; i < n; i++) memcpy(to + i * stride, from + 8 * i, 8); break;
  }
}
