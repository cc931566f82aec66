"""Takes every job to its next step: starts what is due, gives free requests parts, hears what calls brought.

A run is one stretch of work on a job. Blocking calls go to the pool; what they brought comes back through the mailbox,
so that everything here runs on the engine thread.
"""

import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from callup_desktop.engine import steps
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.destinations import Destinations
from callup_desktop.engine.errors import CallError, Cancelled, Code
from callup_desktop.engine.events import Event, ProbeProgress
from callup_desktop.engine.job import CLEARED, Job, State, Step, next_step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.on_failure import FailureHandler
from callup_desktop.engine.on_success import SuccessHandler
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import missing
from callup_desktop.engine.pool_calls import PoolCalls, Result
from callup_desktop.engine.ports import Clock, Log, Services
from callup_desktop.engine.retries import Retries
from callup_desktop.engine.run import Run
from callup_desktop.engine.send_rules import SendRules
from callup_desktop.engine.status_reporter import REPORT_EVERY
from callup_desktop.engine.uplink import Uplink
from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.files.source import Span

_PROBES_AT_ONCE = 2
_LONGEST_WAIT = timedelta(hours=2)
"""Longer than any backoff: a moment further away was noted by a clock that was wrong."""
_LONGEST_SLEEP = 5.0
"""Seconds until the next look where nothing is due by itself."""
_INTENTS = frozenset({Step.CREATE, Step.PUT, Step.COMPLETE, Step.REGISTER})
"""Steps whose lost reply must be recognised after a crash: their intent is on disk before the call."""


