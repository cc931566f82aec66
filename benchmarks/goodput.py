"""Recordings over a bad line: ours beside aws-cli, s5cmd and rclone, all through one proxy that does the same to each.

    python -m benchmarks.goodput [--black-hole] [--files N] [--beside TOOL ...] [--extras FOLDER]

What the proxy does depends on the time since the first byte, so that it is alike for all, however many requests they
make: every few seconds all connections are cut, for moments the server says nothing to what is asked then, or answers
503, and of the first object that is whole nobody hears. All connections share one uplink. Each tool runs with its own
settings, and is run again while it fails, as a script or a person would. Printed are the seconds until the last byte of
the last file is in storage, and until the tool says so; the MiB that were sent more than once; and how often a whole
object was written again, which a bucket that keeps versions keeps.
The three tools, which CallUp does not use, are installed into a folder of their own for the measurement.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import psutil

from benchmarks.peer_tools import Command, Peers, installed
from benchmarks.upload import recording
from callup_desktop.sandbox.embedded import Running, Sandbox
from tests.cli.console import DETAILS, profile_with
from tests.faults import harms
from tests.faults.http_talk import http_talk
from tests.faults.proxy import LOOPBACK, Exchange, Line, Proxy, Talk

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MIB = 1024 * 1024
SIZE = 16
"""MiB of a recording."""
RATE = 8 * MIB
"""Bytes a second of all connections together."""
CUTS = (4.0, 11.0, 18.0, 26.0, 40.0, 60.0)
SILENCES = ((2.0, 2.5), (14.0, 14.5))
STORMS = ((7.0, 9.0), (21.0, 23.0), (45.0, 47.0))
"""Seconds since the first byte of sound."""
_SWALLOWED = 5
"""One connection of so many falls into the black hole."""
OURS = "callup"
OTHERS = ("rclone", "aws-cli", "s5cmd")
_AT_MOST = 300.0
"""Seconds for one tool."""
_RUNS = 12
_LOOK_INTERVAL = 0.1


class Weather:
    """What happens to the requests that carry sound, and to those that end an upload."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._lock = threading.Lock()
        self._began: float | None = None
        self._heard_of_one = False
        self._over = threading.Event()
        self._cutting = threading.Thread(target=self._cut)

    def of_sound(self, exchange: Exchange) -> None:
        """By the time at which the request arrived."""
        now = self._since()
        if any(begin <= now < end for begin, end in STORMS):
            harms.s3_refusal(503, "SlowDown")(exchange)
        elif any(begin <= now < end for begin, end in SILENCES):
            harms.silence(exchange)
        elif exchange.arrived.operation == "put":
            self.of_end(exchange)
        else:
            exchange.pass_on()

    def of_end(self, exchange: Exchange) -> None:
        """The first object is whole, and nobody hears of it."""
        exchange.forward()
        with self._lock:
            lost = exchange.acted and not self._heard_of_one
            self._heard_of_one = self._heard_of_one or lost
        if lost:
            exchange.reset()
        exchange.reply()

    def end(self) -> None:
        """No more cuts."""
        self._over.set()
        if self._began is not None:
            self._cutting.join()

    def _since(self) -> float:
        with self._lock:
            if self._began is None:
                self._began = time.monotonic()
                self._cutting.start()
            return time.monotonic() - self._began

    def _cut(self) -> None:
        for at in CUTS:
            if self._over.wait(max(0.0, at - self._since())):
                return
            self._proxy.hang_up()


class Uplink(Proxy):
    """All connections share its rate, each byte after those that came before it on any of them."""

    def __init__(self, backend: tuple[str, int], talk: Talk) -> None:
        super().__init__(backend, talk)
        self._reserving = threading.Lock()
        self._free_at = 0.0

    def plan_pause(self, seconds: float) -> None:
        """Bytes of one connection take the time of all."""
        with self._reserving:
            now = time.monotonic()
            self._free_at = max(now, self._free_at) + seconds
            wait = self._free_at - now
        super().plan_pause(wait)


