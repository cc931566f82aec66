"""When the window looks for a newer version, and when it leaves the network alone."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from callup_desktop.cli.main import main
from callup_desktop.engine.events import Status
from callup_desktop.sandbox.embedded import Running
from callup_desktop.ui.update_notice import UpdateNotice

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample.mp3"


class Repository:
    """Answers when the test lets it."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.looks = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked = threading.Event()

    def look(self) -> str:
        self.looks += 1
        self.asked.set()
        assert self.may_answer.wait(30)
        return self.version


def status(*, running: int) -> Status:
    return Status(
        online=True,
        since=datetime.now(UTC),
        blocked=None,
        running=running,
        waiting=0,
        drafts=0,
        needs_rep=0,
        sent=0,
    )


def test_a_newer_version_is_told(qtbot: QtBot) -> None:
    notice = UpdateNotice(Repository("1.3.0").look, first=0)
    notice.on_reported(status(running=0))

    with qtbot.waitSignal(notice.found) as told:
        notice.start()

    assert told.args == ["1.3.0"]


def test_nothing_new_is_not_told_and_asked_again_later(qtbot: QtBot) -> None:
    repository = Repository("")
    told: list[str] = []
    notice = UpdateNotice(repository.look, first=0, every=1)
    notice.found.connect(told.append)
    notice.on_reported(status(running=0))
    notice.start()

    qtbot.waitUntil(lambda: repository.looks >= 2)

    assert told == []


def test_nobody_looks_while_a_call_is_sent(qtbot: QtBot) -> None:
    repository = Repository("1.3.0")
    notice = UpdateNotice(repository.look, first=0)
    notice.on_reported(status(running=1))
    with qtbot.waitSignal(notice._due.timeout):
        notice.start()
    assert repository.looks == 0

    with qtbot.waitSignal(notice.found):
        notice.on_reported(status(running=0))

    assert repository.looks == 1


def test_before_the_engine_has_spoken_nobody_looks(qtbot: QtBot) -> None:
    repository = Repository("1.3.0")
    notice = UpdateNotice(repository.look, first=0)
    with qtbot.waitSignal(notice._due.timeout):
        notice.start()

    assert repository.looks == 0


def test_an_upload_does_not_wait_for_a_repository_that_never_answers(
    qtbot: QtBot, sandbox: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = Repository("1.3.0")
    repository.may_answer.clear()
    notice = UpdateNotice(repository.look, first=0)
    notice.on_reported(status(running=0))
    notice.start()
    qtbot.waitUntil(repository.asked.is_set)

    details = ["--company", "Acme Corp", "--email", "john@acme.com", "--type", "demo"]
    code = main(["send", str(SAMPLE), *details, "--profile", str(sandbox.profile), "--json"])

    assert code == 0
    assert '"uploaded"' in capsys.readouterr().out
    with qtbot.waitSignal(notice.found):
        repository.may_answer.set()
