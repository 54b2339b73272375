// Kernels over rows of pixels of 8 bits: counting, gray, resampling. All in whole numbers or without fused operations,
// so that each gives the same on any machine.
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "ck_cpu.h"

#define CK_PIXELS_INLINE static inline __attribute__((always_inline))

// Weights of the resampling kernels are in units of 2^-14, and come in groups of so many for each output.
#define CK_RESAMPLE_BITS 14
#define CK_RESAMPLE_GROUP 8

// ---- Gray ----

CK_PIXELS_INLINE void ck_luma_body(const uint8_t *restrict rgb, size_t n, uint8_t *restrict gray) {
  for (size_t i = 0; i < n; i++) {
    uint32_t red = rgb[3 * i], green = rgb[3 * i + 1], blue = rgb[3 * i + 2];
    gray[i] = (uint8_t)((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
  }
}

static inline void ck_luma_baseline(const uint8_t *rgb, size_t n, uint8_t *gray) { ck_luma_body(rgb, n, gray); }

// ---- Brightness ----

// Pixels whose brightness is found before they are counted.
#define CK_PIXEL_RUN 256

// The root of 0.241 R^2 + 0.691 G^2 + 0.068 B^2, where `step` is the number of steps that a thousandth's root makes.
// A thousandth of a step makes up for the rounding of the root. Added to 1.5 x 2^23, a number is rounded to the whole
// number in the low bits, and half a step less is cut off.
CK_PIXELS_INLINE void ck_places_body(const uint8_t *restrict rgb, size_t n, float step, uint32_t *restrict place) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < n; i++) {
    uint32_t red = rgb[3 * i], green = rgb[3 * i + 1], blue = rgb[3 * i + 2];
    float energy = (float)(int32_t)(241 * red * red + 691 * green * green + 68 * blue * blue);
    float at = sqrtf(energy) * step + 0.001f;
    at = at - 0.5f + 0x1.8p23f;
    uint32_t bits;
    memcpy(&bits, &at, sizeof bits);
    place[i] = bits & 0x3FFFFF;
  }
}

CK_PIXELS_INLINE uint8_t ck_count_pixels_body(
    const uint8_t *rgb, size_t n, float step, uint32_t last, uint32_t *channels, uint32_t *levels) {
  uint32_t place[CK_PIXEL_RUN];
  uint32_t difference = 0;
  for (size_t first = 0; first < n; first += CK_PIXEL_RUN) {
    size_t count = n - first < CK_PIXEL_RUN ? n - first : CK_PIXEL_RUN;
    const uint8_t *p = rgb + 3 * first;
    ck_places_body(p, count, step, place);
    for (size_t i = 0; i < count; i++) {
      uint32_t red = p[3 * i], green = p[3 * i + 1], blue = p[3 * i + 2], level = place[i];
      difference |= (red ^ green) | (green ^ blue);
      channels[red]++;
      channels[256 + green]++;
      channels[512 + blue]++;
      levels[level < last ? level : last]++;
    }
  }
  return (uint8_t)difference;
}

static inline uint8_t ck_count_pixels_baseline(
    const uint8_t *rgb, size_t n, float step, uint32_t last, uint32_t *channels, uint32_t *levels) {
  return ck_count_pixels_body(rgb, n, step, last, channels, levels);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static inline void ck_luma_avx2(const uint8_t *rgb, size_t n, uint8_t *gray) {
  ck_luma_body(rgb, n, gray);
}

__attribute__((target("avx2"))) static inline uint8_t ck_count_pixels_avx2(
    const uint8_t *rgb, size_t n, float step, uint32_t last, uint32_t *channels, uint32_t *levels) {
  return ck_count_pixels_body(rgb, n, step, last, channels, levels);
}
#endif

// Writes the luma of ITU-R 601 of `n` pixels as Pillow's `convert("L")` rounds it.
static inline void ck_luma(const uint8_t *rgb, size_t n, uint8_t *gray) {
#if defined(__x86_64__)
  if (ck_has_avx2()) return ck_luma_avx2(rgb, n, gray);
#endif
  ck_luma_baseline(rgb, n, gray);
}

// Counts the values of each channel of `n` pixels in three runs of 256, and their brightness in `last + 1` levels.
// Returns the bits in which the channels of any pixel differ.
static inline uint8_t ck_count_pixels(
    const uint8_t *rgb, size_t n, float step, uint32_t last, uint32_t *channels, uint32_t *levels) {
#if defined(__x86_64__)
  if (ck_has_avx2()) return ck_count_pixels_avx2(rgb, n, step, last, channels, levels);
#endif
  return ck_count_pixels_baseline(rgb, n, step, last, channels, levels);
}

// The sum of `count[i]`, and that of `i` times it, for `n` below 2^16 counts whose sums stay below 2^48.
static inline uint64_t ck_level_sums(const uint32_t *count, size_t n, uint64_t *weighted) {
  uint64_t sum = 0, product = 0;
  for (size_t i = 0; i < n; i++) {
    sum += count[i];
    product += (uint64_t)count[i] * (uint32_t)i;
  }
  *weighted = product;
  return sum;
}

// ---- Resampling ----

CK_PIXELS_INLINE uint8_t ck_resampled(int32_t sum) {
  sum >>= CK_RESAMPLE_BITS;
  return sum < 0 ? 0 : sum > 255 ? 255 : (uint8_t)sum;
}

// Writes to `target`, `stride` apart, a weighted sum for each of `rows` rows that are `width` apart. `count` is a multiple of
// CK_RESAMPLE_GROUP; weights of 0 stand for bytes that do not count, but are read.
static inline void ck_resample_across(
    const uint8_t *source, size_t width, size_t rows, const int16_t *weights, size_t count, uint8_t *target,
    size_t stride) {
  for (size_t y = 0; y < rows; y++, source += width, target += stride) {
#if defined(__SSE2__)
    const __m128i zero = _mm_setzero_si128();
    __m128i sum = zero;
    for (size_t k = 0; k < count; k += 8) {
      __m128i bytes = _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)(source + k)), zero);
      sum = _mm_add_epi32(sum, _mm_madd_epi16(bytes, _mm_loadu_si128((const __m128i *)(weights + k))));
    }
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
    int32_t total = _mm_cvtsi128_si32(sum);
