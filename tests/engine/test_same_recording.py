"""One recording, one call: what the engine knows of a recording that has a call already, whoever asks."""

from pathlib import Path

from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import JobChanged
from callup_desktop.engine.job import State
from tests.engine.world import DETAILS, World


def add(world: World, name: str, path: Path) -> None:
    world.engine.add((path,), ids=(name,))


def test_a_recording_that_was_sent_since_it_was_dropped_asks_before_it_goes(world: World) -> None:
    path = world.recording()
    add(world, "dropped", path)
    add(world, "other", path)
    world.rest()
    assert world.job("dropped").duplicate_of is None
    world.engine.send(("other",), DETAILS, again=True)
    world.until_done("other")

    world.engine.send(("dropped",), DETAILS)
    world.engine.turn()

    (rejected,) = world.rejections()
    assert (rejected.job_id, rejected.code, rejected.earlier) == ("dropped", Rejection.DUPLICATE, "other")
    assert world.job("dropped").state is State.DRAFT
    assert world.job("dropped").duplicate_of is not None
    world.engine.send(("dropped",), again=True)
    world.until_done("dropped")


def test_of_one_recording_that_is_asked_for_twice_at_once_one_call_goes_and_the_other_names_it(world: World) -> None:
    path = world.recording()
    add(world, "first", path)
    add(world, "second", path)
    world.engine.send(("first", "second"), DETAILS)

    world.until_done("first")
    world.rest()

    (rejected,) = world.rejections()
    assert (rejected.job_id, rejected.code, rejected.earlier) == ("second", Rejection.IN_LIST, "first")
    assert [task.call_id for task in world.announcer.messages] == ["first"]


def test_a_recording_that_was_sent_in_an_earlier_run_names_that_call(world: World) -> None:
    path = world.recording()
    sent = world.send(path)
    world.until_done(sent)
    world.restart()

    add(world, "again", path)
    world.engine.send(("again",), DETAILS)
    world.rest()

    assert [rejected.earlier for rejected in world.rejections()] == [sent]


def test_a_call_that_was_taken_back_is_no_earlier_one(world: World) -> None:
    path = world.recording()
    taken_back = world.send(path)
    world.engine.cancel((taken_back,))
    add(world, "again", path)
    world.engine.send(("again",), DETAILS)

    world.until_done("again")

    assert not world.rejections()


def test_an_id_that_was_sent_already_is_told_of_instead_of_being_added_again(world: World) -> None:
    path = world.recording()
    sent = world.send(path)
    world.until_done(sent)

    add(world, sent, path)
    world.engine.turn()

    assert [event.job.state for event in world.events if isinstance(event, JobChanged)][-1] is State.DONE
    assert world.jobs == ()


def test_a_draft_that_is_taken_back_is_gone_though_the_program_ends_at_once(world: World) -> None:
    add(world, "draft", world.recording())
    world.engine.turn()
    assert world.pool.tasks, "it is being read just now"
    world.engine.cancel(("draft",))
    world.engine.stop()
    while not world.engine.ended:
        world.engine.turn()

    world.start()

    assert world.jobs == ()
    assert [event.gone for event in world.events if isinstance(event, JobChanged)][-1]
