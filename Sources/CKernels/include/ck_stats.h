// Kernels over one column of numbers: its summary, its deviations, its buckets and its hashes.
//
// Every sum is taken in the same order on every processor: value i belongs to virtual lane i mod 8, lanes are
// joined in a fixed order, and no multiply-add is fused. So the SSE2, AVX2, AVX-512 and NEON forms give the same
// bits, and a scan gives the same bytes wherever it runs. `..._reference` are the plain twins that tests compare
// with. The wider forms are compiled for their own target and chosen by a look at the processor in each call, so
// call them once for a block of a thousand values, not once for a value.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CK_STATS_INLINE static inline __attribute__((always_inline))

// What one pass tells about a column of finite values.
typedef struct {
  double sum;            // in lane order; may overflow to an infinity
  double min;            // +inf if there are no values; never -0.0
  double max;            // -inf if there are no values; never -0.0
  double min_magnitude;  // the smallest |x| over x != 0; +inf if there is none
} ck_summary;

// The vector forms that the running processor may use; values order by width.
typedef enum { CK_STATS_BASELINE = 0, CK_STATS_AVX2 = 1, CK_STATS_AVX512 = 2 } ck_stats_level;

// The widest form that runs here.
static inline ck_stats_level ck_stats_best_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return CK_STATS_AVX512;
  if (__builtin_cpu_supports("avx2")) return CK_STATS_AVX2;
#endif
  return CK_STATS_BASELINE;
}

typedef double ck_f64x8 __attribute__((ext_vector_type(8)));
typedef uint64_t ck_u64x8 __attribute__((ext_vector_type(8)));

// Joins eight lanes: halves, then quarters, then the pair.
CK_STATS_INLINE double ck_lanes_sum(const double lane[8]) {
  double a = lane[0] + lane[4], b = lane[1] + lane[5], c = lane[2] + lane[6], d = lane[3] + lane[7];
  double e = a + c, f = b + d;
  return e + f;
}

CK_STATS_INLINE double ck_lanes_min(const double lane[8]) {
  double least = lane[0];
  for (int i = 1; i < 8; i++) least = lane[i] < least ? lane[i] : least;
  return least;
}

CK_STATS_INLINE double ck_lanes_max(const double lane[8]) {
  double most = lane[0];
  for (int i = 1; i < 8; i++) most = lane[i] > most ? lane[i] : most;
  return most;
}

// ---- Summary ----

CK_STATS_INLINE void ck_summarize_body(const double *v, size_t n, ck_summary *out) {
  const double infinity = __builtin_inf();
  ck_f64x8 sum = 0.0, least = infinity, most = -infinity, magnitude = infinity;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    ck_f64x8 x, size;
    memcpy(&x, v + i, sizeof x);
    ck_u64x8 bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= 0x7FFFFFFFFFFFFFFF;
    memcpy(&size, &bits, sizeof size);
    size = size == 0.0 ? (ck_f64x8)infinity : size;
    sum += x;
    least = x < least ? x : least;
    most = x > most ? x : most;
    magnitude = size < magnitude ? size : magnitude;
  }
  double sums[8], leasts[8], mosts[8], magnitudes[8];
  memcpy(sums, &sum, sizeof sums);
  memcpy(leasts, &least, sizeof leasts);
  memcpy(mosts, &most, sizeof mosts);
  memcpy(magnitudes, &magnitude, sizeof magnitudes);
  for (int lane = 0; i < n; i++, lane++) {
    double x = v[i], size = __builtin_fabs(x);
    sums[lane] += x;
    leasts[lane] = x < leasts[lane] ? x : leasts[lane];
    mosts[lane] = x > mosts[lane] ? x : mosts[lane];
    if (size != 0 && size < magnitudes[lane]) magnitudes[lane] = size;
  }
  out->sum = ck_lanes_sum(sums);
  // Adding +0.0 turns -0.0 into 0.0, so the result does not depend on which zero came first.
  out->min = ck_lanes_min(leasts) + 0.0;
  out->max = ck_lanes_max(mosts) + 0.0;
  out->min_magnitude = ck_lanes_min(magnitudes);
}

static inline void ck_summarize_reference(const double *v, size_t n, ck_summary *out) {
  double sums[8] = {0};
  *out = (ck_summary){0, __builtin_inf(), -__builtin_inf(), __builtin_inf()};
  for (size_t i = 0; i < n; i++) {
    sums[i % 8] += v[i];
    if (v[i] < out->min) out->min = v[i];
    if (v[i] > out->max) out->max = v[i];
    double size = __builtin_fabs(v[i]);
    if (size != 0 && size < out->min_magnitude) out->min_magnitude = size;
  }
  out->sum = ck_lanes_sum(sums);
  out->min += 0.0;
  out->max += 0.0;
}

