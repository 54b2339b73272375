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

// For short inputs the call costs as much as the hash, so these are compiled into the caller from the same header,
// which is made to be included a second time. It must be told that the compiler inlines: Swift's reading of C headers
// does not say so.
#undef XXH_NO_INLINE_HINTS
#define XXH_NO_INLINE_HINTS 0
#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct {
  uint64_t low, high;
} xxh128_pair;

static inline uint64_t xxh64_short(const void *input, size_t length) { return XXH3_64bits(input, length); }

static inline xxh128_pair xxh128_short(const void *input, size_t length) {
  XXH128_hash_t hash = XXH3_128bits(input, length);
  return (xxh128_pair){hash.low64, hash.high64};
}
