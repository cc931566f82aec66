"""Laptops for the gateway's soak: the real program with a token and no keys, killed at any time, on a bad network."""

import hashlib
import random
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.job import State
from tests.faults import harms
from tests.faults.crashes import Batch, Rep, noise
from tests.faults.http_talk import http_talk
from tests.faults.proxy import LOOPBACK, Exchange, Harm, Proxy
from tests.faults.through_gateway import GatewayWays

_PIECE = 65536
_BATCHES_OF_A_HOME = 8
_RUNS_OF_A_BATCH = 8
_LONGEST_LIFE = 3.0
_MOST_RECORDINGS = 4
_ALL_IS_WELL = 0.3
_DROPS_AFTER = 3_000_000

CONNECTION: tuple[Harm, ...] = (harms.reset_before, harms.reset_after, harms.cut_reply)
OF_GATEWAY: tuple[Harm, ...] = (
    *CONNECTION,
    harms.silence,
    harms.gateway_refusal(500, "gateway_bug"),
    harms.gateway_refusal(503, "gateway_busy", **{"Retry-After": "1"}),
    harms.gateway_refusal(429, "caller_busy", **{"Retry-After": "1"}),
    harms.gateway_refusal(401, "sign_in_refused"),
    harms.gateway_refusal(403, "not_permitted"),
    harms.redirect,
    harms.sign_in_page,
)
OF_STORAGE: tuple[Harm, ...] = (
    *CONNECTION,
    harms.silence,
    harms.s3_refusal(500, "InternalError"),
    harms.s3_refusal(503, "SlowDown"),
    harms.s3_refusal(403, "AccessDenied"),
)
WEATHER = (
    *((operation, OF_GATEWAY) for operation in ("begin", "sign", "look", "complete", "register", "announce")),
    *((operation, OF_GATEWAY) for operation in ("remove", "elsewhere", "ask")),
    *((operation, OF_STORAGE) for operation in ("part", "part", "part", "create", "list", "complete", "head", "abort")),
)
"""What may go wrong where; storage's `complete` is asked for by a replica, the gateway's by a laptop."""
_BETWEEN_HARMS = (0.2, 1.2)
_TURNS_OF_A_PLAN = 15
"""After so many changes the harm is lifted that nothing met, and who was kept waiting is let go."""


