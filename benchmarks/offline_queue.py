"""What a program costs that is offline with calls waiting: CPU and bytes written a minute, by how many calls wait.

    python -m benchmarks.offline_queue [--waiting N...] [--seconds N]

Storage, registry and queue are ports of this computer where nobody listens. `callup resume` holds the list, as the
window does; its first half minute, with the first try of each, is not counted.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil

from benchmarks.console_cost import recordings, waiting_call, write_calls
from callup_desktop.config.profile import load_profile
from callup_desktop.engine.job import Job, State
from callup_desktop.files.identity import identity_of
from callup_desktop.recordings.probe import probe
from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.sandbox.ports import choose_ports
from tests.cli.console import profile_with

_WARM_UP = 30.0
_SIZE = 16_000


def offline_profile(folder: Path, running: Running) -> Path:
    """The sandbox's profile, to ports where nobody listens."""
    store, registry, queue = (f"127.0.0.1:{port}" for port in choose_ports(3))
    return profile_with(
        folder,
        running,
        endpoint=f"http://{store}",
        mongo_uri=f"mongodb://{registry}/",
        queue_url=f"http://{queue}/000000000000/calls",
    )


def queued_calls(home: Path, files: Sequence[Path], destination: str) -> Iterator[Job]:
    """A call for each file that waits to be sent."""
    for number, file in enumerate(files):
        yield replace(
            waiting_call(home, number),
            state=State.QUEUED,
            path=file,
            identity=identity_of(file),
            recording=probe(file, cancelled=lambda: False, progress=lambda _done, _size: None),
            destination=destination,
        )


@contextmanager
def holding(profile: Path, home: Path) -> Iterator[psutil.Process]:
    """A console that goes on with all calls for as long as the context lasts."""
    command = [sys.executable, "-m", "callup_desktop.cli.main", "resume", "--profile", str(profile)]
    with subprocess.Popen(
        [*command, "--patience", "3600"],
        env={**os.environ, "CALLUP_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def _let_run(process: psutil.Process, seconds: float) -> None:
    """Let the console go on for so long; raises SystemExit where it ends by itself."""
    with suppress(psutil.TimeoutExpired):
        process.wait(seconds)
        raise SystemExit("the console did not wait")


def a_minute(process: psutil.Process, seconds: float) -> tuple[float, float]:
    """Percent of one processor, and KB written a minute."""
    _let_run(process, _WARM_UP)
    used, written = process.cpu_times(), process.io_counters().write_bytes
    _let_run(process, seconds)
    cpu = process.cpu_times()
    busy = cpu.user + cpu.system - used.user - used.system
    return 100 * busy / seconds, (process.io_counters().write_bytes - written) / 1000 * 60 / seconds


def main() -> None:
    """Measure each number of calls, and print a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--waiting", type=int, nargs="*", default=[300, 2_000, 10_000])
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running:
        folder = Path(name)
        profile = offline_profile(folder / "profile", running)
        destination = load_profile(profile).identity
        for count in options.waiting:
            home = folder / f"home-{count}"
            files = recordings(folder / f"files-{count}", count, _SIZE)
            write_calls(home, queued_calls(home, files, destination))
            with holding(profile, home) as process:
                cpu, written = a_minute(process, options.seconds)
            print(f"{count:6} waiting: {cpu:.2f} % CPU, {written:.0f} KB written a minute")


if __name__ == "__main__":
    main()
