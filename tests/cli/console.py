"""Runs `callup` as a rep's script would: a process of its own, on a home of its own.

A run to its end is forked from a process that has loaded the program; one that is started, and the window, begin with
an interpreter as those of reps do.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tomllib
import wave
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import tomli_w

from callup_desktop.sandbox.embedded import Running
from tests.cli.forked import parent

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

DETAILS = ("--company", "Acme Corp", "--email", "john@acme.com", "--type", "demo")
RUN_WITHIN = 90
POLL_INTERVAL = 0.02
PROGRAM = (sys.executable, "-m", "callup_desktop.cli.main")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run of the console brought."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Callup:
    """The console on one home and one profile."""

    home: Path
    profile: Path

    def __call__(self, *arguments: str | Path) -> Answer:
        with TemporaryFile() as out, TemporaryFile() as err:
            code = run_console(self.words(*arguments), self.environment(), out, err)
            answer = Answer(code, _written(out), _written(err))
        assert "Traceback" not in answer.err, answer.err
        return answer

    def start(self, *arguments: str | Path) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        return [*PROGRAM, *self.words(*arguments)]

    def words(self, *arguments: str | Path) -> list[str]:
        """The command line without the program."""
        command, *rest = map(str, arguments)
        return [command, "--profile", str(self.profile), *rest]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "CALLUP_HOME": str(self.home)}

    def log(self) -> list[dict[str, Any]]:
        file = self.home / "logs" / "callup.log"
        if not file.exists():
            return []
        lines = file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]


def run_console(words: list[str], environ: dict[str, str], out: IO[bytes], err: IO[bytes]) -> int:
    """The exit code of `callup` with these words; what it writes is in the files."""
    if sys.platform != "win32" and (forks := parent()).fits(environ):
        return forks.run(words, environ, out, err, RUN_WITHIN)
    return subprocess.run([*PROGRAM, *words], env=environ, stdout=out, stderr=err, timeout=RUN_WITHIN).returncode


def _written(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def start_window(home: Path, *arguments: str | Path) -> "subprocess.Popen[str]":
    """The window's program on the home, where no display is needed."""
    return subprocess.Popen(
        [sys.executable, "-m", "callup_desktop.app", *map(str, arguments)],
        env={**os.environ, "CALLUP_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(done: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    """Wait until the process has done something; it tells nobody, and who looks all the time holds it up."""
    while not done():
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL_INTERVAL)
            raise AssertionError(f"it ended: {process.communicate()}")


def kill(process: "subprocess.Popen[str]") -> None:
    """End it as a dead battery would."""
    process.send_signal(signal.SIGKILL)
    process.communicate()


def profile_with(folder: Path, running: Running, **changes: object) -> Path:
    """A copy of the sandbox's profile with other values; its keys lie beside it."""
    values = tomllib.loads(running.profile.read_text(encoding="utf-8")) | changes
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "changed.callup"
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
    keys = {"access_key_id": running.access_key_id, "secret_access_key": running.secret_access_key}
    (folder / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    return path


def open_uploads(s3: "S3Client", bucket: str) -> frozenset[tuple[str, str]]:
    """Key and id of every open upload; those of other tests, which make their own mess, too."""
    listed = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    return frozenset((upload["Key"], upload["UploadId"]) for upload in listed)


def wav(path: Path, seconds: float = 1.0, seed: int = 0, rate: int = 48_000) -> Path:
    """A real recording of noise: two channels of 16 bits, so that 1 MiB is about 5.5 s."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(random.Random(seed).randbytes(int(seconds * rate) * 4))
    return path
