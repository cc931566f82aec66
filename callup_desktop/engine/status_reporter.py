"""What the outside sees of the whole: a Status when it changes, Progress five times a second at most. Engine thread."""

from collections.abc import Callable, Collection

from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.events import Event, JobProgress, Progress, Status
from callup_desktop.engine.job import State, Trouble
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.reachability import NetworkState
from callup_desktop.engine.run import Run

REPORT_EVERY = 0.2
"""Seconds between two reports of progress."""


class StatusReporter:
    """Makes the events that tell of more than one job."""

    def __init__(
        self, live: LiveJobs, breakers: CircuitBreakers, network: NetworkState, report: Callable[[Event], None]
    ) -> None:
        self._live = live
        self._breakers = breakers
        self._network = network
        self._report = report
        self._last: Status | None = None
        self._reported_at = 0.0

    def report_status(self, blocked: Trouble | None = None) -> None:
        """Report the Status if it is another than the last one; `blocked` is a trouble of the journal itself."""
        index = self._live.index
        states = index.states
        status = Status(
            online=self._network.online,
            since=self._network.since,
            blocked=blocked or self._breakers.first,
            running=states[State.RUNNING],
            waiting=states[State.QUEUED],
            drafts=states[State.DRAFT],
            needs_rep=states[State.FAILED] + index.turned_away,
            sent=self._live.sent,
            passing=self._breakers.passing,
            paused=self._live.all_paused,
        )
        if status != self._last:
            self._last = status
            self._report(status)

    def report_progress(self, runs: Collection[Run], now: float) -> None:
        """Report where each upload is, unless that was just told (monotonic seconds)."""
        sending = [run for run in runs if run.bodies]
        if not sending or now - self._reported_at < REPORT_EVERY:
            return
        self._reported_at = now
        rows = tuple(self._progress_of(run, now) for run in sending)
        self._report(Progress(rows, sum(row.rate for row in rows)))

    def _progress_of(self, run: Run, now: float) -> JobProgress:
        job, in_flight = self._live.jobs[run.job_id], run.in_flight
        run.meter.sample(now, job.stored + in_flight)
        left = run.meter.seconds_left(job.size - job.stored - in_flight)
        return JobProgress(job.id, job.stored, in_flight, run.meter.rate, left)
