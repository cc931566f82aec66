"""Makes waiting jobs due: the network is back, the computer woke, somebody asked. Engine thread."""

from collections.abc import Callable
from datetime import datetime, timedelta

from callup_desktop.engine.backoff import SERVER, Backoff
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.errors import Scope, info_of
from callup_desktop.engine.job import Job, Trouble
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.needed_service import Service
from callup_desktop.engine.pool_calls import PoolCalls
from callup_desktop.engine.ports import Clock, Services
from callup_desktop.engine.reachability import NetworkState

BACK_ONLINE_WITHIN = 1.2
"""Seconds over which laptops that can go on at once are spread."""


class Retries:
    """Decides when jobs that wait are tried before their time."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        breakers: CircuitBreakers,
        network: NetworkState,
        services: Services,
        calls: PoolCalls,
        clock: Clock,
        backoff: Backoff,
    ) -> None:
        self._live = live
        self._breakers = breakers
        self._network = network
        self._services = services
        self._calls = calls
        self._clock = clock
        self._backoff = backoff

    def see_online(self) -> None:
        """A call got through: what waits for the network need not wait any longer."""
        if self._network.see(self._clock.now(), online=True):
            self.try_network()

    def try_network(self) -> None:
        """Something can be reached: whether that is enough, what waits for the network finds out."""
        self._try(lambda trouble: info_of(trouble.code).network)

    def try_services(self) -> None:
        """The program starts: what a service refused, or nobody reached, when it ended last may be over."""
        self._try(lambda trouble: info_of(trouble.code).scope is Scope.SERVICE and not _server_asked(trouble))

    def service_works(self, service: Service) -> None:
        """A call of the service worked: calls that met the same trouble while it lasted are tried too.

        One that failed more often than the trouble lasted has a trouble of its own, and keeps its wait.
        """
        trouble = self._breakers.trouble_of(service)
        failures = self._breakers.close(service)
        if trouble is not None and failures > 1:
            self._make_due(self._soon(), lambda job: _has(job, trouble.code) and job.attempts <= failures)

    def go_on_now(self) -> None:
        """The network is back or the computer woke: new connections, and no wait counts any more."""
        self._calls.start(self._reset_services, lambda _result: None)
        soon = self._soon()
        self._breakers.half_open(_may_end_elsewhere, soon)
        self._make_due(soon, lambda _job: True)

    def check_again(self) -> None:
        """Try at once everything that waits."""
        now = self._clock.now()
        self._breakers.half_open(lambda _trouble: True, now)
        self._make_due(now, lambda _job: True)

    def renew_credentials(self) -> None:
        """Keys or passwords were saved: the services forget the old ones, then everything that waits is tried."""
        self._calls.start(self._renew_services, lambda _result: self.check_again())

    def _try(self, wanted: Callable[[Trouble], bool]) -> None:
        soon = self._soon()
        self._breakers.half_open(wanted, soon)
        self._make_due(soon, lambda job: job.trouble is not None and wanted(job.trouble))

    def _make_due(self, at: datetime, wanted: Callable[[Job], bool]) -> None:
        for job in self._live.waiting():
            if wanted(job) and job.retry_at is not None and job.retry_at > at:
                self._live.change(job, retry_at=at, attempts=0)

    def _soon(self) -> datetime:
        """The moment at which this laptop goes on: another one on each, so that they do not come back at once."""
        return self._clock.now() + timedelta(seconds=self._backoff.spread(BACK_ONLINE_WITHIN))

    def _reset_services(self) -> None:
        for service in (self._services.store, self._services.registry, self._services.announcer):
            service.reset()
        if self._services.elsewhere is not None:
            self._services.elsewhere.reset()

    def _renew_services(self) -> None:
        for service in (self._services.store, self._services.registry, self._services.announcer):
            service.renew_credentials()


def _has(job: Job, code: str) -> bool:
    return job.trouble is not None and job.trouble.code == code


def _may_end_elsewhere(trouble: Trouble) -> bool:
    """Whether another network, or this one once it is back, may not have the trouble."""
    info = info_of(trouble.code)
    return info.local or info.network


def _server_asked(trouble: Trouble) -> bool:
    """Whether a server that is busy wants to be left alone for a while."""
    return info_of(trouble.code).backoff is SERVER
