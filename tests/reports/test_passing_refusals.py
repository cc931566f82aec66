"""Keys that were seconds old, or a store in a bad moment, refused one request, and nothing was sent for an hour."""

from datetime import timedelta

import pytest

from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.job import State
from tests.engine.world import World
from tests.fakes.faults import Call, Moment

REFUSED = AccountError(Code.ACCESS_DENIED)
OPS = ["create", "upload_part", "complete", "put", "register", "announce"]


def seconds_to_done(world: World, call: str) -> float:
    started = world.clock.now()
    world.until_done(call)
    return (world.clock.now() - started).total_seconds()


@pytest.mark.parametrize("op", OPS)
def test_one_refusal_costs_seconds(world: World, op: str) -> None:
    world.faults.fail(op, Moment.BEFORE, REFUSED)
    call = world.send(world.recording(size=80 if op == "put" else 450))

    assert seconds_to_done(world, call) <= 10


@pytest.mark.parametrize("op", OPS)
def test_three_refusals_in_a_row_cost_minutes(world: World, op: str) -> None:
    world.faults.fail(op, Moment.BEFORE, *[REFUSED] * 3)
    call = world.send(world.recording(size=80 if op == "put" else 450))

    assert seconds_to_done(world, call) <= 180


def test_a_refusal_that_lasts_is_asked_about_once_an_hour_and_no_oftener(world: World) -> None:
    def refuse(call: Call, moment: Moment) -> None:
        if call.op == "create" and moment is Moment.BEFORE:
            raise REFUSED

    world.store.faults = refuse
    calls = [world.send(world.recording(f"{number}.mp3", size=1000 + number)) for number in range(20)]
    start = world.clock.now()
    world.until(lambda: world.clock.now() >= start + timedelta(hours=6), rounds=50_000)
    before = [call.op for call in world.store.calls].count("create")
    world.until(lambda: world.clock.now() >= start + timedelta(hours=16), rounds=50_000)

    tries = [call.op for call in world.store.calls].count("create") - before
    assert 10 <= tries <= 21
    assert world.status().blocked is not None
    world.store.faults = world.faults
    world.engine.check_again()
    world.until_done(*calls)


def test_every_call_that_was_refused_goes_on_with_the_first_that_works(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, *[REFUSED] * 3)
    calls = [world.send(world.recording(f"{number}.mp3", size=1000 + number)) for number in range(12)]
    started = world.clock.now()

    world.until_done(*calls)

    assert (world.clock.now() - started).total_seconds() <= 60
    assert all(world.state(call) is State.DONE for call in calls)
