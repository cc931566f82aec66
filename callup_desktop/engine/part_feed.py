"""Which part leaves next: uploads take turns, within what the link can carry. Engine thread."""

from collections.abc import Collection, Sequence

from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.parts import missing
from callup_desktop.engine.run import Run
from callup_desktop.files.source import Span


class PartFeed:
    """Takes the running uploads in turn, so that none waits for another's last part."""

    def __init__(self, *, live: LiveJobs, limit: ConcurrencyLimit) -> None:
        self._live = live
        self._limit = limit
        self._last_fed = ""

    @property
    def requests_worth(self) -> int:
        """How many requests side by side were found to be worth it."""
        return self._limit.worth

    def measure(self, now: float, runs: Collection[Run]) -> None:
        """See how many bytes left since the last look (monotonic seconds)."""
        bodies = [body for run in runs for body in run.bodies.values()]
        full = len(bodies) >= self._limit.allowed(max(map(len, bodies), default=0))
        self._limit.acknowledged(now, sum(body.newly_left() for body in bodies), full=full)

    def next(self, uploading: Sequence[Run], busy: int) -> tuple[Run, Span] | None:
        """The next part to send while `busy` requests are under way; None while no request is free, or none is left."""
        ids = [run.job_id for run in uploading]
        start = ids.index(self._last_fed) + 1 if self._last_fed in ids else 0
        for run in [*uploading[start:], *uploading[:start]]:
            if (span := self._missing(run)) is not None:
                if busy >= self._limit.allowed(self._live.jobs[run.job_id].part_size):
                    return None
                self._last_fed = run.job_id
                return run, span
        return None

    def _missing(self, run: Run) -> Span | None:
        job = self._live.jobs[run.job_id]
        spans = missing(job.size, job.part_size, self._live.parts(job.id))
        return next((span for span in spans if span.number not in run.bodies), None)
