"""The watched folder in the window: chosen in the settings, looked at by itself, offered by the recorders there are."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from callup_desktop.config.policy import Policy, PolicyValue
from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.config.watching import CompanyFolder, Watching, company_folder_of, watching_of
from callup_desktop.engine.job import State
from callup_desktop.engine.pool import Joinable, daemon_thread
from callup_desktop.files.recorders import RecorderFolder, recorder_folders
from callup_desktop.files.watched import QUIET, WatchedFolder
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.recordings.kinds import selection_of
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.ui.application import Application
from callup_desktop.ui.folder_watch import FolderWatch
from callup_desktop.ui.settings_dialog import SettingsDialog
from callup_desktop.ui.system.environment import Environment
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_engine import CALL_TYPES

OFTEN = 20


def hasty(watching: Watching) -> WatchedFolder:
    """A folder on which each look comes after the quiet time."""
    seconds = iter(range(0, 10**9, int(QUIET)))
    return WatchedFolder(watching.folder, selection_of(VideoPolicy.SOUND), monotonic=lambda: float(next(seconds)))


@pytest.fixture
def zoom(tmp_path: Path) -> Path:
    folder = tmp_path / "Documents" / "Zoom"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def rig(qtbot: QtBot, qapp: Application, tmp_path: Path, zoom: Path) -> Iterator[Rig]:
    environment = Environment(
        desktop=FakeDesktop(),
        preferences=PreferencesFile(tmp_path / "preferences.toml"),
        find_recorders=lambda: recorder_folders(tmp_path, zoom.parent),
    )
    made = Rig(qtbot, qapp, environment)
    made.start()
    yield made
    end(made)


@pytest.fixture
def watch(rig: Rig) -> Iterator[FolderWatch]:
    made = FolderWatch(rig.engine, CALL_TYPES, NameRules(), rig.window, every=OFTEN, make_folder=hasty)
    yield made
    made.stop()


def begun(rig: Rig, watch: FolderWatch, folder: Path, name: str = "first") -> None:
    watch.watch(Watching(folder, name))
    rig.qtbot.waitUntil(lambda: rig.engine.watching == name, timeout=WITHIN)


def settings(rig: Rig) -> SettingsDialog:
    rig.window.dialogs.open_settings()
    dialog = rig.dialog
    assert isinstance(dialog, SettingsDialog)
    return dialog


def answer(rig: Rig, text: str) -> None:
    box = rig.dialog
    assert isinstance(box, QMessageBox)
    button = next(button for button in box.buttons() if button.text() == text)
    rig.click(button)


# --- looking ----------------------------------------------------------------------------------------------------------


def test_a_recording_that_comes_into_the_folder_becomes_a_draft(rig: Rig, watch: FolderWatch, zoom: Path) -> None:
    (zoom / "old.m4a").write_bytes(b"x" * 1000)
    begun(rig, watch, zoom)

    meeting = zoom / "2026-11-20 Acme"
    meeting.mkdir()
    (meeting / "audio_only.m4a").write_bytes(b"x" * 2000)
    rig.wait_jobs(1)

    (job,) = rig.engine.jobs.values()
    assert (job.path, job.state) == (meeting / "audio_only.m4a", State.DRAFT)
    assert job.send_asked_at is None


def test_the_system_s_hint_is_enough_where_there_is_one(rig: Rig, zoom: Path) -> None:
    watch = FolderWatch(rig.engine, CALL_TYPES, NameRules(), rig.window, every=10**9, make_folder=hasty)
    begun(rig, watch, zoom)
    rig.qtbot.waitUntil(lambda: watch._hints.directories() == [str(zoom)], timeout=WITHIN)

    (zoom / "call.m4a").write_bytes(b"x" * 2000)

    rig.qtbot.waitUntil(lambda: watch._settling.isActive(), timeout=WITHIN)
    watch.stop()


def test_a_folder_that_cannot_be_read_is_said_once_and_looked_at_again(
    rig: Rig, watch: FolderWatch, zoom: Path
) -> None:
    begun(rig, watch, zoom)
    alerts: list[Alert] = []
    watch.alert_raised.connect(alerts.append)
    away = zoom.rename(zoom.parent / "away")
    rig.qtbot.waitUntil(lambda: bool(alerts), timeout=WITHIN)

    away.rename(zoom)
    (zoom / "call.m4a").write_bytes(b"x" * 2000)
    rig.wait_jobs(1)

    assert [alert.lead for alert in alerts] == [
        f"The watched folder {zoom} can't be read. It is looked at again when it is back."
    ]


def test_a_drive_that_hangs_holds_up_neither_the_window_nor_another_folder(rig: Rig, zoom: Path) -> None:
    hung = threading.Event()
    asked: list[str] = []

    def spawn(name: str, work: Callable[[], None]) -> Joinable:
        def look() -> None:
            if asked:
                hung.wait(WITHIN / 1000)
            work()

        asked.append(name)
        return daemon_thread(name, look if len(asked) == 2 else work)

    watch = FolderWatch(rig.engine, CALL_TYPES, NameRules(), rig.window, every=OFTEN, make_folder=hasty, spawn=spawn)
    begun(rig, watch, zoom, "first")
    rig.qtbot.waitUntil(lambda: len(asked) == 2, timeout=WITHIN)
    other = zoom.parent / "other"
    other.mkdir()

    begun(rig, watch, other, "second")
    hung.set()
    (other / "call.m4a").write_bytes(b"x" * 2000)
    rig.wait_jobs(1)

    watch.stop()


def test_only_what_the_company_sends_goes_by_itself_and_only_with_all_details(rig: Rig, zoom: Path) -> None:
    rules = NameRules((r"^(?P<company>\w+) (?P<type>\w+) (?P<email>\S+@\S+)$", r"^(?P<company>\w+)"), CALL_TYPES)
    watch = FolderWatch(rig.engine, CALL_TYPES, rules, rig.window, every=OFTEN, make_folder=hasty)
    watch.watch(Watching(zoom, "company", by_company=True, sends=True))
    rig.qtbot.waitUntil(lambda: rig.engine.watching == "company", timeout=WITHIN)

    (zoom / "Acme demo john@acme.com.m4a").write_bytes(b"x" * 2000)
    (zoom / "Globex.m4a").write_bytes(b"x" * 3000)
    rig.wait_jobs(2)

    states = {job.path.name: (job.state, job.details.company_name) for job in rig.engine.jobs.values()}
    assert states == {
        "Acme demo john@acme.com.m4a": (State.RUNNING, "Acme"),
        "Globex.m4a": (State.DRAFT, ""),
    }
    watch.stop()


def test_nothing_is_looked_at_after_watching_has_ended(rig: Rig, watch: FolderWatch, zoom: Path) -> None:
    begun(rig, watch, zoom)
    watch.watch(None)

    assert not watch._timer.isActive()
    assert not watch._hints.directories()


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_zoom_s_folder_is_one_click_away_and_only_new_recordings_are_added(rig: Rig, zoom: Path) -> None:
    (zoom / "old.m4a").write_bytes(b"x" * 1000)
    dialog = settings(rig)
    (offer,) = dialog.watch.recorders
    assert offer.text() == "Zoom folder"

    rig.click(offer)
    assert dialog.watch.place.text() == str(zoom)
    answer(rig, "Only new ones")

    rig.qtbot.waitUntil(lambda: rig.engine.watching.endswith(str(zoom)), timeout=WITHIN)
    assert dialog.watch.box.isChecked()
    assert not offer.isVisible()
    assert dialog.focusWidget() is dialog.watch.chooser, "the offer had the focus, and is gone"
    assert not rig.engine.jobs
    dialog.reject()


def test_what_is_in_the_folder_already_is_added_where_the_rep_wants_that(rig: Rig, zoom: Path) -> None:
    (zoom / "old.m4a").write_bytes(b"x" * 1000)
    dialog = settings(rig)
    rig.click(dialog.watch.recorders[0])

    answer(rig, "Add them, too")
    rig.wait_jobs(1)

    assert not next(iter(rig.engine.jobs.values())).watched
    dialog.reject()


def test_any_folder_can_be_chosen_and_watching_survives_a_restart(rig: Rig, tmp_path: Path) -> None:
    dialog = settings(rig)
    QTest.mouseClick(dialog.watch.box, Qt.MouseButton.LeftButton)
    chooser = rig.dialog
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(tmp_path))
    chooser.done(int(QDialog.DialogCode.Accepted))
    answer(rig, "Only new ones")
    dialog.reject()

    again = PreferencesFile(tmp_path / "preferences.toml").now
    assert watching_of(again, None) == Watching(tmp_path, f"{again.watched_since} {tmp_path}")
    assert datetime.fromisoformat(again.watched_since).tzinfo is UTC


def test_a_chooser_that_is_given_up_leaves_the_box_as_it_was(rig: Rig) -> None:
    dialog = settings(rig)
    rig.click(dialog.watch.box)
    chooser = rig.dialog
    assert isinstance(chooser, QFileDialog)
    chooser.reject()
    rig.settle()

    assert not dialog.watch.box.isChecked()
    dialog.reject()


def test_watching_is_switched_off_by_the_box(rig: Rig, zoom: Path) -> None:
    dialog = settings(rig)
    rig.click(dialog.watch.recorders[0])
    answer(rig, "Only new ones")

    rig.click(dialog.watch.box)

    assert dialog.watch.place.text() == ""
    assert watching_of(rig.window._environment.preferences.now, None) is None
    assert not rig.window.folder_watch._timer.isActive()
    assert zoom.is_dir()
    dialog.reject()


def test_a_folder_that_the_company_named_is_watched_and_cannot_be_changed(
    qtbot: QtBot, qapp: Application, zoom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(zoom.parent.parent))
    monkeypatch.setenv("USERPROFILE", str(zoom.parent.parent))
    company = CompanyFolder("~/Documents/Zoom")
    rig = Rig(qtbot, qapp, Environment(desktop=FakeDesktop(), company_folder=company)).start()
    dialog = settings(rig)

    assert dialog.watch.place.text() == str(zoom)
    assert not dialog.watch.box.isEnabled()
    assert not dialog.watch.chooser.isEnabled()
    rig.qtbot.waitUntil(lambda: rig.engine.watching == f"company {zoom}", timeout=WITHIN)
    dialog.reject()
    end(rig)


def test_an_imported_profile_names_no_folder(zoom: Path) -> None:
    preferences = PreferencesFile(None).now
    profile = samples.PROFILE.model_copy(update={"watch_folder": str(zoom)})

    assert company_folder_of(profile, Policy(), managed=False) is None
    assert watching_of(preferences, None) is None
    company = company_folder_of(profile, Policy(), managed=True)
    assert watching_of(preferences, company) == Watching(zoom, f"company {zoom}", by_company=True)
    sending = company_folder_of(profile.model_copy(update={"watch_send": True}), Policy(), managed=True)
    assert watching_of(preferences, sending) == Watching(zoom, f"company {zoom}", by_company=True, sends=True)


def test_a_folder_that_a_policy_sets_is_the_companys_and_a_mailed_profile_does_not_make_it_send(zoom: Path) -> None:
    mailed = samples.PROFILE.model_copy(update={"watch_folder": str(zoom), "watch_send": True})
    folder, send = PolicyValue(str(zoom), "policy"), PolicyValue(value=True, source="policy")

    assert company_folder_of(mailed, Policy({"watch_folder": folder}), managed=False) == CompanyFolder(str(zoom))
    both = Policy({"watch_folder": folder, "watch_send": send})
    assert company_folder_of(mailed, both, managed=False) == CompanyFolder(str(zoom), sends=True)
    assert company_folder_of(mailed, Policy({"watch_send": send}), managed=False) is None


def test_the_folders_of_zoom_and_teams_are_found_where_they_are(tmp_path: Path) -> None:
    documents = tmp_path / "OneDrive - Acme" / "Documents"
    places = [
        documents / "Zoom",
        tmp_path / "OneDrive - Acme" / "Recordings",
        tmp_path / "Library" / "CloudStorage" / "OneDrive-Acme" / "Aufzeichnungen",
    ]
    assert recorder_folders(tmp_path, documents) == ()
    for place in places:
        place.mkdir(parents=True)

    assert recorder_folders(tmp_path, documents) == tuple(
        RecorderFolder(name, place) for name, place in zip(("Zoom", "Teams", "Teams"), places, strict=True)
    )
