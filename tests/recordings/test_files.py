"""What is no readable file is refused or waited for at once, and nothing ever blocks or escapes as a bare OSError."""

import errno
import os
import socket
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from callup_desktop.files.access import DiskFile, FileSystem, long_path, look_at, state_of
from callup_desktop.files.errors import NotReadyError, Refusal, RefusedError, Wait, drive_of, file_error
from callup_desktop.recordings.verdict import verdict_of
from tests.recordings.shelf import PATH, Shelf
from tests.recordings.studio import chunk, pcm_form, riff

_WAV = riff(pcm_form(), chunk(b"data", b"\x10\x20" * 500))


def _within(seconds: float, action: Callable[[], object]) -> None:
    """Run it on a thread and fail if it does not come back: a probe that blocks must not block the tests."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_and_never_waited_on(tmp_path: Path) -> None:
    pipe = tmp_path / "call.mp3"
    os.mkfifo(pipe)
    codes = list[str | None]()

    _within(10, lambda: codes.append(verdict_of(pipe).code))

    assert codes == [Refusal.NOT_A_FILE]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_takes_the_name_after_the_look_is_refused_and_never_waited_on(tmp_path: Path) -> None:
    path, pipe = tmp_path / "call.mp3", tmp_path / "pipe"
    path.write_bytes(_WAV)
    os.mkfifo(pipe)
    codes = list[str | None]()

    def open_other(_path: Path) -> DiskFile:
        return DiskFile(pipe)

    machine = FileSystem(look=look_at, open=open_other, now=lambda: 0.0, pause=lambda _seconds: None)
    _within(10, lambda: codes.append(verdict_of(path, machine=machine).code))

    assert codes == [Refusal.NOT_A_FILE]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    verdict = verdict_of(tmp_path)

    assert (verdict.code, verdict.params["kind"], verdict.size) == (Refusal.NOT_A_FILE, "folder", None)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket may be 100 characters long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("call.mp3")
        assert verdict_of(tmp_path / "call.mp3").params["kind"] == "socket"


def test_a_device_is_refused() -> None:
    assert verdict_of(Path(os.devnull)).code == Refusal.NOT_A_FILE


def test_a_link_to_a_recording_is_followed_and_a_loop_is_refused(tmp_path: Path) -> None:
    real, link = tmp_path / "real.wav", tmp_path / "link.wav"
    loop, other = tmp_path / "loop.wav", tmp_path / "other.wav"
    real.write_bytes(_WAV)
    link.symlink_to(real)
    loop.symlink_to(other)
    other.symlink_to(loop)

    assert verdict_of(link).verdict == "ok"
    assert verdict_of(loop).code == Refusal.LINK_LOOP


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "dangling.mp3").symlink_to(tmp_path / "nothing")

    for path in (tmp_path / "none.mp3", tmp_path / "no" / "such" / "folder.mp3", tmp_path / "dangling.mp3"):
        verdict = verdict_of(path)
        assert (verdict.verdict, verdict.code, verdict.size) == ("refused", Refusal.NOT_FOUND, None)


def test_a_path_through_a_file_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")

    assert verdict_of(tmp_path / "file" / "call.mp3").code == Refusal.NOT_FOUND


def test_a_path_with_a_null_byte_is_not_found() -> None:
    assert verdict_of(Path("call\0.mp3")).code == Refusal.NOT_FOUND


def test_names_in_any_script_and_names_that_are_no_text_are_opened(tmp_path: Path) -> None:
    names = ["日本語 é.wav", "e\u0301.wav", "-rf.wav", " .wav"]
    if os.name == "posix":
        names.append(os.fsdecode(b"caf\xe9.wav"))
    for name in names:
        (tmp_path / name).write_bytes(_WAV)
        assert verdict_of(tmp_path / name).verdict == "ok"


_TROUBLES = (
    (errno.EACCES, Refusal.NO_PERMISSION),
    (errno.EPERM, Refusal.NO_PERMISSION),
    (errno.ENODEV, Wait.DRIVE_GONE),
    (errno.ESTALE, Wait.DRIVE_GONE),
    (errno.ENOTCONN, Wait.DRIVE_GONE),
    (errno.ETIMEDOUT, Wait.DRIVE_GONE),
    (errno.EHOSTDOWN, Wait.DRIVE_GONE),
    (errno.EBUSY, Wait.LOCKED),
    (errno.EDEADLK, Wait.ONLINE_ONLY),
    (errno.ELOOP, Refusal.LINK_LOOP),
    (errno.EINVAL, Refusal.UNREADABLE),
    (errno.ENAMETOOLONG, Refusal.UNREADABLE),
    (9_999, Refusal.UNREADABLE),
)


def _turned_away(shelf: Shelf) -> RefusedError | NotReadyError:
    try:
        shelf.probe()
    except (RefusedError, NotReadyError) as exc:
        return exc
    pytest.fail("the file was taken")


@pytest.mark.parametrize(("number", "code"), _TROUBLES)
@pytest.mark.parametrize("moment", ["first look", "opening", "first read", "last read", "last look"])
def test_trouble_with_the_disk_says_who_has_to_act(number: int, code: Refusal | Wait, moment: str) -> None:
    shelf = Shelf(_WAV)
    moments: list[str] = []
    names = {
        "look 1": "first look",
        "look 2": "opening",
        "read 1": "first read",
        "read 2": "last read",
        "look 3": "last look",
    }

    def pass_by(what: str) -> None:
        moments.append(what)
        if names.get(f"{what} {moments.count(what)}") == moment:
            raise OSError(number, os.strerror(number))

    shelf.at_look = lambda: pass_by("look")
    shelf.at_read = lambda _reads: pass_by("read")

    error = _turned_away(shelf)

    assert (error.code, error.params["folder"]) == (code, str(PATH.parent))
    assert shelf.opened == 0


def test_a_bad_sector_is_unreadable_and_a_pulled_drive_is_gone(tmp_path: Path) -> None:
    there, gone = tmp_path / "call.mp3", tmp_path / "gone.mp3"
    there.write_bytes(_WAV)
    trouble = OSError(errno.EIO, "input/output error")

    assert file_error(trouble, there).code is Refusal.UNREADABLE
    assert file_error(trouble, gone).code is Wait.DRIVE_GONE


class _WindowsError(PermissionError):
    """An error as Windows raises it; elsewhere the attribute does not exist."""

    def __init__(self, winerror: int) -> None:
        super().__init__(errno.EACCES, "what Windows says")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("winerror", "code"),
    [
        (32, Wait.LOCKED),
        (33, Wait.LOCKED),
        (21, Wait.DRIVE_GONE),
        (64, Wait.DRIVE_GONE),
        (1167, Wait.DRIVE_GONE),
        (362, Wait.ONLINE_ONLY),
        (1921, Refusal.LINK_LOOP),
    ],
)
def test_what_windows_answers_is_understood(winerror: int, code: object) -> None:
    assert file_error(_WindowsError(winerror), PATH).code is code


def test_the_drive_of_a_path_is_what_the_rep_calls_it() -> None:
    if os.name == "posix":
        assert drive_of(Path("/Volumes/Calls/2025/a.mp3")) == "/Volumes/Calls"
        assert drive_of(Path("/media/jo/USB/a.mp3")) == "/media/jo/USB"
        assert drive_of(Path("/srv/calls/a.mp3")) == "/"


def test_a_recording_on_a_volume_that_was_unplugged_waits_for_it() -> None:
    if os.name == "posix":
        verdict = verdict_of(Path("/Volumes/no such volume/a.mp3"))
        assert (verdict.verdict, verdict.code) == ("unfinished", Wait.DRIVE_GONE)
        assert verdict.params["drive"] == "/Volumes/no such volume"


def test_long_windows_paths_are_written_as_windows_takes_them() -> None:
    deep = "\\x" * 150

    assert long_path("C:\\short.mp3") == "C:\\short.mp3"
    assert long_path("C:" + deep) == "\\\\?\\C:" + deep
    assert long_path("\\\\server\\share" + deep) == "\\\\?\\UNC\\server\\share" + deep
    assert long_path("\\\\?\\C:" + deep) == "\\\\?\\C:" + deep


@dataclass(frozen=True)
class _Stat:
    """A stat result as Windows (attributes) or macOS (flags) makes it."""

    st_mode: int = stat.S_IFREG
    st_size: int = 5
    st_mtime_ns: int = 0
    st_file_attributes: int = 0
    st_flags: int = 0


def test_the_marks_of_cloud_only_files_are_known_on_windows_and_macos() -> None:
    assert not state_of(_Stat()).online_only
    assert state_of(_Stat(st_file_attributes=0x400000 | 0x20)).online_only
    assert state_of(_Stat(st_file_attributes=0x1000)).online_only
    assert state_of(_Stat(st_flags=0x40000000)).online_only
    assert not state_of(_Stat(st_file_attributes=0x20, st_flags=0x8000)).online_only


def test_another_program_may_rename_and_delete_a_file_that_is_open(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(_WAV)
    file = DiskFile(path)

    path.rename(tmp_path / "renamed.wav")
    (tmp_path / "renamed.wav").unlink()

    assert file.read_at(0, 4) == b"RIFF"
    file.close()
