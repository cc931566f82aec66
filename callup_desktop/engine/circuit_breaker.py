"""What holds up every call of a service that refuses everybody. Engine thread.

              the service refuses everybody          due, or somebody acted
    closed ---------------------------------> open ------------------------> half open
      ^                                        ^                                |   |
      |                                        +------- refuses again ----------+   |
      +------------------------------------------------- a call works --------------+

Storage's open breaker holds up every step, the registry's and the queue's only their own.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from callup_desktop.engine.job import Job, State, Step, Trouble


class Service(StrEnum):
    """What a step needs."""

    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


_ACTIVE = frozenset({State.QUEUED, State.RUNNING, State.CANCELLED})
_SERVICES: Mapping[Step, Service] = {
    Step.REGISTER: Service.REGISTRY,
    Step.FIND: Service.REGISTRY,
    Step.ANNOUNCE: Service.QUEUE,
}


class CircuitBreakers:
    """One breaker a service. A half-open one lets calls through, and is shown until one of them works."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._tripped: dict[Service, tuple[Trouble, datetime]] = {}

    def open(self, step: Step, trouble: Trouble, until: datetime) -> None:
        """Hold up everything that needs what the step needs."""
        self._tripped[_service_of(step)] = (trouble, until)

    def half_open(self, now: datetime, jobs: Iterable[Job]) -> None:
        """Let through what is due to be tried again; forget a trouble that no job is left to try."""
        self._now = now
        if any(until <= now for _trouble, until in self._tripped.values()):
            waiting = {_service_needed(job) for job in jobs if job.state in _ACTIVE}
            self._tripped = {
                service: tripped for service, tripped in self._tripped.items() if tripped[1] > now or service in waiting
            }

    def close(self, step: Step) -> None:
        """The step worked: a half-open breaker of its service closes."""
        service = _service_of(step)
        if service in self._tripped and not self._holds(service):
            del self._tripped[service]

    def close_all(self, wanted: Callable[[Trouble], bool] = lambda _trouble: True) -> None:
        """Close every breaker whose trouble is wanted: somebody acted, or the network is another one."""
        self._tripped = {service: tripped for service, tripped in self._tripped.items() if not wanted(tripped[0])}

    def is_open(self, step: Step) -> bool:
        """Whether the step has to wait."""
        return self._holds(Service.STORAGE) or self._holds(_service_of(step))

    def is_open_for(self, job: Job) -> bool:
        """Whether the job's next step has to wait."""
        return self._holds(Service.STORAGE) or self._holds(_service_needed(job))

    @property
    def first(self) -> Trouble | None:
        """The trouble to show, storage's before the others'."""
        return next((self._tripped[service][0] for service in Service if service in self._tripped), None)

    @property
    def due_at(self) -> list[datetime]:
        """When each is tried again."""
        return [until for _trouble, until in self._tripped.values()]

    def _holds(self, service: Service) -> bool:
        return service in self._tripped and self._tripped[service][1] > self._now


def _service_of(step: Step) -> Service:
    return _SERVICES.get(step, Service.STORAGE)


def _service_needed(job: Job) -> Service:
    """What the job's next step needs."""
    if job.state is State.CANCELLED or job.etag is None:
        return Service.STORAGE
    return Service.REGISTRY if job.registered_at is None else Service.QUEUE
