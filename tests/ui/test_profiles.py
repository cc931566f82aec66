"""A `.callup` file is never a recording: wherever it comes from, it is shown before it is imported."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFileOpenEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from callup_desktop.config.paths import home as home_of
from callup_desktop.engine.ports import STRAIGHT_STEPS, CheckResult
from callup_desktop.presentation.connection_check import Secret
from callup_desktop.presentation.rows import Tone
from callup_desktop.services.connection import ProfileImport
from callup_desktop.ui.application import Application
from callup_desktop.ui.connection.import_dialog import ImportDialog
from callup_desktop.ui.connection.page import ConnectionPage
from callup_desktop.ui.first_start import FirstStart
from callup_desktop.ui.system.environment import Environment
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection

WORKS = tuple(CheckResult(step, ok=True, seconds=0.04) for step in STRAIGHT_STEPS)


@pytest.fixture
def connection() -> FakeConnection:
    return FakeConnection(answers=WORKS, old=samples.PROFILE)


@pytest.fixture
def rig(qtbot: QtBot, qapp: Application, connection: FakeConnection) -> Iterator[Rig]:
    environment = Environment(desktop=FakeDesktop(), connection=connection, profile_file="acme.callup")
    made = Rig(qtbot, qapp, environment)
    made.engine.jobs = {job.id: job for job in samples.working()}
    yield made.start()
    end(made)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "other.CALLUP"
    path.write_text(
        "name='Other'\nbucket='other-bucket'\nmongo_uri='mongodb://localhost'\ndatabase='d'\n"
        "queue_url='http://localhost/q'\n"
    )
    return path


def page_of(rig: Rig) -> ConnectionPage:
    assert rig.window.connection is not None
    return rig.window.connection


def preview_of(page: ConnectionPage, qtbot: QtBot) -> ImportDialog:
    qtbot.waitUntil(lambda: page.import_dialog is not None, timeout=WITHIN)
    dialog = page.import_dialog
    assert dialog is not None
    return dialog


def lines_of(dialog: ImportDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_a_dropped_profile_is_shown_with_what_it_changes_and_how_many_calls_wait(
    rig: Rig, profile: Path, connection: FakeConnection
) -> None:
    before = set(rig.engine.jobs)
    rig.drop(profile, on=rig.lists.view)

    dialog = preview_of(page_of(rig), rig.qtbot)

    assert "Name: Other" in lines_of(dialog)
    assert "other-bucket" in lines_of(dialog)
    assert f"{len(before)} calls wait; they stay here until" in lines_of(dialog)
    assert set(rig.engine.jobs) == before
    assert connection.adopted == []
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert connection.adopted == [], "Enter alone imports nothing"


def test_calls_that_wait_for_a_third_profile_are_not_offered_to_the_next_one(rig: Rig, profile: Path) -> None:
    elsewhere = next(iter(rig.engine.jobs))
    rig.engine.jobs[elsewhere] = replace(rig.engine.jobs[elsewhere], destination="of another profile")
    rig.engine.start()
    rig.settle()
    rig.drop(profile, on=rig.lists.view)

    dialog = preview_of(page_of(rig), rig.qtbot)

    assert f"{len(rig.engine.jobs) - 1} calls wait; they stay here until" in lines_of(dialog)


def test_a_profile_among_recordings_leaves_them_to_the_list(rig: Rig, profile: Path, tmp_path: Path) -> None:
    before = len(rig.engine.jobs)
    recording = tmp_path / "call.wav"
    recording.write_bytes(b"x")
    rig.drop(recording, profile)

    preview_of(page_of(rig), rig.qtbot).reject()

    rig.wait_jobs(before + 1)
    assert recording in {job.path for job in rig.engine.jobs.values()}


@pytest.mark.parametrize("way", ["paste", "argument or second start", "double click on a Mac"])
def test_every_way_in_leads_to_the_preview(rig: Rig, profile: Path, qapp: Application, way: str) -> None:
    match way:
        case "paste":
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(profile))])
            QGuiApplication.clipboard().setMimeData(data)
            rig.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        case "argument or second start":
            rig.window.take_files((profile,))
        case _:
            qapp.files_opened.connect(rig.window.take_files)
            QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(profile))))

    dialog = preview_of(page_of(rig), rig.qtbot)

    assert page_of(rig).isVisible()
    assert "Name: Other" in lines_of(dialog)
    dialog.reject()


def test_a_profile_that_no_call_waits_for_says_nothing_of_calls(
    rig: Rig, profile: Path, connection: FakeConnection
) -> None:
    rig.engine.forget(tuple(rig.engine.jobs))
    rig.engine.cancel(tuple(rig.engine.jobs))
    rig.settle()
    assert not rig.window._state.jobs
    rig.drop(profile)

    dialog = preview_of(page_of(rig), rig.qtbot)

    assert "stay here" not in lines_of(dialog)
    assert not dialog.calls.isVisible()
    assert dialog.keys.isVisible()
    dialog.reject()
    assert connection.agreed == []


def test_after_an_import_without_keys_the_rep_stands_before_the_first_key_field(
    rig: Rig, connection: FakeConnection
) -> None:
    connection.kept.clear()

    rig.window.begin_profile()

    page = page_of(rig)
    rig.qtbot.waitUntil(page.isVisible, timeout=WITHIN)
    assert page.fields is not None
    first = page.fields.secrets[Secret.ACCESS_KEY_ID]
    rig.qtbot.waitUntil(lambda: rig.window.focusWidget() is first, timeout=WITHIN)
    for text in ("AKIA1234", "secret"):
        focused = rig.window.focusWidget()
        assert focused is not None
        rig.keys(focused, text)
        rig.press(Qt.Key.Key_Tab)
    rig.keys(page.fields.secrets[Secret.MONGO_PASSWORD], "password")
    assert page.check_panel is not None
    rig.click(page.check_panel.save_button)

    rig.qtbot.waitUntil(lambda: page.summary is not None, timeout=WITHIN)
    assert list(connection.kept.values()) == ["AKIA1234", "secret", "password"]


def test_after_an_import_with_keys_the_calls_are_in_view_and_the_dot_says_when_it_was_checked(rig: Rig) -> None:
    assert rig.window.status_bar.line.tone is Tone.PLAIN
    assert rig.window.status_bar.line.place.endswith("not checked yet")

    rig.window.begin_profile()

    rig.qtbot.waitUntil(lambda: rig.window.status_bar.line.tone is Tone.OK, timeout=WITHIN)
    assert ", checked at " in rig.window.status_bar.line.place
    assert rig.page.isVisible()


@pytest.fixture
def first(qapp: Application) -> Iterator[FirstStart]:
    """The window of a program that has no profile yet."""
    window = FirstStart(qapp.messages(), ProfileImport(home_of()))
    window.show()
    yield window
    # It ends the event loop, which has to run for that.
    QTimer.singleShot(0, window.close)
    assert qapp.exec() == 0


def drop_on(window: QWidget, data: QMimeData) -> QDropEvent:
    """A drag that the file browser wants to move."""
    place, actions = window.rect().center(), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    drag = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    enter = QDragEnterEvent(place, actions, *drag)
    QApplication.sendEvent(window.windowHandle(), enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(place), actions, *drag)
    drop.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(window.windowHandle(), drop)
    return drop


def links_to(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def said_by(window: FirstStart) -> str:
    return "\n".join(label.text() for label in window.page.findChildren(QLabel) if label.isVisible())


def test_without_a_profile_a_drop_that_the_file_browser_wants_to_move_is_a_copy(
    first: FirstStart, qtbot: QtBot, profile: Path
) -> None:
    drop = drop_on(first, links_to(profile))

    assert drop.dropAction() is Qt.DropAction.CopyAction
    assert "Name: Other" in lines_of(preview_of(first.page, qtbot))


def test_without_a_profile_one_that_is_pasted_is_asked_about(first: FirstStart, qtbot: QtBot, profile: Path) -> None:
    QGuiApplication.clipboard().setMimeData(links_to(profile))
    try:
        QTest.keySequence(first.windowHandle(), QKeySequence(QKeySequence.StandardKey.Paste))
    finally:
        # Qt ends what lies on the clipboard after Python has ended, which an object made in Python does not survive.
        QGuiApplication.clipboard().clear()

    assert "Name: Other" in lines_of(preview_of(first.page, qtbot))


def test_without_a_profile_a_recording_is_told_to_come_later_and_the_button_stays_in_view(
    first: FirstStart, qtbot: QtBot, tmp_path: Path
) -> None:
    recording = tmp_path / "call.wav"
    recording.write_bytes(b"x" * 100_000)

    drop_on(first, links_to(recording))

    qtbot.waitUntil(lambda: "Import the .callup file from your IT department first." in said_by(first), timeout=WITHIN)
    button = first.page.import_button
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect(), timeout=WITHIN)


def test_without_a_profile_an_attachment_is_told_to_be_saved_first(first: FirstStart, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setData('application/x-qt-windows-mime;value="FileGroupDescriptorW"', b"x")

    drop_on(first, data)

    qtbot.waitUntil(lambda: "Save this attachment to your computer first" in said_by(first), timeout=WITHIN)


def test_without_a_profile_a_file_that_is_opened_with_us_is_asked_about(
    qtbot: QtBot, qapp: Application, profile: Path
) -> None:
    window = FirstStart(qapp.messages(), ProfileImport(home_of()))

    window.take_files((profile.with_name("call.wav"), profile))

    dialog = preview_of(window.page, qtbot)
    assert "Name: Other" in lines_of(dialog)
    focused = dialog.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Rejected, "Enter alone imports nothing"
    assert not home_of().profile.exists()
    # It ends the event loop, which has to run for that.
    QTimer.singleShot(0, window.close)
    assert qapp.exec() == 0
