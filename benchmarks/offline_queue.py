"""What a program costs that is offline with calls waiting: CPU and bytes written a minute, by how many calls wait.

    python -m benchmarks.offline_queue [--waiting N...] [--seconds N]

Storage, registry and queue are ports of this computer where nobody listens. `callup resume` holds the list, as the
window does; its first half minute, with the first try of each, is not counted.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import tomli_w

from benchmarks.console_cost import recordings, waiting_call
from callup_desktop.config.profile import load_profile
from callup_desktop.engine.job import State
from callup_desktop.engine.journal.journal import open_journal
from callup_desktop.engine.journal.rows import to_row
from callup_desktop.files.identity import identity_of
from callup_desktop.recordings.probe import probe
from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.sandbox.ports import choose_ports

_WARM_UP = 30.0
_SIZE = 16_000


def offline_profile(folder: Path, running: Running) -> Path:
    """The sandbox's profile, to ports where nobody listens; its keys lie beside it."""
    values = tomllib.loads(running.profile.read_text(encoding="utf-8"))
    store, registry, queue = choose_ports(3)
    values["endpoint"] = f"http://127.0.0.1:{store}"
    values["mongo_uri"] = f"mongodb://127.0.0.1:{registry}/"
    values["queue_url"] = f"http://127.0.0.1:{queue}/000000000000/calls"
    profile = folder / "offline.callup"
    profile.write_text(tomli_w.dumps(values), encoding="utf-8")
    (folder / "keys.json").write_bytes((running.profile.parent / "keys.json").read_bytes())
    return profile


def queued_calls(home: Path, count: int, destination: str) -> None:
    """A list with so many calls that wait to be sent."""
    home.mkdir()
    path = home / "journal.sqlite3"
    open_journal(path).close()
    with sqlite3.connect(path) as db:
        for number, file in enumerate(recordings(home / "files", count, _SIZE)):
            recording = probe(file, cancelled=lambda: False, progress=lambda _done, _size: None)
            facts: dict[str, Any] = {
                "path": file,
                "identity": identity_of(file),
                "recording": recording,
                "destination": destination,
            }
            row = to_row(replace(waiting_call(home, number), state=State.QUEUED, **facts))
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - our own columns
    db.close()


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


def a_minute(process: psutil.Process, seconds: float) -> tuple[float, float]:
    """Percent of one processor, and KB written a minute."""
    time.sleep(_WARM_UP)
    used, written = process.cpu_times(), process.io_counters().write_bytes
    time.sleep(seconds)
    if process.status() == psutil.STATUS_ZOMBIE:
        raise SystemExit("the console did not wait")
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
        profile = offline_profile(folder, running)
        destination = load_profile(profile).identity
        for count in options.waiting:
            queued_calls(folder / f"home-{count}", count, destination)
            with holding(profile, folder / f"home-{count}") as process:
                cpu, written = a_minute(process, options.seconds)
            print(f"{count:6} waiting: {cpu:.2f} % CPU, {written:.0f} KB written a minute")


if __name__ == "__main__":
    main()
