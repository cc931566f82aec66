"""A whole small world for the engine: its own clock, a pool that runs when told, fakes that behave, a real journal."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from awscrt import checksums

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.composition import Settings
from callup_desktop.engine.engine import Engine
from callup_desktop.engine.events import CommandRejected, Event, JobChanged, Status
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.ports import Algorithm, AskElsewhere, Probe, Services
from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Recording
from tests.fakes.announcer import FakeAnnouncer
from tests.fakes.faults import Call, Script
from tests.fakes.registry import FakeRegistry
from tests.fakes.store import FakeStore

PART = 100
MOST_TRIES = 6
"""How often one call may be made within one moment: a step, its repeat, and what a lost reply makes of it."""
DETAILS = DetailsChange("Acme Corp", "john@acme.com", "demo")


@dataclass
class HandClock:
    """Time that moves when the test says so."""

    wall: datetime = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)
    ticks: float = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def advance(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


@dataclass
class HandPool:
    """Tasks wait until the test runs them, in any order it likes."""

    tasks: list[Callable[[], None]] = field(default_factory=list)

    def run(self, task: Callable[[], None]) -> None:
        self.tasks.append(task)

    def close(self) -> None:
        self.tasks.clear()

    def run_one(self, index: int = 0) -> None:
        self.tasks.pop(index % len(self.tasks))()


@dataclass
class Lines:
    """A log that can be read back."""

    entries: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        self.entries.append(("info", event, facts))

    def warning(self, event: str, **facts: object) -> None:
        self.entries.append(("warning", event, facts))

    def error(self, event: str, **facts: object) -> None:
        self.entries.append(("error", event, facts))


def plain_probe(path: Path, *, cancelled: Callable[[], bool], progress: Callable[[int, int], None]) -> Recording:
    """Takes any file that does not start with "no": engine tests are about steps, not about audio."""
    data = path.read_bytes()
    progress(len(data), len(data))
    if cancelled() or data.startswith(b"no"):
        raise RefusedError(Refusal.UNSUPPORTED, {"kind": "PDF"})
    return Recording(
        Format.MP3,
        len(data),
        1.0,
        1,
        8000,
        64000,
        (),
        _base64(checksums.crc64nvme(data), 8),
        _base64(checksums.crc32(data), 4),
    )


def _base64(value: int, size: int) -> str:
    return b64encode(value.to_bytes(size, "big")).decode()


class World:
    """One laptop and the three services; the laptop may crash and start again, the services stay."""

    part = PART
    """Bytes a part."""
    sizes: tuple[int, ...] = (60, 100, 350, 1000)
    """Of small recordings, and of those that are sent in parts."""

    def __init__(
        self,
        folder: Path,
        *,
        algorithm: Algorithm = Algorithm.CRC64NVME,
        lists_checksums: bool = True,
        probe: Probe | None = None,
        plan: Callable[[int, float | None], int] | None = None,
        home: Path | None = None,
        settings: Settings | None = None,
        elsewhere: AskElsewhere | None = None,
    ) -> None:
        self.folder = folder
        self.home = home or folder
        self.home.mkdir(exist_ok=True)
        self.settings = settings or Settings("bucket", ("demo", "support"), uploaded_by="rep@company.com")
        self.probe = probe or plain_probe
        self.elsewhere = elsewhere
        self.plan = plan or (lambda size, _uplink: self.part if size > self.part else 0)
        self.faults = Script()
        self.clock = HandClock()
        self.make_services(algorithm, lists_checksums=lists_checksums)
        self.events: list[Event] = []
        self.online_only: set[Path] = set()
        self.log = Lines()
        self.start()

    def make_services(self, algorithm: Algorithm, *, lists_checksums: bool) -> None:
        """Storage, registry and queue as they are before the first call."""
        self.store = FakeStore(algorithm=algorithm, faults=self.faults, lists_checksums=lists_checksums)
        self.registry = FakeRegistry(faults=self.faults)
        self.announcer = FakeAnnouncer(faults=self.faults)

    def start(self) -> None:
        """The program starts on the same journal."""
        self.pool = HandPool()
        self.engine = Engine(
            journal=self.home / "journal.sqlite3",
            services=Services(
                self.store,
                self.registry,
                self.announcer,
                self.probe,
                online_only=self.online_only.__contains__,
                elsewhere=self.elsewhere,
            ),
            settings=self.settings,
            pool=self.pool,
            clock=self.clock,
            report=self.events.append,
            log=self.log,
            backoff=Backoff(draw=lambda low, high: (low + high) / 2),
            plan=self.plan,
        )
        self.engine.open()

    def crash(self) -> None:
        """The process is gone between two instructions: no result is delivered, nothing is said goodbye to."""
        self.engine.live_jobs.close()
        for run in self.engine._parts.scheduler.runs.values():
            if run.source is not None:
                run.source.close()

    def restart(self) -> None:
        self.crash()
        self.start()

    def recording(self, name: str = "call.mp3", size: int = 450) -> Path:
        path = self.folder / name
        path.write_bytes(bytes((index * 7 + len(name)) % 251 for index in range(size)))
        return path

    def send(self, path: Path) -> str:
        """Drop, describe and send one file; its call_id."""
        before = {job.id for job in self.jobs}
        self.engine.add((path,))
        self.until(lambda: any(job.id not in before and job.recording for job in self.jobs))
        (job_id,) = (job.id for job in self.jobs if job.id not in before)
        self.engine.send((job_id,), DETAILS, anyway=True, again=True)
        self.engine.turn()
        return job_id

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self.engine.live_jobs.jobs.values())

    def find(self, job_id: str) -> Job | None:
        """The call as the journal has it now."""
        return self.engine.live_jobs.journal.find(job_id)

    def job(self, job_id: str) -> Job:
        found = self.find(job_id)
        assert found is not None, "the journal does not know this call"
        return found

    def state(self, job_id: str) -> State:
        return self.job(job_id).state

    def known(self, job_id: str) -> bool:
        return self.find(job_id) is not None

    def began_anew(self, job_id: str, times: int) -> bool:
        return self.job(job_id).restarts == times

    def rejections(self) -> list[CommandRejected]:
        return [event for event in self.events if isinstance(event, CommandRejected)]

    def status(self) -> Status:
        return [event for event in self.events if isinstance(event, Status)][-1]

    def changes(self, job_id: str) -> list[Job]:
        return [event.job for event in self.events if isinstance(event, JobChanged) and event.job.id == job_id]

    def until(self, holds: Callable[[], bool], rounds: int = 2000) -> None:
        """Let the world go on, time included, until it holds; nothing is tried again and again without a wait."""
        made = [self.store.calls, self.registry.calls, self.announcer.calls]
        tries: Counter[Call] = Counter()
        for _ in range(rounds):
            wait = self.engine.turn()
            if holds():
                return
            if self.pool.tasks:
                seen = [len(calls) for calls in made]
                self.pool.run_one()
                for calls, before in zip(made, seen, strict=True):
                    tries.update(calls[before:])
                assert max(tries.values(), default=0) <= MOST_TRIES, f"no wait between tries: {tries.most_common(1)}"
            else:
                self.clock.advance(wait)
                tries.clear()
        raise AssertionError("the world went on for too long")

    def until_call(self, op: str, number: int = 0) -> None:
        """Go on until the store is about to be asked for this."""

        def reached() -> bool:
            return any(call.op == op and (not number or call.number == number) for call in self.all_calls())

        self.until(reached)

    def all_calls(self) -> list[Call]:
        return [*self.store.calls, *self.registry.calls, *self.announcer.calls]

    def until_done(self, *job_ids: str) -> None:
        self.until(lambda: all((job := self.find(job_id)) and job.state is State.DONE for job_id in job_ids))

    def rest(self) -> None:
        """Let everything that runs come to its end, without moving the clock."""
        self.engine.turn()
        while self.pool.tasks:
            self.pool.run_one()
            self.engine.turn()

    def document(self, job_id: str) -> dict[str, object]:
        """The call in the registry."""
        return self.registry.documents[job_id]

    @property
    def made_elsewhere(self) -> frozenset[str]:
        """What of a document the laptop does not say itself."""
        return frozenset()

    def is_announced(self, job_id: str) -> bool:
        """Whether the pipeline may know of the call."""
        return any(task.call_id == job_id for task in self.announcer.messages)

    def begin_pipeline(self, job_id: str) -> None:
        """The pipeline begins with the call."""
        self.registry.documents[job_id]["status"] = "transcribing"

    def no_upload_is_open(self) -> bool:
        """Whether the store waits for no more parts."""
        return not self.store.uploads

    def registered(self, job_id: str) -> tuple[str, str, str]:
        """The details of a call in the registry."""
        metadata = self.document(job_id)["metadata"]
        assert isinstance(metadata, dict)
        return metadata["company_name"], metadata["contact_email"], metadata["call_type"]

    def arrived_whole_and_once(self, job_id: str, path: Path) -> None:
        """The promise: one object equal to the file, one document, a message, no open upload."""
        job = self.job(job_id)
        keys = [key for key in self.store.objects if job_id in key]
        assert keys == [job.key]
        assert self.store.objects[job.key].data == path.read_bytes()
        assert job_id in self.registry.documents
        assert any(task.call_id == job_id for task in self.announcer.messages)
        assert not [upload for upload in self.store.uploads.values() if upload.key == job.key]

    def nothing_is_left(self, job_id: str) -> None:
        """A cancelled call: no object, no open upload, no document, no message."""
        assert not [key for key in self.store.objects if job_id in key]
        assert not [upload for upload in self.store.uploads.values() if job_id in upload.key]
        assert job_id not in self.registry.documents
        assert not any(task.call_id == job_id for task in self.announcer.messages)

    def close(self) -> None:
        with suppress(Exception):
            self.crash()


ANY_DETAILS = Details("Acme Corp", "john@acme.com", "demo")
