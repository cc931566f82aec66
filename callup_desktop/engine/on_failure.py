"""Puts a job where its failure says: waiting, blocked, begun again, turned away or failed. Engine thread."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from callup_desktop.engine.backoff import ACCOUNT, NETWORK, Backoff, Curve
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.errors import (
    AccountError,
    CallError,
    Cancelled,
    Code,
    JobError,
    Scope,
    TransientError,
    info_of,
)
from callup_desktop.engine.job import CLEARED, Job, State, Step, Trouble
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.needed_service import Service
from callup_desktop.engine.on_success import RESTARTS
from callup_desktop.engine.ports import Clock
from callup_desktop.engine.reachability import NetworkState
from callup_desktop.engine.run import Run
from callup_desktop.engine.storage_time import StorageTime
from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.files.source import Span

_NO_NETWORK = frozenset({Code.OFFLINE, Code.CONNECTION})
"""What makes the laptop offline; a registry or a queue that is down alone does not."""
_DAMAGED_TRIES = 3
_CONTRADICTIONS = 3
"""How often a store may list all parts and refuse to join them before the upload begins again."""
_LEAST_FILE_WAIT = 1.0
"""Seconds; a file that is not ready is not looked at more often."""
LOST_FOR = timedelta(minutes=5)
"""How long no upload is tried while probes reach nothing; what sees the network come back ends it sooner."""
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
        time: StorageTime,
        backoff: Backoff,
        redact: Callable[[str], str],
    ) -> None:
        """`redact` takes secrets out of a text before it is written down."""
        self._live = live
        self._breakers = breakers
        self._limit = limit
        self._network = network
        self._clock = clock
        self._time = time
        self._backoff = backoff
        self._redact = redact
        self._damaged: Counter[tuple[str, int]] = Counter()

    def note(self, run: Run, step: Step, span: Span | None, error: BaseException) -> None:
        """Remember the gravest failure of the run; siblings go on unless nobody can help this job now."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, CallError):
            error = self._hardened(run, span, error)
            if error.code is Code.STORAGE_BUSY:
                self._limit.slowed_down(self._clock.monotonic())
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
        never_registered = step is Step.REGISTER and not run.unsettled
        gone = _is_gone(step, error, job)
        if _is_contradicted(step, error, job) or (gone and job.restarts >= RESTARTS):
            error = JobError(Code.MISMATCH, getattr(error, "detail", ""))
        match error:
            case TransientError() if gone:
                self._begin_again(job, Code.UPLOAD_EXPIRED)
            case TransientError():
                self._wait(job, run.service, error)
            case AccountError():
                self._refused_for_all(job, run.service, error, never_registered=never_registered)
            case JobError() if error.code is Code.MISMATCH and job.restarts < RESTARTS:
                self._begin_again(job, Code.MISMATCH_AGAIN)
            case RefusedError():
                trouble = Trouble(error.code, self._clock.now(), params=dict(error.params))
                self._live.change(job, retry_at=None, trouble=trouble)
            case NotReadyError():
                self._wait_for_file(job, error)
            case _:
                self._fail(job, error, never_registered=never_registered and isinstance(error, CallError))

    def _wait(self, job: Job, service: Service, error: TransientError) -> None:
        now = self._clock.now()
        code = _told_as(job, error.code, self._time.now())
        trouble = Trouble(code, now, self._redact(error.detail), dict(error.params))
        if info_of(code).scope is Scope.SERVICE:
            self._breakers.open(service, trouble, now, self._longest(service, error))
        if job.state is not State.PAUSED or job.cancel_asked_at is not None:
            self._try_later(job, trouble, error.retry_after, state=_queued_again(job), curve=_curve_of(error.code))

    def _longest(self, service: Service, error: TransientError) -> float | None:
        """Seconds that the line is held up at least: what the server asked for, or minutes while probes see no way."""
        if service is Service.STORAGE and self._network.lost and info_of(error.code).network:
            return LOST_FOR.total_seconds()
        return error.retry_after

    def _refused_for_all(self, job: Job, service: Service, error: AccountError, *, never_registered: bool) -> None:
        now = self._clock.now()
        trouble = Trouble(error.code, now, self._redact(error.detail), dict(error.params))
        self._breakers.open(service, trouble, now)
        self._try_later(job, trouble, state=_queued_again(job), forget_intent=never_registered)

    def _begin_again(self, job: Job, why: Code) -> None:
        """What the store holds is not the file, or gone: clear it there first, then send again from the first byte."""
        self._live.verified.pop(job.id, None)
        self._live.set_parts(
            job,
            (),
            state=_queued_again(job),
            intent=Step.ROLLBACK,
            identity=None,
            etag=None,
            checksum=None,
            uploaded_at=None,
            restarts=job.restarts + 1,
            trouble=Trouble(why, self._clock.now()),
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
        """Nobody but the rep can help the call; one that is taken back, or has arrived, is tried again by itself."""
        now = self._clock.now()
        trouble = Trouble(Code.BUG, now, self._redact(repr(error)))
        if isinstance(error, CallError):
            trouble = Trouble(error.code, now, self._redact(error.detail), dict(error.params))
        intent = None if never_registered else job.intent
        if never_registered and job.cancel_asked_at is not None:
            self._live.change(job, state=State.CANCELLED, intent=intent, attempts=0, **CLEARED)
        elif job.state in {State.CANCELLED, State.DONE} or job.cancel_asked_at is not None:
            self._try_later(job, trouble, state=_queued_again(job), curve=ACCOUNT, forget_intent=never_registered)
        else:
            state = State.FAILED if job.state is State.RUNNING else job.state
            self._live.change(job, state=state, intent=intent, trouble=trouble)

    def _try_later(
        self,
        job: Job,
        why: Trouble,
        retry_after: float | None = None,
        *,
        state: State,
        curve: Curve | None = None,
        forget_intent: bool = False,
    ) -> None:
        """Give the job a wait of its own, longer each time in a row."""
        seconds = self._backoff.wait(curve or _curve_of(why.code), job.attempts, retry_after)
        self._live.change(
            job,
            state=state,
            intent=None if forget_intent else job.intent,
            attempts=job.attempts + 1,
            retry_at=why.at + timedelta(seconds=seconds),
            trouble=why,
        )


def _is_contradicted(step: Step, error: BaseException, job: Job) -> bool:
    """Whether the store lists all parts again and again, and makes no object of them."""
    lost = step is Step.COMPLETE and isinstance(error, TransientError) and error.code is Code.UPLOAD_EXPIRED
    return lost and job.attempts >= _CONTRADICTIONS


def _is_gone(step: Step, error: BaseException, job: Job) -> bool:
    """Whether a stored recording is gone that is still to be sent; of one that is taken back nothing has to be left."""
    lost = step is Step.REGISTER and isinstance(error, TransientError) and error.code is Code.UPLOAD_EXPIRED
    return lost and job.cancel_asked_at is None


def _curve_of(code: str) -> Curve:
    """How the waits of the code grow; a code that should not be waited for grows as the network's do."""
    return info_of(code).backoff or NETWORK


def _told_as(job: Job, code: Code, now: datetime) -> Code:
    """The code that is shown: another one once a passing trouble has lasted."""
    since = job.edit_asked_at if job.registered_at is not None else job.uploaded_at
    if since is None or now - since < _OVERDUE_AFTER:
        return code
    return _OVERDUE.get(code, code)


def _queued_again(job: Job) -> State:
    return State.QUEUED if job.state is State.RUNNING else job.state
