"""Puts a job where its failure says: waiting, blocked, begun again, turned away or failed. Engine thread."""

from collections import Counter
from datetime import datetime, timedelta

from callup_desktop.engine.backoff import NETWORK, Backoff, Curve
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.errors import (
    HOUR,
    AccountError,
    CallError,
    Cancelled,
    Code,
    JobError,
    TransientError,
    info_of,
)
from callup_desktop.engine.job import CLEARED, Job, JobFacts, State, Step, Trouble
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.on_success import RESTARTS
from callup_desktop.engine.ports import Clock
from callup_desktop.engine.reachability import NetworkState
from callup_desktop.engine.run import Run
from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.files.source import Span

_NO_NETWORK = frozenset({Code.OFFLINE, Code.CONNECTION})
"""What makes the laptop offline; a registry or a queue that is down alone does not."""
_DAMAGED_TRIES = 3
_LEAST_FILE_WAIT = 1.0
"""Seconds; a file that is not ready is not looked at more often."""
_OVERDUE_AFTER = timedelta(hours=24)
_OVERDUE = {Code.REGISTRY_UNREACHABLE: Code.REGISTRY_BLOCKED, Code.REGISTRY_BUSY: Code.REGISTRY_REFUSED}
"""What does not pass for that long is a matter for IT: a network that blocks the registry never says so."""


class FailureHandler:
    """Notes failures while a run's other calls end, then settles the job once."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        breakers: CircuitBreakers,
        limit: ConcurrencyLimit,
        network: NetworkState,
        clock: Clock,
        backoff: Backoff,
    ) -> None:
        self._live = live
        self._breakers = breakers
        self._limit = limit
        self._network = network
        self._clock = clock
        self._backoff = backoff
        self._damaged: Counter[tuple[str, int]] = Counter()

    def note(self, run: Run, step: Step, span: Span | None, error: BaseException) -> None:
        """Remember the gravest failure of the run; siblings go on unless nobody can help this job now."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, CallError):
            error = self._hardened(run, span, error)
            if error.code is Code.STORAGE_BUSY:
                self._limit.slowed_down()
            if error.code in _NO_NETWORK:
                self._network.see(self._clock.now(), online=False)
        if run.failure is None or isinstance(run.failure[1], TransientError):
            run.failure = (step, error)
        if not isinstance(error, TransientError):
            run.token.cancel()

    def _hardened(self, run: Run, span: Span | None, error: CallError) -> CallError:
        """A part that arrives damaged again and again is the disk's or the file's fault.

        One PutObject that does so is not the file that was checked: MISMATCH begins again with a new look at it.
        """
        if error.code is not Code.PART_DAMAGED:
            return error
        place = (run.job_id, span.number if span else 0)
        self._damaged[place] += 1
        if self._damaged[place] < _DAMAGED_TRIES:
            return error
        del self._damaged[place]
        return JobError(Code.PART_UNREADABLE if span else Code.MISMATCH, error.detail)

    def settle(self, run: Run) -> None:
        """The run is over before the job was: put the job where its failure says."""
        job = self._live.jobs.get(run.job_id)
        if job is None:
            return
        if run.failure is None:
            if job.state is State.RUNNING:
                self._live.change(job, state=State.QUEUED)
            return
        step, error = run.failure
        match error:
            case TransientError():
                self._wait(job, error)
            case AccountError():
                self._open_breaker(job, step, error, never_registered=_never_registered(run, step))
            case JobError() if error.code is Code.MISMATCH and job.restarts < RESTARTS:
                self._begin_anew(job)
            case RefusedError():
                trouble = Trouble(error.code, self._clock.now(), params=dict(error.params))
                self._live.change(job, retry_at=None, trouble=trouble)
            case NotReadyError():
                self._wait_for_file(job, error)
            case _:
                never_registered = isinstance(error, CallError) and _never_registered(run, step)
                self._fail(job, error, never_registered=never_registered)

    def _wait(self, job: Job, error: TransientError) -> None:
        if job.state is State.PAUSED:
            return
        now = self._clock.now()
        code = _told_as(job, error.code, now)
        seconds = self._backoff.wait(_curve_of(error.code), job.attempts, error.retry_after)
        self._live.change(
            job,
            state=_queued_again(job),
            attempts=job.attempts + 1,
            retry_at=now + timedelta(seconds=seconds),
            trouble=Trouble(code, now, error.detail, dict(error.params)),
        )

    def _open_breaker(self, job: Job, step: Step, error: AccountError, *, never_registered: bool) -> None:
        now = self._clock.now()
        trouble = Trouble(error.code, now, error.detail, dict(error.params))
        again = now + timedelta(seconds=self._backoff.probe(info_of(error.code).probe_after or HOUR))
        self._breakers.open(step, trouble, again)
        self._live.change(
            job,
            state=_queued_again(job),
            intent=None if never_registered else job.intent,
            retry_at=again if job.state is State.CANCELLED else None,
            trouble=trouble,
        )

    def _begin_anew(self, job: Job) -> None:
        """What the store holds is not the file: clear it there first, then send again from the first byte."""
        self._live.verified.pop(job.id, None)
        self._live.set_parts(
            job,
            (),
            state=_queued_again(job),
            intent=Step.ROLLBACK,
            identity=None,
            restarts=job.restarts + 1,
            trouble=Trouble(Code.MISMATCH_AGAIN, self._clock.now()),
        )

    def _wait_for_file(self, job: Job, error: NotReadyError) -> None:
        now = self._clock.now()
        seconds = max(_LEAST_FILE_WAIT, self._backoff.wait(_curve_of(error.code), job.attempts))
        self._live.change(
            job,
            attempts=job.attempts + 1,
            retry_at=now + timedelta(seconds=seconds),
            trouble=Trouble(error.code, now, params=dict(error.params)),
        )

    def _fail(self, job: Job, error: BaseException, *, never_registered: bool) -> None:
        now = self._clock.now()
        trouble = Trouble(Code.BUG, now, repr(error))
        if isinstance(error, CallError):
            trouble = Trouble(error.code, now, error.detail, dict(error.params))
        facts: JobFacts = {"trouble": trouble, "intent": None if never_registered else job.intent}
        if job.state is State.RUNNING:
            facts["state"] = State.FAILED
        elif job.state is State.CANCELLED:
            facts["retry_at"] = now + timedelta(seconds=self._backoff.probe(HOUR))
        job = self._live.change(job, **facts)
        if never_registered and job.cancel_asked_at is not None:
            self._live.change(job, state=State.CANCELLED, attempts=0, **CLEARED)


def _curve_of(code: str) -> Curve:
    """How the waits of the code grow; a code that should not be waited for grows as the network's do."""
    return info_of(code).backoff or NETWORK


def _told_as(job: Job, code: Code, now: datetime) -> Code:
    """The code that is shown: another one once a passing trouble has lasted."""
    if job.uploaded_at is None or now - job.uploaded_at < _OVERDUE_AFTER:
        return code
    return _OVERDUE.get(code, code)


def _never_registered(run: Run, step: Step) -> bool:
    """A refusal proves that the registry has no document of the call, unless an earlier try may have made it."""
    return step is Step.REGISTER and not run.unsettled


def _queued_again(job: Job) -> State:
    return State.QUEUED if job.state is State.RUNNING else job.state
