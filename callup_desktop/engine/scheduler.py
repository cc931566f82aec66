"""Takes every job to its next step: starts what is due, gives free requests parts, hears what calls brought.

A run is one stretch of work on a job. Blocking calls go to the pool; what they brought comes back through the mailbox,
so that everything here runs on the engine thread.
"""

import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial

from callup_desktop.engine import steps
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.destinations import Destinations
from callup_desktop.engine.errors import CallError, Cancelled, Code, ConnectionLostError, JobError
from callup_desktop.engine.events import Event, ProbeProgress
from callup_desktop.engine.job import CLEARED, Job, State, Step, next_step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.needed_service import SLOTS, Service, service_of_step
from callup_desktop.engine.on_failure import FailureHandler
from callup_desktop.engine.on_success import SuccessHandler
from callup_desktop.engine.part_feed import PartFeed
from callup_desktop.engine.pool_calls import PoolCalls, Result
from callup_desktop.engine.ports import Clock, Log
from callup_desktop.engine.retries import Retries
from callup_desktop.engine.run import Run
from callup_desktop.engine.send_rules import SendRules
from callup_desktop.engine.status_reporter import REPORT_EVERY
from callup_desktop.engine.step_calls import StepCalls
from callup_desktop.engine.uplink import Uplink
from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.files.source import Span

