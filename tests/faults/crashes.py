"""The real program, killed at a moment that is chosen: at a step's boundary, between two bytes, or just some time."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import wave
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import tomli_w

from callup_desktop.engine.job import Job, State
from callup_desktop.engine.journal.journal import open_journal
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.sandbox.servers import Server
from tests.cli.console import DETAILS
from tests.faults import harms
from tests.faults.http_talk import HttpExchange
from tests.faults.laptop import Ways
from tests.faults.proxy import Exchange, Hangup, Harm

_TIMEOUT = 60.0
_PAUSES = 0.1
_PART = 5 * 1024 * 1024
_LARGEST_PUT = 10_000_000
"""Bytes that go in one PutObject while the uplink is not measured."""


class Zygote:
    """Starts consoles. Any thread may ask it to."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._heard = threading.Condition()
        self._ended: dict[int, int] = {}
        self._started: list[int] = []
        self._asking = threading.Lock()
        self._listener = threading.Thread(target=self._listen, name="zygote", daemon=True)
        self._listener.start()

    def start(self, arguments: Sequence[str | Path], home: Path, said: Path) -> "Console":
        """Run `callup` with the arguments on the home; what it says goes to the file."""
        line = json.dumps({"argv": [str(argument) for argument in arguments], "home": str(home), "said": str(said)})
        with self._asking:
            assert self._child.stdin is not None
            self._child.stdin.write(line + "\n")
            self._child.stdin.flush()
            with self._heard:
                assert self._heard.wait_for(lambda: bool(self._started), _TIMEOUT), "no process was started"
                return Console(self, self._started.pop(), said)

    def wait_ended(self, pid: int, within: float) -> int | None:
        """The exit code, or None if it still runs then."""
        with self._heard:
            self._heard.wait_for(lambda: pid in self._ended, within)
            return self._ended.get(pid)

    def close(self) -> None:
        """End it; its processes have ended."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.wait(_TIMEOUT)
        self._listener.join(_TIMEOUT)
        self._child.stdout.close()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            facts = json.loads(line)
            with self._heard:
                if "pid" in facts:
                    # The system gives numbers again that earlier processes had.
                    self._ended.pop(facts["pid"], None)
                    self._started.append(facts["pid"])
                else:
                    self._ended[facts["ended"]] = facts["code"]
                self._heard.notify_all()


@contextmanager
def zygote() -> Iterator[Zygote]:
    """A running one."""
    made = Zygote()
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Console:
    """One run of the program."""

    zygote: Zygote
    pid: int
    said: Path

    def kill(self) -> None:
        """As a dead battery ends it; a process that is gone already stays gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, within: float = _TIMEOUT) -> int:
        """Its exit code; -9 if it was killed."""
        code = self.zygote.wait_ended(self.pid, within)
        if code is None:
            self.kill()
            raise AssertionError(f"the program did not end\n{self.said.read_text(encoding='utf-8')}")
        return code

    def ended_within(self, seconds: float) -> bool:
        """Whether it is gone by then."""
        return self.zygote.wait_ended(self.pid, seconds) is not None


class Moment(StrEnum):
    """When the program dies, seen from a request."""

    ASKED = "before the server hears of it"
    BYTES = "in the middle of its bytes"
    ACTED = "after the server did it, before it is told"
    TOLD = "just after it is told"


@dataclass(frozen=True)
class Deadly:
    """The next kill: at a moment of the `nth` request of an operation in this run of the program.

    A `server` loses its power at the same moment; it then has all bytes, and is in the middle of its work on them.
    """

    operation: str
    moment: Moment
    nth: int = 1
    after_bytes: int = 0
    server: Server | None = None

    @property
    def place(self) -> tuple[str, str]:
        """For the count of where somebody died."""
        return self.operation, self.moment

    def harm(self, kill: Callable[[], None]) -> Harm:
        """Let it happen."""
        seen = 0

        def harm(exchange: Exchange) -> None:
            nonlocal seen
            seen += 1
            if seen != self.nth:
                exchange.pass_on()
                return
            if self.moment is Moment.BYTES:
                self._some_bytes(exchange)
            if self.moment in {Moment.ACTED, Moment.TOLD}:
                exchange.forward()
            if self.moment is Moment.TOLD:
                exchange.reply()
            kill()
            raise Hangup

        return harm

    def _some_bytes(self, exchange: Exchange) -> None:
        if self.server is not None:
            exchange.hand_over()
        elif isinstance(exchange, HttpExchange):
            exchange.read_some(self.after_bytes)


@dataclass(frozen=True)
class SomeTime:
    """A kill this many seconds after the start, while nobody answers to an operation: the call cannot end before."""

    seconds: float
    unanswered: str

    @property
    def place(self) -> tuple[str, str]:
        """For the count of where somebody died."""
        return "some time", f"before {self.unanswered}"


