"""The window's copies of the jobs, as the engine reported them. No Qt; owned by the main thread."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from callup_desktop.calls.metadata import Details, problems_of
from callup_desktop.engine.errors import Actor
from callup_desktop.engine.events import (
    Event,
    JobChanged,
    JobProgress,
    ProbeProgress,
    Progress,
    Snapshot,
    Status,
    Statuses,
    Stopped,
)
from callup_desktop.engine.job import Job, State, Trouble
from callup_desktop.presentation.messages import actor_of


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Hop(StrEnum):
    """A service that a call passes on its way."""

    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


class Phase(StrEnum):
    """Where a call stands for the rep, in few enough phases to be counted."""

    CHECKING = "checking"
    DRAFT = "draft"
    SENDING = "sending"
    REGISTERING = "registering"
    WAITING = "waiting"
    PAUSED = "paused"
    NEEDS_REP = "needs_rep"
    LEAVING = "leaving"


def phase_of(job: Job) -> Phase:
    """The phase of a job that is not sent."""
    match job.state:
        case State.CANCELLED:
            return Phase.LEAVING
        case State.FAILED:
            return Phase.NEEDS_REP
        case State.PAUSED:
            return Phase.PAUSED
        case State.RUNNING:
            return Phase.SENDING if job.etag is None else Phase.REGISTERING
        case State.QUEUED:
            stuck = job.trouble is not None and actor_of(job.trouble) is not Actor.NOBODY
            return Phase.NEEDS_REP if stuck else Phase.WAITING
        case _:
            return _draft_phase(job)


def _draft_phase(job: Job) -> Phase:
    if job.recording is None:
        return Phase.NEEDS_REP if job.turned_away else Phase.CHECKING
    return Phase.NEEDS_REP if job.question else Phase.DRAFT


@lru_cache(maxsize=4096)
def described(details: Details, call_types: tuple[str, ...]) -> bool:
    """Whether the details are valid, cached because every row asks for it."""
    return not problems_of(details, call_types)


def is_ready(job: Job, call_types: tuple[str, ...]) -> bool:
    """Whether a draft can be sent as it is."""
    return phase_of(job) is Phase.DRAFT and described(job.details, call_types)


@dataclass(frozen=True, slots=True)
class Change:
    """What one event changed: jobs to repaint, jobs that arrived, left or were sent. `reset` means everything.

    `edited` is a call that was sent before, with what changed of it.
    """

    touched: frozenset[str] = frozenset()
    arrived: tuple[str, ...] = ()
    left: frozenset[str] = frozenset()
    sent: Job | None = None
    edited: Job | None = None
    reset: bool = False


@dataclass(slots=True)
class ViewState:
    """Live jobs in the order they were added, what belongs to them, and the state of the engine.

    `numbers` tell that order. `call_statuses` are those of the registry, by call id. `past` are the details of earlier
    calls, newest first. `is_read` tells that the calls of this computer were read. `rate` is in bytes a second. `ready`
    counts the drafts that can be sent as they are. `stop_reason` is the trouble that stopped the engine. `answered_at`
    is when each service last did what it was asked; `now` is the wall clock in UTC.
    """

    call_types: tuple[str, ...] = ()
    jobs: dict[str, Job] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    progress: dict[str, JobProgress] = field(default_factory=dict)
    checking: dict[str, ProbeProgress] = field(default_factory=dict)
    call_statuses: dict[str, str] = field(default_factory=dict)
    past: tuple[Details, ...] = ()
    status: Status | None = None
    is_read: bool = False
    rate: float = 0.0
    counts: Counter[Phase] = field(default_factory=Counter)
    ready: int = 0
    stop_reason: Trouble | None = None
    answered_at: dict[Hop, datetime] = field(default_factory=dict)
    now: Callable[[], datetime] = _utc_now
    _next_number: int = 0
    _awaiting_edit: set[str] = field(default_factory=set)

    @property
    def is_known(self) -> bool:
        """Whether it can be told which calls there are, or that none will ever be told of."""
        return (self.is_read and self.status is not None) or self.stop_reason is not None

    def apply(self, event: Event) -> Change:
        """Keep what the event says; returns what it changed."""
        match event:
            case Snapshot():
                return self._apply_snapshot(event)
            case JobChanged():
                return self._apply_job(event)
            case Progress():
                before = frozenset(self.progress)
                self.progress = {row.job_id: row for row in event.jobs if row.job_id in self.jobs}
                self.rate = event.rate
                return Change(touched=before | frozenset(self.progress))
            case ProbeProgress():
                if event.job_id not in self.jobs:
                    return Change()
                self.checking[event.job_id] = event
                return Change(touched=frozenset({event.job_id}))
            case Statuses():
                self._see_answer(Hop.REGISTRY, self.now())
                self.call_statuses |= dict(event.by_call)
                return Change(touched=frozenset(call_id for call_id, _status in event.by_call))
            case Status():
                self.status = event
                if event.running == 0:
                    self.rate = 0.0
            case Stopped():
                self.stop_reason = event.trouble
        return Change()

    def _apply_snapshot(self, event: Snapshot) -> Change:
        self.is_read = True
        self.jobs = {job.id: job for job in event.jobs if job.state is not State.DONE}
        self.numbers = {job_id: number for number, job_id in enumerate(self.jobs)}
        self._next_number = len(self.jobs)
        self.counts, self.ready = Counter(), 0
        for job in self.jobs.values():
            self._count(job, 1)
        self.progress, self.checking = {}, {}
        self.past = event.past
        return Change(reset=True)

    def _apply_job(self, event: JobChanged) -> Change:
        job, before = event.job, self.jobs.get(event.job.id)
        if before is not None:
            self._count(before, -1)
            self._see_answers(job, before)
        self._see_edit(job)
        if job.state is not State.RUNNING:
            self.progress.pop(job.id, None)
        if job.recording is not None or job.trouble is not None:
            self.checking.pop(job.id, None)
        if event.gone or job.state is State.DONE:
            self.jobs.pop(job.id, None)
            self.numbers.pop(job.id, None)
            self.checking.pop(job.id, None)
            if event.gone:
                return Change(left=frozenset({job.id}))
            if before is None:
                return Change(touched=frozenset({job.id}), edited=job)
            self._remember(job.details)
            return Change(left=frozenset({job.id}), sent=job)
        self.jobs[job.id] = job
        self._count(job, 1)
        if before is None:
            self.numbers[job.id] = self._next_number
            self._next_number += 1
            return Change(arrived=(job.id,))
        return Change(touched=frozenset({job.id}))

    def _see_answers(self, job: Job, before: Job) -> None:
        """What is new of the call is what a service answered."""
        for hop, moment, known in (
            (Hop.STORAGE, job.uploaded_at, before.uploaded_at),
            (Hop.REGISTRY, job.registered_at, before.registered_at),
            (Hop.QUEUE, job.announced_at, before.announced_at),
        ):
            if moment is not None and moment != known:
                self._see_answer(hop, moment)
        if job.stored > before.stored or job.upload_id not in {None, before.upload_id}:
            self._see_answer(Hop.STORAGE, self.now())

    def _see_edit(self, job: Job) -> None:
        """New details of a registered call are taken or refused by the registry."""
        if job.awaits_edit:
            self._awaiting_edit.add(job.id)
        elif job.id in self._awaiting_edit:
            self._awaiting_edit.discard(job.id)
            self._see_answer(Hop.REGISTRY, self.now())

    def _see_answer(self, hop: Hop, moment: datetime) -> None:
        self.answered_at[hop] = max(moment, self.answered_at.get(hop, moment))

    def _count(self, job: Job, step: int) -> None:
        self.counts[phase_of(job)] += step
        self.ready += step if is_ready(job, self.call_types) else 0

    def _remember(self, details: Details) -> None:
        self.past = (details, *(other for other in self.past if other != details))
