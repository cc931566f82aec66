"""The file changes, moves, is deleted, locked, or its drive goes, while it is sent and between sessions."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import State
from callup_desktop.files.errors import Wait
from tests.engine.world import DETAILS, World
from tests.faults.laptop import Laptop, Network, OneSession
from tests.faults.outcome import Servers

_SHARING_VIOLATION = 32
_LOCK_VIOLATION = 33
_SHARE_IS_GONE = 64
_CLOUD_PROVIDER_NOT_RUNNING = 362


def half_sent(world: World, path: Path) -> str:
    """A call of which three parts are stored."""
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    return call


def trouble_of(world: World, call: str) -> str:
    trouble = world.job(call).trouble
    return str(trouble.code) if trouble else ""


def each_part_was_sent_once(world: World, call: str) -> bool:
    return all(count == 1 for (key, _), count in world.store.sent.items() if call in key)


# --- a moved file -----------------------------------------------------------------------------------------------------


def test_a_moved_file_that_is_dropped_again_goes_on_where_it_was(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.crash()
    moved = path.rename(world.folder / "moved.mp3")
    world.start()
    world.until(lambda: world.state(call) is State.FAILED)
    assert trouble_of(world, call) == Code.FILE_MISSING

    world.engine.add((moved,))
    world.until_done(call)

    world.arrived_whole_and_once(call, moved)
    assert each_part_was_sent_once(world, call)
    assert not world.jobs, "the dropped file became a second call"


def test_a_file_that_moved_while_the_laptop_was_offline_is_found_before_anybody_missed_it(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.engine.pause((call,))
    world.rest()
    moved = path.rename(world.folder / "moved.mp3")

    world.engine.add((moved,))
    world.rest()
    world.engine.resume((call,))
    world.until_done(call)

    world.arrived_whole_and_once(call, moved)
    assert each_part_was_sent_once(world, call)
    assert not world.jobs


def test_a_copy_of_a_file_that_is_still_there_is_told_as_a_duplicate(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    copy = Path(shutil.copy(path, world.folder / "copy.mp3"))

    world.engine.add((copy,))
    world.until_done(call)
    world.rest()

    (draft,) = world.jobs
    assert draft.path == copy
    assert draft.duplicate_of is not None


def test_another_file_does_not_take_the_place_of_a_lost_one(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.crash()
    path.unlink()
    world.start()
    world.until(lambda: world.state(call) is State.FAILED)

    world.engine.add((world.recording("other-call.mp3", size=1000),))
    world.rest()

    assert world.state(call) is State.FAILED
    assert len(world.jobs) == 2


def test_whoever_dropped_a_moved_file_hears_which_call_it_is(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.crash()
    moved = path.rename(world.folder / "moved.mp3")
    world.start()
    world.until(lambda: world.state(call) is State.FAILED)

    world.engine.add((moved,), ids=("dropped",))
    world.rest()

    (gone,) = (event for event in world.events if getattr(event, "gone", False))
    assert (gone.job.id, gone.relocated_to) == ("dropped", call)  # type: ignore[union-attr]


# --- a file that is no longer what it was -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(path.read_bytes()[:700]),
        lambda path: path.write_bytes(path.read_bytes() + b"more"),
        lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
    ],
    ids=["truncated", "longer", "edited"],
)
@pytest.mark.parametrize("when", ["while it is sent", "between sessions"])
def test_a_file_that_changes_is_sent_anew_and_never_mixed(
    world: World, change: Callable[[Path], object], when: str
) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    if when == "between sessions":
        world.crash()
    change(path)
    if when == "between sessions":
        world.start()

    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert Code.FILE_CHANGED in {job.trouble.code for job in world.changes(call) if job.trouble}


def test_a_file_replaced_between_sessions_is_sent_anew(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.crash()
    world.recording("another.mp3", size=1100).replace(path)
    world.start()

    world.until_done(call)

    world.arrived_whole_and_once(call, path)


@pytest.mark.skipif(os.name == "nt", reason="Windows does not replace an open file")
def test_a_file_replaced_while_it_is_sent_arrives_as_it_was_when_it_was_sent(world: World) -> None:
    path = world.recording(size=1000)
    kept = Path(shutil.copy(path, world.folder / "kept"))
    call = half_sent(world, path)
    world.recording("another.mp3", size=1100).replace(path)

    world.until_done(call)

    world.arrived_whole_and_once(call, kept)


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete an open file")
def test_a_file_deleted_while_it_is_sent_arrives_all_the_same(world: World) -> None:
    path = world.recording(size=1000)
    kept = Path(shutil.copy(path, world.folder / "kept"))
    call = half_sent(world, path)
    path.unlink()

    world.until_done(call)

    world.arrived_whole_and_once(call, kept)


def test_a_file_deleted_between_sessions_asks_the_rep_and_can_be_taken_back(world: World) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.crash()
    path.unlink()
    world.start()
    world.until(lambda: world.state(call) is State.FAILED)
    assert trouble_of(world, call) == Code.FILE_MISSING

    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))

    world.nothing_is_left(call)


# --- a drive, a lock --------------------------------------------------------------------------------------------------


def test_a_drive_that_vanishes_is_waited_for_and_the_call_goes_on_where_it_was(world: World) -> None:
    drive = world.folder / "drive"
    drive.mkdir()
    path = world.recording("drive/call.mp3", size=1000)
    call = half_sent(world, path)
    world.crash()
    drive.rename(world.folder / "unplugged")
    world.start()
    world.until(lambda: trouble_of(world, call) == Code.DRIVE_GONE)
    assert world.state(call) is State.QUEUED

    (world.folder / "unplugged").rename(drive)
    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert each_part_was_sent_once(world, call)


class WindowsShares:
    """`os.open` as it is on Windows while another program holds a file without sharing it."""

    def __init__(self, path: Path, number: int) -> None:
        self.path: Path | None = path
        self._number = number
        self._open = os.open

    def __call__(self, path: Any, *arguments: Any, **options: Any) -> int:
        if self.path is not None and os.fspath(path) == os.fspath(self.path):
            refusal = PermissionError(13, "The process cannot access the file")
            refusal.winerror = self._number  # type: ignore[attr-defined]  # only Windows sets it
            raise refusal
        return self._open(path, *arguments, **options)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (_SHARING_VIOLATION, Code.FILE_LOCKED),
        (_LOCK_VIOLATION, Code.FILE_LOCKED),
        (_CLOUD_PROVIDER_NOT_RUNNING, Code.ONLINE_ONLY),
        (_SHARE_IS_GONE, Code.DRIVE_GONE),
    ],
)
def test_a_file_that_another_program_or_the_cloud_holds_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, number: int, code: Code
) -> None:
    path = world.recording(size=1000)
    call = half_sent(world, path)
    world.crash()
    shares = WindowsShares(path, number)
    monkeypatch.setattr(os, "open", shares)
    world.start()
    world.until(lambda: trouble_of(world, call) == code)
    assert world.state(call) is State.QUEUED

    shares.path = None
    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert each_part_was_sent_once(world, call)


def test_a_recording_that_is_locked_when_it_is_dropped_is_judged_once_it_is_free(
    tmp_path: Path,
    network: Network,
    keys: OneSession,
    servers: Servers,
    short: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shares = WindowsShares(short, _SHARING_VIOLATION)
    monkeypatch.setattr(os, "open", shares)
    with Laptop(tmp_path, network.profile, keys) as laptop:
        laptop.engine.add((short,), ids=("one",))
        laptop.until(lambda: (job := laptop.jobs.get("one")) is not None and job.trouble is not None)
        trouble = laptop.jobs["one"].trouble
        assert trouble is not None
        assert trouble.code == Wait.LOCKED

        shares.path = None
        laptop.until(lambda: laptop.jobs["one"].recording is not None)
        laptop.engine.describe(("one",), DETAILS)
        laptop.engine.send(("one",), again=True)
        laptop.until_sent("one")
    servers.arrived_whole_and_once(laptop.jobs["one"], short)
