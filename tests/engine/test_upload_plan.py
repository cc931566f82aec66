"""How a recording is cut when the rep has limited the upload speed, told as incidents."""

from pathlib import Path

import pytest

from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import MIB, plan_part_size
from callup_desktop.engine.uplink import Uplink
from tests.engine.world import World

_FAST = 10_000_000.0
_LIMIT = 200_000


def planned(size: int, *, measured: float | None, limit: int | None) -> int:
    uplink = Uplink(Pace(limit))
    uplink.rate = measured
    return plan_part_size(size, uplink.expected)


@pytest.mark.parametrize("measured", [_FAST, None])
def test_sixty_megabytes_at_a_fifth_of_a_megabyte_a_second_are_no_single_request(measured: float | None) -> None:
    assert planned(60 * MIB, measured=_FAST, limit=None) == 0
    assert planned(60 * MIB, measured=measured, limit=_LIMIT) > 0


def test_a_limit_above_the_link_changes_nothing() -> None:
    for measured in (None, 500_000.0, _FAST):
        assert planned(60 * MIB, measured=measured, limit=100 * MIB) == planned(60 * MIB, measured=measured, limit=None)


def test_a_limit_that_is_set_while_the_program_runs_counts_for_the_next_call(tmp_path: Path) -> None:
    plans: list[float | None] = []

    def plan(_size: int, rate: float | None) -> int:
        plans.append(rate)
        return 0

    world = World(tmp_path, plan=plan)
    world.engine._parts.uplink.rate = _FAST
    world.send(world.recording("before.mp3"))
    world.engine.set_limit(_LIMIT)
    world.send(world.recording("after.mp3"))
    world.engine.set_limit(None)
    world.send(world.recording("later.mp3"))
    world.close()

    assert plans == [_FAST, _LIMIT, _FAST]


def test_a_recording_that_changed_is_cut_anew_by_the_limit_of_now(tmp_path: Path) -> None:
    plans: list[float | None] = []

    def plan(_size: int, rate: float | None) -> int:
        plans.append(rate)
        return 100

    world = World(tmp_path, plan=plan)
    path = world.recording()
    job_id = world.send(path)
    world.engine.set_limit(_LIMIT)
    path.write_bytes(b"another recording" * 40)
    world.until(lambda: world.began_anew(job_id, 1))
    world.close()

    assert plans == [None, _LIMIT]
