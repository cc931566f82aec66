"""What a network does to a call: it goes on by itself, and nothing is sent twice. Real servers, a bad line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from callup_desktop.compose import SystemClock
from callup_desktop.engine.backoff import Backoff, Curve
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import State
from callup_desktop.services.aws import ServerClock
from tests.faults import harms
from tests.faults.laptop import SOON_AGAIN, AnyLaptop, Laptop, Network, OneSession
from tests.faults.outcome import Servers
from tests.faults.roads import Road, StraightRoad


class TenMinutes(Backoff):
    """So long a wait that a call which goes on within a test did not wait for it."""

    def wait(self, curve: Curve, attempts: int, retry_after: float | None = None) -> float:  # noqa: ARG002 - Backoff's
        return 600.0

    def probe(self, longest: float) -> float:  # noqa: ARG002 - a Backoff's own
        return 600.0


@dataclass
class Sleeper(SystemClock):
    """A clock whose computer may sleep."""

    slept: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.slept


def waits(laptop: AnyLaptop, call: str) -> Callable[[], bool]:
    return lambda: laptop.jobs[call].trouble is not None


def test_a_network_that_went_and_came_back_needs_no_hint_and_no_click(tmp_path: Path, road: Road, short: Path) -> None:
    with road.laptop(tmp_path, backoff=TenMinutes()) as laptop:
        road.ways.go_down()
        call = laptop.send(short)
        laptop.until(waits(laptop, call))
        laptop.wait_looked_in_vain()

        road.ways.come_back()

        laptop.until_sent(call)
        assert laptop.status().online
    road.arrived_whole_and_once(laptop.jobs[call], short)


def test_a_hint_that_the_network_is_back_is_enough(tmp_path: Path, road: Road, short: Path) -> None:
    road.meets_everywhere(harms.reset_before)
    with road.laptop(tmp_path, backoff=TenMinutes()) as laptop:
        call = laptop.send(short)
        laptop.until(waits(laptop, call))
        road.ways.lift()

        laptop.engine.set_online(online=True)

        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)


def test_behind_a_sign_in_page_calls_wait_and_go_on_once_somebody_signed_in(
    tmp_path: Path, road: Road, short: Path
) -> None:
    road.meets_everywhere(harms.redirect)
    with road.laptop(tmp_path, backoff=Backoff()) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: laptop.status().blocked is not None)
        blocked = laptop.status().blocked
        assert blocked is not None
        assert blocked.code == Code.CAPTIVE_PORTAL

        road.ways.lift()

        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)


def test_a_line_that_drops_after_each_six_megabytes_brings_a_long_recording_all_the_same(
    tmp_path: Path, road: Road, long: Path
) -> None:
    road.ways.storage.link.drops_after = 6 * 1024 * 1024
    with road.laptop(tmp_path) as laptop:
        call = laptop.send(long)
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], long)
    assert road.each_part_was_stored_once()


def test_a_line_of_a_fifth_of_a_megabit_counts_as_moving(tmp_path: Path, road: Road, short: Path) -> None:
    road.ways.storage.link.rate = 200_000 / 8
    with road.laptop(tmp_path) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)
    assert laptop.codes(call) == []


def test_a_pause_on_a_slow_line_keeps_what_is_stored(tmp_path: Path, road: Road, long: Path) -> None:
    with road.laptop(tmp_path) as laptop:
        call = laptop.send(long)
        laptop.until(lambda: laptop.jobs[call].stored > 0)
        road.ways.storage.link.rate = 200_000 / 8
        laptop.engine.pause((call,))
        laptop.until(lambda: laptop.jobs[call].state is State.PAUSED)
        road.ways.storage.link.rate = None
        laptop.engine.resume((call,))
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], long)
    assert road.each_part_was_stored_once()


def test_after_a_sleep_a_call_does_not_wait_for_a_connection_that_died(tmp_path: Path, road: Road, short: Path) -> None:
    road.ways.storage.plan.order("part", harms.silence, times=1)
    clock = Sleeper()
    with road.laptop(tmp_path, clock=clock, stall=60.0) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: laptop.jobs[call].upload_id is not None)
        road.ways.storage.plan.wait_met("part")

        clock.slept = timedelta(hours=8)

        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)


def test_another_network_ends_calls_on_the_old_one(tmp_path: Path, road: Road, short: Path) -> None:
    road.ways.storage.plan.order("part", harms.silence, times=1)
    with road.laptop(tmp_path, stall=60.0) as laptop:
        call = laptop.send(short)
        road.ways.storage.plan.wait_met("part")

        laptop.engine.set_online(online=True)

        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)


def test_a_laptop_whose_clock_is_hours_off_sends_all_the_same(
    tmp_path: Path, network: Network, keys: OneSession, servers: Servers, short: Path
) -> None:
    """The real server refuses what is signed three hours ahead; its Date header tells how much that is."""
    wrong = ServerClock()
    wrong.learn(format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True))
    with Laptop(tmp_path, network.profile, keys, signing=wrong) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)
    servers.arrived_whole_and_once(laptop.jobs[call], short)
    assert laptop.codes(call) == []
    assert [seen.acted for seen in network.s3.plan.exchanges("create")] == [False, True]


def test_a_sign_in_that_ended_mid_upload_asks_once_keeps_all_bytes_and_goes_on_by_itself(
    tmp_path: Path, network: Network, keys: OneSession, servers: Servers, long: Path
) -> None:
    network.s3.plan.order(
        "part", harms.s3_refusal(400, "ExpiredToken"), times=None, applies=lambda arrived: arrived.part == 3
    )
    with Laptop(tmp_path, network.profile, keys, backoff=SOON_AGAIN) as laptop:
        call = laptop.send(long)
        laptop.until(lambda: laptop.status().blocked is not None)
        laptop.until(lambda: laptop.jobs[call].state is State.QUEUED)
        blocked = laptop.status().blocked
        assert blocked is not None
        assert blocked.code == Code.SIGN_IN
        network.lift()
        laptop.until_sent(call)
    servers.arrived_whole_and_once(laptop.jobs[call], long)
    assert StraightRoad(servers, network, keys).each_part_was_stored_once()
