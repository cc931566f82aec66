"""The real window over the real engine and the sandbox's real servers: drop, describe, send, pause, restart, sent."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pymongo.collection import Collection
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from callup_desktop.choice import Choice
from callup_desktop.compose import EngineHost, connected
from callup_desktop.config.paths import home as home_of
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.rows import Action, Tab
from callup_desktop.sandbox.embedded import Running
from callup_desktop.ui.application import Application
from callup_desktop.ui.bridge import EngineBridge
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.threads import spawn_worker
from tests.cli.console import profile_with, wav

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

WITHIN = 30_000


class Program:
    """The window as `callup-desktop` composes it; it can be closed and opened again on the same home."""

    def __init__(self, qtbot: QtBot, app: Application, profile: Path, environ: Mapping[str, str] | None = None) -> None:
        self._qtbot = qtbot
        self._app = app
        self._profile = profile
        self._environ = environ or {}
        self._stack = ExitStack()
        self.events: list[Any] = []

    def open(self) -> "Program":
        here = home_of()
        here.make()
        bridge = EngineBridge()
        connection = self._stack.enter_context(connected(Choice(self._profile, environ=self._environ), here))
        self.engine_host: EngineHost = self._stack.enter_context(
            EngineHost(connection, here, report=bridge.post, spawn=spawn_worker)
        )
        self.window = MainWindow(self.engine_host.commands, profile=connection.profile, messages=self._app.messages())
        bridge.reported.connect(self.window.on_reported)
        self._stack.callback(self.window.deleteLater)
        self._bridge = bridge
        self.engine_host.start()
        self.window.show()
        self._qtbot.waitExposed(self.window)
        return self

    def close(self) -> None:
        self.window.hide()
        self._stack.close()
        QApplication.processEvents()

    def drop(self, *paths: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        centre, actions = self.window.rect().center(), Qt.DropAction.CopyAction
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.window, QDragEnterEvent(centre, actions, data, buttons, keys))
        QApplication.sendEvent(self.window, QDropEvent(QPointF(centre), actions, data, buttons, keys))

    def describe_and_send(self) -> None:
        form = self.window.page.form
        self.wait(lambda: form.isVisible() and bool(form.ids))
        for field, text in ((form.company, "Acme Corp"), (form.email, "john@acme.com")):
            field.setFocus()
            field.selectAll()
            QTest.keyClicks(field, text)
        button = next(button for button in form.call_type.buttons if button.text() == "Demo")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(form.email, Qt.Key.Key_Return)

    def wait(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=WITHIN)

    @property
    def jobs(self) -> list[Job]:
        return list(self.window._state.jobs.values())

    def state(self) -> State | None:
        return self.jobs[0].state if self.jobs else None

    def sent_count(self) -> str:
        return self.window.page.lists.tabs.buttons[Tab.SENT].accessibleName()


@pytest.fixture
def program(qtbot: QtBot, qapp: Application, sandbox: Running, tmp_path: Path) -> Iterator[Program]:
    made = Program(qtbot, qapp, profile_with(tmp_path / "profile", sandbox, bandwidth_limit=6_000_000)).open()
    yield made
    made.close()


def test_a_dropped_recording_arrives_once_and_whole(
    program: Program, sandbox: Running, s3: "S3Client", calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "Acme kickoff.wav", seconds=3)
    program.drop(path)
    program.wait(lambda: bool(program.jobs) and program.jobs[0].recording is not None)
    call_id = program.jobs[0].id
    program.describe_and_send()
    program.wait(lambda: program.sent_count() == "Sent 1")
    document = calls.find_one({"_id": call_id})
    assert document is not None
    stored = s3.get_object(Bucket=sandbox.bucket, Key=document["audio"]["s3_key"])
    assert stored["Body"].read() == path.read_bytes()


def test_details_are_changed_after_the_call_has_arrived_and_nothing_else_of_it(
    program: Program, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    program.drop(wav(tmp_path / "Acme follow-up.wav", seconds=3, seed=7))
    program.wait(lambda: bool(program.jobs) and program.jobs[0].recording is not None)
    call_id = program.jobs[0].id
    program.describe_and_send()
    program.wait(lambda: program.sent_count() == "Sent 1")
    before = calls.find_one({"_id": call_id}) or {}
    page = program.window.page
    page.lists.tabs.choose(Tab.SENT)
    program.wait(lambda: page.lists.sent.place_of(call_id) == 0 and page.lists.sent.job_at(0) is not None)
    page.lists.view.select((call_id,))

    QTest.mouseClick(page.detail_pane.buttons[Action.EDIT], Qt.MouseButton.LeftButton)
    QTest.keyClicks(page.form.company, "Globex")
    QTest.keyClick(page.form.company, Qt.Key.Key_Return)
    program.wait(lambda: (job := page.lists.sent.job_at(0)) is not None and job.edited_at is not None)

    after = calls.find_one({"_id": call_id}) or {}
    assert after["metadata"] == {**before["metadata"], "company_name": "Globex"}
    assert {name for name in after if after[name] != before[name]} == {"metadata", "updated_at"}


def test_a_draft_is_there_again_with_what_was_typed(program: Program, tmp_path: Path) -> None:
    program.drop(wav(tmp_path / "Hooli.wav", seconds=3))
    program.wait(lambda: bool(program.jobs) and program.jobs[0].recording is not None)
    form = program.window.page.form
    program.wait(lambda: bool(form.ids))
    QTest.keyClicks(form.company, "Hooli")
    program.wait(lambda: program.jobs[0].details.company_name == "Hooli")
    program.close()

    program.open()
    program.wait(lambda: program.window.page.lists.live.rowCount() == 1)
    program.window.page.lists.view.select((program.jobs[0].id,))
    assert program.window.page.form.company.text() == "Hooli"


def test_pause_close_and_open_again_sends_only_the_rest(
    program: Program, sandbox: Running, s3: "S3Client", tmp_path: Path
) -> None:
    path = wav(tmp_path / "long.wav", seconds=170)
    program.drop(path)
    program.wait(lambda: bool(program.jobs) and program.jobs[0].recording is not None)
    program.describe_and_send()
    program.wait(lambda: bool(program.jobs) and program.jobs[0].stored > 0)
    program.engine_host.commands.pause((program.jobs[0].id,))
    program.wait(lambda: program.state() is State.PAUSED)
    program.close()

    program.open()
    program.wait(lambda: program.state() is State.PAUSED)
    job = program.jobs[0]
    uploads = s3.list_multipart_uploads(Bucket=sandbox.bucket)["Uploads"]
    (upload,) = [found for found in uploads if found["Key"] == job.key]
    held = {
        part["PartNumber"]: part["LastModified"]
        for part in s3.list_parts(Bucket=sandbox.bucket, Key=job.key, UploadId=upload["UploadId"])["Parts"]
    }
    assert held
    program.engine_host.commands.set_limit(None)
    program.engine_host.commands.resume((job.id,))
    program.wait(lambda: program.sent_count() == "Sent 1")
    log = (home_of().logs / "callup.log").read_text(encoding="utf-8")
    for number in held:
        assert log.count(f'"part": {number},') == 1
    assert s3.get_object(Bucket=sandbox.bucket, Key=job.key)["Body"].read() == path.read_bytes()


def test_a_cancelled_call_leaves_nothing_behind(
    program: Program, sandbox: Running, s3: "S3Client", tmp_path: Path
) -> None:
    program.drop(wav(tmp_path / "long.wav", seconds=170, seed=3))
    program.wait(lambda: bool(program.jobs) and program.jobs[0].recording is not None)
    program.describe_and_send()
    program.wait(lambda: bool(program.jobs) and program.jobs[0].stored > 0)
    job = program.jobs[0]
    program.engine_host.commands.cancel((job.id,))
    program.wait(lambda: not program.jobs)
    uploads = s3.list_multipart_uploads(Bucket=sandbox.bucket).get("Uploads", [])
    assert not [upload for upload in uploads if upload["Key"] == job.key]
    assert not s3.list_objects_v2(Bucket=sandbox.bucket, Prefix=job.key).get("Contents")


def test_a_file_that_is_no_recording_is_refused_with_its_kind(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp3"
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    program.drop(path)
    program.wait(lambda: bool(program.jobs) and program.jobs[0].turned_away)
    trouble = program.jobs[0].trouble
    assert trouble is not None
    assert dict(trouble.params or {})["kind"] == "PDF"
