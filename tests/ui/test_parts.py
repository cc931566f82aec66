"""The parts beside the window: bridge, folder scan, login item, keeping awake, report, shutdown."""

import json
import os
import plistlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Signal, Slot
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event, JobChanged, Snapshot, Status, Stopped
from callup_desktop.engine.job import Trouble
from callup_desktop.logs import FILE_NAME
from callup_desktop.presentation.it_report import ItReportWriter
from callup_desktop.presentation.rows import Tab
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.recordings.kinds import selection_of
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.ui.application import Application
from callup_desktop.ui.bridge import EngineBridge
from callup_desktop.ui.folder_scan import FolderScan, ScannedFiles
from callup_desktop.ui.shutdown import Shutdown
from callup_desktop.ui.system.keep_awake import KeepAwake
from callup_desktop.ui.system.login_item import DesktopEntry, LaunchAgent, login_item
from callup_desktop.ui.threads import spawn_worker
from callup_desktop.ui.update_notice import UpdateNotice
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig
from tests.ui.fake_engine import NOW

Make = Callable[..., tuple[Path, ...]]


class Listener(QObject):
    """Keeps what it receives, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[tuple[object, QThread]] = []

    @Slot(object)
    def on_reported(self, event: object) -> None:
        self.received.append((event, QThread.currentThread()))


def test_events_of_the_engine_thread_arrive_on_the_main_thread(qtbot: QtBot) -> None:
    bridge, listener = EngineBridge(), Listener()
    bridge.reported.connect(listener.on_reported)
    event = Status(online=True, since=NOW, blocked=None, running=0, waiting=0, drafts=0, needs_rep=0, sent=0)

    worker = spawn_worker("engine", lambda: bridge.post(event))
    qtbot.waitUntil(lambda: bool(listener.received), timeout=WITHIN)
    worker.join()

    assert listener.received == [(event, QCoreApplication.instance().thread())]  # type: ignore[union-attr]  # there is one


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a nice value of its own")
def test_a_worker_lets_the_window_go_first() -> None:
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    of_worker: list[int] = []
    spawn_worker("transfer", lambda: of_worker.append(nice())).join()

    # Nicer than 19 there is nothing.
    assert of_worker[0] > min(nice(), 18)


def _call_on_another_thread(slot: Callable[[Event], None], event: Event) -> BaseException | None:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(slot, event).exception()


def test_an_event_on_another_thread_than_the_main_one_is_refused_and_changes_nothing(rig: Rig) -> None:
    rig.start()
    shutdown, notice = Shutdown(rig.window, rig.engine), UpdateNotice(lambda: "", rig.window)
    status = Status(online=True, since=NOW, blocked=None, running=0, waiting=0, drafts=0, needs_rep=0, sent=7)

    for slot in (rig.window.on_reported, shutdown.on_reported, notice.on_reported):
        assert isinstance(_call_on_another_thread(slot, status), RuntimeError), slot
    rig.settle()
    assert rig.lists.tabs.buttons[Tab.SENT].accessibleName() == "Sent 0"

    rig.window.on_reported(status)
    rig.settle()
    assert rig.lists.tabs.buttons[Tab.SENT].accessibleName() == "Sent 7"


class Source(QObject):
    """A signal of one truth value."""

    changed = Signal(object)


def test_a_truth_value_survives_two_hundred_thousand_emits() -> None:
    """PySide6 6.12.0 on Python 3.11 loses a reference to True at each emit and aborts."""
    source, listener = Source(), Listener()
    source.changed.connect(listener.on_reported)
    before = sys.getrefcount(True)  # noqa: FBT003 - the very object

    for _ in range(200_000):
        source.changed.emit(True)  # noqa: FBT003 - a signal's payload
        listener.received.clear()

    assert sys.getrefcount(True) >= before - 100  # noqa: FBT003 - the very object


def test_a_large_folder_arrives_in_chunks_and_can_be_ended(qtbot: QtBot, recordings: Make) -> None:
    paths = recordings(*(f"calls/{number:03}.wav" for number in range(450)))
    scan, found = FolderScan((paths[0].parent,), selection_of(VideoPolicy.SOUND)), Listener()
    scan.found.connect(found.on_reported)
    scan.start()
    qtbot.waitUntil(scan.isFinished, timeout=WITHIN)
    qtbot.waitUntil(lambda: len(found.received) == 3, timeout=WITHIN)

    chunks = [event for event, _thread in found.received if isinstance(event, ScannedFiles)]
    assert [len(chunk.paths) for chunk in chunks] == [200, 200, 50]
    assert chunks[-1].from_folders == 450


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps login items in the registry")
def test_login_items_come_and_go_where_the_system_looks(tmp_path: Path) -> None:
    command = ("/opt/Call Up/callup-desktop", "--quiet 100%")
    entry, agent = DesktopEntry(tmp_path / "autostart", command), LaunchAgent(tmp_path / "agents", command)
    entry.set_on(on=True)
    agent.set_on(on=True)

    (desktop,) = (tmp_path / "autostart").iterdir()
    assert 'Exec="/opt/Call Up/callup-desktop" "--quiet 100%%"' in desktop.read_text()
    (plist,) = (tmp_path / "agents").iterdir()
    assert plistlib.loads(plist.read_bytes())["ProgramArguments"] == list(command)

    entry.set_on(on=False)
    agent.set_on(on=False)
    agent.set_on(on=False)
    assert not [*(tmp_path / "autostart").iterdir(), *(tmp_path / "agents").iterdir()]


@pytest.mark.skipif(sys.platform != "linux", reason="asks for the entry of Linux")
def test_the_login_item_of_linux_lies_in_its_autostart_folder(tmp_path: Path) -> None:
    login_item(("callup-desktop",), tmp_path, tmp_path / "config").set_on(on=True)

    assert (tmp_path / "config" / "autostart" / "callup-desktop.desktop").exists()


def test_keeping_awake_ends_with_its_thread(qapp: Application) -> None:
    awake = KeepAwake(qapp)
    awake.start()
    awake.set_awake(awake=True)
    awake.set_awake(awake=True)
    awake.set_awake(awake=False)

    awake.stop()

    assert awake.isFinished()


def test_the_report_says_what_is_wrong_and_holds_no_secret(tmp_path: Path) -> None:
    lines = [json.dumps({"event": "step failed", "detail": "mongodb://rep:hunter2@host/db"}) for _ in range(2000)]
    (tmp_path / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")
    state = ViewState()
    state.apply(Snapshot(samples.offline(), ()))
    state.apply(JobChanged(samples.offline()[3]))
    state.apply(Stopped(Trouble("journal_disk_full", NOW)))

    report = ItReportWriter(samples.PROFILE, tmp_path, lambda: NOW).write(state)

    assert "access_denied" in report
    assert "journal_disk_full" in report
    assert "needs_rep 1" in report
    assert "hunter2" not in report
    assert "callup@" not in report, "the registry's user is nobody's business"
    assert len(report) < 60_000


def test_a_log_that_cannot_be_read_does_not_stop_the_report(tmp_path: Path) -> None:
    assert "Log: cannot be read" in ItReportWriter(samples.PROFILE, tmp_path / "none", lambda: NOW).write(ViewState())


def test_the_program_ends_after_the_engine_has_stopped(rig: Rig, qtbot: QtBot, qapp: Application) -> None:
    rig.start()
    shutdown = Shutdown(rig.window, rig.engine)
    with qtbot.waitSignal(rig.window.quit_requested, timeout=WITHIN):
        rig.window.close_policy.quit()
    assert rig.engine.stopped

    QTimer.singleShot(0, lambda: shutdown.on_reported(Stopped()))

    assert qapp.exec() == 0
    assert not isValid(rig.window), "the garbage collector may destroy a window on another thread"


def test_an_engine_that_fails_by_itself_keeps_the_window_open(rig: Rig) -> None:
    rig.start()
    shutdown = Shutdown(rig.window, rig.engine)

    shutdown.on_reported(Stopped(Trouble(Code.BUG, NOW)))

    assert rig.window.isVisible()
