#pragma once

// Which wider kernels this machine can run. The answer is cached: asking costs a load.

#if defined(__x86_64__)
static inline int ck_has_avx2(void) {
  static int known = 0;  // 0 not asked yet, 1 no, 2 yes; racing threads store the same answer
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    answer = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") ? 2 : 1;
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  }
  return answer == 2;
}

static inline int ck_has_avx512(void) {
  static int known = 0;
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    answer = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi2") ? 2 : 1;
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  }
  return answer == 2;
}
#else
static inline int ck_has_avx2(void) { return 0; }
static inline int ck_has_avx512(void) { return 0; }
#endif
