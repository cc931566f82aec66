"""Play: the system's player opens a recording, and says which; nothing else is ever opened."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from callup_desktop.engine.job import State
from callup_desktop.presentation.rows import Action, ActionRequest, Tab, actions_of
from callup_desktop.recordings.recording import SoundOf
from callup_desktop.recordings.waveform import BARS
from callup_desktop.ui.application import Application
from callup_desktop.ui.system.player import _of_linux
from callup_desktop.ui.system.shell import SystemShell
from tests.cli.console import wav
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig

Make = Callable[..., tuple[Path, ...]]


def test_a_draft_is_played_from_its_menu_and_the_player_is_named(rig: Rig, recordings: Make) -> None:
    (file,) = recordings("Acme.wav")
    rig.start().drop(file)
    rig.wait_jobs(1)
    menu = rig.lists.view.menu_for(rig.lists.view.selected_jobs())
    play = next(entry for entry in menu.actions() if entry.text() == "Play")
    menu.triggered.emit(play)
    menu.close()

    assert rig.desktop.played == [file]
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Acme.wav is opened in VLC."


@pytest.mark.parametrize(
    ("player", "said"),
    [("", "opened in the system's player."), (None, "No program on this computer plays")],
)
def test_a_player_without_a_name_and_none_at_all_are_told(rig: Rig, player: str | None, said: str) -> None:
    rig.desktop.player = player
    rig.engine.sent = samples.sent()[:1]
    rig.start().lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    rig.click(rig.page.detail_pane.buttons[Action.PLAY])

    assert rig.notice.alert is not None
    assert said in rig.notice.alert.lead


def test_of_a_video_the_original_is_played(rig: Rig) -> None:
    job = samples.draft("a", "meeting.m4a", 1, 1)
    assert job.recording is not None
    sound = replace(job.recording, sound_of=SoundOf(9_000_000))
    rig.engine.jobs = {"a": replace(job, path=Path("/recordings/meeting.mp4"), recording=sound)}
    rig.start()
    rig.window.call_actions.perform(ActionRequest(Action.PLAY, ("a",)))

    assert rig.desktop.played == [Path("/recordings/meeting.mp4")]


@pytest.mark.parametrize("name", ["invoice.exe", "notes.desktop", "run.bat", "call.mp3.lnk", "call"])
def test_a_file_that_is_no_recording_by_its_name_is_never_opened(rig: Rig, name: str) -> None:
    job = replace(samples.draft("a", "a.wav", 1, 1), path=Path("/recordings") / name)
    rig.engine.jobs = {"a": job}
    rig.start()
    rig.window.call_actions.perform(ActionRequest(Action.PLAY, ("a",)))

    assert Action.PLAY not in actions_of(job)
    assert rig.desktop.played == []


def test_a_file_that_was_not_read_or_is_refused_is_never_opened() -> None:
    job = replace(samples.draft("a", "a.wav", 1, 1), recording=None)
    assert job.state is State.DRAFT
    assert Action.PLAY not in actions_of(job)


# --- the associations of Linux ---------------------------------------------------------------------------------------


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    applications = tmp_path / "data" / "applications"
    applications.mkdir(parents=True)
    (tmp_path / "config").mkdir()
    for name in ("VLC", "Totem"):
        entry = f"[Desktop Entry]\nType=Application\nName={name}\nName[de]=Spieler\nExec={name} %U\n"
        (applications / f"{name.lower()}.desktop").write_text(entry)
    (applications / "mimeinfo.cache").write_text("[MIME Cache]\naudio/mpeg=gone.desktop;totem.desktop;\n")
    return {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CONFIG_DIRS": str(tmp_path / "etc"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_DATA_DIRS": str(tmp_path / "none"),
    }


def test_the_rep_s_own_choice_of_a_player_comes_first(desktop: dict[str, str]) -> None:
    assert _of_linux(Path("a.mp3"), desktop) == "Totem"
    chosen = Path(desktop["XDG_CONFIG_HOME"]) / "mimeapps.list"
    chosen.write_text("[Default Applications]\naudio/mpeg=vlc.desktop\n")

    assert _of_linux(Path("a.mp3"), desktop) == "VLC"
    assert _of_linux(Path("a.flac"), desktop) == ""


def test_a_list_that_is_none_is_passed_over(desktop: dict[str, str]) -> None:
    (Path(desktop["XDG_CONFIG_HOME"]) / "mimeapps.list").write_bytes(b"audio/mpeg\xff without a section\n")

    assert _of_linux(Path("a.mp3"), desktop) == "Totem"


class OpenedFiles(QObject):
    """Stands where the system would open a file."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.paths.append(Path(url.toLocalFile()))


@pytest.fixture
def opened(qapp: Application) -> Iterator[OpenedFiles]:  # noqa: ARG001 - URLs are opened by an application
    files = OpenedFiles()
    QDesktopServices.setUrlHandler("file", files, "open")  # type: ignore[arg-type]  # the stub says bytes
    yield files
    QDesktopServices.unsetUrlHandler("file")


@pytest.mark.skipif(sys.platform != "linux", reason="only there the program looks for a player first")
def test_a_recording_that_no_program_plays_is_not_called_opened(
    desktop: dict[str, str], opened: OpenedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in desktop.items():
        monkeypatch.setenv(name, value)

    assert SystemShell().play(Path("/recordings/a.flac")) is None
    assert opened.paths == []
    assert SystemShell().play(Path("/recordings/a.mp3")) == "Totem"
    assert opened.paths == [Path("/recordings/a.mp3")]


# --- the waveform ----------------------------------------------------------------------------------------------------


def test_the_form_of_one_recording_shows_how_loud_it_is_and_plays_it(rig: Rig, tmp_path: Path) -> None:
    file = wav(tmp_path / "Acme.wav")
    rig.start().drop(file)
    rig.wait_jobs(1)
    listen = rig.page.form.listen
    rig.qtbot.waitUntil(lambda: len(listen.waveform.peaks) == BARS, timeout=WITHIN)
    assert min(listen.waveform.peaks) > 0.5, "noise is loud everywhere"

    rig.click(listen.button)

    assert rig.desktop.played == [file]
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Acme.wav is opened in VLC."


def test_the_waveform_is_that_of_the_call_in_view_and_of_no_other(rig: Rig, tmp_path: Path, recordings: Make) -> None:
    (other,) = recordings("other.wav")
    file = wav(tmp_path / "Acme.wav")
    rig.start().drop(file, other)
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    listen = rig.page.form.listen
    assert not listen.isVisible(), "two are selected"

    rig.lists.view.select((first,))
    rig.qtbot.waitUntil(lambda: bool(listen.waveform.peaks), timeout=WITHIN)
    rig.lists.view.select((second,))
    rig.settle()

    assert listen.isVisible()
    assert listen.waveform.peaks == ()
    rig.lists.view.select((first,))
    rig.settle()
    assert len(listen.waveform.peaks) == BARS, "it is read once"


def test_keys_that_go_through_many_calls_read_no_file(rig: Rig, tmp_path: Path) -> None:
    rig.start().drop(*(wav(tmp_path / f"{number}.wav") for number in range(5)))
    rig.wait_jobs(5)
    asked: list[str] = []
    rig.page.waveforms._spawn = lambda name, _work: asked.append(name)  # type: ignore[assignment, return-value]  # counts
    rig.lists.view.setFocus()
    for _ in range(5):
        rig.key(rig.lists.view, Qt.Key.Key_Down)

    assert asked == []
    rig.qtbot.waitUntil(lambda: bool(asked), timeout=WITHIN)
    assert len(asked) == 1
