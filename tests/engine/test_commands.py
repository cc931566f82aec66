"""The commands of the engine, and of the fake that stands for it in the window's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event
from callup_desktop.engine.job import State
from tests.engine.commands_contract import CommandsContract
from tests.engine.world import World
from tests.ui.fake_engine import FakeEngine


class RealSubject:
    """The engine over fakes of the services."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)

    @property
    def commands(self) -> Commands:
        return self.world.engine

    @property
    def events(self) -> list[Event]:
        return self.world.events

    def recording(self, name: str) -> Path:
        return self.world.recording(name)

    def document(self, name: str) -> Path:
        path = self.world.folder / name
        path.write_bytes(b"no recording")
        return path

    def settle(self) -> None:
        """Probes come to their end; calls of the services, if they began, too."""
        self.world.rest()

    def send_all(self) -> None:
        self.world.until(lambda: not any(job.state in {State.QUEUED, State.RUNNING} for job in self.world.jobs))

    def registered(self, job_id: str) -> tuple[str, str, str]:
        return self.world.registered(job_id)

    def move_on(self, job_id: str) -> None:
        self.world.registry.documents[job_id]["status"] = "transcribing"


class FakeSubject:
    """The fake."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.events: list[Event] = []
        self.engine = FakeEngine(self.events.append)
        self.engine.start()

    @property
    def commands(self) -> Commands:
        return self.engine

    def recording(self, name: str) -> Path:
        return self.document(name)

    def document(self, name: str) -> Path:
        path = self._folder / name
        path.write_bytes(b"x" * 1000)
        return path

    def settle(self) -> None:
        """Everything is done at once here."""

    def send_all(self) -> None:
        for job in list(self.engine.jobs.values()):
            if job.state is State.RUNNING:
                self.engine.finish(job.id)

    def registered(self, job_id: str) -> tuple[str, str, str]:
        """The fake's registry has what its sent calls have."""
        details = next(job.details for job in self.engine.sent if job.id == job_id)
        return details.company_name, details.contact_email, details.call_type

    def move_on(self, job_id: str) -> None:
        self.engine.became[job_id] = "transcribing"


class TestEngine(CommandsContract):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[RealSubject]:
        made = RealSubject(tmp_path)
        yield made
        made.world.close()


class TestFakeEngine(CommandsContract):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> FakeSubject:
        return FakeSubject(tmp_path)