Death = Deadly | SomeTime


@dataclass
class Rep:
    """One rep with a laptop that dies again and again: a home, a network and the recordings to be sent."""

    folder: Path
    network: Ways
    keys: dict[str, str]
    zygote: Zygote
    chance: random.Random
    sandbox: Sandbox | None = None
    killed_at: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.home = self.folder / "home"
        self.profile = self.folder / "rep.callup"
        self.profile.write_text(tomli_w.dumps(self.network.settings), encoding="utf-8")
        self.profile.with_name("keys.json").write_text(json.dumps(self.keys), encoding="utf-8")

    def begin(self) -> None:
        """A new laptop, as long as its first call lasts."""
        self.home = self.folder / f"home-{self.chance.getrandbits(48):x}"
        self.network.forget()

    def run(self, *arguments: str | Path) -> Console:
        """Start the program."""
        command, *rest = arguments
        return self.zygote.start([command, "--profile", self.profile, "--json", *rest], self.home, self._said)

    @property
    def said(self) -> str:
        """What the last run of the program said."""
        return self._said.read_text(encoding="utf-8")

    @property
    def _said(self) -> Path:
        return self.folder / "said.txt"

    def sends(self, path: Path) -> tuple[str | Path, ...]:
        """What the rep types: `send` until the program knows the call, then `resume`."""
        if any(job.state is not State.DRAFT for job in self.jobs()):
            return ("resume",)
        return ("send", path, *DETAILS)

    def jobs(self) -> tuple[Job, ...]:
        """What the journal of the dead program holds, sent calls too."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        # A look at the files themselves would repair them before the program does.
        for file in self.home.glob("journal.sqlite3*"):
            shutil.copy(file, copy)
        journal = open_journal(copy / "journal.sqlite3")
        try:
            assert journal.rebuilt is None, "the journal did not survive the kill"
            return (*journal.live(), *journal.sent_page(0, 100))
        finally:
            journal.close()

    def die(self, arguments: Sequence[str | Path], death: Death, *, at_latest: float = _TIMEOUT) -> bool:
        """Run until the kill, or this many seconds; False if the program came to its end without meeting it."""
        if isinstance(death, Deadly):
            killed = self._die_at(arguments, death, at_latest)
        else:
            killed = self._die_some_time(arguments, death)
        self.settle()
        if isinstance(death, Deadly) and death.server is not None:
            self._grid.restart(death.server)
        self.killed_at[death.place] += killed
        return killed

    def _die_at(self, arguments: Sequence[str | Path], deadly: Deadly, at_latest: float) -> bool:
        running: list[Console] = []
        started = threading.Event()

        def kill() -> None:
            assert started.wait(_TIMEOUT)
            if deadly.server is not None:
                self._grid.kill(deadly.server)
            running[0].kill()

        self.network.of(deadly.operation).plan.order(deadly.operation, deadly.harm(kill), times=None)
        running.append(self.run(*arguments))
        started.set()
        if not running[0].ended_within(at_latest):
            running[0].kill()
        return running[0].wait() == -signal.SIGKILL

    def _die_some_time(self, arguments: Sequence[str | Path], death: SomeTime) -> bool:
        self.network.of(death.unanswered).plan.order(death.unanswered, harms.reset_before, times=None)
        console = self.run(*arguments)
        if console.ended_within(death.seconds):
            return False
        console.kill()
        return console.wait() == -signal.SIGKILL

    @property
    def _grid(self) -> Sandbox:
        """The servers, of a rep who may take their power."""
        assert self.sandbox is not None
        return self.sandbox

    def settle(self) -> None:
        """What the dead program still had on the way arrives, or not, before the next one starts."""
        self.network.lift()
        for proxy in self.network.all:
            proxy.plan.wait_idle()

    def finish(self, path: Path) -> Job:
        """Let the program run to its end; the call, which has to be sent then."""
        console = self.run(*self.sends(path))
        code = console.wait()
        sent = [job for job in self.jobs() if job.state is State.DONE]
        assert (code, len(sent)) == (0, 1), console.said.read_text(encoding="utf-8")
        return sent[0]

    def no_stored_part_was_sent_again(self) -> None:
        """A part that the store once took is never sent to the same upload again."""
        arrived = self.network.storage.plan.exchanges("part")
        times = Counter((seen.arrived.upload_id, seen.arrived.part) for seen in arrived if seen.acted)
        assert all(count == 1 for count in times.values()), times


@dataclass
class Batch:
    """Some recordings of one laptop, and the calls that its rep wants to take back."""

    rep: Rep
    files: Sequence[Path]
    unwanted: set[str] = field(default_factory=set)
    calls: dict[str, Job] = field(default_factory=dict)
    """Whatever was once submitted, as it was last seen."""
    patience: int = 4
    """Seconds without a byte after which a console gives up for now."""

    def looked_up(self) -> tuple[Job, ...]:
        """The batch's calls in the journal."""
        ours = tuple(job for job in self.rep.jobs() if job.path in self.files and job.state is not State.DRAFT)
        self.calls |= {job.id: job for job in ours}
        return ours

    def next_command(self) -> tuple[str | Path, ...] | None:
        """What the rep would do now; None once all calls have an end."""
        jobs = self.looked_up()
        live = {job.id: job.state for job in jobs if job.state is not State.DONE}
        taken_back = sorted(job.id for job in jobs if job.id in self.unwanted and job.registered_at is None)
        known = {job.path for job in self.calls.values()}
        unknown = [path for path in self.files if path not in known]
        failed = [call for call, state in live.items() if state is State.FAILED and call not in self.unwanted]
        patience = ("--patience", str(self.patience))
        if taken_back:
            return ("cancel", *patience, *taken_back)
        if unknown:
            return ("send", *patience, *unknown, *DETAILS)
        if failed:
            return ("retry", *patience, *failed)
        return ("resume", *patience) if live else None

    def change_of_mind(self) -> None:
        """The rep wants one call less, if there is one that has not arrived."""
        live = [job.id for job in self.looked_up() if job.state is not State.DONE]
        if live:
            self.unwanted.add(self.rep.chance.choice(live))


