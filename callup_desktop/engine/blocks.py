"""What waits for the account's admin: storage's trouble stops all, the others only their step. Engine thread."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from callup_desktop.engine.job import Job, Step, Trouble


class Scope(StrEnum):
    """How far an account's trouble reaches."""

    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


_SCOPES: Mapping[Step, Scope] = {Step.REGISTER: Scope.REGISTRY, Step.FIND: Scope.REGISTRY, Step.ANNOUNCE: Scope.QUEUE}


class Blocks:
    """The troubles that hold up more than one job, each until it is probed again."""

    def __init__(self) -> None:
        """Nothing is blocked."""
        self._held: dict[Scope, tuple[Trouble, datetime]] = {}

    def add(self, step: Step, trouble: Trouble, until: datetime) -> None:
        """Hold up everything that the step stands for."""
        self._held[_SCOPES.get(step, Scope.STORAGE)] = (trouble, until)

    def expire(self, now: datetime) -> None:
        """Let go of what is due to be probed again."""
        self._held = {scope: block for scope, block in self._held.items() if block[1] > now}

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()

    def clear_code(self, code: str) -> None:
        """Let go of one kind of trouble."""
        self._held = {scope: block for scope, block in self._held.items() if block[0].code != code}

    def cover(self, step: Step) -> bool:
        """Whether the step has to wait."""
        return Scope.STORAGE in self._held or _SCOPES.get(step, Scope.STORAGE) in self._held

    def cover_job(self, job: Job) -> bool:
        """Whether the job's next step has to wait."""
        if job.etag is None:
            return self.cover(Step.UPLOAD)
        return self.cover(Step.REGISTER if job.registered_at is None else Step.ANNOUNCE)

    @property
    def first(self) -> Trouble | None:
        """The trouble to show, storage's before the others'."""
        return next((self._held[scope][0] for scope in Scope if scope in self._held), None)

    @property
    def moments(self) -> list[datetime]:
        """When each is probed again."""
        return [until for _trouble, until in self._held.values()]