_NEVER_HELD = frozenset({Service.FILES, Service.CLEANING})
_SHORTEST_SLEEP = 0.01
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
        uplink: Uplink,
        calls: PoolCalls,
        work: StepCalls,
        parts: PartFeed,
        retries: Retries,
        rules: SendRules,
        on_success: SuccessHandler,
        on_failure: FailureHandler,
        clock: Clock,
        log: Log,
        report: Callable[[Event], None],
        files_at_once: int,
        held: bool,
    ) -> None:
        """`held` starts no upload until it is lifted, cleaning up goes on."""
        self._live = live
        self._destinations = destinations
        self._breakers = breakers
        self._uplink = uplink
        self._calls = calls
        self._work = work
        self._parts = parts
        self._retries = retries
        self._rules = rules
        self._on_success = on_success
        self._on_failure = on_failure
        self._clock = clock
        self._log = log
        self._report = report
        self._files_at_once = files_at_once
        self._held = held
        self.runs: dict[str, Run] = {}
        self.stopping = False

    def set_files_at_once(self, files: int) -> None:
        """How many recordings are sent side by side."""
        self._files_at_once = files

    # --- starting what is due -------------------------------------------------------------------------------------

    def start_due(self) -> None:
        """Start what is due in the line of each service, as far as its slots and its breaker go; feed parts."""
        now = self._clock.now()
        self._live.index.ripen(now)
        self._breakers.forget_unneeded(self._is_needed)
        for service in Service:
            self._fill(service, now)
        self._parts.measure(self._clock.monotonic(), self.runs.values())
        self._feed_requests()

    def _fill(self, service: Service, now: datetime) -> None:
        while self._free_slots(service) > 0 and not self._breakers.holds(service, now):
            job_id = self._next_ready(service)
            if job_id is None:
                return
            self._live.index.withdraw(job_id)
            if self._destinations.holds_back(self._live.jobs[job_id]):
                continue
            # One whose run has not ended yet is offered again when it has.
            if job_id not in self.runs and self._breakers.admits(service, job_id, now):
                self._start(self._live.jobs[job_id], service)

    def _next_ready(self, service: Service) -> str | None:
        index = self._live.index
        if not self._held or service in _NEVER_HELD:
            return index.ready(service)
        # While held only what is being taken back goes on: its registering is settled.
        line = index.line(service) if service is Service.REGISTRY else ()
        return next((job_id for job_id in line if self._live.jobs[job_id].cancel_asked_at is not None), None)

    def _free_slots(self, service: Service) -> int:
        slots = self._files_at_once if service is Service.STORAGE else SLOTS[service]
        return slots - sum(run.service is service for run in self.runs.values())

    def _is_needed(self, service: Service) -> bool:
        return self._live.index.needs(service) or any(run.service is service for run in self.runs.values())

    def _start(self, job: Job, service: Service) -> None:
        match service:
            case Service.FILES if job.recording is not None:
                self._rules.send(job)
            case Service.FILES:
                run = self._new_run(job, service)
                self._call(run, Step.CHECK, self._work.probe(run, job, self._probe_reporter(job.id)))
            case Service.REGISTRY if job.cancel_asked_at is not None:
                run = self._new_run(job, service)
                self._call(run, Step.FIND, self._work.step(run, Step.FIND, job))
            case _ if service is Service.CLEANING or job.state is State.DONE:
                self._advance(self._new_run(job, service))
            case _:
                job = self._live.change(job, state=State.RUNNING, **CLEARED)
                self._advance(self._new_run(job, service))

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

    def _new_run(self, job: Job, service: Service) -> Run:
        run = self.runs[job.id] = Run(job.id, service)
        return run

    # --- the next step of one job ---------------------------------------------------------------------------------

    def _advance(self, run: Run) -> None:
        """Start the next step of a job that has no call under way."""
        job = self._live.jobs[run.job_id]
        step = next_step(job, self._live.parts(job.id), checked=run.checked)
        if step is None:
            self._conclude(job)
            self._end(run)
        elif not self._moves_to(run, service_of_step(step)):
            self._settle(run)
        elif step is Step.UPLOAD:
            run.step = step
            self._feed_requests()
        else:
            self._take(run, step, job)

    def _moves_to(self, run: Run, service: Service) -> bool:
        """Whether the run may go on with what the service does next; else its job stands in that line."""
        if run.service is service:
            return True
        self._breakers.end_trial(run.service, run.job_id)
        waits = self._live.index.ready(service) is not None or self._free_slots(service) <= 0
        if waits or not self._breakers.admits(service, run.job_id, self._clock.now()):
            return False
        run.service = service
        return True

    def _take(self, run: Run, step: Step, job: Job) -> None:
        if step in _INTENTS:
            run.unsettled = job.intent is step
            job = self._live.change(job, intent=step)
        self._call(run, step, self._work.step(run, step, job))

    def _conclude(self, job: Job) -> None:
        """Nothing is left to do for the job."""
        if job.state is State.CANCELLED:
            self._log.info("cancelled call cleaned up", call_id=job.id)
            self._live.drop(job)
            return
        self._live.change(job, state=State.DONE, **CLEARED)
        self._live.sent += 1
        self._log.info("call sent", call_id=job.id)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _feed_requests(self) -> None:
        """Give free requests parts."""
        busy = sum(len(run.bodies) for run in self.runs.values())
        uploading = [run for run in self.runs.values() if run.step is Step.UPLOAD and self._goes_on(run)]
        while not self.stopping and (found := self._parts.next(uploading, busy)) is not None:
            run, span = found
            self._call(run, Step.UPLOAD, self._work.part(run, self._live.jobs[run.job_id], span), span)
            busy += 1

    # --- calls on the pool and what they brought ------------------------------------------------------------------

    def _call(self, run: Run, step: Step, work: Callable[[], object], span: Span | None = None) -> None:
        run.calls += 1
        run.step = step
        self._calls.start(partial(_unless_over, run, work), partial(self._on_result, run, step, span))

    def _on_result(self, run: Run, step: Step, span: Span | None, result: Result) -> None:
        if run.over:
            if isinstance(result.value, steps.Compared):
                result.value.source.close()
            return
        run.calls -= 1
        self._parts.measure(self._clock.monotonic(), self.runs.values())
        body = run.bodies.pop(span.number if span else 1, None)
        job = self._live.jobs[run.job_id]
        self._log_result(job, step, span, result)
        self._see_answer(run, step, result)
        if result.error is None:
            self._record(run, job, step, result.value)
        elif not self._sends_again(run, span, body, result.error):
            self._on_failure.note(run, step, span, result.error)
        self._measure()
        self._go_on(run)

    def _sends_again(self, run: Run, span: Span | None, body: PartBody | None, error: BaseException) -> bool:
        """Whether the part goes on at once though its call failed: its connection was lost, which says no more."""
        if span is None or body is None or not isinstance(error, ConnectionLostError):
            return False
        return self._goes_on(run) and run.sends_again(span.number, body)

    def _see_answer(self, run: Run, step: Step, result: Result) -> None:
        """What the result proves of the network and of the service, whatever it means for the job."""
        if step is Step.CHECK:
            # Reading what is there proves the network, and nothing of the right to write.
            if isinstance(result.value, steps.Compared) and result.value.asked:
                self._retries.see_online()
        elif result.error is None or isinstance(result.error, JobError):
            self._retries.see_online()
            self._retries.service_works(run.service)

    def _record(self, run: Run, job: Job, step: Step, value: object) -> None:
        if isinstance(value, steps.Probed) and (other := self._live.same_recording(job, value.recording)) is not None:
            self._call(run, step, self._work.relocate(other, value))
        else:
            self._on_success.record(run, job, step, value)

    def _go_on(self, run: Run) -> None:
        """After a result: the next step, the next part, or the end of the run."""
        if not self._goes_on(run):
            if run.calls == 0:
                self._settle(run)
        elif run.calls == 0:
            self._advance(run)
        else:
            self._feed_requests()

    def _goes_on(self, run: Run) -> bool:
        job = self._live.jobs.get(run.job_id)
        if job is None:
            return False
        match run.step:
            case Step.ABORT | Step.ROLLBACK:
                active = job.state is State.CANCELLED
            case Step.EDIT:
                active = job.state in {State.RUNNING, State.DONE}
            case _:
                active = job.state is State.RUNNING
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
            self._live.journal.note("requests", str(self._parts.requests_worth))

    # --- ending early ---------------------------------------------------------------------------------------------

    def cut_short(self, job_id: str) -> None:
        """End the job's calls soon; what they still prove is written down."""
        run = self.runs.get(job_id)
        if run is None:
            return
        run.token.cancel()
        if run.calls == 0:
            self._settle(run)

    def abandon(self, job_id: str) -> None:
        """Let the job's calls end unheard."""
        run = self.runs.get(job_id)
        if run is not None:
            run.token.cancel()
            self._end(run)

    def hold(self, *, held: bool) -> None:
        """Start no upload while held, and end the running ones early."""
        self._held = held
        for job_id in tuple(self.runs) if held else ():
            if self._live.jobs[job_id].state is State.RUNNING:
                self.cut_short(job_id)

    def _settle(self, run: Run) -> None:
        """The run ends before its job does."""
        self._on_failure.settle(run)
        self._end(run)

    def _end(self, run: Run) -> None:
        run.over = True
        run.close()
        self.runs.pop(run.job_id, None)
        self._breakers.end_trial(run.service, run.job_id)
        self._live.offer_again(run.job_id)

    # --- what is due next -----------------------------------------------------------------------------------------

    def until_due(self) -> float:
        """Seconds until something is due by itself: cancelled jobs and drafts count too."""
        if any(run.bodies for run in self.runs.values()):
            return REPORT_EVERY
        now = self._clock.now()
        moments = [*self._breakers.due_at(lambda service: self._next_ready(service) is not None)]
        if (moment := self._live.index.next_moment()) is not None:
            moments.append(moment)
        return max(_SHORTEST_SLEEP, min([_LONGEST_SLEEP, *((moment - now).total_seconds() for moment in moments)]))


def _unless_over(run: Run, work: Callable[[], object]) -> object:
    """What the call brings; raises Cancelled where nobody waits for it any more, as its facts never came on disk."""
    if run.over:
        raise Cancelled
    return work()
