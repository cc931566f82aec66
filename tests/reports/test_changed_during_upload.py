"""A recording was cut, or exchanged for an old one, while it was sent, and went out without a word.

The same file would have raised a question had it been dropped like that.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import State
from callup_desktop.recordings.recording import Doubt, Doubtful, Recording
from tests.engine.world import World, plain_probe

WHOLE = 450


def doubting_probe(path: Path, **hooks: object) -> Recording:
    """A recording that is shorter than it should be is told to be cut off."""
    found = plain_probe(path, **hooks)  # type: ignore[arg-type]  # the hooks of a probe
    doubts = (Doubtful(Doubt.TRUNCATED),) if found.size < WHOLE else ()
    return Recording(found.format, found.size, 1.0, 1, 8000, 64000, doubts, found.crc64nvme, found.crc32)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, probe=doubting_probe)
    yield made
    made.close()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: WHOLE - 100])


def test_a_recording_that_is_cut_while_it_is_sent_asks_as_a_new_one_does(world: World) -> None:
    path = world.recording(size=WHOLE)
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)
    cut(path)

    world.until(lambda: world.state(call) is State.DRAFT)

    assert world.job(call).question is Rejection.DOUBT
    assert [rejection.code for rejection in world.rejections()] == [Rejection.DOUBT]
    world.rest()
    world.nothing_is_left(call)


def test_the_answer_to_that_question_sends_what_is_there_now(world: World) -> None:
    path = world.recording(size=WHOLE)
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)
    cut(path)
    world.until(lambda: world.state(call) is State.DRAFT)
    world.restart()

    world.engine.send((call,), None, anyway=True)

    world.until_done(call)
    world.arrived_whole_and_once(call, path)


def test_an_earlier_yes_was_about_the_recording_as_it_was(world: World) -> None:
    path = world.recording(size=WHOLE - 50)
    call = world.send(path)
    assert world.job(call).accepted
    world.until(lambda: world.job(call).stored > 0)
    cut(path)

    world.until(lambda: world.state(call) is State.DRAFT)

    assert world.job(call).question is Rejection.DOUBT


def test_a_recording_that_becomes_one_that_was_sent_before_asks_as_well(world: World) -> None:
    sent = world.recording("sent.mp3", size=WHOLE + 30)
    world.until_done(world.send(sent))
    path = world.recording("other.mp3", size=WHOLE)
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)
    path.write_bytes(sent.read_bytes())

    world.until(lambda: world.state(call) is State.DRAFT)

    assert world.job(call).question is Rejection.DUPLICATE


def test_a_paused_call_that_was_cut_asks_when_it_goes_on(world: World) -> None:
    path = world.recording(size=WHOLE)
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)
    world.engine.pause((call,))
    world.rest()
    cut(path)
    world.engine.resume((call,))

    world.until(lambda: world.state(call) is State.DRAFT)

    assert world.job(call).question is Rejection.DOUBT


def test_a_call_that_is_taken_back_is_not_asked_about(world: World) -> None:
    path = world.recording(size=WHOLE)
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)
    cut(path)
    world.engine.cancel((call,))

    world.until(lambda: not world.known(call))

    world.nothing_is_left(call)
    assert not world.rejections()
