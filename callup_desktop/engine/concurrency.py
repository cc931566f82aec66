"""How many part requests run side by side: few on a slow link, more while throughput rises. Engine thread."""

_START = 2
_WINDOW = 0.5
_GAIN = 1.05
_LEAP = 1.3
_PATIENCE = 5
_MOST_BYTES = 256 * 1024 * 1024


class ConcurrencyLimit:
    """Climbs while one more lane brings more bytes a second, and halves when the store asks to slow down."""

    def __init__(self, most: int) -> None:
        """`most` is the profile's limit."""
        self._most = most
        self._open = min(_START, most)
        self._window_start: float | None = None
        self._bytes = 0
        self._best = 0.0
        self._still = 0

    def allowed(self, part_size: int) -> int:
        """How many requests of this size may run now, memory included."""
        return max(1, min(self._open, _MOST_BYTES // max(part_size, 1)))

    def acknowledged(self, now: float, size: int) -> None:
        """One request brought `size` bytes; judges the window once it is over."""
        if self._window_start is None:
            self._window_start = now
            return
        self._bytes += size
        seconds = now - self._window_start
        if seconds < _WINDOW:
            return
        self._judge(self._bytes / seconds)
        self._window_start, self._bytes = now, 0

    def slowed_down(self) -> None:
        """The store is busy: half as many, and climb again from there."""
        self._open = max(1, self._open // 2)
        self._best, self._still = 0.0, 0

    def _judge(self, rate: float) -> None:
        if rate > self._best * _GAIN:
            # Far from the limit twice as many are tried, near it one more.
            more = self._open if 0 < self._best * _LEAP < rate else 1
            self._best, self._still = rate, 0
            self._open = min(self._most, self._open + more)
            return
        self._still += 1
        if self._still >= _PATIENCE:
            # The link may have changed: forget the best, so that one more lane is tried again.
            self._best, self._still = 0.0, 0
