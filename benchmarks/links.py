"""Recordings over links like a rep's: `callup send` beside s5cmd, boto3, aws-cli and rclone, in turn.

    python -m benchmarks.links [--quick] [--links NAME ...] [--beside TOOL ...] [--rounds N] [--extras FOLDER]

The kernel's own TCP, through an emulated link (native/link.c) to a store that throws bytes away (native/sink.c) and
speaks TLS. All of it lives in network namespaces of its own, for which Linux and the right to make them are needed.
Printed are seconds of whole processes, with start and end, beside those that the bytes alone need on the wire, and the
MiB that were given to the wire. Ours also registers and announces each call; registry and queue are not behind the
link. TCP's congestion control is cubic, as that of Windows and macOS.
The home of ours is new with each link, so that nothing is known of it in the first round.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peer_tools import Command, Peers, installed
from benchmarks.peers import OURS, ours, run
from benchmarks.sink import compiled
from benchmarks.upload import MIB, recording
from callup_desktop.config.paths import Home
from callup_desktop.config.profiles import ProfileStore
from callup_desktop.sandbox.embedded import Sandbox
from tests.cli.console import profile_with
from tests.services.certificates import self_signed

TOOLS = ("s5cmd", "boto3", "aws-cli", "rclone")
_INSIDE = "CALLUP_BENCHMARK_NAMESPACE"
_SERVER = "10.99.0.2"
_PORT = 443
_QUEUE_SECONDS = 0.1
"""How much waits for the wire at most, as in a router at home."""
_LEAST_QUEUE = 64 * 1024
_ROUTE = ("10.99.0.0/24", "dev", "near", "src", "10.99.0.1", "congctl", "cubic")


@dataclass(frozen=True, slots=True)
class Link:
    """Mbit/s both ways, milliseconds there and back, percent of packets lost, a cut of so many seconds every so many.

    `files` recordings of `size` MiB are sent.
    """

    mbit: float
    delay: float
    loss: float = 0.0
    files: int = 1
    size: int = 40
    cut_every: float = 0.0
    cut_for: float = 0.0

    @property
    def arguments(self) -> tuple[str, ...]:
        """As native/link.c takes them."""
        queue = max(_LEAST_QUEUE, self.mbit * 1e6 / 8 * _QUEUE_SECONDS)
        values = (self.mbit * 1e6, self.mbit * 1e6, self.delay / 2, self.loss, queue, self.cut_every, self.cut_for)
        return tuple(f"{value:.10g}" for value in values)

    @property
    def wire_seconds(self) -> float:
        """What the bytes need without anything else."""
        return self.files * self.size * MIB * 8 / (self.mbit * 1e6)


QUICK = {
    "20 Mbit/s 40 ms": Link(20, 40),
    "100 Mbit/s 80 ms 0.1 %": Link(100, 80, 0.1),
}
_QUICK_PEERS = ("s5cmd", "boto3")
"""So that it takes two minutes."""
LINKS = {
    **QUICK,
    "2 Mbit/s 80 ms": Link(2, 80, size=8),
    "2 Mbit/s 200 ms 2 %": Link(2, 200, 2.0, size=8),
    "20 Mbit/s 20 ms 0.5 %": Link(20, 20, 0.5),
    "20 Mbit/s 200 ms 2 %": Link(20, 200, 2.0, size=20),
    "20 Mbit/s 40 ms cut": Link(20, 40, cut_every=20, cut_for=3, files=3, size=40),
    "100 Mbit/s 20 ms": Link(100, 20, size=120),
    "100 Mbit/s 200 ms 0.5 %": Link(100, 200, 0.5, size=60),
    "1 Gbit/s 20 ms": Link(1000, 20, size=500),
    "1 Gbit/s 200 ms": Link(1000, 200, size=500),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One process: its seconds, and the MiB that it gave to the wire."""

    seconds: float
    wire: float


