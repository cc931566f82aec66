"""Whose upload begins now, and when the others ask again, so that who comes back at once is served in turn. Event loop.

Whoever comes gets a place, and waits. Who has waited in vain is told the moment at which its place is likely to be
reached, by the pace that was seen meanwhile, and keeps the place until then. Uploads that were begun go on meanwhile.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from heapq import heappop, heappush

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import problem

_PATIENCE = 8.0
"""Seconds that a sender waits before it is told to come back; a laptop takes ten without a word for a dead line."""
_PATIENCE_OF_RETURNED = 25.0
"""Seconds that one waits who came back when it was told to: it is not sent away again where the pace has slowed down.

A laptop that gives the line up meanwhile finds its upload begun."""
_FORESEEN, _MARGIN = 60.0, 0.1
"""Beyond so many seconds a moment is told later by this share: the pace may be slower until then. Who comes nearer than
that, and too early, waits."""
_PLACE_KEPT = 60.0
"""Seconds for which a place is kept for a sender that does not come back at its moment."""
_PACE_OF = 128
"""Beginnings by which the pace is told."""


@dataclass(slots=True)
class _Place:
    """A sender's place in the row; `kept_until` once it was sent away."""

    number: int
    kept_until: float | None = None


class Turns:
    """The beginnings that are under way, and the senders that wait or were told to come back."""

    def __init__(self, at_once: int, longest: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """So many side by side never wait, nobody longer than `longest`: a call may have been taken back by then."""
        self._at_once = at_once
        self._longest = longest
        self._monotonic = monotonic
        self._under_way = 0
        self._places: dict[str, _Place] = {}
        """By call, in the order of the row: of who waits, and of who was told a moment."""
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._last_place = 0
        self._ended: deque[float] = deque(maxlen=_PACE_OF)
        """When beginnings ended since all turns are taken; the first is when that began."""

    @asynccontextmanager
    async def taken(self, call_id: str) -> AsyncIterator[None]:
        """Raises ProblemError 503, with the moment of its turn, where that does not come while the sender waits."""
        await self._turn_of(call_id)
        try:
            yield
        finally:
            self._under_way -= 1
            self._ended.append(self._monotonic())
            self._call_next()

    async def _turn_of(self, call_id: str) -> None:
        if self._under_way < self._at_once and not self._waiting:
            self._places.pop(call_id, None)
            self._begin()
            return
        self._forget_absent()
        place = self._places.get(call_id)
        patience = _PATIENCE if place is None or place.kept_until is None else _PATIENCE_OF_RETURNED
        if place is None:
            place = self._places[call_id] = _Place(self._next_number())
        place.kept_until = None
        patience = min(patience, self._longest)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (place.number, self._next_number(), turn))
        try:
            await asyncio.wait({turn}, timeout=patience)
        except asyncio.CancelledError:
            if turn.done():
                self._under_way -= 1
                self._call_next()
            raise
        finally:
            turn.cancel()
        if turn.cancelled():
            raise problem(Code.GATEWAY_BUSY, retry_after=self._told(place))
        self._places.pop(call_id, None)

    def _begin(self) -> None:
        if not self._under_way:
            self._ended.clear()
        self._under_way += 1
        if self._under_way == self._at_once and not self._ended:
            self._ended.append(self._monotonic())

    def _call_next(self) -> None:
        """Give free turns to those who wait and have the first places."""
        while self._waiting and self._under_way < self._at_once:
            _number, _order, turn = heappop(self._waiting)
            if not turn.done():
                self._begin()
                turn.set_result(None)

    def _told(self, place: _Place) -> float:
        """Seconds until the place is likely to be reached; it is kept until some time after that."""
        now = self._monotonic()
        ahead = sum(each.number < place.number for each in self._places.values()) + self._under_way
        seconds = ahead / self._pace(now)
        seconds += _MARGIN * max(0.0, seconds - _FORESEEN)
        place.kept_until = now + seconds + _PLACE_KEPT
        return seconds

    def _pace(self, now: float) -> float:
        """Beginnings a second, as they were lately; of the one that is under way half is done."""
        since = self._ended[0] if self._ended else now - _PATIENCE
        return (max(0, len(self._ended) - 1) + 0.5) / max(now - since, 0.001)

    def _forget_absent(self) -> None:
        now = self._monotonic()
        absent = [
            call_id for call_id, each in self._places.items() if each.kept_until is not None and each.kept_until < now
        ]
        for call_id in absent:
            del self._places[call_id]

    def _next_number(self) -> int:
        self._last_place += 1
        return self._last_place
