"""How many part requests run side by side: few on a slow link, more while throughput rises. Engine thread."""

_START = 2
_WINDOW = 0.5
"""Seconds over which throughput is measured before the limit moves."""
_GAIN = 1.05
"""Throughput that grew by this factor was worth the last step."""
_LEAP = 1.3
"""Throughput that grew by this factor is far from the link's limit."""
_FLAT_WINDOWS = 5
"""Windows without a gain after which one more request is tried again: the link may have changed."""
_ONE_TELLING = 1.0
"""Seconds within which a store's wish to slow down is one wish."""
_MOST_BYTES = 256 * 1024 * 1024
"""Memory that parts in flight may take."""


class ConcurrencyLimit:
    """Climbs while one more request brings more bytes a second, and halves when the store asks to slow down."""

    def __init__(self, most: int) -> None:
        """`most` is the profile's limit."""
        self._most = most
        self._now = min(_START, most)
        self._window_start: float | None = None
        self._bytes = 0
        self._best = 0.0
        self._flat = 0
        self._slowed_at: float | None = None

    def allowed(self, part_size: int) -> int:
        """How many requests of this size may run now, memory included."""
        return max(1, min(self._now, _MOST_BYTES // max(part_size, 1)))

    def acknowledged(self, now: float, size: int) -> None:
        """One request brought `size` bytes; the limit moves once a window is over (monotonic seconds)."""
        if self._window_start is None:
            self._window_start = now
            return
        self._bytes += size
        seconds = now - self._window_start
        if seconds < _WINDOW:
            return
        self._adapt(self._bytes / seconds)
        self._window_start, self._bytes = now, 0

    def slowed_down(self, now: float) -> None:
        """The store is busy: half as many, and climb again from there.

        Requests that ran side by side are told the same, which counts once.
        """
        if self._slowed_at is not None and now - self._slowed_at < _ONE_TELLING:
            return
        self._slowed_at = now
        self._now = max(1, self._now // 2)
        self._best, self._flat = 0.0, 0

    def _adapt(self, rate: float) -> None:
        if rate > self._best * _GAIN:
            more = self._now if 0 < self._best * _LEAP < rate else 1
            self._best, self._flat = rate, 0
            self._now = min(self._most, self._now + more)
            return
        self._flat += 1
        if self._flat >= _FLAT_WINDOWS:
            self._best, self._flat = 0.0, 0
