"""Rates that do not jump: the median of the last twenty seconds. Owned by the engine thread."""

import itertools
import statistics
from collections import deque

_WINDOW = 20.0
_STABLE_AFTER = 3.0
_TICK = 0.5


class Meter:
    """Measures one stream of absolute byte positions."""

    def __init__(self) -> None:
        """Nothing measured yet."""
        self._samples: deque[tuple[float, int]] = deque()

    def sample(self, now: float, position: int) -> None:
        """Note the absolute position at a moment (monotonic seconds); a step back (a part sent again) starts over."""
        if self._samples and position < self._samples[-1][1]:
            self._samples.clear()
        if self._samples and now - self._samples[-1][0] < _TICK:
            return
        self._samples.append((now, position))
        while now - self._samples[0][0] > _WINDOW:
            self._samples.popleft()

    @property
    def rate(self) -> float:
        """Bytes a second, the median over the window; 0.0 while unknown."""
        steps = [
            (later[1] - earlier[1]) / (later[0] - earlier[0]) for earlier, later in itertools.pairwise(self._samples)
        ]
        return statistics.median(steps) if steps else 0.0

    def seconds_left(self, remaining: int) -> float | None:
        """Seconds for the remaining bytes, or None while the rate is not stable."""
        if not self._samples or self._samples[-1][0] - self._samples[0][0] < _STABLE_AFTER:
            return None
        rate = self.rate
        return remaining / rate if rate > 0 else None