// ---- Deviations ----

// Steps of eight values after which the lanes are added to the outer lanes. It bounds the number of roundings that
// one square can meet to this plus the number of blocks, which keeps 15 digits on a column of 100,000 values.
#define CK_STATS_BLOCK_STEPS 128

CK_STATS_INLINE void ck_deviations_body(
    const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
#pragma clang fp contract(off)
  ck_f64x8 outer_sum = 0.0, outer_squares = 0.0;
  size_t i = 0;
  while (i + 8 <= n) {
    size_t steps = (n - i) / 8;
    if (steps > CK_STATS_BLOCK_STEPS) steps = CK_STATS_BLOCK_STEPS;
    ck_f64x8 sum = 0.0, squares = 0.0;
    for (size_t end = i + 8 * steps; i < end; i += 8) {
      ck_f64x8 x;
      memcpy(&x, v + i, sizeof x);
      x -= mean;
      ck_f64x8 square = x * x;
      sum += x;
      squares += square;
    }
    outer_sum += sum;
    outer_squares += squares;
  }
  double sums[8], squares[8];
  memcpy(sums, &outer_sum, sizeof sums);
  memcpy(squares, &outer_squares, sizeof squares);
  for (int lane = 0; i < n; i++, lane++) {
    double x = v[i] - mean, square = x * x;
    sums[lane] += x;
    squares[lane] += square;
  }
  *sum_deviation = ck_lanes_sum(sums);
  *sum_squares = ck_lanes_sum(squares);
}

static inline void ck_deviations_reference(
    const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
#pragma clang fp contract(off)
  double outer_sum[8] = {0}, outer_squares[8] = {0}, sum[8] = {0}, squares[8] = {0};
  for (size_t i = 0; i < n; i++) {
    double x = v[i] - mean, square = x * x;
    // Values after the last whole group of eight go to the outer lanes directly.
    double *to_sum = i < n / 8 * 8 ? sum : outer_sum, *to_squares = i < n / 8 * 8 ? squares : outer_squares;
    to_sum[i % 8] += x;
    to_squares[i % 8] += square;
    if ((i + 1) % (8 * CK_STATS_BLOCK_STEPS) == 0 || i + 1 == n / 8 * 8) {
      for (int lane = 0; lane < 8; lane++) {
        outer_sum[lane] += sum[lane];
        outer_squares[lane] += squares[lane];
        sum[lane] = squares[lane] = 0;
      }
    }
  }
  *sum_deviation = ck_lanes_sum(outer_sum);
  *sum_squares = ck_lanes_sum(outer_squares);
}

// ---- Buckets ----

// The bucket of a double: sign, exponent and the 7 high bits of the mantissa.
#define CK_STATS_BUCKET_SHIFT 45

CK_STATS_INLINE uint32_t ck_bucket(const double *v) {
  uint64_t bits;
  memcpy(&bits, v, sizeof bits);
  return (uint32_t)(bits >> CK_STATS_BUCKET_SHIFT);
}

// Adds each value to `table[bits >> 45]`; the table has 2^19 counters and -0.0 one of its own.
//
// Four equal buckets in a row (the usual case of masks, sorted and repeated values) are one addition, which
// avoids waiting for the last store to the same counter; other values are cheapest one by one.
static inline void ck_bucket_add(uint32_t *table, const double *v, size_t n) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    uint32_t a = ck_bucket(v + i), b = ck_bucket(v + i + 1), c = ck_bucket(v + i + 2), d = ck_bucket(v + i + 3);
    if (((a ^ b) | (a ^ c) | (a ^ d)) == 0) {
      table[a] += 4;
    } else {
      table[a] += 1;
      table[b] += 1;
      table[c] += 1;
      table[d] += 1;
    }
  }
  for (; i < n; i++) table[ck_bucket(v + i)] += 1;
}

static inline void ck_bucket_add_reference(uint32_t *table, const double *v, size_t n) {
  for (size_t i = 0; i < n; i++) table[ck_bucket(v + i)] += 1;
}

// ---- Hashes ----

