"""Takes every job to its next step: starts what is due, feeds free lanes with parts, hears what calls brought.

A run is one stretch of work on a job. Blocking calls go to the pool; what they brought comes back by `post`, so that
everything here runs on the engine thread.
"""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from callup_desktop.engine import steps
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.errors import CallError, Cancelled, Code
from callup_desktop.engine.events import Event, ProbeProgress
from callup_desktop.engine.job import CLEARED, Job, State, Step, next_step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.on_failure import NETWORK_CODES, FailureHandler
from callup_desktop.engine.on_success import SuccessHandler
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import missing
from callup_desktop.engine.ports import Clock, Log, Pool
from callup_desktop.engine.run import Result, Run
from callup_desktop.engine.status_reporter import REPORT_EVERY
from callup_desktop.engine.uplink import Uplink
from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.files.source import Span

_PROBES_AT_ONCE = 2
_BACK_ONLINE_WITHIN = 1.2
_LONGEST_WAIT = timedelta(hours=2)
"""Longer than any backoff: a moment further away was noted by a clock that was wrong."""
_OF_ONE_NETWORK = frozenset({Code.CAPTIVE_PORTAL, Code.TLS_UNTRUSTED, Code.PROXY_LOGIN, Code.PROXY_BLOCKS})
"""Troubles that another network may not have."""
_IDLE_TURN = 5.0
_INTENTS = frozenset({Step.CREATE, Step.PUT, Step.COMPLETE, Step.REGISTER})
"""Steps whose lost reply must be recognised after a crash: their intent is on disk before the call."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What sending works with; the engine builds it once."""

    services: steps.Services
    live_jobs: LiveJobs
    blocks: CircuitBreakers
    lanes: ConcurrencyLimit
    pace: Pace
    uplink: Uplink
    on_success: SuccessHandler
    on_failure: FailureHandler
    backoff: Backoff
    pool: Pool
    clock: Clock
    log: Log
    report: Callable[[Event], None]
    post: Callable[[Callable[[], None]], None]
    uploaded_by: str | None


