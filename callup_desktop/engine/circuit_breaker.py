"""What holds up every call of a service that refuses everybody, or that nobody reaches. Engine thread.

              a call fails for everybody                  due, or somebody acted
    closed ------------------------------> open --------------------------------> half open: one call tries
      ^                                     ^                                        |   |
      |                                     +----------- fails for everybody --------+   |
      +--------------------------------------------------- a call works ------------------+

Each service has its own; an open one holds up nothing but its own line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.errors import Actor, info_of
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.needed_service import Service


@dataclass(slots=True)
class _Breaker:
    """`until` is None while closed; `failures` counts tries in a row that failed; `trial` is the call that tries."""

    trouble: Trouble | None = None
    until: datetime | None = None
    failures: int = 0
    trial: str | None = None
    postponed: bool = False


class CircuitBreakers:
    """One breaker a service. The files' and the cleaning's never open: each of their jobs waits for itself."""

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._breakers: Mapping[Service, _Breaker] = {
            service: _Breaker() for service in (Service.STORAGE, Service.REGISTRY, Service.QUEUE)
        }

    def open(self, service: Service, trouble: Trouble, now: datetime, retry_after: float | None = None) -> None:
        """A call failed as every other would: hold the line up, longer each time in a row."""
        breaker = self._breakers.get(service)
        if breaker is None:
            return
        if breaker.until is not None and breaker.trial is None and breaker.until > now:
            # A call that was under way when another one opened it says nothing new.
            return
        curve = info_of(trouble.code).backoff
        wait = self._backoff.wait(curve, breaker.failures, retry_after) if curve else 0.0
        breaker.trouble, breaker.until, breaker.trial = trouble, now + timedelta(seconds=wait), None
        breaker.failures += 1

    def close(self, service: Service) -> int:
        """A call worked; how many calls in a row had failed before."""
        breaker = self._breakers.get(service)
        if breaker is None or breaker.until is None:
            return 0
        failures = breaker.failures
        self._reset(breaker)
        return failures

    def half_open(self, wanted: Callable[[Trouble], bool], at: datetime) -> None:
        """Let a call try from this moment on, where the trouble is wanted: somebody acted, or the network is back."""
        for breaker in self._breakers.values():
            if breaker.until is not None and breaker.trouble is not None and wanted(breaker.trouble):
                breaker.until, breaker.postponed = min(breaker.until, at), False

    def admits(self, service: Service, job_id: str, now: datetime) -> bool:
        """Whether the job may start a call of the service now; while half open the first one that asks is the trial."""
        breaker = self._breakers.get(service)
        if breaker is None or breaker.until is None:
            return True
        if breaker.trial == job_id:
            return True
        if breaker.until > now or breaker.trial is not None:
            return False
        breaker.trial = job_id
        return True

    def holds(self, service: Service, now: datetime) -> bool:
        """Whether no further call of the service may start now."""
        breaker = self._breakers.get(service)
        return breaker is not None and breaker.until is not None and (breaker.until > now or breaker.trial is not None)

    def end_trial(self, service: Service, job_id: str) -> None:
        """The job's run has ended; one that told nothing leaves the trial to the next."""
        breaker = self._breakers.get(service)
        if breaker is not None and breaker.trial == job_id:
            breaker.trial = None

    def forget_unneeded(self, needed: Callable[[Service], bool]) -> None:
        """Close what no job is left to try."""
        for service, breaker in self._breakers.items():
            if breaker.until is not None and breaker.trial is None and not needed(service):
                self._reset(breaker)

    def trouble_of(self, service: Service) -> Trouble | None:
        """Why the service's line is held up, None where it is not."""
        breaker = self._breakers.get(service)
        return breaker.trouble if breaker is not None else None

    @property
    def network_failed_at(self) -> datetime | None:
        """When a call last failed for want of the network, None where no line is held up for it."""
        troubles = (breaker.trouble for breaker in self._breakers.values() if breaker.trouble is not None)
        return max((trouble.at for trouble in troubles if info_of(trouble.code).network), default=None)

    def postpone(self, service: Service, until: datetime) -> None:
        """Nothing can be reached: try no call before this moment, unless something is seen to come back.

        Said again, it changes nothing.
        """
        breaker = self._breakers[service]
        if breaker.until is None or breaker.trial is not None or breaker.trouble is None or breaker.postponed:
            return
        if info_of(breaker.trouble.code).network:
            breaker.until, breaker.postponed = max(breaker.until, until), True

    @property
    def first(self) -> Trouble | None:
        """The trouble that somebody has to end, storage's before the others'."""
        troubles = (breaker.trouble for breaker in self._breakers.values() if breaker.trouble is not None)
        return next((trouble for trouble in troubles if info_of(trouble.code).actor is not Actor.NOBODY), None)

    @property
    def passing(self) -> Trouble | None:
        """The trouble of a service that ends by itself, storage's before the others'."""
        troubles = (breaker.trouble for breaker in self._breakers.values() if breaker.trouble is not None)
        return next((trouble for trouble in troubles if info_of(trouble.code).actor is Actor.NOBODY), None)

    def due_at(self, is_ready: Callable[[Service], bool]) -> list[datetime]:
        """When each line in which a job is ready may be tried again."""
        return [
            breaker.until
            for service, breaker in self._breakers.items()
            if breaker.until is not None and breaker.trial is None and is_ready(service)
        ]

    def _reset(self, breaker: _Breaker) -> None:
        breaker.trouble = breaker.until = breaker.trial = None
        breaker.failures, breaker.postponed = 0, False
