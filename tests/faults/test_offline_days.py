"""A day without a network, on a laptop whose clock the test moves, with real services behind a gateway that is real."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.parts import SMALLEST_PART
from tests.faults.gateway_world import GatewayWorld
from tests.faults.outcome import Servers
from tests.faults.through_gateway import GatewayWays

HOURS, AWAKE = 24, 60.0
"""The laptop is opened for so many seconds in each hour."""
MOST_TRIES_AWAKE = 20
"""Requests each time, for all calls together."""
WITHIN = 3.0
SIZE = 2 * SMALLEST_PART + 100_000
"""Bytes of a recording of three parts."""


@pytest.fixture
def laptop(tmp_path: Path, ways: GatewayWays, servers: Servers) -> Iterator[GatewayWorld]:
    made = GatewayWorld(tmp_path, ways, servers, random.Random(tmp_path.name))
    yield made
    made.close()


def spend_an_hour(world: GatewayWorld) -> None:
    """Awake for a while, then asleep."""
    until = world.clock.now() + timedelta(seconds=AWAKE)
    world.until(lambda: world.clock.now() >= until, rounds=20_000)
    world.clock.advance(3600 - AWAKE)


@pytest.mark.timeout(300)
def test_after_a_day_offline_what_waited_arrives_as_the_rep_left_it_and_no_stored_part_is_sent_again(
    laptop: GatewayWorld, ways: GatewayWays
) -> None:
    half_sent = laptop.recording("half.wav", SIZE)
    begun = laptop.send(half_sent)
    laptop.until(lambda: laptop.job(begun).stored > 0)
    ways.go_down()
    asked = len(laptop.all_calls())

    waiting = {begun: half_sent}
    for hour in range(HOURS):
        spend_an_hour(laptop)
        if hour % 6 == 0:
            path = laptop.recording(f"hour-{hour}.wav")
            waiting[laptop.send(path)] = path
    unwanted = laptop.send(laptop.recording("unwanted.wav"))
    laptop.engine.cancel((unwanted,))
    laptop.engine.describe((begun,), DetailsChange("Globex", "mary@globex.com", "support"))
    laptop.rest()
    laptop.restart()
    spend_an_hour(laptop)
    assert not laptop.status().online
    assert len(laptop.all_calls()) - asked <= (HOURS + 1) * MOST_TRIES_AWAKE

    ways.come_back()
    back_at = laptop.clock.now()
    laptop.until_done(*waiting)

    assert (laptop.clock.now() - back_at).total_seconds() <= WITHIN
    for call, path in waiting.items():
        laptop.arrived_whole_and_once(call, path)
    assert laptop.registered(begun) == ("Globex", "mary@globex.com", "support")
    laptop.until(lambda: not laptop.known(unwanted))
    laptop.nothing_is_left(unwanted)
    assert set(laptop.store.sent.values()) == {1}
