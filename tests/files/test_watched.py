"""What a look at a watched folder tells: each recording when it is seen first, and once it is settled."""

import sys
from pathlib import Path

import pytest

from callup_desktop.files.scan import Selection
from callup_desktop.files.watched import QUIET, Look, WatchedFolder

SELECTION = Selection(frozenset({".mp3", ".m4a"}))


class Looks:
    """Looks at a folder, with a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self._now = 100.0
        self._watched = WatchedFolder(folder, SELECTION, monotonic=lambda: self._now)

    def look(self, *, after: float = QUIET) -> Look:
        self._now += after
        look = self._watched.look()
        assert look is not None
        return look


def told(look: Look) -> list[tuple[str, bool]]:
    return [(file.path.name, file.settled) for file in look.files]


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    folder = tmp_path / "2026-11-20 10.00 Acme"
    folder.mkdir()
    (folder / "audio_only.m4a").write_bytes(b"sound")
    (folder / "video.mp4").write_bytes(b"pictures")
    return folder


def test_recordings_are_told_when_they_are_seen_and_once_they_are_settled(tmp_path: Path, meeting: Path) -> None:
    looks = Looks(tmp_path)

    first = looks.look()
    assert told(first) == [("audio_only.m4a", False)]
    assert first.folders == (tmp_path, meeting)
    assert first.unsettled
    assert told(looks.look(after=QUIET / 2)) == []
    last = looks.look(after=QUIET / 2)
    assert (told(last), last.unsettled) == ([("audio_only.m4a", True)], False)
    assert told(looks.look()) == []


def test_a_recording_that_changes_is_not_settled(tmp_path: Path, meeting: Path) -> None:
    looks = Looks(tmp_path)
    looks.look()
    (meeting / "audio_only.m4a").write_bytes(b"more sound")

    assert told(looks.look()) == [("audio_only.m4a", False)]
    assert told(looks.look()) == [("audio_only.m4a", True)]


def test_a_recording_that_comes_back_is_told_again(tmp_path: Path, meeting: Path) -> None:
    looks = Looks(tmp_path)
    looks.look()
    away = (meeting / "audio_only.m4a").rename(tmp_path.parent / "away.m4a")
    assert looks.look().files == ()

    away.rename(meeting / "audio_only.m4a")

    assert told(looks.look()) == [("audio_only.m4a", False)]


def test_a_folder_that_is_gone_is_not_an_empty_one(tmp_path: Path) -> None:
    looks = Looks(tmp_path / "gone")

    assert looks.look() == Look(reachable=False)


def test_a_drive_that_comes_back_tells_only_what_changed(tmp_path: Path, meeting: Path) -> None:
    looks = Looks(meeting)
    looks.look()
    looks.look()
    gone = meeting.rename(tmp_path / "away")
    assert not looks.look().reachable

    gone.rename(meeting)

    assert looks.look().files == ()


def test_a_look_that_is_no_longer_wanted_ends(tmp_path: Path, meeting: Path) -> None:
    assert WatchedFolder(tmp_path, SELECTION).look(lambda: meeting.exists()) is None


def test_a_file_that_vanishes_under_the_look_is_left_out(tmp_path: Path) -> None:
    def vanish(name: str) -> str:
        (tmp_path / name).unlink()
        return ""

    (tmp_path / "gone.mp3").write_bytes(b"sound")
    look = WatchedFolder(tmp_path, Selection(SELECTION.suffixes, vanish)).look()

    assert not list(tmp_path.iterdir())
    assert look == Look(folders=(tmp_path,))


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")
def test_links_that_somebody_leaves_in_it_do_not_choose_which_files_are_read(tmp_path: Path, meeting: Path) -> None:
    secret = tmp_path / "private"
    secret.mkdir()
    (secret / "diary.mp3").write_bytes(b"sound")
    (meeting / "Acme - a@acme.com - demo.mp3").symlink_to(secret / "diary.mp3")
    (meeting / "more").symlink_to(secret, target_is_directory=True)
    (tmp_path / "watched").symlink_to(meeting, target_is_directory=True)

    assert told(Looks(tmp_path / "watched").look()) == [("audio_only.m4a", False)]
