// Kernels over one row of token ids with its labels or its mask.
//
// The columns are doubles; ids are whole and below 2^53, so that equal doubles are equal ids. NaN equals nothing.
// `..._reference` are the plain twins that tests compare with.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CK_TOKENS_INLINE static inline __attribute__((always_inline))

typedef double ck_tokens_f64x4 __attribute__((ext_vector_type(4)));
typedef int64_t ck_tokens_i64x4 __attribute__((ext_vector_type(4)));

// What one pass over a row tells.
typedef struct {
  size_t labelled;   // labels other than `ignored`
  size_t differing;  // those of them that are not the id at their place
} ck_label_counts;

// Counts over `n` labels; `ids` may be null, then nothing differs.
static inline ck_label_counts ck_count_labels(const double *ids, const double *labels, size_t n, double ignored) {
  ck_tokens_i64x4 labelled = 0, differing = 0;
  size_t i = 0;
  if (!ids) ids = labels;
  for (; i + 4 <= n; i += 4) {
    ck_tokens_f64x4 label, id;
    memcpy(&label, labels + i, sizeof label);
    memcpy(&id, ids + i, sizeof id);
    ck_tokens_i64x4 used = label != ignored;
    labelled -= used;
    differing -= used & (label != id);
  }
  ck_label_counts counts = {(size_t)(labelled[0] + labelled[1] + labelled[2] + labelled[3]),
                            (size_t)(differing[0] + differing[1] + differing[2] + differing[3])};
  for (; i < n; i++) {
    int used = labels[i] != ignored;
    counts.labelled += used;
    counts.differing += used && labels[i] != ids[i];
  }
  return counts;
}

static inline ck_label_counts ck_count_labels_reference(
    const double *ids, const double *labels, size_t n, double ignored) {
  ck_label_counts counts = {0, 0};
  for (size_t i = 0; i < n; i++) {
    if (labels[i] == ignored) continue;
    counts.labelled++;
    if (ids ? labels[i] != ids[i] : labels[i] != labels[i]) counts.differing++;
  }
  return counts;
}

// The first index at or after `start` whose value is not `ignored`; n if there is none.
static inline size_t ck_first_label(const double *labels, size_t start, size_t n, double ignored) {
  size_t i = start;
  for (; i + 8 <= n; i += 8) {
    ck_tokens_f64x4 low, high;
    memcpy(&low, labels + i, sizeof low);
    memcpy(&high, labels + i + 4, sizeof high);
    ck_tokens_i64x4 used = (low != ignored) | (high != ignored);
    if (used[0] | used[1] | used[2] | used[3]) break;
  }
  while (i < n && labels[i] == ignored) i++;
  return i;
}

// The least and the greatest label other than `ignored`, and 0.
typedef struct {
  double least, greatest;
} ck_label_limits;

static inline ck_label_limits ck_limit_labels(const double *labels, size_t n, double ignored) {
  ck_tokens_f64x4 least = 0, greatest = 0;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    ck_tokens_f64x4 label;
    memcpy(&label, labels + i, sizeof label);
    // A label that is ignored counts as 0; comparisons with NaN are false.
    label = label != ignored ? label : (ck_tokens_f64x4)0.0;
    least = label < least ? label : least;
    greatest = label > greatest ? label : greatest;
  }
  ck_label_limits limits = {0, 0};
  for (int k = 0; k < 4; k++) {
    limits.least = least[k] < limits.least ? least[k] : limits.least;
    limits.greatest = greatest[k] > limits.greatest ? greatest[k] : limits.greatest;
  }
  for (; i < n; i++) {
    double label = labels[i] != ignored ? labels[i] : 0;
    limits.least = label < limits.least ? label : limits.least;
    limits.greatest = label > limits.greatest ? label : limits.greatest;
  }
  return limits;
}

static inline ck_label_limits ck_limit_labels_reference(const double *labels, size_t n, double ignored) {
  ck_label_limits limits = {0, 0};
  for (size_t i = 0; i < n; i++) {
    if (labels[i] == ignored) continue;
    if (labels[i] < limits.least) limits.least = labels[i];
    if (labels[i] > limits.greatest) limits.greatest = labels[i];
  }
  return limits;
}

// What one pass over a mask tells.
typedef struct {
  size_t ones;     // places that are attended to: any value but 0
  size_t changes;  // places whose value is not that before them
  size_t odd;      // values that are neither 0 nor 1
} ck_mask_counts;

static inline ck_mask_counts ck_count_mask(const double *mask, size_t n) {
  ck_tokens_i64x4 ones = 0, changes = 0, odd = 0;
  ck_mask_counts counts = {0, 0, 0};
  if (n == 0) return counts;
  counts.ones = mask[0] != 0;
  counts.odd = mask[0] != 0 && mask[0] != 1;
  size_t i = 1;
  for (; i + 4 <= n; i += 4) {
    ck_tokens_f64x4 value, before;
    memcpy(&value, mask + i, sizeof value);
    memcpy(&before, mask + i - 1, sizeof before);
    ck_tokens_i64x4 used = value != 0.0;
    ones -= used;
    changes -= value != before;
    odd -= used & (value != 1.0);
  }
  counts.ones += (size_t)(ones[0] + ones[1] + ones[2] + ones[3]);
  counts.changes += (size_t)(changes[0] + changes[1] + changes[2] + changes[3]);
  counts.odd += (size_t)(odd[0] + odd[1] + odd[2] + odd[3]);
  for (; i < n; i++) {
    counts.ones += mask[i] != 0;
    counts.changes += mask[i] != mask[i - 1];
    counts.odd += mask[i] != 0 && mask[i] != 1;
  }
  return counts;
}

static inline ck_mask_counts ck_count_mask_reference(const double *mask, size_t n) {
  ck_mask_counts counts = {0, 0, 0};
  for (size_t i = 0; i < n; i++) {
    counts.ones += mask[i] != 0;
    counts.changes += i > 0 && mask[i] != mask[i - 1];
    counts.odd += mask[i] != 0 && mask[i] != 1;
  }
  return counts;
}
