"""Whose upload begins now, and when the others ask again, so that who comes back at once is served in turn. Event loop.

Whoever is refused is told a moment of its own, one after the other as fast as uploads are begun just now. Uploads that
were begun go on meanwhile.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import problem

_PATIENCE = 5.0
"""Seconds that a sender waits for its answer rather than being told to come back."""
_ASSUMED = 5.0
"""Beginnings a second, while nothing is known: whoever is told too early a moment would be refused again."""
_WEIGHT = 3.0
"""Seconds that this counts for beside what is seen: the first answers take a while."""


class Turns:
    """The beginnings that are under way."""

    def __init__(self, at_once: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        """So many side by side are never refused."""
        self._at_once = at_once
        self._monotonic = monotonic
        self._under_way = 0
        self._busy_since = 0.0
        self._done = 0
        """Beginnings since then."""
        self._booked = 0.0
        """The moment that was told last."""

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises ProblemError 503, with the moment of its turn, where those under way take longer than one waits."""
        now = self._monotonic()
        if not self._under_way:
            self._busy_since, self._done = now, 0
        rate = (self._done + _ASSUMED * _WEIGHT) / (now - self._busy_since + _WEIGHT)
        wait = self._under_way / rate
        if self._under_way >= self._at_once and wait > _PATIENCE:
            self._booked = max(now + wait, self._booked + 1 / rate)
            raise problem(Code.GATEWAY_BUSY, retry_after=self._booked - now)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._done += 1