@dataclass
class Way:
    """The proxy before the store for one tool, and what went through it."""

    proxy: Proxy
    taken: dict[int, int]

    @property
    def endpoint(self) -> str:
        """What the tool is told."""
        return f"http://{LOOPBACK}:{self.proxy.port}"

    def rewritten(self) -> int:
        """How often a request that makes an object whole was carried out for one that was there already."""
        whole = Counter(
            seen.arrived.key
            for operation in ("put", "complete")
            for seen in self.proxy.plan.exchanges(operation)
            if seen.acted
        )
        return sum(times - 1 for times in whole.values())


class BlackHole:
    """Every fifth connection takes what it is given and never says a word."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[Line, int] = {}

    def talk(self, line: Line) -> None:
        """As HTTP, but on the swallowed connections."""
        with self._lock:
            number = self._lines.setdefault(line, len(self._lines) + 1)
        if number % _SWALLOWED:
            http_talk(line)
        else:
            line.take(65536)


@contextmanager
def way_to(store: str, *, black_hole: bool) -> Iterator[Way]:
    """The same weather, or a black hole, for every tool."""
    taken: dict[int, int] = {}
    talk = BlackHole().talk if black_hole else http_talk

    def counted(line: Line) -> None:
        try:
            talk(line)
        finally:
            taken[id(line)] = line.taken

    address = urlsplit(store)
    with Uplink((LOOPBACK, address.port or 80), counted) as proxy:
        proxy.link.rate = RATE
        weather = Weather(proxy)
        ordered = {} if black_hole else {"part": weather.of_sound, "put": weather.of_sound, "complete": weather.of_end}
        for operation, harm in ordered.items():
            proxy.plan.order(operation, harm, times=None)
        try:
            yield Way(proxy, taken)
        finally:
            weather.end()


@dataclass(frozen=True, slots=True)
class Result:
    """One tool: `stored` is None where not every file was whole in storage in time; `runs` is how often it was run."""

    stored: float | None
    ended: float | None
    runs: int
    twice: float
    rewritten: int
    more_objects: int
    open_uploads: int


@dataclass(frozen=True)
class Bench:
    """What is sent, where to, and the tools."""

    folder: Path
    running: Running
    extras: Path
    files: tuple[Path, ...]
    s3: "S3Client"
    black_hole: bool = False

    def commands(self) -> Mapping[str, Callable[[Way], tuple[list[str], dict[str, str]]]]:
        """How each tool is run."""
        peers = Peers(self.extras, self.running)
        others = {"rclone": peers.rclone, "aws-cli": peers.aws, "s5cmd": peers.s5cmd}
        ways = {name: partial(self._other, made) for name, made in others.items()}
        return {OURS: self._callup, **ways}

    def _other(self, made: Callable[[Path, str], Command], way: Way) -> tuple[list[str], dict[str, str]]:
        command = made(self.files[0].parent, way.endpoint)
        return list(command.arguments), dict(command.environment)

    def _callup(self, way: Way) -> tuple[list[str], dict[str, str]]:
        profile = profile_with(self.folder / "profile", self.running, endpoint=way.endpoint)
        command = [sys.executable, "-m", "callup_desktop.cli.main", "send", *map(str, self.files), *DETAILS]
        options = ["--profile", str(profile), "--patience", str(int(_AT_MOST)), "--json"]
        return [*command, *options], {"CALLUP_HOME": str(self.folder / "home")}

    def measured(self, tool: str) -> Result:
        """One tool, from its start until its end, or until time is up."""
        before = set(self._objects())
        with way_to(self.running.s3_endpoint, black_hole=self.black_hole) as way:
            command, environment = self.commands()[tool](way)
            ending = threading.Event()
            stored: list[float] = []
            began = time.monotonic()
            looking = threading.Thread(target=self._look, args=(before, began, ending, stored))
            looking.start()
            ended, runs = self._run(command, environment, began)
            if ended is not None:
                looking.join(5)
            ending.set()
            looking.join()
            sound = sum(path.stat().st_size for path in self.files)
            made = [key for key in self._objects() if key not in before]
            return Result(
                stored=round(stored[0], 1) if stored else None,
                ended=None if ended is None else round(ended, 1),
                runs=runs,
                twice=round((sum(way.taken.values()) - sound) / MIB, 1),
                rewritten=way.rewritten(),
                more_objects=len(made) - len(self.files),
                open_uploads=self._end_uploads(),
            )

    def _run(self, command: list[str], environment: dict[str, str], began: float) -> tuple[float | None, int]:
        for run in range(1, _RUNS + 1):
            left = began + _AT_MOST - time.monotonic()
            with (self.folder / "said.log").open("a") as said, suppress(subprocess.TimeoutExpired):
                done = subprocess.run(
                    command, env={**os.environ, **environment}, stdout=said, stderr=said, timeout=max(left, 0.1)
                )
                if done.returncode == 0:
                    return time.monotonic() - began, run
                continue
            return None, run
        return None, _RUNS

    def _look(self, before: set[str], began: float, ending: threading.Event, stored: list[float]) -> None:
        """Note when as many whole objects as files are there."""
        sizes = Counter(path.stat().st_size for path in self.files)
        while not ending.wait(_LOOK_INTERVAL):
            found = Counter(size for key, size in self._objects().items() if key not in before)
            if found >= sizes:
                stored.append(time.monotonic() - began)
                return

    def _objects(self) -> dict[str, int]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.running.bucket)
        return {found["Key"]: found["Size"] for page in pages for found in page.get("Contents", [])}

    def _end_uploads(self) -> int:
        """How many uploads the tool left open; they are ended."""
        left = self.s3.list_multipart_uploads(Bucket=self.running.bucket).get("Uploads", [])
        for upload in left:
            self.s3.abort_multipart_upload(Bucket=self.running.bucket, Key=upload["Key"], UploadId=upload["UploadId"])
        return len(left)


def card(files: int) -> dict[str, object]:
    """On what it was measured."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 1024**3),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "sent": f"{files} x {SIZE} MiB at {RATE // MIB} MiB/s",
    }


