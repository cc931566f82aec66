"""Recordings of the watched folder become drafts once: by file and by content, over restarts, whatever the rep does."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import Job, State
from callup_desktop.files.errors import NotReadyError, Wait
from callup_desktop.files.scan import Selection
from callup_desktop.files.watched import QUIET, Look, WatchedFolder
from callup_desktop.recordings.kinds import sound_beside
from callup_desktop.recordings.recording import Recording
from tests.engine.world import DETAILS, World, plain_probe

SELECTION = Selection(frozenset({".mp3", ".m4a", ".mp4"}), sound_beside)


class Zoom:
    """A laptop whose Zoom folder is watched, by a look at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = world.folder / "Zoom"
        self.folder.mkdir()
        self.name = "first"
        self.sent: dict[Path, Details] = {}
        self.restart_looking()

    def restart_looking(self) -> None:
        self.watched = WatchedFolder(self.folder, SELECTION, monotonic=self.world.clock.monotonic)

    def look(self, times: int = 1) -> None:
        """As the window looks: what a look brought goes to the engine."""
        for _ in range(times):
            self.world.clock.advance(QUIET)
            look = self.watched.look()
            assert isinstance(look, Look)
            assert look.reachable
            self.world.engine.take_watched(self.name, look.files, self.sent)
            self.world.rest()

    def record(self, name: str, *, size: int = 450) -> Path:
        path = self.world.recording(f"Zoom/{name}", size)
        assert path.parent == self.folder
        return path

    @property
    def drafts(self) -> list[Job]:
        return [job for job in self.world.jobs if job.state is State.DRAFT]

    def remove_all(self) -> None:
        self.world.engine.cancel(tuple(job.id for job in self.drafts))
        self.world.rest()
        assert not self.drafts

    def restart(self) -> None:
        self.world.restart()
        self.restart_looking()


@pytest.fixture
def zoom(tmp_path: Path) -> Iterator[Zoom]:
    world = World(tmp_path)
    made = Zoom(world)
    made.look()
    yield made
    world.close()


def test_a_new_recording_becomes_a_draft_that_nobody_sends(zoom: Zoom) -> None:
    path = zoom.record("call.mp3")

    zoom.look(3)

    (draft,) = zoom.drafts
    assert (draft.path, draft.watched) == (path, True)
    assert draft.recording is not None
    assert not zoom.world.store.calls


def test_a_recording_that_is_still_written_waits_until_it_is_not(zoom: Zoom) -> None:
    path = zoom.record("call.mp3", size=100)
    zoom.look()
    for size in (200, 300):
        zoom.record("call.mp3", size=size)
        zoom.look()
        assert not zoom.drafts

    zoom.look()

    assert [draft.size for draft in zoom.drafts] == [300]
    assert path.stat().st_size == 300


def test_what_was_there_before_becomes_no_draft_unless_it_grows(zoom: Zoom) -> None:
    zoom.name = "second"
    zoom.record("old.mp3")
    zoom.record("running.mp3", size=100)
    zoom.look(3)
    assert not zoom.drafts

    running = zoom.record("running.mp3", size=200)
    zoom.look(2)

    assert [draft.path for draft in zoom.drafts] == [running]


def test_a_draft_that_the_rep_removed_does_not_come_back(zoom: Zoom) -> None:
    zoom.record("call.mp3")
    zoom.look(2)
    zoom.remove_all()

    zoom.look(2)
    zoom.restart()
    zoom.look(3)

    assert not zoom.drafts


def test_neither_a_renamed_nor_a_moved_nor_a_touched_nor_a_copied_recording_becomes_a_second_draft(zoom: Zoom) -> None:
    path = zoom.record("call.mp3")
    zoom.look(2)
    zoom.remove_all()
    (zoom.folder / "2026-11-20 Acme").mkdir()

    renamed = path.rename(zoom.folder / "Acme call.mp3")
    zoom.look(2)
    moved = renamed.rename(zoom.folder / "2026-11-20 Acme" / "call.mp3")
    zoom.look(2)
    os.utime(moved, (0, 0))
    zoom.look(2)
    shutil.copyfile(moved, zoom.folder / "copy.mp3")
    zoom.look(2)

    assert not zoom.drafts


def test_a_copy_of_what_is_in_the_list_or_was_sent_from_the_folder_is_no_second_draft(zoom: Zoom) -> None:
    path = zoom.record("call.mp3")
    zoom.look(2)
    shutil.copyfile(path, zoom.folder / "copy.mp3")
    zoom.look(2)
    (draft,) = zoom.drafts

    zoom.world.engine.send((draft.id,), DETAILS)
    zoom.world.until_done(draft.id)
    shutil.copyfile(path, zoom.folder / "another copy.mp3")
    zoom.restart()
    zoom.look(3)

    assert not zoom.drafts
    assert zoom.world.status().sent == 1


def test_a_recording_that_the_rep_added_by_hand_is_not_added_again(zoom: Zoom) -> None:
    path = zoom.record("call.mp3")
    zoom.look()
    zoom.world.engine.add((path,))
    zoom.world.rest()

    zoom.look(2)
    (draft,) = zoom.drafts
    assert not draft.watched
    zoom.world.engine.send((draft.id,), DETAILS)
    zoom.world.until_done(draft.id)
    zoom.restart()
    zoom.look(3)

    assert not zoom.drafts


def test_a_recording_that_was_sent_by_hand_from_elsewhere_asks_before_it_is_sent_again(zoom: Zoom) -> None:
    elsewhere = zoom.world.recording("call.mp3")
    call = zoom.world.send(elsewhere)
    zoom.world.until_done(call)

    shutil.copyfile(elsewhere, zoom.folder / "call.mp3")
    zoom.look(2)

    (draft,) = zoom.drafts
    assert draft.question is Rejection.DUPLICATE


