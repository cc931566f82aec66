"""How many part requests run side by side: few where a link is full, more while that brings more. Engine thread."""

_START = 2
"""Requests of which one can fill the link while the store works on another."""
_WINDOW = 0.5
"""Seconds over which throughput is measured."""
_GAIN = 0.3
"""Share of what more requests would bring on a link without a limit that makes them worth it."""
_WINDOWS_A_TRY = 3
"""Windows after which more requests must have shown what they bring: connections are slow at first."""
_FASTEST = 64_000_000.0
"""Bytes a second of each request from which on this computer holds them up, not the link: more would only cost it."""
_FIRST_REST, _LONGEST_REST = 8, 64
"""Windows after a try that brought nothing until the next; each such try in a row doubles them."""
_ONE_TELLING = 1.0
"""Seconds within which a store's wish to slow down is one wish."""
_MOST_BYTES = 256 * 1024 * 1024
"""Of parts in flight: what a cut of all connections can cost."""


class ConcurrencyLimit:
    """Tries more requests, keeps them where they bring more bytes a second, and halves when the store asks for it.

    Requests that bring nothing are given up again: when a connection is cut, each costs what it has sent of its part.
    """

    def __init__(self, most: int) -> None:
        """`most` is the profile's limit."""
        self._most = most
        self._now = min(_START, most)
        self._window_start: float | None = None
        self._bytes = 0
        self._slowed_at: float | None = None
        self._kept = self._now
        """How many there were before the try."""
        self._kept_rate = 0.0
        self._windows = 0
        """Since the try began, or since it ended."""
        self._rest = 0
        self._trying = False

    @property
    def worth(self) -> int:
        """How many requests were found to be worth it."""
        return self._kept

    def begin_with(self, requests: int, rate: float = 0.0) -> None:
        """As many were worth it the last time, when so many bytes a second left."""
        if rate >= requests * _FASTEST:
            requests = _START
        self._now = self._kept = max(min(_START, self._most), min(requests, self._most))

    def allowed(self, part_size: int) -> int:
        """How many requests of this size may run now."""
        return max(1, min(self._now, _MOST_BYTES // max(part_size, 1)))

    def acknowledged(self, now: float, size: int, *, full: bool = True) -> None:
        """The store's side has `size` more bytes; the limit moves once a window is over (monotonic seconds).

        While fewer requests run than may (not `full`), nothing is learnt.
        """
        if self._window_start is None or not full:
            self._window_start, self._bytes = now, 0
            return
        self._bytes += size
        seconds = now - self._window_start
        if seconds < _WINDOW:
            return
        self._windows += 1
        self._adapt(self._bytes / seconds)
        self._window_start, self._bytes = now, 0

    def slowed_down(self, now: float) -> None:
        """The store is busy: half as many, two at least, and climb again from there.

        Requests that ran side by side are told the same, which counts once. One alone would leave the link idle while
        the store works; what gives the store time is the wait before the next try.
        """
        if self._slowed_at is not None and now - self._slowed_at < _ONE_TELLING:
            return
        self._slowed_at = now
        self._keep(max(min(_START, self._now), self._now // 2))

    def _adapt(self, rate: float) -> None:
        if not self._trying:
            if 0 < rate < self._now * _FASTEST and self._windows > self._rest and self._now < self._most:
                self._kept, self._kept_rate, self._trying, self._windows = self._now, rate, True, 0
                self._now = min(self._most, self._now * 2 if self._rest == 0 else self._now + max(1, self._now // 2))
        elif rate >= self._kept_rate * (1 + _GAIN * (self._now - self._kept) / self._kept):
            self._rest = 0
            self._keep(self._now)
        elif self._windows >= _WINDOWS_A_TRY:
            self._rest = min(_LONGEST_REST, max(_FIRST_REST, self._rest * 2))
            self._keep(self._kept)

    def _keep(self, requests: int) -> None:
        self._now = self._kept = requests
        self._trying, self._windows = False, 0
