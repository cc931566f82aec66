"""Keeps the C heap of a process with many threads small; called once, before the threads are started."""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""From glibc's malloc.h."""
_ARENAS = 2
_TRIMMED_AT = 2 * 1024 * 1024
_MAPPED_FROM = 2 * 1024 * 1024
"""Both above the pieces of 1 MiB in which a part is sent: below, each piece cost system calls and fresh pages, and an
upload a third more of the processor."""


def keep_heap_small() -> None:
    """Give memory back to the system soon, where the C library is glibc; elsewhere nothing is done.

    By default each thread gets a heap of its own, and each keeps the most that it ever needed: with recordings passing
    through, that was 30 MiB of 190.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for option, value in ((_M_ARENA_MAX, _ARENAS), (_M_TRIM_THRESHOLD, _TRIMMED_AT), (_M_MMAP_THRESHOLD, _MAPPED_FROM)):
        mallopt(option, value)
