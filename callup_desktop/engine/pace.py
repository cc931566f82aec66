"""The bandwidth limit: one token bucket that all running requests share. Any thread."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets bytes out at no more than the limit; without one it costs nothing."""

    def __init__(self, limit: int | None = None, now: Callable[[], float] = time.monotonic) -> None:
        """`limit` is bytes a second, None for none."""
        self._lock = threading.Lock()
        self._limit = limit
        self._free_at = 0.0
        self._now = now

    @property
    def limit(self) -> int | None:
        """Bytes a second, or None."""
        return self._limit

    def set_limit(self, limit: int | None) -> None:
        """Take a new limit at once."""
        with self._lock:
            self._limit = limit
            self._free_at = 0.0

    def reserve(self, size: int) -> float:
        """Seconds the caller waits before it sends `size` bytes."""
        if self._limit is None:
            return 0.0
        with self._lock:
            if self._limit is None:
                return 0.0
            now = self._now()
            start = max(now, self._free_at)
            self._free_at = start + size / self._limit
            return start - now
