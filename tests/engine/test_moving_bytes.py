""" "Offline" ends with the first byte that moves, not with the end of a request that takes minutes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import Body, StoredObject, Target
from callup_desktop.engine.reachability import SOCKET_BUFFER
from tests.engine.world import World
from tests.fakes.faults import Call, Moment
from tests.fakes.store import FakeStore

_FIRST_READ = 64 * 1024


class SlowStore(FakeStore):
    """Takes the beginning of an object, waits as long as the test likes, then takes the rest."""

    between: Callable[[], None] = staticmethod(lambda: None)
    at_end: Callable[[], None] = staticmethod(lambda: None)

    def put(self, target: Target, body: Body) -> StoredObject:
        body.read(_FIRST_READ)
        self.between()
        while body.read(_FIRST_READ):
            pass
        self.at_end()
        return super().put(target, body)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, plan=lambda _size, _rate: 0)
    yield made
    made.close()


@pytest.fixture
def store(world: World) -> SlowStore:
    world.store = SlowStore(faults=world.faults)
    world.restart()
    return world.store


def seen_online(world: World, seen: list[bool]) -> Callable[[], None]:
    def look() -> None:
        world.engine.turn()
        seen.append(world.status().online)

    return look


def test_offline_ends_while_the_request_that_ends_it_is_still_under_way(world: World, store: SlowStore) -> None:
    reached: list[bool] = [False, False, True]
    store.look = lambda: reached.pop(0) if len(reached) > 1 else reached[0]
    world.faults.fail("put", Moment.BEFORE, TransientError(Code.OFFLINE, "no route"))
    job_id = world.send(world.recording(size=3 * _FIRST_READ))
    world.until(lambda: not world.status().online)
    seen: list[bool] = []
    store.between = seen_online(world, seen)

    world.until_done(job_id)

    assert seen[-1] is True
    assert world.state(job_id) is State.DONE


def test_bytes_that_only_fill_the_buffer_of_a_dead_connection_do_not_count(world: World, store: SlowStore) -> None:
    seen: list[bool] = []

    def lose() -> None:
        world.engine.set_online(online=False)
        world.engine.turn()

    store.between, store.at_end = lose, seen_online(world, seen)
    job_id = world.send(world.recording(size=3 * 1024 * 1024))
    world.until_done(job_id)

    assert seen == [False]
    assert world.status().online


def test_a_system_that_calls_itself_offline_is_not_believed_while_bytes_keep_leaving(
    world: World, store: SlowStore
) -> None:
    seen: list[bool] = []

    def lose() -> None:
        world.engine.set_online(online=False)
        seen_online(world, seen)()

    store.between, store.at_end = lose, seen_online(world, seen)
    job_id = world.send(world.recording(size=SOCKET_BUFFER + 1024 * 1024))
    world.until_done(job_id)

    assert seen == [False, True]


def test_bytes_of_the_time_before_the_loss_prove_nothing(world: World) -> None:
    seen: list[bool] = []

    def faults(call: Call, moment: Moment) -> None:
        if call.op == "put" and moment is Moment.AFTER:
            world.engine.set_online(online=False)
            world.engine.turn()
            world.engine.turn()
            seen.append(world.status().online)

    world.store.faults = faults
    job_id = world.send(world.recording())
    world.until_done(job_id)

    assert seen == [False]
