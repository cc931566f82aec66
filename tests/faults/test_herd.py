"""Many laptops that come back at once do not ask at the same moment: `benchmarks.herd` at a size for a test run."""

import pytest

from benchmarks.herd import Outage, Seen, doubling, each_second, simulate

LAPTOPS = 60


@pytest.fixture(scope="module", params=[each_second, doubling], ids=["each second", "doubling"])
def naive(request: pytest.FixtureRequest) -> dict[Outage, Seen]:
    return {outage: simulate(LAPTOPS, outage, waits=request.param) for outage in Outage}


@pytest.fixture(scope="module")
def ours() -> dict[Outage, Seen]:
    return {outage: simulate(LAPTOPS, outage, waits=None) for outage in Outage}


def test_when_the_network_comes_back_all_are_served_within_three_seconds_and_not_in_the_same_one(
    ours: dict[Outage, Seen], naive: dict[Outage, Seen]
) -> None:
    seen, other = ours[Outage.NETWORK], naive[Outage.NETWORK]
    assert seen.unsent == 0
    assert seen.seconds <= 3.0
    assert other.after == LAPTOPS
    assert seen.after <= other.after * 0.85
    assert seen.asked_after == LAPTOPS, "the storage had to turn somebody away"


def test_a_storage_that_is_out_of_order_is_asked_by_few_at_a_time_then_and_when_it_is_back(
    ours: dict[Outage, Seen], naive: dict[Outage, Seen]
) -> None:
    seen, other = ours[Outage.STORAGE], naive[Outage.STORAGE]
    assert seen.unsent == 0
    assert other.after == LAPTOPS
    assert seen.during * 5 <= other.during
    assert seen.after * 8 <= other.after
