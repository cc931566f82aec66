"""What one call costs the engine while others wait in its list: `python -m benchmarks.cost_of_a_call`.

The engine, its scheduler and its journal are real, the services are in memory, time is virtual. Measured is the CPU
time of this process for each call from drop to done. The list is the only thing that differs between two lines.
"""

import argparse
import tempfile
import time
from pathlib import Path

from callup_desktop.engine.job import Job, State
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Recording
from tests.engine.world import ANY_DETAILS, DETAILS, World

_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a run gets a folder of its own
SIZES = (200, 2_000, 10_000, 100_000)
CALLS = 100


def main() -> None:
    """Print a line for each size of the list, and how much a call costs beside the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="calls that wait in the list")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls that are sent meanwhile")
    options = parser.parse_args()
    first: float | None = None
    print("waiting   ms CPU a call   beside the first")
    for size in options.sizes:
        cost = cost_of_a_call(size, options.calls)
        first = first or cost
        print(f"{size:7,}   {cost * 1000:13.2f}   {cost / first:.2f}")


def cost_of_a_call(waiting: int, calls: int) -> float:
    """CPU seconds for each of `calls` calls while that many others are paused in the list."""
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        world = World(Path(folder))
        for number in range(waiting):
            world.engine.live_jobs.add(_paused(world, number))
        world.events.clear()
        paths = tuple(world.recording(f"{number}.mp3", size=60 + number) for number in range(calls))
        started = time.process_time()
        world.engine.add(paths, ids=tuple(f"new-{number}" for number in range(calls)))
        world.engine.send(tuple(f"new-{number}" for number in range(calls)), DETAILS, again=True)
        while world.engine.live_jobs.sent < calls:
            wait = world.engine.turn()
            if world.pool.tasks:
                world.pool.run_one()
            else:
                world.clock.advance(wait)
        spent = time.process_time() - started
        world.close()
    return spent / calls


def _paused(world: World, number: int) -> Job:
    recording = Recording(Format.MP3, 1000, 1.0, 1, 8000, 64000, (), f"{number:012d}", f"{number:08d}")
    return Job(
        id=f"waiting-{number}",
        state=State.PAUSED,
        path=world.folder / f"waiting-{number}.mp3",
        added_at=world.clock.now(),
        recording=recording,
        details=ANY_DETAILS,
        submitted_at=world.clock.now(),
        bucket="bucket",
        key=f"2026/11/20/waiting-{number}.mp3",
    )


if __name__ == "__main__":
    main()
