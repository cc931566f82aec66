"""A program that could not finish one call asked for it hundreds of times a second, and the laptop grew hot."""

from collections import Counter
from datetime import timedelta

import pytest

from callup_desktop.engine.errors import AccountError, Code, JobError, TransientError
from callup_desktop.engine.job import Step
from tests.engine.world import World
from tests.fakes.faults import Call, Moment, anew

MINUTES = 10
MOST_IN_THAT_TIME = 40
"""What ends by itself is tried after half a minute on average, as the wait is drawn between nothing and a minute."""

TROUBLES = [
    TransientError(Code.CONNECTION),
    AccountError(Code.ACCESS_DENIED),
    JobError(Code.REGISTRY_REFUSED),
    RuntimeError("a bug"),
]


def spend(world: World, minutes: float) -> None:
    until = world.clock.now() + timedelta(minutes=minutes)
    world.until(lambda: world.clock.now() >= until, rounds=200_000)


def counted(world: World) -> Counter[str]:
    return Counter(call.op for call in world.all_calls())


def fail_always(world: World, ops: set[str], trouble: Exception) -> None:
    def fail(call: Call, moment: Moment) -> None:
        if call.op in ops and moment is Moment.BEFORE:
            raise anew(trouble)

    for service in (world.store, world.registry, world.announcer):
        service.faults = fail


@pytest.mark.parametrize("trouble", TROUBLES, ids=repr)
@pytest.mark.parametrize("paused", [False, True], ids=["running", "paused"])
def test_a_call_taken_back_while_it_was_registered_is_asked_for_at_long_intervals(
    world: World, trouble: Exception, *, paused: bool
) -> None:
    world.faults.fail("register", Moment.AFTER, TransientError(Code.REGISTRY_UNREACHABLE))
    call = world.send(world.recording())
    world.until(lambda: world.job(call).intent is Step.REGISTER and world.job(call).attempts == 1)
    if paused:
        world.engine.pause((call,))
        world.rest()
    fail_always(world, {"find"}, trouble)

    world.engine.cancel((call,))
    spend(world, MINUTES)

    assert 0 < counted(world)["find"] <= MOST_IN_THAT_TIME
    fail_always(world, set(), trouble)
    world.until(lambda: world.job(call).cancel_asked_at is None or not world.known(call), rounds=20_000)


@pytest.mark.parametrize("trouble", TROUBLES, ids=repr)
@pytest.mark.parametrize(
    "op",
    ["hear_time", "create", "upload_part", "list_parts", "complete", "head", "open_uploads", "register", "announce"],
)
def test_no_step_is_repeated_without_a_wait(world: World, op: str, trouble: Exception) -> None:
    fail_always(world, {op}, trouble)

    world.send(world.recording(size=1000))
    spend(world, MINUTES)

    assert counted(world)[op] <= MOST_IN_THAT_TIME * 8


@pytest.mark.parametrize("trouble", TROUBLES, ids=repr)
@pytest.mark.parametrize("op", ["abort", "delete", "open_uploads"])
def test_no_cleaning_is_repeated_without_a_wait(world: World, op: str, trouble: Exception) -> None:
    call = world.send(world.recording(size=1000))
    world.until(lambda: world.job(call).stored > 0)
    fail_always(world, {op}, trouble)

    world.engine.cancel((call,))
    spend(world, MINUTES)

    assert counted(world)[op] <= MOST_IN_THAT_TIME
    fail_always(world, set(), trouble)
    world.until(lambda: not world.known(call), rounds=20_000)
    world.nothing_is_left(call)