@dataclass(frozen=True)
class Bench:
    """The compiled programs, the store's certificate, and the tools."""

    folder: Path
    link: Path
    sink: Path
    certificate: Path
    peers: Peers

    def measured(self, link: Link, rounds: int, beside: Collection[str]) -> Mapping[str, Sequence[Sent]]:
        """What each tool needed, round by round."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            files, home = Path(name) / "files", Path(name) / "home"
            files.mkdir()
            for number in range(link.files):
                recording(files / f"{number}.wav", link.size * MIB)
            endpoint = f"https://{_SERVER}"
            profile = profile_with(Path(name) / "profile", self.peers.running, endpoint=endpoint, credentials="aws")
            with_keys = {tool: made(files, endpoint) for tool, made in self.peers.commands().items() if tool in beside}
            imported = ProfileStore(Home(config=home, data=home, logs=home / "logs"))
            imported.adopt(imported.preview(profile))
            own, keys = ours(profile, home, files), self.peers.keys
            commands = {OURS: Command(own.arguments, {**keys, **own.environment}), **with_keys}
            found: dict[str, list[Sent]] = defaultdict(list)
            for _ in range(rounds):
                for tool, command in commands.items():
                    found[tool].append(self._sent(link, command))
            return found

    def _sent(self, link: Link, command: Command) -> Sent:
        trust = {"SSL_CERT_FILE": str(self.certificate), "AWS_CA_BUNDLE": str(self.certificate)}
        with self._up(link) as process:
            seconds = run(Command(command.arguments, {**command.environment, **trust})).seconds
            _, told = process.communicate()
        return Sent(seconds, json.loads(told)["up"][0] / MIB)

    @contextmanager
    def _up(self, link: Link) -> Iterator["subprocess.Popen[str]"]:
        """The link and the store behind it."""
        command = [str(self.link), *link.arguments, str(self.sink), str(_PORT), str(self.certificate)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            try:
                if process.stdout is None or process.stdout.readline() != "ready\n":
                    raise SystemExit("the link does not stand")
                _ip("route", "change", *_ROUTE)
                yield process
            finally:
                process.kill()


def rows(name: str, link: Link, found: Mapping[str, Sequence[Sent]]) -> Iterator[Mapping[str, object]]:
    """A row a tool: medians, and how many times as long as the best of the others."""
    seconds = {tool: statistics.median(each.seconds for each in all_) for tool, all_ in found.items()}
    best = min((value for tool, value in seconds.items() if tool != OURS), default=seconds[OURS])
    for tool, all_ in found.items():
        yield {
            "link": name,
            "tool": tool,
            "seconds": round(seconds[tool], 2),
            "wire_seconds": round(link.wire_seconds, 1),
            "wire_mib": round(statistics.median(each.wire for each in all_), 1),
            "to_best_peer": round(seconds[tool] / best, 3),
        }


def _in_namespace() -> None:
    """Begin again in a network namespace of its own; returns there."""
    if os.environ.get(_INSIDE) is None:
        command = ["unshare", "--net", sys.executable, "-m", "benchmarks.links", *sys.argv[1:]]
        os.execvpe(command[0], command, {**os.environ, _INSIDE: "1"})  # noqa: S606 - no shell is wanted
    _ip("link", "set", "lo", "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)  # noqa: S607 - wherever the system has it


def main() -> None:
    """Measure, and print a line a link and tool."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="two links, one round, less than two minutes")
    parser.add_argument("--links", nargs="*", choices=LINKS, default=None)
    parser.add_argument("--beside", nargs="*", choices=TOOLS, default=None, help="the tools beside ours")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--extras", type=Path, help="a folder for the other tools, kept for later runs")
    options = parser.parse_args()
    _in_namespace()
    usual = _QUICK_PEERS if options.quick else TOOLS
    beside = usual if options.beside is None else options.beside
    names = options.links or (QUICK if options.quick else LINKS)
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running:
        folder = Path(name)
        peers = Peers(installed(options.extras or folder / "extras"), running)
        certificate = self_signed(folder / "sink.pem", host=_SERVER)
        bench = Bench(folder, compiled("link", folder), compiled("sink", folder, tls=True), certificate, peers)
        sys.stdout.write(json.dumps({"load": round(os.getloadavg()[0], 1)}) + "\n")
        for link in names:
            for row in rows(link, LINKS[link], bench.measured(LINKS[link], options.rounds, beside)):
                sys.stdout.write(json.dumps(row) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
