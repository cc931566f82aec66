"""The same recording twice: told when it is dropped, sent only if the rep wants it so, and then a call of its own."""

import shutil
from datetime import timedelta
from pathlib import Path

from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import State
from callup_desktop.presentation.messages import Messages
from tests.engine.world import DETAILS, World
from tests.faults.roads import Road


def test_a_recording_that_was_sent_is_told_with_its_day_and_sent_again_only_when_the_rep_says_so(
    tmp_path: Path, road: Road, short: Path
) -> None:
    with road.laptop(tmp_path) as laptop:
        first = laptop.send(short)
        laptop.until_sent(first)
        copy = Path(shutil.copy(short, tmp_path / "under another name.wav"))

        second = laptop.drop(copy)

        before = laptop.jobs[second].duplicate_of
        assert before is not None
        day = f"{before.astimezone().day} "
        assert Messages().duplicate(before).startswith(f"You already sent this recording on {day}")
        laptop.engine.describe((second,), DETAILS)
        laptop.engine.send((second,))
        laptop.until(lambda: laptop.rejections() == ["duplicate"])
        assert laptop.jobs[second].state is State.DRAFT

        laptop.engine.send((second,), again=True)
        laptop.until_sent(second)
    road.each_arrived_whole_and_once((laptop.jobs[first], short), (laptop.jobs[second], copy))


def test_a_recording_that_was_sent_last_week_is_told_with_that_day_by_a_program_that_was_closed_since(
    world: World,
) -> None:
    path = world.recording()
    sent_at = world.clock.now()
    world.until_done(world.send(path))
    world.restart()
    world.clock.advance(timedelta(days=7).total_seconds())

    world.engine.add((path,))
    world.rest()

    (draft,) = world.jobs
    assert draft.duplicate_of is not None
    assert draft.duplicate_of - sent_at < timedelta(minutes=1)


def test_a_recording_that_is_dropped_twice_before_it_is_sent_is_told_at_the_second_drop(world: World) -> None:
    path = world.recording()
    world.engine.add((path,), ids=("first",))
    world.rest()
    world.engine.add((path,), ids=("second",))
    world.rest()

    first, second = world.jobs
    assert first.question is None
    assert (second.copy_of, second.duplicate_of, second.question) == (first.id, None, Rejection.IN_LIST)
    world.restart()
    assert [job.question for job in world.jobs] == [None, Rejection.IN_LIST]

    world.engine.cancel(("first",))
    world.rest()

    assert [job.question for job in world.jobs] == [None]


def test_two_copies_that_are_sent_together_arrive_once_and_the_other_one_asks(world: World) -> None:
    path = world.recording()
    world.engine.add((path, path), ids=("first", "second"))
    world.rest()
    world.engine.describe(("first", "second"), DETAILS)

    world.engine.send(("first", "second"))
    world.until_done("first")
    world.rest()

    world.arrived_whole_and_once("first", path)
    draft = world.job("second")
    assert (draft.state, draft.question) == (State.DRAFT, Rejection.DUPLICATE)
    assert world.rejections()[-1].code == Rejection.IN_LIST


def test_a_copy_asks_while_its_original_waits_for_the_registry_and_is_dated_by_the_registration(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.engine.pause((call,))
    world.engine.add((path,), ids=("copy",))
    world.rest()
    assert [job.question for job in world.jobs] == [None, Rejection.IN_LIST]

    world.engine.resume((call,))
    world.clock.advance(timedelta(days=2).total_seconds())
    world.until_done(call)
    world.rest()

    registered_at = world.job("copy").duplicate_of
    assert registered_at is not None
    assert registered_at >= world.clock.now() - timedelta(minutes=5)
