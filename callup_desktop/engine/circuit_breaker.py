"""What waits for the account's admin: storage's trouble stops all, the others only their step. Engine thread."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from enum import StrEnum

from callup_desktop.engine.job import Job, State, Step, Trouble


class Scope(StrEnum):
    """How far an account's trouble reaches."""

    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


_ACTIVE = frozenset({State.QUEUED, State.RUNNING, State.CANCELLED})
_SCOPES: Mapping[Step, Scope] = {Step.REGISTER: Scope.REGISTRY, Step.FIND: Scope.REGISTRY, Step.ANNOUNCE: Scope.QUEUE}


class CircuitBreakers:
    """The troubles that hold up more than one job. One that is due is probed, and shown until a call disproves it."""

    def __init__(self, now: datetime) -> None:
        """Nothing is blocked."""
        self._now = now
        self._held: dict[Scope, tuple[Trouble, datetime]] = {}

    def add(self, step: Step, trouble: Trouble, until: datetime) -> None:
        """Hold up everything that the step stands for."""
        self._held[_SCOPES.get(step, Scope.STORAGE)] = (trouble, until)

    def expire(self, now: datetime, jobs: Iterable[Job]) -> None:
        """Let through what is due to be probed again; forget a trouble that no job is left to probe."""
        self._now = now
        if any(until <= now for _trouble, until in self._held.values()):
            waiting = {_scope_of(job) for job in jobs if job.state in _ACTIVE}
            self._held = {scope: held for scope, held in self._held.items() if held[1] > now or scope in waiting}

    def disprove(self, step: Step) -> None:
        """The step worked: a trouble that was due to be probed is over."""
        scope = _SCOPES.get(step, Scope.STORAGE)
        if scope in self._held and not self._holds(scope):
            del self._held[scope]

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()

    def clear_codes(self, codes: Set[str]) -> None:
        """Let go of these kinds of trouble."""
        self._held = {scope: block for scope, block in self._held.items() if block[0].code not in codes}

    def cover(self, step: Step) -> bool:
        """Whether the step has to wait."""
        return self._holds(Scope.STORAGE) or self._holds(_SCOPES.get(step, Scope.STORAGE))

    def cover_job(self, job: Job) -> bool:
        """Whether the job's next step has to wait."""
        return self._holds(Scope.STORAGE) or self._holds(_scope_of(job))

    @property
    def first(self) -> Trouble | None:
        """The trouble to show, storage's before the others'."""
        return next((self._held[scope][0] for scope in Scope if scope in self._held), None)

    @property
    def moments(self) -> list[datetime]:
        """When each is probed again."""
        return [until for _trouble, until in self._held.values()]

    def _holds(self, scope: Scope) -> bool:
        return scope in self._held and self._held[scope][1] > self._now


def _scope_of(job: Job) -> Scope:
    """What the job's next step needs."""
    if job.state is State.CANCELLED or job.etag is None:
        return Scope.STORAGE
    return Scope.REGISTRY if job.registered_at is None else Scope.QUEUE