def test_another_recording_under_the_same_name_is_a_draft_of_its_own(zoom: Zoom) -> None:
    path = zoom.record("recording.mp3")
    zoom.look(2)
    zoom.remove_all()

    path.write_bytes(b"another call" * 40)
    zoom.look(2)

    assert [draft.path for draft in zoom.drafts] == [path]


def test_a_watching_that_begins_anew_takes_what_comes_from_then_on(zoom: Zoom) -> None:
    zoom.record("while it was off.mp3")
    zoom.name = "second"
    zoom.look(3)
    assert not zoom.drafts

    zoom.record("afterwards.mp3", size=200)
    zoom.look(2)

    assert [draft.path.name for draft in zoom.drafts] == ["afterwards.mp3"]


@pytest.mark.parametrize("tasks", range(3))
def test_a_crash_at_any_moment_leaves_one_draft(zoom: Zoom, tasks: int) -> None:
    zoom.record("call.mp3")
    zoom.look()
    zoom.world.clock.advance(QUIET)
    look = zoom.watched.look()
    assert look is not None
    zoom.world.engine.take_watched(zoom.name, look.files)
    for _ in range(tasks):
        zoom.world.engine.turn()
        if zoom.world.pool.tasks:
            zoom.world.pool.run_one()

    zoom.restart()
    zoom.look(3)

    (draft,) = zoom.drafts
    assert draft.recording is not None
    zoom.remove_all()
    zoom.look(2)
    assert not zoom.drafts


def test_a_recorder_that_pauses_without_finishing_its_file_makes_a_draft_that_waits(tmp_path: Path) -> None:
    writing = True

    def probe(path: Path, **hooks: object) -> Recording:
        if writing:
            raise NotReadyError(Wait.UNFINISHED)
        return plain_probe(path, **hooks)  # type: ignore[arg-type]  # the hooks of a probe

    world = World(tmp_path, probe=probe)
    zoom = Zoom(world)
    zoom.look()
    zoom.record("call.mp3")
    zoom.look(2)
    (draft,) = zoom.drafts
    assert draft.awaits_file

    zoom.record("call.mp3", size=600)
    writing = False
    zoom.look(3)
    world.until(lambda: all(job.recording for job in zoom.drafts))

    assert [draft.size for draft in zoom.drafts] == [600]
    world.close()


def test_what_the_company_sends_by_itself_is_sent_once_it_is_read_over_a_crash_too(zoom: Zoom) -> None:
    path = zoom.record("Acme demo.mp3")
    zoom.sent[path] = Details("Acme", "john@acme.com", "demo")
    zoom.look()
    zoom.world.clock.advance(QUIET)
    look = zoom.watched.look()
    assert look is not None
    zoom.world.engine.take_watched(zoom.name, look.files, zoom.sent)
    zoom.world.engine.turn()
    (draft,) = zoom.drafts

    zoom.restart()

    zoom.world.until_done(draft.id)
    assert zoom.world.registered(draft.id) == ("Acme", "john@acme.com", "demo")


def test_what_was_sent_before_is_not_sent_by_itself(zoom: Zoom) -> None:
    elsewhere = zoom.world.recording("call.mp3")
    zoom.world.until_done(zoom.world.send(elsewhere))
    path = zoom.folder / "call.mp3"
    shutil.copyfile(elsewhere, path)
    zoom.sent[path] = Details("Acme", "john@acme.com", "demo")

    zoom.look(2)
    zoom.world.rest()

    (draft,) = zoom.drafts
    assert draft.question is Rejection.DUPLICATE
    assert draft.send_asked_at is None


def test_a_recording_in_the_folder_that_a_call_misses_goes_on_with_it(zoom: Zoom) -> None:
    path = zoom.world.recording("lost.mp3", 450)
    call = zoom.world.send(path)
    zoom.world.until(lambda: zoom.world.job(call).stored > 0)
    zoom.world.engine.pause((call,))
    zoom.world.rest()
    path.rename(zoom.folder / "found.mp3")

    zoom.look(2)

    assert not zoom.drafts
    assert zoom.world.job(call).path == zoom.folder / "found.mp3"


def test_of_a_meeting_with_video_and_sound_only_the_sound_becomes_a_draft(zoom: Zoom) -> None:
    zoom.record("video1234567890.mp4", size=900)
    sound = zoom.record("audio1234567890.m4a")

    zoom.look(3)
    zoom.restart()
    zoom.look(3)

    assert [draft.path for draft in zoom.drafts] == [sound]


def test_sound_that_comes_after_its_video_was_taken_is_no_second_draft_over_a_restart_too(zoom: Zoom) -> None:
    video = zoom.record("zoom_0.mp4", size=900)
    zoom.look(2)
    zoom.restart()
    zoom.record("audio_only.m4a")
    zoom.look(3)
    assert [draft.path for draft in zoom.drafts] == [video]
    zoom.remove_all()

    zoom.look(2)
    assert not zoom.drafts

    zoom.record("audio_only.m4a", size=777)
    zoom.look(3)

    assert [draft.size for draft in zoom.drafts] == [777], "another meeting of the same names"


def test_the_sound_of_a_video_that_the_rep_added_by_hand_is_no_second_draft(zoom: Zoom) -> None:
    video = zoom.record("zoom_0.mp4", size=900)
    zoom.world.engine.add((video,))
    zoom.world.rest()
    zoom.record("audio_only.m4a")

    zoom.look(3)

    assert [draft.path for draft in zoom.drafts] == [video]
