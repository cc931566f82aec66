"""What 2,000 laptops ask of a storage that comes back, beside two naive retries: `python -m benchmarks.herd`.

All have a recording to send when the outage begins, and lose it within the same instant. Each laptop is a real engine
with its real backoff and reachability, over a journal in memory, on one virtual clock; only the network and the servers
are made up. Nothing here depends on how fast this computer is; for 2,000 laptops it takes some minutes.
"""

import argparse
import heapq
import itertools
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.composition import Settings
from callup_desktop.engine.engine import Engine
from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import Services
from tests.engine.world import Lines, plain_probe
from tests.fakes.announcer import FakeAnnouncer
from tests.fakes.faults import Call, Moment
from tests.fakes.registry import FakeRegistry
from tests.fakes.store import FakeStore

_IN_MEMORY = Path(":memory:")
_DETAILS = DetailsChange("Acme Corp", "john@acme.com", "demo")
_START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OUTAGE = 60.0
_LONGEST = 3600.0


class Outage(StrEnum):
    """What is gone."""

    NETWORK = "the network"
    STORAGE = "the storage, which says 503"


class Sea:
    """Virtual time: what is to happen, in order."""

    def __init__(self) -> None:
        """Nothing is to happen yet."""
        self.seconds = 0.0
        self._order = itertools.count()
        self._coming: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> datetime:
        """The wall clock of every laptop."""
        return _START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """The other clock of every laptop."""
        return self.seconds

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Let it happen then."""
        heapq.heappush(self._coming, (self.seconds + seconds, next(self._order), action))

    def go_on(self, until: Callable[[], bool]) -> None:
        """Let things happen until it holds; an hour at most."""
        while self._coming and not until() and self.seconds < _LONGEST:
            self.seconds, _, action = heapq.heappop(self._coming)
            action()


@dataclass
class Storage:
    """Out of order until `back`; then it serves `capacity` requests a second and says 503 to all more."""

    sea: Sea
    outage: Outage
    back: float
    capacity: int
    asked: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)

    def ask(self) -> None:
        """One request; raises what the laptop hears."""
        now = self.sea.seconds
        if now < self.back and self.outage is Outage.NETWORK:
            raise TransientError(Code.CONNECTION)
        self.asked.append(now)
        just_served = sum(1 for _ in itertools.takewhile(lambda at: at > now - 1.0, reversed(self.served)))
        if now < self.back or just_served >= self.capacity:
            raise TransientError(Code.STORAGE_BUSY)
        self.served.append(now)

    @property
    def reachable(self) -> bool:
        """Whether it takes a connection."""
        return self.sea.seconds >= self.back or self.outage is Outage.STORAGE


class EngineLaptop:
    """A real engine with one call to send."""

    def __init__(self, sea: Sea, storage: Storage, chance: random.Random, recording: Path) -> None:
        """Start it, and send the recording."""
        self._sea, self._storage, self._chance = sea, storage, chance
        self.sent = False
        self._turn_at = -1.0
        store = FakeStore(faults=self._ask)
        store.look = lambda: storage.reachable
        self._engine = Engine(
            journal=_IN_MEMORY,
            services=Services(store, FakeRegistry(), FakeAnnouncer(), plain_probe),
            settings=Settings("bucket", ("demo",)),
            pool=self,
            clock=sea,
            report=self._hear,
            log=Lines(),
            backoff=Backoff(draw=chance.uniform),
            plan=lambda _size, _uplink: 0,
        )
        self._engine.open()
        self._engine.add((recording,), ids=("call",))
        self._turn()

    def run(self, task: Callable[[], None]) -> None:
        """The pool: an answer takes its time, and nobody's answer takes a second."""
        gone = self._storage.outage is Outage.NETWORK and not self._storage.reachable

        def action() -> None:
            task()
            self._turn()

        self._sea.after(1.0 if gone else self._chance.uniform(0.02, 0.2), action)

    def close(self) -> None:
        """Nothing runs in the background."""

    def give_up(self) -> None:
        """Give the journal back, whatever of the call is still under way."""
        self._engine.live_jobs.close()

    def _ask(self, call: Call, moment: Moment) -> None:
        if call.op == "put" and moment is Moment.BEFORE:
            self._storage.ask()

    def _hear(self, event: Event) -> None:
        if not isinstance(event, JobChanged):
            return
        job = event.job
        if job.state is State.DRAFT and job.recording is not None and job.details.company_name == "":
            self._engine.describe(("call",), _DETAILS)
            self._engine.send(("call",))
        self.sent = job.state is State.DONE

    def _turn(self) -> None:
        if self.sent:
            return
        wait = self._engine.turn()
        at = self._sea.seconds + max(wait, 0.001)
        if not self._sea.seconds < self._turn_at <= at:
            self._turn_at = at
            self._sea.after(at - self._sea.seconds, self._turn)


