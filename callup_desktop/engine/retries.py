"""Makes waiting jobs due: the network is back, the computer woke, somebody asked. Engine thread."""

from collections.abc import Callable
from datetime import timedelta

from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.errors import info_of
from callup_desktop.engine.job import Job, Trouble
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.pool_calls import PoolCalls
from callup_desktop.engine.ports import Clock, Services
from callup_desktop.engine.reachability import NetworkState

_BACK_ONLINE_WITHIN = 1.2
"""Seconds over which jobs that become due at once are spread, so that many laptops do not come back at once."""


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
        self._make_due(lambda job: job.trouble is not None and info_of(job.trouble.code).network)

    def go_on_now(self) -> None:
        """The network is back or the computer woke: new connections, and no wait counts any more."""
        self._calls.start(self._reset_services, lambda _result: None)
        self._breakers.close_all(_is_local)
        self._make_due(lambda _job: True)

    def check_again(self) -> None:
        """Try at once everything that waits."""
        self._breakers.close_all()
        self._make_due(lambda _job: True, within=0.0)

    def renew_credentials(self) -> None:
        """Keys or passwords were saved: the services forget the old ones, then everything that waits is tried."""
        self._calls.start(self._renew_services, lambda _result: self.check_again())

    def _make_due(self, wanted: Callable[[Job], bool], within: float = _BACK_ONLINE_WITHIN) -> None:
        now = self._clock.now()
        for job in self._live.waiting():
            due = now + timedelta(seconds=self._backoff.spread(within))
            if wanted(job) and job.retry_at is not None and job.retry_at > due:
                self._live.change(job, retry_at=due, attempts=0)

    def _reset_services(self) -> None:
        for service in (self._services.store, self._services.registry, self._services.announcer):
            service.reset()

    def _renew_services(self) -> None:
        for service in (self._services.store, self._services.registry, self._services.announcer):
            service.renew_credentials()


def _is_local(trouble: Trouble) -> bool:
    return info_of(trouble.code).local
