"""A laptop in a train with hundreds of calls waiting had a hot fan, an empty battery and a log without a past.

Each waiting call was tried again and again, and each try was written down, though nothing could be reached.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.events import JobChanged
from tests.engine.world import DETAILS, World
from tests.fakes.faults import Call, Moment
from tests.reports.conftest import in_memory

FEW, MANY = 30, 600
MINUTES = 30


def cut_off(world: World) -> None:
    """No call gets through, and no probe."""

    def fail(_call: Call, moment: Moment) -> None:
        if moment is Moment.BEFORE:
            raise TransientError(Code.OFFLINE)

    for service in (world.store, world.registry, world.announcer):
        service.faults = fail
    world.store.look = lambda: False


def spend(world: World, minutes: float) -> None:
    until = world.clock.now() + timedelta(minutes=minutes)
    world.until(lambda: world.clock.now() >= until, rounds=100_000)


def queued(world: World, number: int) -> tuple[str, ...]:
    """That many calls that wait to be sent."""
    paths = tuple(world.recording(f"{index}.mp3", size=60 + index) for index in range(number))
    ids = tuple(f"call-{index}" for index in range(number))
    world.engine.add(paths, ids=ids)
    world.until(lambda: all(job.recording for job in world.jobs), rounds=20_000)
    world.engine.send(ids, DETAILS, again=True)
    world.engine.turn()
    return ids


def cost_offline(folder: Path, number: int) -> tuple[int, int, int]:
    """Facts written, lines logged and calls tried in half an hour without a network."""
    world = World(folder)
    cut_off(world)
    queued(world, number)
    spend(world, 1)
    events, lines, calls = len(world.events), len(world.log.entries), len(world.all_calls())
    spend(world, MINUTES)
    written = sum(isinstance(event, JobChanged) for event in world.events[events:])
    world.close()
    return written, len(world.log.entries) - lines, len(world.all_calls()) - calls


@pytest.mark.slow
def test_while_nothing_can_be_reached_only_the_probe_asks_however_many_calls_wait() -> None:
    with in_memory() as folder, in_memory() as other:
        few, many = cost_offline(folder, FEW), cost_offline(other, MANY)

    assert many == few
    written, logged, tried = many
    assert written <= 3 * MINUTES
    assert logged <= MINUTES
    assert tried <= MINUTES


def test_all_go_on_within_seconds_of_the_first_probe_that_reaches_something() -> None:
    with in_memory() as folder:
        world = World(folder)
        cut_off(world)
        calls = queued(world, FEW)
        spend(world, MINUTES)
        for service in (world.store, world.registry, world.announcer):
            service.faults = world.faults
        world.store.look = lambda: True
        back = world.clock.now()

        world.until_done(*calls)

        assert (world.clock.now() - back).total_seconds() <= 5
        world.close()