class Scheduler:
    """All runs, and the one place that starts their calls."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        destinations: Destinations,
        breakers: CircuitBreakers,
        limit: ConcurrencyLimit,
        pace: Pace,
        uplink: Uplink,
        services: Services,
        calls: PoolCalls,
        retries: Retries,
        rules: SendRules,
        on_success: SuccessHandler,
        on_failure: FailureHandler,
        clock: Clock,
        log: Log,
        report: Callable[[Event], None],
        uploaded_by: str | None,
        files_at_once: int,
        held: bool,
    ) -> None:
        """`uploaded_by` goes into the documents; `held` starts no upload until it is lifted, cleaning up goes on."""
        self._live = live
        self._destinations = destinations
        self._breakers = breakers
        self._limit = limit
        self._pace = pace
        self._uplink = uplink
        self._services = services
        self._calls = calls
        self._retries = retries
        self._rules = rules
        self._on_success = on_success
        self._on_failure = on_failure
        self._clock = clock
        self._log = log
        self._report = report
        self._uploaded_by = uploaded_by
        self._files_at_once = files_at_once
        self._held = held
        self.runs: dict[str, Run] = {}
        self.stopping = False
        self._last_fed = ""
        self._free_slots = 0

    def set_files_at_once(self, files: int) -> None:
        """How many recordings are sent side by side."""
        self._files_at_once = files

    # --- starting what is due -------------------------------------------------------------------------------------

    def start_due(self) -> None:
        """Start a run for each job that is due, not blocked, and has a slot; give free requests parts."""
        now = self._clock.now()
        self._breakers.half_open(now, self._live.jobs.values())
        # Counted once a round: ten thousand queued jobs must not count each other.
        self._free_slots = self._files_at_once - sum(job.state is State.RUNNING for job in self._live.jobs.values())
        for job in tuple(self._live.jobs.values()):
            if job.id not in self.runs and _due(job, now):
                self._start(job)
        self._feed_requests()

    def _start(self, job: Job) -> None:
        if self._destinations.holds_back(job):
            return
        if job.send_asked_at is not None and job.recording is not None:
            self._rules.send(job)
            job = self._live.jobs[job.id]
        if job.state is State.DRAFT:
            self._start_probe(job)
        elif job.state is State.CANCELLED:
            self._start_cleaning(job)
        elif job.cancel_asked_at is not None:
            self._start_settling(job)
        elif job.state is State.QUEUED:
            self._start_sending(job)

    def _start_probe(self, job: Job) -> None:
        probing = sum(self._live.jobs[run.job_id].state is State.DRAFT for run in self.runs.values())
        if not job.awaits_verdict or probing >= _PROBES_AT_ONCE:
            return
        run = self._run(job)
        work = partial(steps.probe_draft, self._services, job, run.token, self._probe_reporter(job.id))
        self._call(run, Step.CHECK, work)

    def _probe_reporter(self, job_id: str) -> steps.ReportProbe:
        """What a pool thread calls while it probes; the engine thread reports it."""
        last = 0.0

        def report(done: int, size: int, *, fetched: bool) -> None:
            nonlocal last
            now = self._clock.monotonic()
            if now - last >= REPORT_EVERY:
                last = now
                self._calls.tell(partial(self._report, ProbeProgress(job_id, done, size, fetched)))

        return report

    def _start_cleaning(self, job: Job) -> None:
        step = next_step(job, (), checked=True)
        if step is None:
            self._conclude(job)
        elif not self._breakers.is_open(step):
            self._advance(self._run(job))

    def _start_settling(self, job: Job) -> None:
        if not self._breakers.is_open(Step.FIND):
            self._call(self._run(job), Step.FIND, partial(self._services.registry.find, job.id))

    def _start_sending(self, job: Job) -> None:
        if self._held or self._free_slots <= 0 or self._breakers.is_open_for(job):
            return
        self._free_slots -= 1
        job = self._live.change(job, state=State.RUNNING, **CLEARED)
        self._advance(self._run(job))

    def _run(self, job: Job) -> Run:
        run = self.runs[job.id] = Run(job.id)
        return run

    # --- the next step of one job ---------------------------------------------------------------------------------

    def _advance(self, run: Run) -> None:
        """Start the next step of a job that has no call under way."""
        job = self._live.jobs[run.job_id]
        step = next_step(job, self._live.parts(job.id), checked=run.checked)
        if step is None:
            self._end(run)
            self._conclude(job)
        elif self._breakers.is_open(step):
            self._end(run)
            self._on_failure.settle(run)
        elif step is Step.UPLOAD:
            run.step = step
            self._feed_requests()
        else:
            self._take(run, step, job)

    def _take(self, run: Run, step: Step, job: Job) -> None:
        if step in _INTENTS:
            run.unsettled = job.intent is step
            job = self._live.change(job, intent=step)
        self._call(run, step, self._work(run, step, job))

    def _work(self, run: Run, step: Step, job: Job) -> Callable[[], object]:
        services, parts = self._services, self._live.parts(job.id)
        match step:
            case Step.CHECK:
                verified = frozenset(self._live.verified.get(job.id, ()))
                return partial(steps.compare, services, job, parts, verified, run.token)
            case Step.CREATE:
                return partial(steps.create, services.store, job)
            case Step.PUT:
                return partial(steps.put, services.store, job, run.open_source, run.token, self._new_body(run, 1))
            case Step.COMPLETE:
                return partial(steps.complete, services.store, job, parts)
            case Step.REGISTER:
                return partial(services.registry.register, steps.call_of(job, self._uploaded_by).document())
            case Step.FIND:
                return partial(services.registry.find, job.id)
            case Step.ANNOUNCE:
                return partial(services.announcer.announce, steps.call_of(job).task())
            case Step.ABORT:
                return partial(steps.abort, services.store, job)
            case Step.ROLLBACK:
                return partial(steps.rollback, services.store, job)
            case Step.UPLOAD:
                raise ValueError("parts are fed to the requests one by one")

    def _conclude(self, job: Job) -> None:
        """Nothing is left to do for the job."""
        if job.state is State.CANCELLED:
            self._log.info("cancelled call cleaned up", call_id=job.id)
            self._live.drop(job)
            return
        self._live.change(job, state=State.DONE, **CLEARED)
        self._live.sent += 1
        self._live.leave(job)
        self._log.info("call sent", call_id=job.id)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _feed_requests(self) -> None:
        """Give free requests to running uploads in turn, so that none waits for another's last part."""
        busy = sum(len(run.bodies) for run in self.runs.values())
        while not self.stopping and (found := self._next_span()) is not None:
            run, span = found
            job = self._live.jobs[run.job_id]
            if busy >= self._limit.allowed(job.part_size):
                return
            busy += 1
            self._last_fed = run.job_id
            body = self._new_body(run, span.number)
            store = self._services.store
            work = partial(steps.send_part, store, job, run.open_source, span, run.token, body)
            self._call(run, Step.UPLOAD, work, span)

    def _next_span(self) -> tuple[Run, Span] | None:
        uploading = [run for run in self.runs.values() if run.step is Step.UPLOAD and self._goes_on(run)]
        ids = [run.job_id for run in uploading]
        start = ids.index(self._last_fed) + 1 if self._last_fed in ids else 0
        for run in uploading[start:] + uploading[:start]:
            job = self._live.jobs[run.job_id]
            for span in missing(job.size, job.part_size, self._live.parts(job.id)):
                if span.number not in run.bodies:
                    return run, span
        return None

    def _new_body(self, run: Run, number: int) -> PartBody:
        """The body of a part that is about to leave; the pool thread loads its bytes."""
        body = run.bodies[number] = PartBody(run.token, self._pace)
        self._uplink.request_starts(self._clock.monotonic())
        return body

    # --- calls on the pool and what they brought ------------------------------------------------------------------

    def _call(self, run: Run, step: Step, work: Callable[[], object], span: Span | None = None) -> None:
        run.calls += 1
        run.step = step
        self._calls.start(work, partial(self._on_result, run, step, span))

    def _on_result(self, run: Run, step: Step, span: Span | None, result: Result) -> None:
        if run.abandoned:
            if isinstance(result.value, steps.Compared):
                result.value.source.close()
            return
        run.calls -= 1
        run.bodies.pop(span.number if span else 1, None)
        job = self._live.jobs[run.job_id]
        self._log_result(job, step, span, result)
        if result.error is None:
            if step is not Step.CHECK:
                self._retries.see_online()
                self._breakers.close(step)
            self._record(run, job, step, result.value)
        else:
            self._on_failure.note(run, step, span, result.error)
        self._measure()
        self._go_on(run)

    def _record(self, run: Run, job: Job, step: Step, value: object) -> None:
        if isinstance(value, steps.Probed) and (other := self._live.same_recording(job, value.recording)) is not None:
            self._call(run, step, partial(steps.relocated, other, value))
        else:
            self._on_success.record(run, job, step, value)

    def _go_on(self, run: Run) -> None:
        """After a result: the next step, the next part, or the end of the run."""
        if not self._goes_on(run):
            if run.calls == 0:
                self._end(run)
                self._on_failure.settle(run)
        elif run.calls == 0:
            self._advance(run)
        else:
            self._feed_requests()

    def _goes_on(self, run: Run) -> bool:
        job = self._live.jobs.get(run.job_id)
        if job is None:
            return False
        state = job.state
        active = state is State.CANCELLED if run.step in {Step.ABORT, Step.ROLLBACK} else state is State.RUNNING
        return active and run.failure is None and not run.token.cancelled and not self.stopping

    def _log_result(self, job: Job, step: Step, span: Span | None, result: Result) -> None:
        facts: dict[str, object] = {"call_id": job.id, "step": step.value, "seconds": round(result.seconds, 4)}
        if span is not None:
            facts["part"] = span.number
        error = result.error
        if error is None:
            self._log.info("step done", **facts)
        elif isinstance(error, Cancelled):
            self._log.info("step ended early", **facts)
        else:
            known = isinstance(error, CallError | RefusedError | NotReadyError)
            facts |= {
                "error_type": type(error).__name__,
                "code": str(getattr(error, "code", Code.BUG)),
                "detail": getattr(error, "detail", ""),
                "traceback": "".join(traceback.format_exception(error)),
            }
            (self._log.warning if known else self._log.error)("step failed", **facts)

    def _measure(self) -> None:
        if any(run.bodies for run in self.runs.values()):
            return
        if self._uplink.all_idle(self._clock.monotonic()):
            self._live.journal.note("uplink", str(self._uplink.rate))

    # --- ending early ---------------------------------------------------------------------------------------------

    def cut_short(self, job_id: str) -> None:
        """End the job's calls soon; what they still prove is written down."""
        run = self.runs.get(job_id)
        if run is None:
            return
        run.token.cancel()
        if run.calls == 0:
            self._end(run)
            self._on_failure.settle(run)

    def abandon(self, job_id: str) -> None:
        """Let the job's calls end unheard."""
        run = self.runs.get(job_id)
        if run is not None:
            run.abandoned = True
            run.token.cancel()
            self._end(run)

    def hold(self, *, held: bool) -> None:
        """Start no upload while held, and end the running ones early."""
        self._held = held
        for job_id in tuple(self.runs) if held else ():
            if self._live.jobs[job_id].state is State.RUNNING:
                self.cut_short(job_id)

    def _end(self, run: Run) -> None:
        run.close()
        self.runs.pop(run.job_id, None)

    # --- what is due next -----------------------------------------------------------------------------------------

    def until_due(self) -> float:
        """Seconds until something is due by itself: cancelled jobs and drafts count too."""
        if any(run.bodies for run in self.runs.values()):
            return REPORT_EVERY
        now = self._clock.now()
        moments = [job.retry_at for job in self._live.waiting() if job.retry_at and job.id not in self.runs]
        seconds = [(moment - now).total_seconds() for moment in [*moments, *self._breakers.due_at] if moment > now]
        return max(0.01, min([_LONGEST_SLEEP, *seconds]))


def _due(job: Job, now: datetime) -> bool:
    return job.retry_at is None or not now < job.retry_at <= now + _LONGEST_WAIT