class Balancer:
    """Gives each connection to one of the replicas that take one, as a load balancer does. Threads of its own."""

    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self._ports = list(ports)
        self._chance = chance
        self._door = socket.create_server((LOOPBACK, 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, name="balancer", daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._door.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        for port in self._chance.sample(self._ports, len(self._ports)):
            with suppress(OSError):
                server = socket.create_connection((LOOPBACK, port), timeout=1.0)
                server.settimeout(None)
                threading.Thread(target=_relay, args=(client, server), daemon=True).start()
                _relay(server, client)
                return
        client.close()


def _relay(source: socket.socket, target: socket.socket) -> None:
    """Until one side ends; then both."""
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def balanced(ports: Sequence[int], s3: Proxy, chance: random.Random) -> Iterator[GatewayWays]:
    """The ways of laptops whose gateway is these replicas, which reach the storage through the same proxy."""
    with (
        closing(Balancer(ports, chance)) as balancer,
        Proxy((LOOPBACK, balancer.port), http_talk) as gateway,
    ):
        yield GatewayWays(GatewayProfile(name="Soak", gateway=f"http://{LOOPBACK}:{gateway.port}"), s3, gateway)


@dataclass
class Weather:
    """What is wrong with the network just now, for all laptops."""

    ways: GatewayWays
    chance: random.Random
    add: Callable[[str], None]
    stop: threading.Event

    def run(self) -> None:
        """Change it until told to stop; then it is fine."""
        turns = 0
        while not self.stop.wait(self.chance.uniform(*_BETWEEN_HARMS)):
            turns += 1
            self.ways.come_back()
            self.ways.clear_lines()
            if turns % _TURNS_OF_A_PLAN == 0:
                self._begin_anew()
            if self.chance.random() > _ALL_IS_WELL:
                self._turn()
        self.ways.come_back()
        self._begin_anew()

    def _turn(self) -> None:
        kind = self.chance.random()
        if kind < 0.03:
            self.ways.go_down()
            self.add("moments offline")
        elif kind < 0.1:
            self.chance.choice(self.ways.all).link.drops_after = self.chance.randrange(1, _DROPS_AFTER)
            self.add("lines that drop")
        else:
            operation, found = self.chance.choice(WEATHER)
            harm = self.chance.choice(found)
            proxy = self.ways.s3 if found is OF_STORAGE else self.ways.gateway
            proxy.plan.order(operation, self._counted(harm), times=self.chance.randint(1, 2))

    def _counted(self, harm: Harm) -> Harm:
        def counted(exchange: Exchange) -> None:
            self.add("faults")
            harm(exchange)

        return counted

    def _begin_anew(self) -> None:
        """No harm any more, and nothing kept of what arrived."""
        arrived = self.ways.storage.plan.exchanges("part")
        self.ways.forget()
        times = Counter((seen.arrived.upload_id, seen.arrived.part) for seen in arrived if seen.acted)
        for count in times.values():
            self.add("parts stored" if count == 1 else "parts stored more than once")


@dataclass
class Sent:
    """What became of one recording."""

    digest: str
    call_id: str
    arrived: bool


@dataclass
class SoakLaptop:
    """Sends batches of recordings from a home of its own, takes some calls back, and is killed again and again."""

    rep: Rep
    add: Callable[[str], None]
    find: Callable[[str, str], None]
    stop: threading.Event
    until: threading.Event
    sizes: Callable[[random.Random], int]
    sent: list[Sent] = field(default_factory=list)
    _batches: int = 0

    @property
    def _chance(self) -> random.Random:
        return self.rep.chance

    def run(self) -> None:
        """Until told to stop; what was begun is brought to its end."""
        while not self.stop.is_set():
            if self._batches % _BATCHES_OF_A_HOME == 0:
                shutil.rmtree(self.rep.home, ignore_errors=True)
                self.rep.home = self.rep.folder / f"home-{self._batches}"
            self._batches += 1
            files = [self._recording(number) for number in range(self._chance.randint(1, _MOST_RECORDINGS))]
            batch = Batch(self.rep, files)
            for _ in range(self._chance.randint(1, _RUNS_OF_A_BATCH)):
                self._mishap(batch)
            self._come_to_rest(batch)
            self._judge(batch)
            for path in files:
                path.unlink()

    def _recording(self, number: int) -> Path:
        path = self.rep.folder / f"batch-{self._batches}-{number}.wav"
        return noise(path, self.sizes(self._chance), self._chance)

    def _mishap(self, batch: Batch) -> None:
        """One run of the program that ends too early, or is paused."""
        if self.stop.is_set():
            return
        if self._chance.random() < 0.2:
            batch.change_of_mind()
        command = batch.next_command()
        if command is None:
            return
        console = self.rep.run(*command)
        if self._chance.random() < 0.2 and not console.ended_within(self._chance.random()):
            self.rep.run("pause").wait()
            self.add("pauses")
        if not console.ended_within(self._chance.random() * _LONGEST_LIFE):
            console.kill()
            self.add("kills of laptops")
        console.wait()

    def _come_to_rest(self, batch: Batch) -> None:
        """The program runs until every call has an end, or nobody waits for that any more."""
        while (command := batch.next_command()) is not None:
            if self.until.is_set():
                self.find("lost", f"{[job.id for job in batch.looked_up()]} did not come to an end: {self.rep.said}")
                return
            console = self.rep.run(*command)
            while not console.ended_within(1.0):
                if self.until.is_set():
                    console.kill()
            console.wait()
            self.add("runs of the program")
            self.until.wait(self._chance.random() * 0.2)

    def _judge(self, batch: Batch) -> None:
        """What the laptop says of the calls; the servers are asked in the end."""
        arrived = {job.id for job in batch.looked_up() if job.state is State.DONE}
        times = Counter(job.path for job in batch.calls.values())
        for path in batch.files:
            if times[path] != 1:
                self.find("doubled" if times[path] else "lost", f"{path} became {times[path]} calls")
        for call_id, job in batch.calls.items():
            if call_id not in arrived and call_id not in batch.unwanted:
                self.find("lost", f"{call_id} was taken back by nobody")
            self.add("calls sent" if call_id in arrived else "calls taken back")
            digest = hashlib.sha256(job.path.read_bytes()).hexdigest()
            self.sent.append(Sent(digest, call_id, arrived=call_id in arrived))