class Scheduler:
    """All runs, and the one place that starts calls."""

    def __init__(self, tools: Tools, *, files_at_once: int, held: bool) -> None:
        """`held` starts no upload until it is lifted; cleaning up goes on."""
        self._tools = tools
        self._live = tools.live_jobs
        self._clock = tools.clock
        self.runs: dict[str, Run] = {}
        self.files_at_once = files_at_once
        self.held = held
        self.stopping = False
        self._turn_of = ""
        self._slots = 0

    # --- starting what is due -------------------------------------------------------------------------------------

    def start_due(self) -> None:
        """Start a run for each job that is due, not blocked, and has a slot; fill free lanes."""
        now = self._clock.now()
        self._tools.blocks.expire(now, self._live.jobs.values())
        # Counted once a round: ten thousand queued jobs must not count each other.
        self._slots = self.files_at_once - sum(job.state is State.RUNNING for job in self._live.jobs.values())
        for job in tuple(self._live.jobs.values()):
            if job.id not in self.runs and _due(job, now):
                self._start(job)
        self._feed_lanes()

    def _start(self, job: Job) -> None:
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
        turned_away = job.trouble is not None and job.retry_at is None
        if job.recording is not None or turned_away or probing >= _PROBES_AT_ONCE:
            return
        run = self._run(job)
        work = partial(steps.probe_shown, self._tools.services, job, run.token, self._checking(job.id))
        self._call(run, Step.CHECK, work)

    def _checking(self, job_id: str) -> steps.Show:
        last = 0.0

        def show(done: int, size: int, *, fetched: bool) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= REPORT_EVERY:
                last = now
                self._tools.report(ProbeProgress(job_id, done, size, fetched))

        return show

    def _start_cleaning(self, job: Job) -> None:
        step = next_step(job, (), checked=True)
        if step is None:
            self._conclude(job)
        elif not self._tools.blocks.cover(step):
            self._advance(self._run(job))

    def _start_settling(self, job: Job) -> None:
        if not self._tools.blocks.cover(Step.FIND):
            self._call(self._run(job), Step.FIND, partial(self._tools.services.registry.find, job.id))

    def _start_sending(self, job: Job) -> None:
        if self.held or self._slots <= 0 or self._tools.blocks.cover_job(job):
            return
        self._slots -= 1
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
        elif self._tools.blocks.cover(step):
            self._end(run)
            self._tools.on_failure.settle(run)
        elif step is Step.UPLOAD:
            run.step = step
            self._feed_lanes()
        else:
            self._take(run, step, job)

    def _take(self, run: Run, step: Step, job: Job) -> None:
        if step in _INTENTS:
            run.unsettled = job.intent is step
            job = self._live.change(job, intent=step)
        if step is Step.PUT:
            self._leaves(run, 1)
        self._call(run, step, self._work(run, step, job))

    def _work(self, run: Run, step: Step, job: Job) -> Callable[[], object]:
        services, parts = self._tools.services, self._live.parts(job.id)
        match step:
            case Step.CHECK:
                verified = frozenset(self._live.verified.get(job.id, ()))
                return partial(steps.compare, services, job, parts, verified, run.token)
            case Step.CREATE:
                return partial(steps.create, services.store, job)
            case Step.PUT:
                return partial(steps.put, services.store, job, run.open_source, run.token, self._wrapper(run, 1))
            case Step.COMPLETE:
                return partial(steps.complete, services.store, job, parts)
            case Step.REGISTER:
                return partial(services.registry.register, steps.document_of(job, self._tools.uploaded_by))
            case Step.FIND:
                return partial(services.registry.find, job.id)
            case Step.ANNOUNCE:
                return partial(services.announcer.announce, steps.task_of(job))
            case Step.ABORT:
                return partial(steps.abort, services.store, job)
            case Step.ROLLBACK:
                return partial(steps.rollback, services.store, job)
            case Step.UPLOAD:
                raise ValueError("parts are fed to the lanes one by one")

    def _conclude(self, job: Job) -> None:
        """Nothing is left to do for the job."""
        if job.state is State.CANCELLED:
            self._tools.log.info("cancelled call cleaned up", call_id=job.id)
            self._live.drop(job)
            return
        self._live.change(job, state=State.DONE, **CLEARED)
        self._live.sent += 1
        self._live.leave(job)
        self._tools.log.info("call sent", call_id=job.id)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _feed_lanes(self) -> None:
        """Give free lanes to running uploads in turn, so that none waits for another's last part."""
        busy = sum(len(run.bodies) for run in self.runs.values())
        while not self.stopping and (found := self._next_span()) is not None:
            run, span = found
            job = self._live.jobs[run.job_id]
            if busy >= self._tools.lanes.allowed(job.part_size):
                return
            busy += 1
            self._turn_of = run.job_id
            self._leaves(run, span.number)
            wrap = self._wrapper(run, span.number)
            store = self._tools.services.store
            work = partial(steps.send_part, store, job, run.open_source, span, run.token, wrap)
            self._call(run, Step.UPLOAD, work, span)

    def _next_span(self) -> tuple[Run, Span] | None:
        uploading = [run for run in self.runs.values() if run.step is Step.UPLOAD and self._goes_on(run)]
        ids = [run.job_id for run in uploading]
        start = ids.index(self._turn_of) + 1 if self._turn_of in ids else 0
        for run in uploading[start:] + uploading[:start]:
            job = self._live.jobs[run.job_id]
            for span in missing(job.size, job.part_size, self._live.parts(job.id)):
                if span.number not in run.bodies:
                    return run, span
        return None

    def _leaves(self, run: Run, number: int) -> None:
        """Hold the place of a body whose bytes are not read yet."""
        run.bodies[number] = PartBody(memoryview(b""), run.token, self._tools.pace)
        self._tools.uplink.request_starts(self._clock.monotonic())

    def _wrapper(self, run: Run, number: int) -> Callable[[memoryview], PartBody]:
        def wrap(data: memoryview) -> PartBody:
            body = PartBody(data, run.token, self._tools.pace)
            run.bodies[number] = body
            return body

        return wrap

    # --- calls on the pool and what they brought ------------------------------------------------------------------

    def _call(self, run: Run, step: Step, work: Callable[[], object], span: Span | None = None) -> None:
        run.calls += 1
        run.step = step
        self.ask(work, partial(self._on_result, run, step, span))

    def ask(self, work: Callable[[], object], deliver: Callable[[Result], None]) -> None:
        """Do one call on the pool; `deliver` hears of it on the engine thread."""
        self._tools.pool.run(partial(self._attempt, work, deliver))

    def _attempt(self, work: Callable[[], object], deliver: Callable[[Result], None]) -> None:
        """Pool thread: do one call and post what it brought."""
        started = self._clock.monotonic()
        value: object = None
        error: BaseException | None = None
        try:
            value = work()
        except Exception as exc:  # noqa: BLE001 - a bug in one call fails its job on the engine thread, not the pool
            error = exc
        self._tools.post(partial(deliver, Result(value, error, self._clock.monotonic() - started)))

    def _on_result(self, run: Run, step: Step, span: Span | None, result: Result) -> None:
        if run.abandoned:
            if isinstance(result.value, steps.Compared):
                result.value.source.close()
            return
        run.calls -= 1
        run.bodies.pop(span.number if span else 1, None)
        job = self._live.jobs[run.job_id]
        self._tell(job, step, span, result)
        if result.error is None:
            if step is not Step.CHECK:
                self.see_online()
                self._tools.blocks.disprove(step)
            self._learn(run, job, step, result.value)
        else:
            self._tools.on_failure.note(run, step, span, result.error)
        self._measure()
        self._go_on(run)

    def _learn(self, run: Run, job: Job, step: Step, value: object) -> None:
        if isinstance(value, steps.Probed) and (twin := self._live.same_recording(job, value.recording)) is not None:
            self._call(run, step, partial(steps.look_for_file_of, twin, value))
        else:
            self._tools.on_success.learn(run, job, step, value)

    def _go_on(self, run: Run) -> None:
        """After a result: the next step, the next part, or the end of the run."""
        if not self._goes_on(run):
            if run.calls == 0:
                self._end(run)
                self._tools.on_failure.settle(run)
        elif run.calls == 0:
            self._advance(run)
        else:
            self._feed_lanes()

    def _goes_on(self, run: Run) -> bool:
        job = self._live.jobs.get(run.job_id)
        if job is None:
            return False
        state = job.state
        active = state is State.CANCELLED if run.step in {Step.ABORT, Step.ROLLBACK} else state is State.RUNNING
        return active and run.failure is None and not run.token.cancelled and not self.stopping

    def _tell(self, job: Job, step: Step, span: Span | None, result: Result) -> None:
        facts: dict[str, object] = {"call_id": job.id, "step": step.value, "seconds": round(result.seconds, 4)}
        if span is not None:
            facts["part"] = span.number
        error = result.error
        if error is None:
            self._tools.log.info("step done", **facts)
        elif isinstance(error, Cancelled):
            self._tools.log.info("step ended early", **facts)
        else:
            known = isinstance(error, CallError | RefusedError | NotReadyError)
            facts |= {
                "error_type": type(error).__name__,
                "code": str(getattr(error, "code", Code.BUG)),
                "detail": getattr(error, "detail", ""),
                "traceback": "".join(traceback.format_exception(error)),
            }
            (self._tools.log.warning if known else self._tools.log.error)("step failed", **facts)

    def _measure(self) -> None:
        if any(run.bodies for run in self.runs.values()):
            return
        if self._tools.uplink.all_idle(self._clock.monotonic()):
            self._live.journal.note("uplink", str(self._tools.uplink.rate))

    # --- ending early ---------------------------------------------------------------------------------------------

    def cut_short(self, job_id: str) -> None:
        """End the job's calls soon; what they still prove is written down."""
        run = self.runs.get(job_id)
        if run is None:
            return
        run.token.cancel()
        if run.calls == 0:
            self._end(run)
            self._tools.on_failure.settle(run)

    def abandon(self, job_id: str) -> None:
        """Let the job's calls end unheard."""
        run = self.runs.get(job_id)
        if run is not None:
            run.abandoned = True
            run.token.cancel()
            self._end(run)

    def hold(self, *, held: bool) -> None:
        """Start no upload while held, and end the running ones early."""
        self.held = held
        for job_id in tuple(self.runs) if held else ():
            if self._live.jobs[job_id].state is State.RUNNING:
                self.cut_short(job_id)

    def _end(self, run: Run) -> None:
        run.close()
        self.runs.pop(run.job_id, None)

    # --- the network ----------------------------------------------------------------------------------------------

    def see_online(self) -> None:
        """A call got through: what waits for the network need not wait any longer."""
        if self._tools.uplink.see(self._clock.now(), online=True):
            self.try_network()

    def try_network(self) -> None:
        """Something can be reached: whether that is enough, what waits for the network finds out."""
        self._make_due(lambda job: job.trouble is not None and job.trouble.code in NETWORK_CODES)

    def go_on_now(self) -> None:
        """The network is back or the computer woke: new connections, and no wait counts any more."""
        self.ask(self._reset_services, lambda _result: None)
        self._tools.blocks.clear_codes(_OF_ONE_NETWORK)
        self._make_due(lambda _job: True)

    def check_again(self) -> None:
        """Try at once everything that waits."""
        self._tools.blocks.clear()
        self._make_due(lambda _job: True, within=0.0)

    def _make_due(self, wanted: Callable[[Job], bool], within: float = _BACK_ONLINE_WITHIN) -> None:
        now = self._clock.now()
        for job in self._live.waiting():
            due = now + timedelta(seconds=self._tools.backoff.spread(within))
            if wanted(job) and job.retry_at is not None and job.retry_at > due:
                self._live.change(job, retry_at=due, attempts=0)

    def _reset_services(self) -> None:
        services = self._tools.services
        for service in (services.store, services.registry, services.announcer):
            service.reset()

    def until_due(self) -> float:
        """Seconds until something is due by itself: cancelled jobs and drafts count too."""
        if any(run.bodies for run in self.runs.values()):
            return REPORT_EVERY
        now = self._clock.now()
        moments = [job.retry_at for job in self._live.waiting() if job.retry_at and job.id not in self.runs]
        seconds = [(moment - now).total_seconds() for moment in [*moments, *self._tools.blocks.moments] if moment > now]
        return max(0.01, min([_IDLE_TURN, *seconds]))


def _due(job: Job, now: datetime) -> bool:
    return job.retry_at is None or not now < job.retry_at <= now + _LONGEST_WAIT
