"""The random schedules of tests/engine once more, where storage, registry and queue are real ones behind a gateway.

`CALLUP_SCHEDULES=5000 pytest tests/faults/test_schedules_through_gateway.py` plays 100 of them.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from callup_desktop.config.profile import Profile
from tests.engine.test_schedules import MEMORY, SCHEDULES, play, schedules
from tests.faults.gateway_world import GatewayWorld
from tests.faults.outcome import Ground, Servers
from tests.faults.through_gateway import GatewayWays, ways_to_gateway

A_SHARE = 50
"""Each costs as much as so many with servers in memory."""


@pytest.fixture(scope="module")
def quick_ways(ground: Ground, straight: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayWays]:
    """To a gateway that lets nobody wait: the laptop's clock moves by itself, the gateway's does not."""
    with ways_to_gateway(ground, straight, tmp_path_factory.mktemp("quick"), settle_after=0.01) as ways:
        yield ways


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(
    max_examples=SCHEDULES // A_SHARE,
    # What fails is told as it was: to make it smaller would take minutes.
    phases=[Phase.generate],
    deadline=None,
    derandomize="CALLUP_SCHEDULES" not in os.environ,
    suppress_health_check=[
        *(HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large),
        HealthCheck.function_scoped_fixture,
    ],
)
@given(schedules, st.integers(0, 2**64))
def test_whatever_happens_each_call_arrives_once_and_whole_through_a_gateway(
    quick_ways: GatewayWays, servers: Servers, schedule: list[tuple[object, ...]], seed: int
) -> None:
    quick_ways.forget()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        play(schedule, GatewayWorld(Path(folder), quick_ways, servers, random.Random(seed)))