def noise(path: Path, size: int, chance: random.Random) -> Path:
    """A real recording of about this many bytes, unlike any other."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(chance.randbytes(size // 2 * 2))
    return path


def lives(rep: Rep, path: Path, deaths: Iterable[Death]) -> Job:
    """Send one recording on a new laptop that dies all these deaths; the call in the end."""
    rep.begin()
    for death in deaths:
        killed = rep.die(rep.sends(path), death)
        if not killed and any(job.state is State.DONE for job in rep.jobs()):
            break
        if killed and rep.chance.random() < _PAUSES:
            assert rep.run("pause").wait() == 0
    return rep.finish(path)


def is_taken_back(rep: Rep, path: Path) -> Job:
    """Send half a recording, take it back, and die at each boundary of the cleaning; the call as it was."""
    rep.begin()
    rep.die(rep.sends(path), Deadly("complete", Moment.ACTED))
    (job,) = rep.jobs()
    for operation in CLEANING:
        for moment in (Moment.ASKED, Moment.ACTED, Moment.TOLD):
            if rep.jobs():
                rep.die(("cancel", job.id), Deadly(operation, moment))
    if rep.jobs():
        rep.run("cancel", job.id).wait()
    assert rep.jobs() == ()
    return job


CLEANING = ("abort", "list uploads", "delete")


def deaths_of(size: int, chance: random.Random, *, told: bool) -> list[Death]:
    """A death at each boundary that a recording of this size meets, in turn, and some in between.

    `told` is whether the reply to the last upload request arrives; if not, the next life has to look.
    """
    parted = size > _LARGEST_PUT
    last = "complete" if parted else "put"
    looks: list[Death] = [Deadly("head", Moment.ASKED), Deadly("head", Moment.TOLD)]
    return [
        *(_boundaries("create") if parted else []),
        Deadly(
            "part" if parted else "put",
            Moment.BYTES,
            nth=chance.choice((1, 2)) if parted else 1,
            after_bytes=chance.randrange(min(size, _PART)),
        ),
        *(_boundaries("list") + _boundaries("part") if parted else []),
        SomeTime(chance.random() * 0.3, last),
        Deadly(last, Moment.ASKED),
        *([Deadly(last, Moment.TOLD)] if told else [Deadly(last, Moment.ACTED), *looks]),
        SomeTime(chance.random() * 0.3, "register"),
        *_boundaries("register"),
        *_boundaries("announce"),
    ]


def power_cuts() -> list[Death]:
    """A server loses its power together with the laptop, in the steps that send it most.

    Not in the last step of an upload: the sandbox's S3 may lose what it completed just before, the real one does not.
    """
    return [
        *(Deadly("part", moment, server=Server.S3) for moment in (Moment.BYTES, Moment.ACTED)),
        *(Deadly("register", moment, server=Server.MONGO) for moment in (Moment.BYTES, Moment.ACTED)),
    ]


def _boundaries(operation: str) -> list[Death]:
    return [Deadly(operation, moment) for moment in (Moment.ASKED, Moment.ACTED, Moment.TOLD)]


BOUNDARIES = frozenset(
    death.place
    for size in (1, _LARGEST_PUT + 1)
    for told in (True, False)
    for death in deaths_of(size, random.Random(0), told=told)
)
"""Where a program dies at least once if calls of both kinds are sent."""
