"""One replica of the gateway for the tests: the real program in a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import psutil
import tomli_w

from callup_desktop.config.profile import Profile
from tests.cli.console import PROGRAM
from tests.cli.forked import Forked, parent

ROOT = Path(__file__).parents[2]
WITHIN = 60.0
"""Seconds after which a test that waits has failed."""
POLL_INTERVAL = 0.05
UPLOAD = "/api/v1/calls/upload"

T = TypeVar("T")


@dataclass
class Replica:
    """A running replica and where it answers."""

    process: "Forked | subprocess.Popen[bytes]"
    address: str
    log: Path

    @property
    def upload(self) -> str:
        """Where calls are posted."""
        return self.address + UPLOAD

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def memory(self) -> psutil.Process:
        """The process, to be measured."""
        return psutil.Process(self.process.pid)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(WITHIN)

    def stop(self) -> int:
        """In good order; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WITHIN)

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """What it logged, of one kind or all."""
        told = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line]
        return [line for line in told if event in {"", line["event"]}]


def write_profile(folder: Path, profile: Profile, keys_of: Path) -> Path:
    """The profile as a file, with the sandbox's keys beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gateway.callup"
    path.write_text(tomli_w.dumps(profile.model_dump(exclude_unset=True, mode="json")), encoding="utf-8")
    shutil.copy(keys_of.with_name("keys.json"), folder / "keys.json")
    return path


@contextmanager
def replica(profile: Path, folder: Path, **settings: object) -> Iterator[Replica]:
    """A replica that answers; `settings` by their names in GatewaySettings."""
    folder.mkdir(parents=True, exist_ok=True)
    port = settings.pop("port", 0)
    log = folder / f"replica-{time.monotonic_ns()}.log"
    variables = {f"CALLUP_GATEWAY_{name.upper()}": str(value) for name, value in settings.items()}
    environment = {**os.environ, **variables, "CALLUP_HOME": str(folder)}
    words = ["serve", "--json", "--port", str(port), "--profile", str(profile)]
    reading, writing = os.pipe()
    with os.fdopen(reading) as told, ExitStack() as stack:
        with log.open("w") as errors, os.fdopen(writing, "w") as out:
            process = started(words, environment, out, errors)
        stack.enter_context(process)
        try:
            line = told.readline()
            assert line, log.read_text(encoding="utf-8")
            yield Replica(process, json.loads(line)["address"], log)
        finally:
            process.terminate()
            try:
                process.wait(WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def started(
    words: list[str], environ: dict[str, str], out: IO[str], err: IO[str]
) -> "Forked | subprocess.Popen[bytes]":
    """The program, which writes to the files; forked, with the gateway loaded, where that is the same as a start."""
    if sys.platform != "win32" and (forks := parent("callup_desktop.gateway.server")).fits(environ):
        return forks.start(words, environ, ROOT, out, err)
    return subprocess.Popen([*PROGRAM, *words], cwd=ROOT, env=environ, stdout=out, stderr=err)


def eventually(look: Callable[[], T | None], what: str) -> T:
    """What `look` finds in the end. It looks at other processes, which tell nobody when they are done."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(POLL_INTERVAL)
    raise AssertionError(f"never: {what}")