#else
    int32_t total = 0;
    for (size_t k = 0; k < count; k++) total += (int32_t)source[k] * weights[k];
#endif
    *target = ck_resampled(total + (1 << (CK_RESAMPLE_BITS - 1)));
  }
}

// Writes the weighted sum of `count` rows of `width` bytes to `target`. Up to CK_RESAMPLE_GROUP bytes behind a row are
// read, and none behind the target's is written.
static inline void ck_resample_down(
    const uint8_t *source, size_t width, const int16_t *weights, size_t count, uint8_t *target) {
  size_t x = 0;
#if defined(__SSE2__)
  const __m128i zero = _mm_setzero_si128();
  for (; x < width; x += 8) {
    __m128i low = _mm_set1_epi32(1 << (CK_RESAMPLE_BITS - 1)), high = low;
    const uint8_t *from = source + x;
    for (size_t k = 0; k < count; k += 2, from += 2 * width) {
      int is_pair = k + 1 < count;
      __m128i a = _mm_loadl_epi64((const __m128i *)from);
      __m128i b = is_pair ? _mm_loadl_epi64((const __m128i *)(from + width)) : zero;
      uint32_t pair = (uint16_t)weights[k] | (is_pair ? (uint32_t)(uint16_t)weights[k + 1] << 16 : 0);
      __m128i weight = _mm_set1_epi32((int32_t)pair);
      __m128i mixed = _mm_unpacklo_epi8(a, b);
      low = _mm_add_epi32(low, _mm_madd_epi16(_mm_unpacklo_epi8(mixed, zero), weight));
      high = _mm_add_epi32(high, _mm_madd_epi16(_mm_unpackhi_epi8(mixed, zero), weight));
    }
    __m128i words = _mm_packs_epi32(_mm_srai_epi32(low, CK_RESAMPLE_BITS), _mm_srai_epi32(high, CK_RESAMPLE_BITS));
    __m128i bytes = _mm_packus_epi16(words, words);
    memcpy(target + x, &bytes, width - x < 8 ? width - x : 8);
  }
#else
  for (; x < width; x++) {
    int32_t total = 1 << (CK_RESAMPLE_BITS - 1);
    for (size_t k = 0; k < count; k++) total += (int32_t)source[k * width + x] * weights[k];
    target[x] = ck_resampled(total);
  }
#endif
}

// ---- Means ----

// Writes the means, rounded to the nearest, of `n` sums of `area` bytes each; `area` is at most 2^16, sums below 2^31.
static inline void ck_means(const uint32_t *restrict sum, size_t n, uint32_t area, uint8_t *restrict mean) {
  if ((area & (area - 1)) == 0) {
    int shift = __builtin_ctz(area);
    for (size_t i = 0; i < n; i++) {
      uint32_t value = (sum[i] + area / 2) >> shift;
      mean[i] = value > 255 ? 255 : (uint8_t)value;
    }
    return;
  }
  // Exact: a reciprocal rounded up is right for sums below 2^32 / area.
  uint64_t reciprocal = ((uint64_t)1 << 32) / area + 1;
  for (size_t i = 0; i < n; i++) {
    uint64_t value = ((uint64_t)(sum[i] + area / 2) * reciprocal) >> 32;
    mean[i] = value > 255 ? 255 : (uint8_t)value;
  }
}
