"""A laptop with an empty battery woke up in 1970, and its calls were filed there; another one's lay in 2040.

The storage's own time was known from its first answer.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.job import State
from tests.engine.world import World
from tests.fakes.faults import Call, Moment

TRUE = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)
WRONG = [datetime(1970, 1, 2, tzinfo=UTC), datetime(2040, 6, 1, tzinfo=UTC), TRUE - timedelta(days=2)]


def set_clock(world: World, moment: datetime) -> None:
    """This laptop's clock says so; the store's says the truth."""
    world.clock.wall = moment
    world.store.ahead = TRUE - moment


def is_true(moment: object) -> bool:
    return isinstance(moment, datetime) and abs(moment - TRUE) < timedelta(hours=1)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("size", [80, 450], ids=["one put", "in parts"])
def test_a_call_is_filed_under_the_storages_day(world: World, wrong: datetime, size: int) -> None:
    set_clock(world, wrong)
    path = world.recording(size=size)

    call = world.send(path)
    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert world.job(call).key == f"2026/11/20/{call}.mp3"
    document = world.registry.documents[call]
    assert all(is_true(moment) for moment in map(document.get, ("uploaded_at", "created_at", "updated_at")))
    (task,) = world.announcer.messages
    assert task.timestamp.startswith("2026-11-20T")


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_call_that_was_sent_offline_is_dated_before_anything_is_created(world: World, wrong: datetime) -> None:
    set_clock(world, wrong)
    offline = world.store.faults

    def no_network(_call: Call, moment: Moment) -> None:
        if moment is Moment.BEFORE:
            raise TransientError(Code.OFFLINE)

    world.store.faults = no_network
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).attempts == 2)
    world.restart()
    world.store.faults = offline

    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert world.job(call).key == f"2026/11/20/{call}.mp3"


def test_a_clock_that_was_set_right_before_anything_was_created_leaves_no_call_in_1970(world: World) -> None:
    world.clock.wall = datetime(1970, 1, 2, tzinfo=UTC)
    call = world.send(world.recording())
    world.engine.pause((call,))
    world.engine.turn()
    world.crash()
    world.clock.wall = TRUE
    world.start()

    world.engine.resume((call,))
    world.until_done(call)

    assert world.job(call).key == f"2026/11/20/{call}.mp3"


def test_a_key_is_never_changed_once_something_is_created_under_it(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)
    key = world.job(call).key
    set_clock(world, datetime(2040, 6, 1, tzinfo=UTC))
    world.restart()

    world.until_done(call)

    assert world.job(call).key == key
    world.arrived_whole_and_once(call, path)


def test_a_registry_that_is_down_for_a_moment_is_no_matter_for_it_though_the_clock_is_years_off(world: World) -> None:
    def down(_call: Call, moment: Moment) -> None:
        if moment is Moment.BEFORE:
            raise TransientError(Code.REGISTRY_UNREACHABLE)

    set_clock(world, datetime(2040, 6, 1, tzinfo=UTC))
    world.registry.faults = down
    call = world.send(world.recording())
    world.until(lambda: world.job(call).attempts == 2)

    assert world.state(call) is State.QUEUED
    trouble = world.job(call).trouble
    assert trouble is not None
    assert trouble.code == Code.REGISTRY_UNREACHABLE


def test_a_right_clock_costs_one_small_request_for_all_calls(tmp_path: Path) -> None:
    world = World(tmp_path)
    calls = [world.send(world.recording(f"{number}.mp3", size=60 + number)) for number in range(5)]
    world.until_done(*calls)
    assert [call.op for call in world.store.calls].count("hear_time") == 1
    world.close()
