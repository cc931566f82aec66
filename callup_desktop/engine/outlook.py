"""What the outside sees of the whole: a Status when it changes, Progress five times a second at most. Engine thread."""

from collections import Counter
from collections.abc import Callable, Collection

from callup_desktop.engine.blocks import Blocks
from callup_desktop.engine.book import Book
from callup_desktop.engine.events import Event, JobProgress, Progress, Status
from callup_desktop.engine.job import State, Trouble
from callup_desktop.engine.run import Run
from callup_desktop.engine.uplink import Uplink

REPORT_EVERY = 0.2
"""Seconds between two reports of progress."""


class Outlook:
    """Makes the events that tell of more than one job."""

    def __init__(self, book: Book, blocks: Blocks, uplink: Uplink, report: Callable[[Event], None]) -> None:
        """Looks at the book, the blocks and the uplink; tells `report`."""
        self._book = book
        self._blocks = blocks
        self._uplink = uplink
        self._report = report
        self._last: Status | None = None
        self._reported_at = 0.0

    def tell_status(self, blocked: Trouble | None = None) -> None:
        """Report the Status if it is another than the last one; `blocked` is a trouble of the journal itself."""
        jobs = self._book.jobs.values()
        states = Counter(job.state for job in jobs)
        refused = sum(job.refused and job.retry_at is None for job in jobs)
        status = Status(
            online=self._uplink.online,
            since=self._uplink.since,
            blocked=blocked or self._blocks.first,
            running=states[State.RUNNING],
            waiting=states[State.QUEUED],
            drafts=states[State.DRAFT],
            needs_rep=states[State.FAILED] + refused,
            sent=self._book.sent,
        )
        if status != self._last:
            self._last = status
            self._report(status)

    def tell_progress(self, runs: Collection[Run], now: float) -> None:
        """Report where each upload is, unless that was just told (monotonic seconds)."""
        sending = [run for run in runs if run.bodies]
        if not sending or now - self._reported_at < REPORT_EVERY:
            return
        self._reported_at = now
        rows = tuple(self._progress_of(run, now) for run in sending)
        self._report(Progress(rows, sum(row.rate for row in rows)))

    def _progress_of(self, run: Run, now: float) -> JobProgress:
        job, in_flight = self._book.jobs[run.job_id], run.in_flight
        run.meter.sample(now, job.stored + in_flight)
        left = run.meter.seconds_left(job.size - job.stored - in_flight)
        return JobProgress(job.id, job.stored, in_flight, run.meter.rate, left)
