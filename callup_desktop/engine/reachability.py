"""Sees the network come back while calls wait for it: opens a connection at times, sends nothing. Engine thread.

A call that did not get through is followed by one look. Only while nothing can be reached are there more, so that a
server that can be reached and fails is not bothered. Nothing counts as reached again before a look or a call says so: a
call that was under way when the network came back, and failed all the same, does not wait any longer for it.
"""

from collections.abc import Callable
from datetime import datetime

from callup_desktop.engine.job import Job
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.on_failure import NETWORK_CODES
from callup_desktop.engine.ports import Clock
from callup_desktop.engine.run import Result
from callup_desktop.engine.uplink import Uplink

_PAUSE = 0.5
"""Seconds between two looks: with a look's own second, and the spread of what goes on then, a call waits three."""

Ask = Callable[[Callable[[], object], Callable[[Result], None]], None]


class Reachability:
    """One look at a time, on the pool."""

    def __init__(
        self,
        *,
        live_jobs: LiveJobs,
        uplink: Uplink,
        clock: Clock,
        ask: Ask,
        reachable: Callable[[], bool],
        gone: Callable[[], None],
        back: Callable[[], None],
    ) -> None:
        """`gone` is called after each look that reaches nothing, `back` after the first that does then."""
        self._live = live_jobs
        self._uplink = uplink
        self._clock = clock
        self._ask = ask
        self._reachable = reachable
        self._gone = gone
        self._back = back
        self._away = False
        self._looking = False
        self._next = clock.monotonic()
        self._looked_into: datetime | None = None

    def look(self) -> None:
        """Look, if a call waits for the network and it is time to."""
        if self._looking or self._clock.monotonic() < self._next:
            return
        if self._uplink.online:
            self._away = False
        failed_at = max((at for at in map(_failed_at, self._live.waiting()) if at is not None), default=None)
        if failed_at is None or (failed_at == self._looked_into and not self._away):
            return
        self._looking, self._looked_into = True, failed_at
        self._ask(self._reachable, self._on_look)

    def _on_look(self, result: Result) -> None:
        was_away, self._away = self._away, result.value is not True
        self._looking, self._next = False, self._clock.monotonic() + _PAUSE
        if self._away:
            self._gone()
        elif was_away:
            self._back()

    def until_due(self) -> float:
        """Seconds until it may look again; 0.0 if it may now."""
        return max(0.0, self._next - self._clock.monotonic())


def _failed_at(job: Job) -> datetime | None:
    trouble = job.trouble
    return trouble.at if trouble is not None and trouble.code in NETWORK_CODES else None
