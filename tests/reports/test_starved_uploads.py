"""A database or a queue was down for an hour, and people found that their recordings had not even been uploaded.

The calls that waited for the database held the places in which files are sent; a call that could not be taken back for
want of a right held up everything.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.engine.job import Job, State
from tests.engine.world import DETAILS, World
from tests.fakes.faults import Call, Moment, anew

WAITING = 1_000


def always(error: CallError) -> object:
    """Every call fails so."""

    def fail(_call: Call, moment: Moment) -> None:
        if moment is Moment.BEFORE:
            raise anew(error)

    return fail


def spend(world: World, seconds: float) -> None:
    until = world.clock.now() + timedelta(seconds=seconds)
    world.until(lambda: world.clock.now() >= until, rounds=200_000)


def seconds_until(world: World, calls: list[str], reached: str) -> float:
    started = world.clock.now()
    world.until(lambda: all(getattr(world.job(call), reached) is not None for call in calls), rounds=200_000)
    return (world.clock.now() - started).total_seconds()


REGISTRY_TROUBLES = [
    TransientError(Code.REGISTRY_UNREACHABLE),
    AccountError(Code.REGISTRY_DENIED),
    JobError(Code.REGISTRY_REFUSED),
]
QUEUE_TROUBLES = [
    TransientError(Code.QUEUE_UNREACHABLE),
    AccountError(Code.QUEUE_DENIED),
    JobError(Code.QUEUE_REFUSED),
]


@pytest.mark.parametrize("trouble", REGISTRY_TROUBLES, ids=lambda error: error.code)
def test_recordings_reach_storage_at_once_whatever_the_registry_does(world: World, trouble: CallError) -> None:
    world.registry.faults = always(trouble)  # type: ignore[assignment]  # a Faults
    calls = [world.send(world.recording(f"{number}.mp3", size=60 + number)) for number in range(40)]

    assert seconds_until(world, calls, "etag") <= 1

    world.registry.faults = world.faults
    world.engine.retry(tuple(calls))
    world.until_done(*calls)


@pytest.mark.parametrize("trouble", QUEUE_TROUBLES, ids=lambda error: error.code)
def test_calls_are_registered_at_once_whatever_the_queue_does(world: World, trouble: CallError) -> None:
    world.announcer.faults = always(trouble)  # type: ignore[assignment]  # a Faults
    calls = [world.send(world.recording(f"{number}.mp3", size=60 + number)) for number in range(40)]

    assert seconds_until(world, calls, "registered_at") <= 1


def _is_registering(task: Callable[[], None]) -> bool:
    """What the pool was given is a partial of the service's own method."""
    return "FakeRegistry.register of" in repr(task)


def test_calls_that_hang_at_the_registry_leave_the_places_of_files_alone(world: World) -> None:
    calls = [world.send(world.recording(f"{number}.mp3", size=60 + number)) for number in range(30)]
    hanging: list[object] = []

    def hang_registrations() -> None:
        """A registration that was started never answers."""
        for task in [task for task in world.pool.tasks if _is_registering(task)]:
            world.pool.tasks.remove(task)
            hanging.append(task)

    for _ in range(2_000):
        world.engine.turn()
        hang_registrations()
        if not world.pool.tasks:
            break
        world.pool.run_one()

    assert all(world.job(call).etag for call in calls)
    assert 0 < len(hanging) <= 4


def stored(job: Job) -> bool:
    return job.etag is not None


def test_a_thousand_calls_that_wait_elsewhere_do_not_slow_a_new_recording_down(world: World) -> None:
    world.registry.faults = always(TransientError(Code.REGISTRY_UNREACHABLE))  # type: ignore[assignment]  # a Faults
    paths = tuple(world.recording(f"{number}.mp3", size=60 + number % 30) for number in range(WAITING))
    world.engine.add(paths, ids=tuple(f"waiting-{number}" for number in range(WAITING)))
    ids = tuple(f"waiting-{number}" for number in range(WAITING))
    world.until(lambda: all(job.recording for job in world.jobs), rounds=20_000)
    world.engine.send(ids, DETAILS, again=True)
    world.until(lambda: all(stored(job) for job in world.jobs), rounds=40_000)

    fresh = world.send(world.recording("fresh.mp3", size=95))

    assert seconds_until(world, [fresh], "etag") <= 1


def test_a_removal_that_the_rights_do_not_let_finish_holds_nobody_up(world: World) -> None:
    def no_deleting(call: Call, moment: Moment) -> None:
        if call.op in {"delete", "abort", "head"} and moment is Moment.BEFORE:
            raise AccountError(Code.ACCESS_DENIED)

    taken_back = world.send(world.recording("wrong.mp3"))
    world.until(lambda: world.job(taken_back).stored > 0)
    world.store.faults = no_deleting
    world.engine.cancel((taken_back,))
    spend(world, 30)
    assert world.state(taken_back) is State.CANCELLED

    others = [world.send(world.recording(f"{number}.mp3", size=60 + number)) for number in range(5)]

    assert seconds_until(world, others, "announced_at") <= 1
    assert world.status().blocked is None, "what one removal meets is no banner"
    world.store.faults = world.faults
    world.until(lambda: not world.known(taken_back), rounds=20_000)
    world.nothing_is_left(taken_back)
