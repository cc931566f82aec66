"""A call whose file is a video: its sound arrives, over crashes and changes, and nothing but the video is on disk."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import Command, State, offers
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.probe import probe
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.recordings.video_sound import sound_of
from tests.engine.world import World
from tests.recordings.shelf import Shelf
from tests.recordings.studio import Studio


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of a meeting; its sound has some thousand bytes."""
    return Studio(tmp_path_factory.mktemp("studio")).video("mp4", "-c:a", "aac")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(
        tmp_path / "meetings",
        home=tmp_path / "home",
        probe=partial(probe, video=VideoPolicy.SOUND),
        plan=lambda size, _uplink: 2_000 if size > 2_000 else 0,
    )
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _meetings(tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()


def _sound(video: bytes) -> bytes:
    sound = sound_of(Shelf(video), len(video))
    return sound.read_at(0, sound.size)


def _dropped(world: World, video: bytes, name: str = "meeting.mp4") -> Path:
    path = world.folder / name
    path.write_bytes(video)
    world.clock.advance(60)
    return path


def _arrived(world: World, call: str, video: bytes) -> None:
    job = world.job(call)
    assert world.store.objects[job.key].data == _sound(video)
    assert job.key.endswith(".m4a")
    assert call in world.registry.documents
    assert not world.store.uploads


def test_the_sound_of_a_video_arrives_and_the_video_stays_as_it_was(world: World, video: bytes) -> None:
    path = _dropped(world, video)

    call = world.send(path)
    world.until_done(call)

    _arrived(world, call, video)
    recording = world.job(call).recording
    assert recording is not None
    assert (recording.format, recording.size) == (Format.M4A, len(_sound(video)))
    assert recording.sound_of is not None
    assert recording.sound_of.size == len(video)
    assert path.read_bytes() == video
    assert [found.name for found in world.folder.iterdir()] == ["meeting.mp4"]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_crash_resumes_with_the_same_bytes_and_leaves_nothing_behind(world: World, video: bytes, number: int) -> None:
    call = world.send(_dropped(world, video))
    world.until_call("upload_part", number)
    stored = dict(world.store.sent)

    world.restart()
    world.until_done(call)

    _arrived(world, call, video)
    assert all(world.store.sent[part] == 1 for part in stored)
    assert {found.suffix for found in world.home.iterdir()} <= {".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".whole"}


def test_a_cancelled_call_leaves_nothing_behind(world: World, video: bytes) -> None:
    path = _dropped(world, video)
    call = world.send(path)
    world.until_call("upload_part", 2)

    world.engine.cancel((call,))
    world.until(lambda: not world.known(call) or world.state(call) is State.CANCELLED)
    world.until(lambda: not world.store.uploads)

    world.nothing_is_left(call)
    assert [found.name for found in world.folder.iterdir()] == ["meeting.mp4"]
    assert path.read_bytes() == video


def test_a_video_that_became_a_recording_of_its_own_is_not_sent_in_its_place(world: World, video: bytes) -> None:
    path = _dropped(world, video)
    call = world.send(path)
    world.until_call("upload_part", 1)

    path.write_bytes(_sound(video) + bytes(8))
    world.until(lambda: world.state(call) is State.FAILED)

    trouble = world.job(call).trouble
    assert trouble is not None
    assert trouble.code == Code.KEEPS_CHANGING


def test_the_sound_of_a_video_that_was_sent_before_is_known_again(world: World, video: bytes) -> None:
    first = world.send(_dropped(world, video))
    world.until_done(first)

    world.engine.add((_dropped(world, _sound(video), "audio_only.m4a"),))
    world.until(lambda: any(job.id != first and job.recording for job in world.jobs))

    (again,) = (job for job in world.jobs if job.id != first)
    assert again.duplicate_of is not None


@pytest.mark.parametrize("policy", VideoPolicy)
def test_the_sound_that_zoom_saved_is_sent_in_the_place_of_its_video(
    tmp_path: Path, video: bytes, policy: VideoPolicy
) -> None:
    world = World(tmp_path / "meetings", home=tmp_path / "home", probe=partial(probe, video=policy))
    path = _dropped(world, video, "zoom_0.mp4")
    sound = _dropped(world, _sound(video), "audio_only.m4a")
    world.engine.add((path,), ids=("call",))
    world.engine.describe(("call",), DetailsChange("Acme", "john@acme.com", "demo"))
    world.rest()
    assert world.job("call").turned_away is (policy is VideoPolicy.REFUSE)
    assert Command.USE_SOUND in offers(world.job("call"))

    world.engine.use_sound(("call",))
    world.rest()

    job = world.job("call")
    assert (job.path, job.details.company_name, job.trouble) == (sound, "Acme", None)
    assert job.recording is not None
    assert job.recording.sound_of is None
    assert Command.USE_SOUND not in offers(job)
    world.restart()
    world.engine.send(("call",))
    world.until_done("call")
    assert world.store.objects[world.job("call").key].data == sound.read_bytes()
    assert path.read_bytes() == video
    world.close()


def test_a_file_without_sound_beside_it_stays_what_it_is(world: World, video: bytes) -> None:
    path = _dropped(world, video)
    world.engine.add((path,), ids=("call",))
    world.rest()

    world.engine.use_sound(("call",))
    world.rest()

    assert world.job("call").path == path
    assert Command.USE_SOUND not in offers(world.job("call"))
