#pragma once
// openat2(2), which Swift cannot call: `syscall` takes any number of arguments.
#include <errno.h>
#include <stdint.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

// RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH, linux/openat2.h: no way leads out of the folder, links included.
#define CK_RESOLVE_BENEATH (0x02 | 0x08)

// The descriptor, or minus the error number; -ENOSYS where the kernel has no such call (before Linux 5.6).
static inline int ck_open_beneath(int folder, const char *path, int flags) {
#if defined(__linux__) && defined(SYS_openat2)
  struct {
    uint64_t flags, mode, resolve;
  } how = {(uint64_t)flags, 0, CK_RESOLVE_BENEATH};
  long result;
  int tries = 0;
  // EAGAIN: a folder was moved meanwhile, and the kernel cannot tell whether that led out.
  do result = syscall(SYS_openat2, folder, path, &how, sizeof how);
  while (result < 0 && (errno == EINTR || (errno == EAGAIN && ++tries < 8)));
  return result < 0 ? -errno : (int)result;
#else
  (void)folder, (void)path, (void)flags;
  return -ENOSYS;
#endif
}