// Mixes 64 bits: variant 13 of Stafford's search over MurmurHash3's finalizer (the output step of SplitMix64,
// Steele, Lea and Flood 2014). A bijection, so two different numbers never share a hash. Stored states hold these
// hashes: the constants must not change.
CK_STATS_INLINE uint64_t ck_mix64(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// The hash of one number; -0.0 hashes as 0.0.
CK_STATS_INLINE uint64_t ck_hash_double(double value) {
  // The offset keeps 0.0, the most common value, away from the fixed point of the mix.
  const uint64_t offset = 0x9E3779B97F4A7C15u;
  double positive = value + 0.0;
  uint64_t bits;
  memcpy(&bits, &positive, sizeof bits);
  return ck_mix64(bits + offset);
}

CK_STATS_INLINE void ck_hash_doubles_body(const double *v, size_t n, uint64_t *out) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    ck_f64x8 x;
    memcpy(&x, v + i, sizeof x);
    x += 0.0;
    ck_u64x8 bits;
    memcpy(&bits, &x, sizeof bits);
    bits += 0x9E3779B97F4A7C15u;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    bits ^= bits >> 31;
    memcpy(out + i, &bits, sizeof bits);
  }
  for (; i < n; i++) out[i] = ck_hash_double(v[i]);
}

static inline void ck_hash_doubles_reference(const double *v, size_t n, uint64_t *out) {
  // Without AVX2 the scalar multiplier is faster than lanes that have to be multiplied in halves.
#pragma clang loop vectorize(disable) unroll(disable)
  for (size_t i = 0; i < n; i++) out[i] = ck_hash_double(v[i]);
}

// ---- One form for each target ----

static inline void ck_summarize_baseline(const double *v, size_t n, ck_summary *out) {
  ck_summarize_body(v, n, out);
}

static inline void ck_deviations_baseline(
    const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
  ck_deviations_body(v, n, mean, sum_deviation, sum_squares);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static inline void ck_summarize_avx2(
    const double *v, size_t n, ck_summary *out) {
  ck_summarize_body(v, n, out);
}

__attribute__((target("avx512f,avx512dq"))) static inline void ck_summarize_avx512(
    const double *v, size_t n, ck_summary *out) {
  ck_summarize_body(v, n, out);
}

__attribute__((target("avx2"))) static inline void ck_deviations_avx2(
    const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
  ck_deviations_body(v, n, mean, sum_deviation, sum_squares);
}

__attribute__((target("avx512f,avx512dq"))) static inline void ck_deviations_avx512(
    const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
  ck_deviations_body(v, n, mean, sum_deviation, sum_squares);
}

__attribute__((target("avx2"))) static inline void ck_hash_doubles_avx2(
    const double *v, size_t n, uint64_t *out) {
  ck_hash_doubles_body(v, n, out);
}

__attribute__((target("avx512f,avx512dq"))) static inline void ck_hash_doubles_avx512(
    const double *v, size_t n, uint64_t *out) {
  ck_hash_doubles_body(v, n, out);
}

#endif

// ---- What callers use; `level` is at most `ck_stats_best_level()` ----

static inline void ck_summarize_at(ck_stats_level level, const double *v, size_t n, ck_summary *out) {
#if defined(__x86_64__)
  if (level == CK_STATS_AVX512) return ck_summarize_avx512(v, n, out);
  if (level == CK_STATS_AVX2) return ck_summarize_avx2(v, n, out);
#endif
  (void)level;
  ck_summarize_baseline(v, n, out);
}

static inline void ck_deviations_at(
    ck_stats_level level, const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
#if defined(__x86_64__)
  if (level == CK_STATS_AVX512) return ck_deviations_avx512(v, n, mean, sum_deviation, sum_squares);
  if (level == CK_STATS_AVX2) return ck_deviations_avx2(v, n, mean, sum_deviation, sum_squares);
#endif
  (void)level;
  ck_deviations_baseline(v, n, mean, sum_deviation, sum_squares);
}

static inline void ck_hash_doubles_at(ck_stats_level level, const double *v, size_t n, uint64_t *out) {
#if defined(__x86_64__)
  if (level == CK_STATS_AVX512) return ck_hash_doubles_avx512(v, n, out);
  if (level == CK_STATS_AVX2) return ck_hash_doubles_avx2(v, n, out);
#endif
  (void)level;
  ck_hash_doubles_reference(v, n, out);
}

// Sum, extremes and least magnitude of finite values.
static inline void ck_summarize(const double *v, size_t n, ck_summary *out) {
  ck_summarize_at(ck_stats_best_level(), v, n, out);
}

// The sum of (x - mean) and of (x - mean)^2, with lanes flushed every 128 steps.
static inline void ck_deviations(
    const double *v, size_t n, double mean, double *sum_deviation, double *sum_squares) {
  ck_deviations_at(ck_stats_best_level(), v, n, mean, sum_deviation, sum_squares);
}

// A 64-bit hash of each number, fixed forever.
static inline void ck_hash_doubles(const double *v, size_t n, uint64_t *out) {
  ck_hash_doubles_at(ck_stats_best_level(), v, n, out);
}
