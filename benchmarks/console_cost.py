"""What one call costs `callup send`, by how many there are: CPU time of the console with its engine, end to end.

    python -m benchmarks.console_cost [--calls N...] [--waiting N...] [--size BYTES]

First so many recordings in one command; then 1,000 recordings while so many other calls wait, paused, in the list.
Storage is a server that discards (benchmarks/sink.py), registry and queue are the sandbox's. What counts is the CPU
time of the console with its engine, without that of its start: how fast the servers are makes no difference.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.sink import sink
from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.journal.journal import open_journal
from callup_desktop.engine.journal.rows import to_row
from callup_desktop.files.identity import FileIdentity
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Recording
from callup_desktop.sandbox.embedded import Sandbox
from tests.cli.console import DETAILS, profile_with
from tests.faults.crashes import noise

_SENT_MEANWHILE = 1_000
_PATIENCE = "600"


def recordings(folder: Path, count: int, size: int) -> list[Path]:
    """So many different recordings."""
    folder.mkdir()
    chance = random.Random(str(folder))  # noqa: S311 - noise
    return [noise(folder / f"{number}.wav", size, chance) for number in range(count)]


def write_calls(home: Path, calls: Iterable[Job]) -> None:
    """A new list with these calls."""
    home.mkdir()
    path = home / "journal.sqlite3"
    open_journal(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        for call in calls:
            row = to_row(call)
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - our own columns
    db.close()


def waiting_call(home: Path, number: int) -> Job:
    """A call that is paused."""
    now = datetime.now(UTC)
    recording = Recording(Format.WAV, 16_044, 1.0, 1, 8_000, 128_000, (), f"{number:012}=", "AAAAAA==")
    return Job(
        str(uuid.uuid4()),
        State.PAUSED,
        home / f"{number}.wav",
        now,
        identity=FileIdentity(16_044, number, 1, number + 1),
        recording=recording,
        details=Details("Acme Corp", "john@acme.com", "demo"),
        submitted_at=now,
        bucket="bucket",
        key=f"2026/11/26/{number}.wav",
    )


def cpu_of_send(profile: Path, home: Path, files: Sequence[Path]) -> float:
    """CPU seconds of one console that sends the files, from its first to its last instruction."""
    command = [sys.executable, "-m", "callup_desktop.cli.main", "send", "--profile", str(profile), *DETAILS]
    environ = {**os.environ, "CALLUP_HOME": str(home)}
    before = os.times()
    done = subprocess.run(
        [*command, "--patience", _PATIENCE, *map(str, files)], env=environ, stdout=subprocess.PIPE, check=True
    )
    after = os.times()
    told = {json.loads(line)["call_id"] for line in done.stdout.splitlines()}
    if len(told) != len(files):
        raise SystemExit(f"{len(told)} of {len(files)} calls arrived")
    return after.children_user + after.children_system - before.children_user - before.children_system


def cost_a_call(profile: Path, home: Path, files: Sequence[Path]) -> float:
    """Milliseconds of CPU for each file but the first, whose call pays for the start."""
    start = cpu_of_send(profile, home, files[:1])
    return 1000 * (cpu_of_send(profile, home, files[1:]) - start) / (len(files) - 1)


def main() -> None:
    """Print the milliseconds a call for each number of calls, and how much the most is above the least."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, nargs="*", default=[200, 2_000, 10_000])
    parser.add_argument("--waiting", type=int, nargs="*", default=[200, 2_000, 10_000, 100_000])
    parser.add_argument("--size", type=int, default=16_000, help="bytes of each recording")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(Path(name) / "sandbox") as running,
        sink(Path(name)) as endpoint,
    ):
        folder = Path(name)
        profile = profile_with(folder / "profile", running, endpoint=endpoint)
        for kind, counts in (("calls", options.calls), ("waiting", options.waiting)):
            costs = []
            for count in counts:
                home, sent = folder / f"home-{kind}-{count}", count if kind == "calls" else _SENT_MEANWHILE
                if kind == "waiting":
                    write_calls(home, (waiting_call(home, number) for number in range(count)))
                files = recordings(folder / f"{kind}-{count}", sent + 1, options.size)
                costs.append(cost_a_call(profile, home, files))
                print(f"{count:>7} {kind}: {costs[-1]:.2f} ms CPU a call", flush=True)
            if costs:
                print(json.dumps({kind: round(max(costs) / min(costs), 2)}), flush=True)


if __name__ == "__main__":
    main()
