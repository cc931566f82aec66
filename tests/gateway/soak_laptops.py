"""Laptops for the gateway's soak: real engines with tokens and no keys, behind something that balances load."""

import hashlib
import random
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import Services
from callup_desktop.recordings.probe import probe
from callup_desktop.services.gateway.calls import GatewayAnnouncer, GatewayElsewhere, GatewayRegistry
from callup_desktop.services.gateway.store import GatewayStore
from callup_desktop.services.gateway_tokens import open_gateway_secrets
from callup_desktop.services.secrets import Vault
from tests.faults.crashes import noise
from tests.faults.laptop import AnyLaptop
from tests.faults.proxy import LOOPBACK
from tests.services.test_secrets import GoodKeyring

_SHORT_WAITS = Backoff(draw=lambda low, high: low + min(0.5, high - low))
_TAKES_BACK = 0.15
_RESTARTS = 0.25
_PIECE = 65536
_LOOK = 0.1


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
def balanced(ports: Sequence[int], chance: random.Random) -> Iterator[GatewayProfile]:
    """The profile of a laptop whose gateway is these replicas."""
    with closing(Balancer(ports, chance)) as balancer:
        yield GatewayProfile(name="Soak", gateway=f"http://{LOOPBACK}:{balancer.port}")


@dataclass
class Sent:
    """What became of one recording."""

    digest: str
    call_id: str
    arrived: bool


@dataclass
class SoakLaptop:
    """Sends recordings one after the other, takes some back, and is restarted now and then."""

    folder: Path
    profile: GatewayProfile
    chance: random.Random
    add: Callable[[str], None]
    find: Callable[[str, str], None]
    stop: threading.Event
    until: threading.Event
    sizes: Callable[[random.Random], int]
    sent: list[Sent] = field(default_factory=list)

    def run(self) -> None:
        """Until told to stop; what was begun is brought to its end."""
        self.folder.mkdir(parents=True)
        number = 0
        while not self.stop.is_set():
            number += 1
            path = noise(self.folder / f"{number}.wav", self.sizes(self.chance), self.chance)
            self._live(path)
            path.unlink()

    def _live(self, path: Path) -> None:
        """One recording, however often the program is started meanwhile."""
        takes_back = self.chance.random() < _TAKES_BACK
        call_id = ""
        while True:
            with self._laptop() as laptop:
                laptop.until_open()
                if not call_id:
                    call_id = laptop.send(path)
                elif call_id not in laptop.jobs:
                    break  # taken back, or done and read from disk only
                if takes_back:
                    self.stop.wait(self.chance.random())
                    laptop.engine.cancel((call_id,))
                restarts = not self.stop.is_set() and self.chance.random() < _RESTARTS
                if self._has_ended(laptop, call_id, self.chance.random() if restarts else None):
                    break
            if self.until.is_set():
                self.find("lost", f"{call_id} did not come to its end")
                break
            self.add("restarts of laptops")
        gone = takes_back and self._is_gone(laptop, call_id)
        self.add("calls taken back" if gone else "calls sent")
        self.sent.append(Sent(hashlib.sha256(path.read_bytes()).hexdigest(), call_id, arrived=not gone))

    def _has_ended(self, laptop: AnyLaptop, call_id: str, within: float | None) -> bool:
        """Whether the call is at its end, by then or, without a limit, once it is."""
        waited = 0.0
        while not self.until.is_set() and (within is None or waited < within):
            job = laptop.jobs.get(call_id)
            if call_id in laptop.gone or (job is not None and job.state is State.DONE):
                return True
            if job is not None and job.state is State.FAILED:
                self.add(f"failures by {job.trouble.code if job.trouble else 'nothing'}")
                laptop.engine.retry((call_id,))
            self.until.wait(_LOOK)
            waited += _LOOK
        return False

    @staticmethod
    def _is_gone(laptop: AnyLaptop, call_id: str) -> bool:
        return call_id in laptop.gone or call_id not in laptop.jobs

    def _laptop(self) -> AnyLaptop:
        secrets = open_gateway_secrets(self.profile, Vault("soak", GoodKeyring()), {"CALLUP_GATEWAY_TOKEN": "any"})
        services = Services(
            GatewayStore(self.profile, secrets),
            GatewayRegistry(self.profile, secrets),
            GatewayAnnouncer(self.profile, secrets),
            probe,
            elsewhere=GatewayElsewhere(self.profile, secrets),
        )
        return AnyLaptop(self.folder, self.profile, services, backoff=_SHORT_WAITS)
