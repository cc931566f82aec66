"""An edit after Send is a fact: what will be registered before the registry has the call, one update of it after."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import AccountError, Code, JobError, Rejection, TransientError
from callup_desktop.engine.job import Command, Job, State, Step, offers
from tests.engine.world import World
from tests.fakes.faults import Moment

GLOBEX = DetailsChange(company_name="Globex")
INITECH = DetailsChange(company_name="Initech")
ACME_SENT = ("Acme Corp", "john@acme.com", "demo")
GLOBEX_SENT = ("Globex", "john@acme.com", "demo")
LOST = TransientError(Code.REGISTRY_UNREACHABLE)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def edits_made(world: World) -> int:
    return sum(call.op == "edit" for call in world.registry.calls)


def is_settled(world: World, call: str) -> Callable[[], bool]:
    return lambda: world.job(call).edit_asked_at is None


def sent(world: World) -> str:
    call = world.send(world.recording())
    world.until_done(call)
    return call


def edited(world: World, call: str, change: DetailsChange = GLOBEX) -> Job:
    world.engine.describe((call,), change)
    world.engine.turn()
    return world.job(call)


def test_before_it_is_registered_the_new_details_are_simply_what_is_registered(world: World) -> None:
    call = world.send(world.recording())
    world.until(lambda: world.job(call).stored > 0)
    assert edited(world, call).edit_asked_at is None

    world.until_done(call)

    assert world.registered(call) == GLOBEX_SENT
    assert edits_made(world) == 0


@pytest.mark.parametrize("moment", list(Moment))
def test_an_edit_while_registering_is_under_way_arrives_whether_or_not_the_registration_did(
    world: World, moment: Moment
) -> None:
    world.faults.fail("register", moment, LOST)
    call = world.send(world.recording())
    world.until_call("register")
    assert edited(world, call).edit_asked_at is not None

    world.until_done(call)

    assert world.registered(call) == GLOBEX_SENT
    assert is_settled(world, call)()


def test_an_edit_reaches_the_registry_before_the_pipeline_hears_of_the_call(world: World) -> None:
    world.faults.fail("announce", Moment.BEFORE, TransientError(Code.QUEUE_UNREACHABLE))
    call = world.send(world.recording())
    world.until(lambda: world.job(call).attempts == 1)
    edited(world, call)

    world.until_done(call)

    ops = [entry.op for entry in (*world.registry.calls, *world.announcer.calls)]
    assert ops == ["register", "edit", "announce", "announce"]
    assert world.registered(call) == GLOBEX_SENT


def test_only_metadata_and_updated_at_of_a_call_that_has_arrived_change(world: World) -> None:
    call = sent(world)
    before = dict(world.registry.documents[call])
    world.clock.advance(60)

    edited(world, call)
    world.until(is_settled(world, call))

    after = world.registry.documents[call]
    assert {name for name in after if after[name] != before[name]} == {"metadata", "updated_at"}
    assert world.registered(call) == GLOBEX_SENT
    assert after["updated_at"] == world.job(call).edited_at
    assert world.state(call) is State.DONE
    assert world.status().sent == 1


def test_an_edit_after_the_pipeline_has_begun_is_refused_and_the_call_keeps_what_it_began_with(world: World) -> None:
    call = sent(world)
    world.registry.documents[call]["status"] = "transcribing"

    edited(world, call)
    world.until(is_settled(world, call))

    assert [(refused.job_id, refused.code) for refused in world.rejections()] == [(call, Rejection.MOVED_ON)]
    assert world.job(call).details.company_name == "Acme Corp"
    assert world.registered(call) == ACME_SENT


def test_a_lost_reply_to_an_edit_that_the_pipeline_then_began_with_is_recognised_as_success(world: World) -> None:
    call = sent(world)
    world.faults.fail("edit", Moment.AFTER, LOST)
    edited(world, call)
    world.until(lambda: world.job(call).attempts == 1)
    world.registry.documents[call]["status"] = "transcribing"

    world.until(is_settled(world, call))

    assert not world.rejections()
    assert world.job(call).details.company_name == "Globex"


def test_the_last_of_several_edits_wins(world: World) -> None:
    call = sent(world)
    edited(world, call)
    world.until(lambda: edits_made(world) == 0 and bool(world.pool.tasks))
    edited(world, call, INITECH)

    world.until(is_settled(world, call))

    assert world.registered(call)[0] == world.job(call).details.company_name == "Initech"


def test_an_edit_while_offline_waits_and_arrives_by_itself(world: World) -> None:
    call = sent(world)
    world.faults.fail("edit", Moment.BEFORE, LOST, LOST, LOST)

    edited(world, call)
    world.until(lambda: world.job(call).trouble is not None)
    assert Command.RETRY in offers(world.job(call))

    world.until(is_settled(world, call))
    assert world.registered(call) == GLOBEX_SENT
    assert world.job(call).trouble is None


def test_each_moment_of_a_registered_call_s_edits_is_later_than_the_one_before(world: World) -> None:
    call = sent(world)
    moments: list[str] = []
    for number in range(3):
        world.clock.wall -= timedelta(hours=1)
        edited(world, call, DetailsChange(company_name=f"Company {number}"))
        world.until(is_settled(world, call))
        moments.append(str(world.registry.documents[call]["updated_at"]))

    assert moments == sorted(set(moments))
    assert world.registered(call)[0] == "Company 2"


@pytest.mark.parametrize("fault", [AccountError(Code.REGISTRY_DENIED), JobError(Code.REGISTRY_REFUSED)])
def test_an_edit_that_is_not_taken_is_tried_again_by_itself_and_says_why(world: World, fault: Exception) -> None:
    call = sent(world)
    world.faults.fail("edit", Moment.BEFORE, fault)

    edited(world, call)
    world.until(lambda: world.job(call).trouble is not None)

    trouble = world.job(call).trouble
    assert trouble is not None
    assert trouble.code == fault.args[0]
    world.until(is_settled(world, call))
    assert world.registered(call) == GLOBEX_SENT


@pytest.mark.parametrize("stage", [Step.UPLOAD, Step.REGISTER, Step.ANNOUNCE])
def test_an_edit_survives_a_crash_at_every_step_of_the_call(world: World, stage: Step) -> None:
    call = world.send(world.recording())
    world.until_call({Step.UPLOAD: "upload_part"}.get(stage, stage.value))
    edited(world, call)

    world.restart()

    world.until_done(call)
    world.until(is_settled(world, call))
    assert world.registered(call)[0] == world.job(call).details.company_name == "Globex"


@pytest.mark.parametrize("steps", range(6))
def test_an_edit_of_a_call_that_has_arrived_survives_a_crash_between_any_two_steps(world: World, steps: int) -> None:
    call = sent(world)
    edited(world, call)
    for step in range(steps):
        # A turn and the end of one call by turns: every state that is on disk or under way is met once.
        if world.pool.tasks and step % 2:
            world.pool.run_one()
        else:
            world.engine.turn()

    world.restart()

    world.until(is_settled(world, call))
    assert world.registered(call) == GLOBEX_SENT
    assert world.state(call) is State.DONE


def test_an_edit_of_a_call_that_is_being_taken_back_is_rejected(world: World) -> None:
    world.faults.fail("register", Moment.AFTER, LOST)
    world.faults.fail("find", Moment.BEFORE, LOST)
    call = world.send(world.recording())
    world.until_call("register")
    world.engine.cancel((call,))

    edited(world, call)

    assert [refused.code for refused in world.rejections()] == [Rejection.NOT_FINISHED]
    world.until_done(call)
    assert world.registered(call) == ACME_SENT


def test_a_call_that_is_taken_off_the_list_while_its_edit_waits_is_forgotten(world: World) -> None:
    call = sent(world)
    world.faults.fail("edit", Moment.BEFORE, LOST)
    edited(world, call)
    world.until(lambda: world.job(call).trouble is not None)

    world.engine.forget((call,))
    world.engine.turn()

    assert not world.known(call)
    assert world.status().sent == 0


def test_the_same_details_again_ask_nothing_of_the_registry(world: World) -> None:
    call = sent(world)

    assert edited(world, call, DetailsChange(company_name="  Acme   Corp ")).edit_asked_at is None

    world.rest()
    assert edits_made(world) == 0


def test_a_call_that_is_gone_from_the_registry_keeps_its_details(world: World) -> None:
    call = sent(world)
    del world.registry.documents[call]

    edited(world, call)
    world.until(is_settled(world, call))

    assert [refused.code for refused in world.rejections()] == [Rejection.MOVED_ON]
    assert world.job(call).details.company_name == "Acme Corp"
