"""Whether the network can be reached, and how its return is seen while calls wait for it. Engine thread.

A call that did not get through is followed by one probe, which opens a connection and sends nothing. Only while nothing
can be reached are there more, so that a server that can be reached and fails is not bothered. Nothing counts as reached
again before a probe, a call or a byte that leaves says so: a call that was under way when the network came back, and
failed all the same, does not wait any longer for it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from callup_desktop.engine.body import PartBody
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.pool_calls import PoolCalls, Result
from callup_desktop.engine.ports import Clock

PROBE_INTERVAL = 0.5
"""Seconds between two probes: with a probe's own second, and the spread of what goes on then, a call waits three."""

SOCKET_BUFFER = 4 * 1024 * 1024
"""Bytes that a system takes from a program at most though its connection is dead."""


class NetworkState:
    """Reachability as the last call saw it: online until one says otherwise."""

    def __init__(self, now: datetime) -> None:
        self.online = True
        self.since = now
        self.lost = False
        """Whether probes reach nothing."""

    def see(self, now: datetime, *, online: bool) -> bool:
        """Note what a call proved; whether that is news."""
        if online == self.online:
            return False
        self.online, self.since = online, now
        return True


class Reachability:
    """One probe at a time, on the pool."""

    def __init__(
        self,
        *,
        breakers: CircuitBreakers,
        network: NetworkState,
        clock: Clock,
        calls: PoolCalls,
        reachable: Callable[[], bool],
        on_lost: Callable[[], None],
        on_found: Callable[[], None],
        on_moving: Callable[[], None],
    ) -> None:
        """`on_lost` is called after each probe that reaches nothing, `on_found` after the first that does then.

        `on_moving` is called once bytes leave though the network counted as lost.
        """
        self._breakers = breakers
        self._network = network
        self._clock = clock
        self._calls = calls
        self._reachable = reachable
        self._on_lost = on_lost
        self._on_found = on_found
        self._on_moving = on_moving
        self._positions: dict[PartBody, int] = {}
        self._probing = False
        self._next = clock.monotonic()
        self._probed_for: datetime | None = None

    def probe(self) -> None:
        """Probe, if a call waits for the network and it is time to."""
        if self._probing or self._clock.monotonic() < self._next:
            return
        if self._network.online:
            self._network.lost = False
        failed_at = self._breakers.network_failed_at
        if failed_at is None or (failed_at == self._probed_for and not self._network.lost):
            return
        self._probing, self._probed_for = True, failed_at
        self._calls.start(self._reachable, self._on_probed)

    def _on_probed(self, result: Result) -> None:
        was_lost, self._network.lost = self._network.lost, result.value is not True
        self._probing, self._next = False, self._clock.monotonic() + PROBE_INTERVAL
        if self._network.lost:
            self._on_lost()
        elif was_lost:
            self._on_found()

    def see_bytes(self, bodies: Iterable[PartBody]) -> None:
        """Look whether bytes leave: a request may take minutes until its answer proves the network."""
        if self._network.online:
            self._positions.clear()
            return
        for body in bodies:
            # A body that had not begun when the network was lost leaves by a connection that was made since.
            before = self._positions.setdefault(body, body.position)
            moved = body.position - before
            if moved > (0 if before == 0 and not self._network.lost else SOCKET_BUFFER):
                self._on_moving()
                return

    def until_due(self) -> float:
        """Seconds until it may probe again; 0.0 if it may now."""
        return max(0.0, self._next - self._clock.monotonic())
