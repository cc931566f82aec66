"""The battery dies, hundreds of times: at each step's boundary, between bytes, and at any time; servers die too.

`CALLUP_CRASHED_CALLS=200 pytest tests/faults/test_crashes.py` sends more calls over more deaths; `tests.faults.soak`
goes on for hours.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.job import Job
from tests.faults.crashes import BOUNDARIES, Rep, Zygote, deaths_of, is_taken_back, lives, noise, power_cuts, zygote
from tests.faults.laptop import Network, network_before
from tests.faults.outcome import Ground, Servers
from tests.faults.roads import Road
from tests.faults.through_gateway import TOKEN

CALLS = int(os.environ.get("CALLUP_CRASHED_CALLS", "20"))
REPS = 2
SIZES = (2_000, 60_000, 31_000_000, 400_000, 3_000_000, 70_000, 37_000_000, 9_000_000, 1_000, 120_000)
KILLS = 200

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX's")


@pytest.fixture(scope="module")
def starter() -> Iterator[Zygote]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLUP_GATEWAY_TOKEN", TOKEN)
        with zygote() as made:
            yield made


@pytest.mark.timeout(300)
def test_whenever_the_program_is_killed_each_call_arrives_once_and_whole(
    ground: Ground, straight: Profile, servers: Servers, starter: Zygote, tmp_path: Path
) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(REPS) as pool:
        reps = [
            Rep(
                tmp_path / f"rep-{number}",
                stack.enter_context(network_before(straight)),
                ground.keys,
                starter,
                random.Random(20261120 + number),
            )
            for number in range(REPS)
        ]
        told = [pool.submit(send_calls, rep, CALLS // REPS) for rep in reps]
        sent = [pair for future in told for pair in future.result()]
    messages = servers.messages()
    for job, path in sent:
        servers.arrived_whole_and_once(job, path, messages)
    assert servers.open_uploads() == []
    died = sum((rep.killed_at for rep in reps), Counter())
    assert {place for place in BOUNDARIES if not died[place]} == set(), "where nobody died"
    assert len(sent) == CALLS
    assert died.total() >= KILLS, died


def test_a_server_that_loses_its_power_with_the_laptop_has_lost_nothing_that_it_acknowledged(
    ground: Ground, road: Road, starter: Zygote, tmp_path: Path
) -> None:
    rep = Rep(tmp_path / "rep", road.ways, road.keys_beside, starter, random.Random(tmp_path.name), ground.sandbox)
    path = noise(rep.folder / "call.wav", 16_000_000, rep.chance)
    cuts = power_cuts()

    job = lives(rep, path, cuts)

    rep.no_stored_part_was_sent_again()
    road.arrived_whole_and_once(job, path)
    assert rep.killed_at == Counter(cut.place for cut in cuts)


def test_whenever_the_program_is_killed_a_call_that_is_taken_back_leaves_nothing(
    ground: Ground, network: Network, servers: Servers, starter: Zygote, tmp_path: Path
) -> None:
    rep = Rep(tmp_path / "rep", network, ground.keys, starter, random.Random(20261120))
    path = noise(rep.folder / "call.wav", 11_000_000, rep.chance)

    job = is_taken_back(rep, path)

    servers.nothing_is_left(job)
    died = {operation for operation, _moment in rep.killed_at}
    assert died >= {"abort", "list uploads", "delete"}


def send_calls(rep: Rep, calls: int) -> list[tuple[Job, Path]]:
    """One call after the other, each on a laptop that dies all along."""
    sent = []
    for number in range(calls):
        size = SIZES[number % len(SIZES)]
        path = noise(rep.folder / f"call-{number}.wav", size, rep.chance)
        job = lives(rep, path, deaths_of(size, rep.chance, told=number % 8 > 3))
        rep.no_stored_part_was_sent_again()
        sent.append((job, path))
    return sent
