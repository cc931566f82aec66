"""A storage or a registry that takes connections and says nothing: a sender hears of it within what is set."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.gateway.blocking import BackgroundTasks, BlockingCalls
from callup_desktop.sandbox.embedded import Running
from tests.faults.laptop import Network, network_before
from tests.faults.proxy import Exchange
from tests.gateway.clients import FIELDS
from tests.gateway.inside import Inside, replica_inside
from tests.gateway.look import Look
from tests.gateway.replica import UPLOAD, eventually, write_profile

SHORT = {
    "storage_timeout": 0.5,
    "storage_threads": 2,
    "registry_silence": 1,
    "tries_within": 0.5,
    "relay_interval": 0.2,
    "settle_after": 1,
    "lease": 15,
}
PATIENCE = 30
"""Seconds that a sender waits; the seconds that are set add up to a few."""
ANYTHING = ("put", "create", "head", "delete", "abort", "list", "list uploads", "list versions")


@pytest.fixture(scope="module")
def ways(profile: Profile) -> Iterator[Network]:
    with network_before(profile) as network:
        yield network


@pytest.fixture(scope="module")
def impatient(ways: Network, sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    folder = tmp_path_factory.mktemp("impatient")
    path = write_profile(folder, ways.profile, sandbox.profile)
    with replica_inside(path, folder / "log", **SHORT) as running:
        yield running


@pytest.fixture(autouse=True)
def as_good_as_before(ways: Network) -> Iterator[None]:
    yield
    ways.forget()


def _post(gateway: Inside, recording: Path) -> requests.Response:
    with recording.open("rb") as data:
        return requests.post(gateway.address + UPLOAD, data=FIELDS, files={"file": data}, timeout=PATIENCE)


def _silence(network: Network) -> None:
    for operation in ANYTHING:
        network.s3.plan.order(operation, Exchange.fall_silent, times=None)


def _is_gone(look: Look, call_id: str) -> bool:
    is_stored = any(call_id in key for key in look.stored_keys() | look.open_uploads())
    return not is_stored and look.uploads.find_one({"_id": call_id, "cleaned_at": {"$exists": False}}) is None


def test_a_silent_storage_is_told_before_what_it_holds_could_be_taken_away(
    impatient: Inside, ways: Network, recordings: Mapping[str, Path], look: Look
) -> None:
    _silence(ways)

    answer = _post(impatient, recordings["mp3"])

    assert answer.status_code == 500, answer.text
    problem: dict[str, Any] = answer.json()
    assert (problem["type"], problem["cause"]) == ("not_stored", "connection")
    assert "retry-after" in answer.headers
    ways.s3.plan.lift()
    eventually(lambda: _is_gone(look, problem["call_id"]), "nothing of the call is left")


def test_senders_for_whom_no_thread_is_free_are_told_as_soon(
    impatient: Inside, ways: Network, recordings: Mapping[str, Path], look: Look
) -> None:
    _silence(ways)

    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: _post(impatient, recordings["mp3"]), range(8)))

    assert {answer.status_code for answer in answers} == {500}
    assert "storage_busy" in {answer.json()["cause"] for answer in answers}
    ways.s3.plan.lift()
    eventually(lambda: all(_is_gone(look, answer.json()["call_id"]) for answer in answers), "nothing is left")


def test_a_silent_registry_is_told(
    impatient: Inside, ways: Network, recordings: Mapping[str, Path], look: Look
) -> None:
    ways.mongo.plan.order("register", Exchange.fall_silent, times=None)

    answer = _post(impatient, recordings["mp3"])

    assert answer.status_code == 500, answer.text
    assert (answer.json()["type"], answer.json()["cause"]) == ("not_registered", "registry_unreachable")
    ways.mongo.plan.lift()
    eventually(lambda: _is_gone(look, answer.json()["call_id"]), "nothing of the call is left")


def test_a_call_whose_turn_never_came_is_not_begun_later() -> None:
    async def story() -> None:
        calls = BlockingCalls(1, busy=Code.STORAGE_BUSY, turn_within=0.05)
        hangs, is_begun = Event(), Event()
        first = asyncio.create_task(calls.run(hangs.wait))
        await asyncio.sleep(0)
        with pytest.raises(TransientError) as refused:
            await calls.run(is_begun.set)
        hangs.set()
        assert await first
        await calls.run(int)
        assert refused.value.code is Code.STORAGE_BUSY
        assert not is_begun.is_set()
        calls.close()

    asyncio.run(story())


def test_work_in_the_background_outlives_who_began_it_and_its_bug_is_heard_of() -> None:
    async def story() -> None:
        ended: list[BaseException | None] = []
        background = BackgroundTasks(lambda task: ended.append(task.exception()))
        may_end = asyncio.Event()

        async def work() -> None:
            await may_end.wait()
            raise ZeroDivisionError

        waiting = asyncio.create_task(background.begin(work(), wait=PATIENCE))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not ended
        may_end.set()
        while not ended:
            await asyncio.sleep(0)
        assert isinstance(ended[0], ZeroDivisionError)

    asyncio.run(story())
