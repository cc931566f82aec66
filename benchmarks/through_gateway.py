"""The console with keys and the console through a gateway, in turn, on the same storage, registry and queue.

    python -m benchmarks.through_gateway [--rounds N] [--cases NAME ...]

Whole processes on the sandbox's real servers, and one replica of the gateway. Printed are medians and their ratios:
seconds, processor seconds of the client, those of the gateway beside them, and the bytes and requests that a call
takes through the gateway, as a relay before its socket counts them. Every recording is new, so that nobody is asked
whether to send one again; the first round is not counted.
"""

import argparse
import hashlib
import json
import os
import socket
import statistics
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import tomli_w

from benchmarks.peer_tools import Command, empty_queue
from benchmarks.peers import Measured, run
from benchmarks.upload import MIB, recording
from callup_desktop.config.profile import load_profile
from callup_desktop.sandbox.embedded import Running, Sandbox
from tests.gateway.replica import Replica, replica, write_profile

CASES = {"1 x 1 GiB": (1, 1024), "1 x 101 MiB": (1, 101), "200 x 1 MiB": (200, 1), "1 x 1 MiB": (1, 1)}
"""By name: how many recordings, of how many MiB each."""
STRAIGHT, THROUGH = "straight", "through the gateway"
TOKEN = "a-token-of-forty-three-letters-as-they-are-made"  # noqa: S105 - of this run
_LOOPBACK = "127.0.0.1"
_PIECE = 64 * 1024
_REQUEST = b" HTTP/1.1\r\n"
_DETAILS = ("--company", "Acme", "--email", "john@acme.com", "--type", "demo")


@dataclass
class Relay:
    """Passes connections on to a port, and counts what they carry. Threads of its own."""

    target: int
    door: socket.socket = field(default_factory=lambda: socket.create_server((_LOOPBACK, 0)))
    carried: int = 0
    requests: int = 0
    connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        """Where it takes connections."""
        return int(self.door.getsockname()[1])

    def run(self) -> None:
        """Until its door is closed."""
        with suppress(OSError):
            while True:
                client, _address = self.door.accept()
                server = socket.create_connection((_LOOPBACK, self.target))
                self.connections += 1
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                with self._lock:
                    self.carried += len(piece)
                    self.requests += piece.count(_REQUEST)
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Passed:
    """What one run cost at the gateway: its processor seconds, and bytes and requests through its socket."""

    cpu: float
    carried: int
    requests: int


@dataclass
class Bench:
    """Both ways, each with a home of its own that knows its uplink after the first round."""

    folder: Path
    running: Running
    gateway: Replica
    relay: Relay

    def send(self, way: str, files: Path) -> tuple[Measured, Passed]:
        """`callup send` of all files of the folder."""
        empty_queue(self.running)
        before = self._at_gateway()
        measured = run(self._command(way, files))
        after = self._at_gateway()
        return measured, Passed(
            after.cpu - before.cpu, after.carried - before.carried, after.requests - before.requests
        )

    def _command(self, way: str, files: Path) -> Command:
        profile = self.running.profile if way == STRAIGHT else self._laptop_profile()
        home = self.folder / f"home-{profile.stem}"
        arguments = (sys.executable, "-m", "callup_desktop.cli.main", "send", "--profile", str(profile), *_DETAILS)
        environment = {"CALLUP_HOME": str(home)} | ({} if way == STRAIGHT else {"CALLUP_GATEWAY_TOKEN": TOKEN})
        return Command((*arguments, *map(str, sorted(files.iterdir()))), environment)

    def _laptop_profile(self) -> Path:
        path = self.folder / "laptop.callup"
        address = f"http://{_LOOPBACK}:{self.relay.port}"
        path.write_text(tomli_w.dumps({"name": "Laptop", "gateway": address}), encoding="utf-8")
        return path

    def _at_gateway(self) -> Passed:
        times = psutil.Process(self.gateway.process.pid).cpu_times()
        return Passed(times.user + times.system, self.relay.carried, self.relay.requests)


@contextmanager
def bench(folder: Path, running: Running) -> Iterator[Bench]:
    """Sandbox, replica and relay."""
    entries = json.dumps([{"sha256": hashlib.sha256(TOKEN.encode()).hexdigest(), "caller": "rep"}])
    profile = write_profile(folder / "gateway", load_profile(running.profile), running.profile)
    with replica(profile, folder / "gateway", tokens=entries) as gateway:
        relay = Relay(gateway.port)
        with closing(relay.door):
            threading.Thread(target=relay.run, daemon=True).start()
            yield Bench(folder, running, gateway, relay)


def measure(found: Bench, case: str, rounds: int, say: Callable[[str], None]) -> Mapping[str, object]:
    """One row: the medians of all rounds but the first."""
    count, size = CASES[case]
    results: dict[str, list[tuple[Measured, Passed]]] = defaultdict(list)
    files = found.folder / "files"
    files.mkdir()
    for number in range(rounds + 1):
        for way in (STRAIGHT, THROUGH) if number % 2 else (THROUGH, STRAIGHT):
            for each in range(count):
                recording(files / f"{each:03}.wav", size * MIB)
            os.sync()
            measured, passed = found.send(way, files)
            say(f"{case}, round {number}, {way}: {measured.seconds:.2f} s, {measured.cpu:.2f} CPU s, "
                f"gateway {passed.cpu:.2f} CPU s, {passed.requests / count:.1f} requests, "
                f"{passed.carried / count:,.0f} bytes a call")  # fmt: skip
            if number:
                results[way].append((measured, passed))
    for file in files.iterdir():
        file.unlink()
    files.rmdir()
    return _row(case, count, results)


def _row(case: str, count: int, results: Mapping[str, list[tuple[Measured, Passed]]]) -> Mapping[str, object]:
    def median(way: str, value: Callable[[Measured, Passed], float]) -> float:
        return statistics.median(value(*each) for each in results[way])

    straight, through = (
        {name: median(way, value) for name, value in _MEASURED_VALUES.items()} for way in (STRAIGHT, THROUGH)
    )
    return {
        "case": case,
        **{f"{name}_straight": round(value, 2) for name, value in straight.items()},
        **{f"{name}_through": round(value, 2) for name, value in through.items()},
        **{f"{name}_ratio": round(through[name] / straight[name], 3) for name in _MEASURED_VALUES},
        "gateway_cpu": round(median(THROUGH, lambda _measured, passed: passed.cpu), 3),
        "requests_a_call": round(median(THROUGH, lambda _measured, passed: passed.requests) / count, 2),
        "bytes_a_call": round(median(THROUGH, lambda _measured, passed: passed.carried) / count),
    }


_MEASURED_VALUES: Mapping[str, Callable[[Measured, Passed], float]] = {
    "seconds": lambda measured, _passed: measured.seconds,
    "cpu": lambda measured, _passed: measured.cpu,
    "mib": lambda measured, _passed: measured.memory,
}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print a line a case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES))
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(Path(name) / "sandbox") as running,
        bench(Path(name), running) as found,
    ):
        for case in options.cases:
            _say(json.dumps(measure(found, case, options.rounds, _say)))


if __name__ == "__main__":
    main()