def ratios(results: Mapping[str, Result]) -> dict[str, float | None]:
    """How many times as long as ours each tool took to the last byte."""
    ours = results[OURS].stored
    return {
        tool: round(result.stored / ours, 2) if ours and result.stored else None
        for tool, result in results.items()
        if tool != OURS
    }


def _say(values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run each tool once and print what it did, one line each, then the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--black-hole", action="store_true", help="every fifth connection is silent, and no weather")
    parser.add_argument("--files", type=int, default=6)
    parser.add_argument("--beside", nargs="*", choices=OTHERS, default=list(OTHERS), help="the tools beside ours")
    parser.add_argument("--extras", type=Path, help="a folder with the three tools, from an earlier run")
    options = parser.parse_args()
    _say(card(options.files))
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running:
        folder = Path(name)
        (folder / "calls").mkdir()
        files = tuple(recording(folder / "calls" / f"{at}.wav", SIZE * MIB) for at in range(options.files))
        session = boto3.Session(running.access_key_id, running.secret_access_key, region_name="us-east-1")
        s3 = session.client("s3", endpoint_url=running.s3_endpoint)
        extras = options.extras or installed(folder / "extras")
        bench = Bench(folder, running, extras, files, s3, black_hole=options.black_hole)
        results: dict[str, Result] = {}
        for tool in (OURS, *options.beside):
            results[tool] = bench.measured(tool)
            result = results[tool]
            _say({"tool": tool, **{value: getattr(result, value) for value in Result.__slots__}})
        _say({"times_as_long": ratios(results)})


if __name__ == "__main__":
    main()
