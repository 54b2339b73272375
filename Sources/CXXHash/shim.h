#pragma once
#include <xxhash.h>

// The library itself is built for the least processor; its dispatching twins, where there are any, look for AVX2 and
// AVX-512 when they run and give the same hashes. Worth it for long inputs.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxh_x86dispatch.h>

static inline XXH128_hash_t xxh128_long(const void *input, size_t length) {
  return XXH3_128bits_dispatch(input, length);
}

static inline void xxh128_long_update(XXH3_state_t *state, const void *input, size_t length) {
  (void)XXH3_128bits_update_dispatch(state, input, length);
}

#else

static inline XXH128_hash_t xxh128_long(const void *input, size_t length) { return XXH3_128bits(input, length); }

static inline void xxh128_long_update(XXH3_state_t *state, const void *input, size_t length) {
  (void)XXH3_128bits_update(state, input, length);
}

#endif