@dataclass
class NaiveLaptop:
    """Tries again after this many seconds, whatever the others do."""

    sea: Sea
    storage: Storage
    waits: Iterator[float]

    def attempt(self) -> None:
        """Ask, and ask again later if that did not work."""
        try:
            self.storage.ask()
        except TransientError:
            self.sea.after(next(self.waits), self.attempt)


def each_second() -> Iterator[float]:
    """A timer."""
    return itertools.repeat(1.0)


def doubling() -> Iterator[float]:
    """Exponential to a minute, without jitter."""
    return (min(60.0, 2.0**attempts) for attempts in itertools.count())


@dataclass(frozen=True)
class Seen:
    """The most requests in any second of the outage's second half and after it, and how long until all were served."""

    during: int
    after: int
    asked_after: int
    seconds: float
    unsent: int


def simulate(laptops: int, outage: Outage, *, waits: Callable[[], Iterator[float]] | None, seed: int = 1) -> Seen:
    """Let this many laptops go through the outage; `waits` of a naive retry, None for the engine."""
    sea = Sea()
    storage = Storage(sea, outage, back=OUTAGE, capacity=_capacity(laptops))
    chance = random.Random(seed)  # noqa: S311 - nobody is to be kept from guessing it
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        recording = Path(folder) / "call.mp3"
        recording.write_bytes(bytes(range(200)))

        def join() -> None:
            if waits is None:
                stack.callback(EngineLaptop(sea, storage, chance, recording).give_up)
            else:
                NaiveLaptop(sea, storage, waits()).attempt()

        for _ in range(laptops):
            sea.after(chance.uniform(0.0, 0.2), join)
        sea.go_on(lambda: len(storage.served) >= laptops)
    late = [at for at in storage.asked if at >= storage.back]
    return Seen(
        during=_most_in_a_second([at for at in storage.asked if OUTAGE / 2 <= at < OUTAGE]),
        after=_most_in_a_second(late),
        asked_after=len(late),
        seconds=sea.seconds - storage.back,
        unsent=laptops - len(storage.served),
    )


def _capacity(laptops: int) -> int:
    """Requests a second that the storage takes: not quite all laptops at once."""
    return laptops * 9 // 10


def _most_in_a_second(moments: list[float]) -> int:
    """The most in any window of a second."""
    first, most = 0, 0
    for last, at in enumerate(moments):
        while moments[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


WAYS: dict[str, Callable[[], Iterator[float]] | None] = {
    "each second": each_second,
    "doubling, no jitter": doubling,
    "CallUp's engine": None,
}


def main() -> None:
    """Print the peaks side by side."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--laptops", type=int, default=2_000)
    laptops: int = parser.parse_args().laptops
    for outage in Outage:
        print(f"{laptops} laptops, a minute without {outage}; it takes {_capacity(laptops)} requests a second")
        print(f"  {'':<22}{'peak during':>13}{'peak after':>12}{'requests after':>16}{'all sent after':>16}")
        peaks = {}
        for way, waits in WAYS.items():
            seen = simulate(laptops, outage, waits=waits)
            peaks[way] = seen.during, seen.after
            rates = f"{seen.during:>11}/s{seen.after:>10}/s"
            print(f"  {way:<22}{rates}{seen.asked_after:>16}{seen.seconds:>14.1f} s")
        ours = peaks["CallUp's engine"]
        for way in list(WAYS)[:-1]:
            during, after = (theirs / max(1, own) for theirs, own in zip(peaks[way], ours, strict=True))
            print(f"  {way} / CallUp's engine: {during:.1f} during, {after:.1f} after")


if __name__ == "__main__":
    main()
