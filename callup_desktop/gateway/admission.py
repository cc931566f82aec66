"""How much is taken on at once: bytes of memory in this process, uploads of one caller. Event loop only."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import problem
from callup_desktop.gateway.settings import MIB

PART = 8 * MIB
WHOLE = 2 * PART
"""Bytes up to which a body of known length is stored by one request: at least seven requests fewer."""
IN_FLIGHT = 2
"""Parts of one upload on their way to the storage at once."""
MOST_HELD = PART * (IN_FLIGHT + 1)
"""Bytes of one upload in memory: those on their way, and the one that is being filled."""
_RETRY_AFTER = 5.0


class Admission:
    """What is under way; every upload holds its share while its context lasts."""

    def __init__(self, budget: int, uploads_a_caller: int) -> None:
        self._budget = budget
        self._uploads_a_caller = uploads_a_caller
        self._under_way: Counter[tuple[str, str]] = Counter()
        self.held = 0

    @contextmanager
    def admitted(self, tenant: str, caller: str, content_length: int | None) -> Iterator[None]:
        """Raises ProblemError 429 where the caller has too many under way, 503 where memory is spoken for."""
        who, share = (tenant, caller), MOST_HELD if content_length is None else min(content_length, MOST_HELD)
        if self._under_way[who] >= self._uploads_a_caller:
            raise problem(Code.CALLER_BUSY, retry_after=_RETRY_AFTER)
        if self.held + share > self._budget:
            raise problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER)
        self._under_way[who] += 1
        self.held += share
        try:
            yield
        finally:
            self.held -= share
            self._under_way[who] -= 1
            if not self._under_way[who]:
                del self._under_way[who]
