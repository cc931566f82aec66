"""Back online: everything goes on by itself within three seconds, and an outage of hours is not hammered at."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from callup_desktop.engine.backoff import SERVER, Backoff
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError, info_of
from callup_desktop.engine.job import State
from tests.engine.world import World
from tests.fakes.faults import Call, Moment, anew

WITHIN = 3.0


@dataclass
class Air:
    """The network as it is just now: with a trouble every call ends in it."""

    trouble: CallError | None = None
    reachable: bool = True

    def __call__(self, _call: Call, moment: Moment) -> None:
        if self.trouble is not None and moment is Moment.BEFORE:
            raise anew(self.trouble)


@pytest.fixture
def air(world: World) -> Air:
    air = Air()
    world.store.faults = world.registry.faults = world.announcer.faults = air
    world.store.look = lambda: air.reachable
    return air


def spend(world: World, seconds: float) -> None:
    """Let the world go on for so long."""
    until = world.clock.now() + timedelta(seconds=seconds)
    world.until(lambda: world.clock.now() >= until, rounds=200_000)


def seconds_until_done(world: World, call: str) -> float:
    started = world.clock.now()
    world.until_done(call)
    return (world.clock.now() - started).total_seconds()


@pytest.mark.parametrize("code", [Code.OFFLINE, Code.CONNECTION, Code.REGISTRY_UNREACHABLE])
def test_after_hours_without_a_network_calls_go_on_within_three_seconds_and_without_a_hint(
    world: World, air: Air, code: Code
) -> None:
    air.trouble, air.reachable = TransientError(code), False
    call = world.send(world.recording())
    spend(world, 1800)
    assert not world.status().online

    air.trouble, air.reachable = None, True

    assert seconds_until_done(world, call) <= WITHIN
    assert world.status().online


def test_a_call_that_was_under_way_when_the_network_came_back_and_failed_all_the_same_goes_on_at_once(
    world: World, air: Air
) -> None:
    air.trouble, air.reachable = TransientError(Code.CONNECTION), False
    call = world.send(world.recording())
    spend(world, 600)
    world.until(lambda: world.state(call) is State.RUNNING)

    air.reachable = True
    world.until(lambda: world.state(call) is State.QUEUED)
    air.trouble = None

    assert seconds_until_done(world, call) <= WITHIN


def test_a_server_that_can_be_reached_but_fails_is_not_asked_more_often_for_it(world: World, air: Air) -> None:
    air.trouble = TransientError(Code.CONNECTION)
    world.send(world.recording())
    spend(world, 600)

    tries = len(world.store.calls)
    spend(world, 1800)

    assert len(world.store.calls) - tries <= 1800 / 60 * 4
    assert world.store.looks <= len(world.store.calls)


def test_a_registry_that_is_down_is_not_hammered_while_recordings_flow(world: World) -> None:
    first = world.send(world.recording())

    def refuse_the_first(call: Call, _moment: Moment) -> None:
        if call.key == first:
            raise TransientError(Code.REGISTRY_UNREACHABLE)

    world.registry.faults = refuse_the_first
    for number in range(30):
        world.send(world.recording(f"call-{number}.mp3"))
        spend(world, 10)

    tries = [call for call in world.registry.calls if call.op == "register" and call.key == first]
    assert len(tries) <= 18
    assert world.status().online


def test_a_sign_in_page_is_asked_again_often_and_calls_go_on_by_themselves(world: World, air: Air) -> None:
    air.trouble = AccountError(Code.CAPTIVE_PORTAL)
    call = world.send(world.recording())
    spend(world, 120)
    blocked = world.status().blocked
    assert blocked is not None
    assert blocked.code == Code.CAPTIVE_PORTAL

    air.trouble = None

    assert seconds_until_done(world, call) <= WITHIN


def test_a_banner_stays_while_its_trouble_is_tried_again_and_goes_with_it(world: World, air: Air) -> None:
    air.trouble = AccountError(Code.CAPTIVE_PORTAL)
    call = world.send(world.recording())
    world.until(lambda: world.status().blocked is not None)
    told = len(world.events)
    spend(world, 60)
    statuses = [event for event in world.events[told:] if type(event).__name__ == "Status"]
    assert all(getattr(status, "blocked", None) for status in statuses)

    air.trouble = None
    world.until_done(call)

    assert world.status().blocked is None


def test_a_banner_goes_when_no_call_is_left_that_it_is_about(world: World, air: Air) -> None:
    air.trouble = AccountError(Code.REGISTRY_DENIED)
    world.store.faults = world.faults
    call = world.send(world.recording())
    world.until(lambda: world.status().blocked is not None)
    world.engine.cancel((call,))
    spend(world, 3700)

    assert not world.known(call)
    assert world.status().blocked is None


@pytest.mark.parametrize(
    ("code", "within"),
    [
        (Code.CAPTIVE_PORTAL, 3),
        (Code.SIGN_IN, 60),
        (Code.NO_CREDENTIALS, 60),
        (Code.PROXY_LOGIN, 60),
        (Code.PROXY_BLOCKS, 60),
        (Code.TLS_UNTRUSTED, 60),
        (Code.KEYRING_LOCKED, 300),
        (Code.ACCESS_DENIED, 3600),
    ],
)
def test_what_may_end_by_itself_is_tried_again_sooner_than_what_an_admin_has_to_end(code: Code, within: float) -> None:
    curve = info_of(code).backoff
    assert curve is not None
    waits = [Backoff().wait(curve, 99) for _ in range(100)]
    assert max(waits) <= within
    assert min(waits) >= within / 3
    assert len(set(waits)) > 1, "all laptops would ask at the same moment"


@pytest.mark.parametrize("code", [Code.CAPTIVE_PORTAL, Code.TLS_UNTRUSTED, Code.PROXY_LOGIN, Code.PROXY_BLOCKS])
def test_another_network_ends_what_was_the_old_ones_fault(world: World, air: Air, code: Code) -> None:
    air.trouble = AccountError(code)
    call = world.send(world.recording())
    world.until(lambda: world.status().blocked is not None)

    air.trouble = None
    world.engine.set_online(online=True)

    assert seconds_until_done(world, call) <= WITHIN


def test_a_clock_that_is_set_back_by_hours_leaves_nobody_waiting_for_them(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, *([TransientError(Code.STORAGE_BUSY)] * 12))
    call = world.send(world.recording())
    world.until(lambda: world.job(call).attempts == 12)
    world.clock.wall -= timedelta(hours=3)

    assert seconds_until_done(world, call) <= 20


def test_a_wait_that_was_noted_by_a_clock_hours_ahead_is_not_waited_for_after_a_restart(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, TransientError(Code.STORAGE_BUSY))
    call = world.send(world.recording())
    world.until(lambda: world.job(call).attempts == 1)
    world.crash()
    world.clock.wall -= timedelta(hours=5)
    world.start()

    assert seconds_until_done(world, call) <= WITHIN


def test_a_server_that_asks_for_days_is_asked_again_within_the_hour() -> None:
    assert Backoff().wait(SERVER, 0, 86400.0 * 3) <= 3600 * 1.2
