"""Whole recordings to a store that throws them away: `callup send` beside s5cmd, boto3, aws-cli and rclone, in turn.

    python -m benchmarks.peers [--rounds N] [--cases NAME ...] [--extras FOLDER]

Whole processes with their start and their end: seconds, processor seconds and MiB at the most, as medians and as
ratios to s5cmd. Ours also keeps a journal, registers each call with a real MongoDB server and announces it to a real
queue. The sink is C (native/sink.c); "https" is the same with a certificate made for the run.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peer_tools import Command, Peers, empty_queue, installed
from benchmarks.sink import sink
from benchmarks.upload import MIB, recording
from callup_desktop.sandbox.embedded import Running, Sandbox
from tests.cli.console import profile_with
from tests.services.certificates import self_signed

OURS = "callup"
CASES = {
    "1 x 1 GiB": (1, 1024),
    "1 x 101 MiB": (1, 101),
    "200 x 1 MiB": (200, 1),
    "20 x 50 MiB": (20, 50),
    "https 1 x 1 GiB": (1, 1024),
    "https 20 x 50 MiB": (20, 50),
}
"""By name: how many recordings, of how many MiB each."""
_SAMPLE_INTERVAL = 0.01


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: seconds by the wall and of the processor, MiB at the most."""

    seconds: float
    cpu: float
    memory: float


def run(command: Command) -> Measured:
    """The process from its birth to its end; raises SystemExit."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command.arguments, env={**os.environ, **command.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    memory, ended = [0.0], threading.Event()
    watch = threading.Thread(target=_watch_memory, args=(process.pid, memory, ended))
    watch.start()
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    ended.set()
    watch.join()
    told = process.stderr.read() if process.stderr else b""
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command.arguments[0]}: {told.decode(errors='replace')[-600:]}")
    return Measured(seconds, used.ru_utime + used.ru_stime, max(memory))


def _watch_memory(pid: int, memory: list[float], ended: threading.Event) -> None:
    """Note the most that it had; what `wait4` tells includes this process, of which it was a copy at first."""
    while not ended.wait(_SAMPLE_INTERVAL):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            memory.append(int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024)


def ours(profile: Path, home: Path, folder: Path) -> Command:
    """`callup send` of all files of the folder."""
    details = ("--company", "Acme", "--email", "john@acme.com", "--type", "demo", "--send-again")
    command = (sys.executable, "-m", "callup_desktop.cli.main", "send", "--profile", str(profile), *details)
    return Command((*command, *map(str, sorted(folder.iterdir()))), {"CALLUP_HOME": str(home)})


@dataclass(frozen=True, slots=True)
class Store:
    """A sink: its address, our profile for it, and what every tool's environment has for it."""

    endpoint: str
    profile: Path
    environment: Mapping[str, str]


@contextmanager
def stores(folder: Path, running: Running) -> Iterator[Mapping[bool, Store]]:
    """Both sinks, by whether they speak TLS."""
    certificate = self_signed(folder / "sink.pem")
    with ExitStack() as stack:
        plain = stack.enter_context(sink(folder))
        secure = stack.enter_context(sink(folder, certificate))
        trust = {"SSL_CERT_FILE": str(certificate), "AWS_CA_BUNDLE": str(certificate)}
        yield {
            False: Store(plain, profile_with(folder / "plain", running, endpoint=plain), {}),
            True: Store(secure, profile_with(folder / "secure", running, endpoint=secure), trust),
        }


def measure(folder: Path, peers: Peers, cases: Sequence[str], rounds: int) -> Iterator[Mapping[str, object]]:
    """One row a case and tool."""
    with stores(folder, peers.running) as both:
        for case in cases:
            count, size = CASES[case]
            store = both[case.startswith("https")]
            files = folder / "files"
            files.mkdir()
            for number in range(count):
                recording(files / f"{number:03}.wav", size * MIB)
            yield from _rows(case, _measured(folder / "home", peers, store, files, rounds))
            for file in files.iterdir():
                file.unlink()
            files.rmdir()


def _measured(home: Path, peers: Peers, store: Store, files: Path, rounds: int) -> dict[str, list[Measured]]:
    """The first round is not counted: the uplink is known then, as on a rep's second day, and the files are cached."""
    found: dict[str, list[Measured]] = defaultdict(list)
    for number in range(rounds + 1):
        commands = {OURS: ours(store.profile, home, files)}
        commands |= {name: made(files, store.endpoint) for name, made in peers.commands().items()}
        for name, command in commands.items():
            empty_queue(peers.running)
            measured = run(Command(command.arguments, {**command.environment, **store.environment}))
            if number:
                found[name].append(measured)
    return found


def _rows(case: str, found: Mapping[str, Sequence[Measured]]) -> Iterator[Mapping[str, object]]:
    median = {
        name: Measured(*(statistics.median(getattr(each, what) for each in all_) for what in Measured.__slots__))
        for name, all_ in found.items()
    }
    best = median["s5cmd"]
    for name, each in median.items():
        yield {
            "case": case,
            "tool": name,
            "seconds": round(each.seconds, 2),
            "cpu_seconds": round(each.cpu, 2),
            "mib": round(each.memory),
            "wall_to_s5cmd": round(each.seconds / best.seconds, 2),
            "cpu_to_s5cmd": round(each.cpu / best.cpu, 2),
        }


def main() -> None:
    """Measure, and print a line a case and tool."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES))
    parser.add_argument("--extras", type=Path, help="a folder for the other tools, kept for later runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running:
        folder = Path(name)
        peers = Peers(installed(options.extras or folder / "extras"), running)
        for row in measure(folder, peers, options.cases, options.rounds):
            sys.stdout.write(json.dumps(row) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
