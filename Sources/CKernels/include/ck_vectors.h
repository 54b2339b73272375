// Kernels over rows of equal length: vectors of a list field, one after the other.
//
// A loop over the dimensions has no sum that crosses it, so each dimension's sum is taken in row order whatever
// the width of the processor's vectors, and no multiply-add is fused: the same bits everywhere.
#pragma once

#include "ck_stats.h"

// For each dimension the sum, the least and the most of the rows, all finite. `rows` is at least 1.
static inline void ck_dimension_sums(
    const double *restrict v, size_t rows, size_t dimensions, double *restrict sum, double *restrict least,
    double *restrict most) {
#pragma clang fp contract(off)
  for (size_t d = 0; d < dimensions; d++) {
    double x = v[d] + 0.0;
    sum[d] = x;
    least[d] = x;
    most[d] = x;
  }
  for (size_t row = 1; row < rows; row++) {
    const double *restrict x = v + row * dimensions;
    for (size_t d = 0; d < dimensions; d++) {
      double value = x[d] + 0.0;
      sum[d] += value;
      least[d] = value < least[d] ? value : least[d];
      most[d] = value > most[d] ? value : most[d];
    }
  }
}

// For each dimension the sums of the deviations from `mean` and of their squares.
static inline void ck_dimension_deviations(
    const double *restrict v, size_t rows, size_t dimensions, const double *restrict mean,
    double *restrict deviation, double *restrict squares) {
#pragma clang fp contract(off)
  for (size_t d = 0; d < dimensions; d++) deviation[d] = squares[d] = 0;
  for (size_t row = 0; row < rows; row++) {
    const double *restrict x = v + row * dimensions;
    for (size_t d = 0; d < dimensions; d++) {
      double difference = x[d] - mean[d];
      deviation[d] += difference;
      squares[d] += difference * difference;
    }
  }
}

// The sum of the squares of one vector, value i in lane i mod 8.
static inline double ck_sum_of_squares(const double *v, size_t n) {
#pragma clang fp contract(off)
  ck_f64x8 sum = 0.0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    ck_f64x8 x;
    memcpy(&x, v + i, sizeof x);
    sum += x * x;
  }
  double lane[8];
  memcpy(lane, &sum, sizeof lane);
  for (int k = 0; i < n; i++, k++) lane[k] += v[i] * v[i];
  return ck_lanes_sum(lane);
}

static inline double ck_sum_of_squares_reference(const double *v, size_t n) {
#pragma clang fp contract(off)
  double lane[8] = {0};
  for (size_t i = 0; i < n; i++) {
    double square = v[i] * v[i];
    lane[i % 8] += square;
  }
  return ck_lanes_sum(lane);
}
