"""With ten thousand calls in the list each new one cost ten times as much as with a hundred."""

from collections.abc import Iterator
from typing import Any

import pytest

from callup_desktop.engine.job import Job
from tests.engine.world import World
from tests.reports.test_offline_with_a_queue import queued

OTHERS = 200


class CountedJobs(dict[str, Job]):
    """Counts how often somebody looks at all jobs."""

    looks = 0

    def values(self) -> Any:
        self.looks += 1
        return super().values()

    def items(self) -> Any:
        self.looks += 1
        return super().items()

    def __iter__(self) -> Iterator[str]:
        self.looks += 1
        return super().__iter__()


@pytest.mark.parametrize("others", ["paused", "under way"])
def test_sending_a_call_looks_at_no_other(world: World, others: str) -> None:
    ids = queued(world, OTHERS)
    if others == "paused":
        world.engine.pause(ids)
        world.rest()
    jobs = CountedJobs(world.engine.live_jobs.jobs)
    world.engine.live_jobs.jobs = jobs
    path = world.recording("new.mp3", size=450)
    looks = 0

    world.engine.add((path,), ids=("new",))
    world.engine.send(("new",), again=True)
    for _ in range(200):
        before = jobs.looks
        world.engine.turn()
        if world.pool.tasks:
            world.pool.run_one()
        looks += jobs.looks - before

    assert looks == 0
