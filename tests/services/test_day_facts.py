"""A day is read from real stores and a real registry: every difference is found, and a failure is never an absence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from callup_desktop.calls.reconciliation import DayReport, Difference, FallenCall, Stage
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.day_facts import WAITS, DayReader, open_reader
from callup_desktop.services.mongo import MongoConnection, MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.uploads import MongoUploads
from tests.planted import PlantedDay
from tests.services.front import Arrived, Reply, front_of, refusal
from tests.services.outside import PlainS3

LATER = timedelta(hours=2)
"""So that what is planted now counts as late."""


def now() -> datetime:
    return datetime.now(UTC) + LATER


@pytest.fixture(scope="session")
def compared(profile: Profile) -> Profile:
    """A collection of its own, so that no gateway of other tests settles what is planted here."""
    return profile.model_copy(update={"collection": "compared"})


@pytest.fixture(params=["seaweed", "moto"])
def store(request: pytest.FixtureRequest) -> PlainS3:
    found: PlainS3 = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def planted(store: PlainS3, compared: Profile, sandbox: Running, new_day: Callable[[], date]) -> Iterator[PlantedDay]:
    profile = compared.model_copy(update={"endpoint": store.endpoint})
    with PlantedDay.at(new_day(), profile, sandbox.profile, store.client) as day:
        yield day


@pytest.fixture(scope="session")
def new_day() -> Callable[[], date]:
    """A day that no other test plants."""
    days = iter(date(2019, 1, 1) + timedelta(days=number) for number in range(300))
    return lambda: next(days)


@contextmanager
def reading(profile: Profile, secrets: Secrets, *, page: int = 1000) -> Iterator[DayReader]:
    """A reader that waits for nothing."""
    store, connection = S3Store(profile, secrets), MongoConnection(profile, secrets, selection_timeout=2)
    registry = MongoRegistry(profile, secrets, connection=connection)
    uploads = MongoUploads(connection, profile)
    yield DayReader(store, registry, uploads, profile, now, page=page, wait=lambda _seconds: None)
    store.reset()
    connection.reset()


def read(
    profile: Profile, secrets: Secrets, day: date, *, page: int = 1000
) -> tuple[DayReport | CallError, list[FallenCall]]:
    """The report, or why there is none; and the calls that were told until then."""
    fallen: list[FallenCall] = []
    with reading(profile, secrets, page=page) as reader:
        try:
            return reader.report(day, fallen.append), fallen
        except CallError as exc:
            return exc, fallen


def test_each_kind_of_difference_is_found_by_the_id_of_its_call(planted: PlantedDay, secrets: Secrets) -> None:
    for name in ("one", "two", "three"):
        planted.whole(name)
    wrong = planted.everything_that_can_go_wrong()

    report, fallen = read(planted.profile, secrets, planted.day)

    assert isinstance(report, DayReport)
    assert {(call.difference.value, call.call_id) for call in fallen} == set(wrong.items())
    assert report.differences == dict.fromkeys(Difference, 1)
    # What was dropped is no call; one that is doubled is one call.
    assert report.stages == {
        Stage.SENT: 14,
        Stage.STORED: 12,
        Stage.REGISTERED: 11,
        Stage.ANNOUNCED: 10,
        Stage.TRANSCRIBED: 7,
    }
    assert report.under_way == 0


def test_a_day_of_several_pages_is_read_to_its_end_and_no_other_day_with_it(
    planted: PlantedDay, secrets: Secrets, new_day: Callable[[], date]
) -> None:
    for number in range(5):
        planted.whole(str(number))
    replace(planted, day=new_day(), made={}).whole("of the next day")

    report, fallen = read(planted.profile, secrets, planted.day, page=2)

    assert isinstance(report, DayReport)
    assert set(report.stages.values()) == {5}
    assert (fallen, report.agrees) == ([], True)


def test_a_day_without_calls_agrees(planted: PlantedDay, secrets: Secrets) -> None:
    report, _ = read(planted.profile, secrets, planted.day)

    assert isinstance(report, DayReport)
    assert (report.agrees, report.stages[Stage.SENT], report.day) == (True, 0, planted.day)


def test_documents_of_another_bucket_and_rows_of_another_gateway_are_none_of_its_business(
    planted: PlantedDay, secrets: Secrets, sandbox: Running
) -> None:
    planted.document("elsewhere")
    planted.calls.update_one({"_id": planted.made["elsewhere"]}, {"$set": {"audio.s3_bucket": "of-others"}})
    other = planted.profile.model_copy(update={"collection": "compared by others"})
    with PlantedDay.at(planted.day, other, sandbox.profile, planted.s3) as theirs:
        theirs.row("theirs")

    report, fallen = read(planted.profile, secrets, planted.day)

    assert isinstance(report, DayReport)
    assert (fallen, report.stages[Stage.SENT]) == ([], 0)


def test_a_document_that_another_program_wrote_differently_is_compared_all_the_same(
    planted: PlantedDay, secrets: Secrets
) -> None:
    planted.recording("theirs")
    key = planted.key(planted.made["theirs"])
    place = {"s3_bucket": planted.profile.bucket, "s3_key": key}
    planted.calls.insert_one({"call_id": "theirs", "audio": place})
    planted.calls.insert_one({"call_id": "a list", "audio": [place]})
    planted.calls.insert_one({"call_id": "keys", "audio": {**place, "s3_key": [key]}})

    _, fallen = read(planted.profile, secrets, planted.day)

    assert {(call.difference, call.call_id) for call in fallen} == {
        (Difference.SIZE_DIFFERS, "theirs"),
        (Difference.STUCK, "theirs"),
    }


def listing(token: bool) -> Callable[[Arrived], bool]:  # noqa: FBT001 - whether it is a later page
    return lambda asked: "list-type=2" in asked.path and ("continuation-token" in asked.path) is token


@pytest.fixture
def three_calls(
    seaweed: PlainS3, compared: Profile, sandbox: Running, new_day: Callable[[], date]
) -> Iterator[PlantedDay]:
    with PlantedDay.at(new_day(), compared, sandbox.profile, seaweed.client) as day:
        for name in ("one", "two", "three"):
            day.whole(name)
        yield day


def test_a_page_that_does_not_come_is_asked_for_again(three_calls: PlantedDay, secrets: Secrets) -> None:
    with front_of(three_calls.profile.endpoint or "") as front:
        here = three_calls.profile.model_copy(update={"endpoint": front.endpoint})
        front.answer("", refusal(503, "SlowDown"), times=len(WAITS), applies=listing(token=True))
        report, fallen = read(here, secrets, three_calls.day, page=2)

    assert isinstance(report, DayReport)
    assert (set(report.stages.values()), fallen) == ({3}, [])


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (refusal(503, "SlowDown"), TransientError, Code.STORAGE_BUSY),
        (refusal(403, "AccessDenied"), AccountError, Code.ACCESS_DENIED),
    ],
)
@pytest.mark.parametrize("later_page", [False, True], ids=["first page", "second page"])
def test_a_store_that_fails_half_way_makes_no_report_and_no_call_missing(
    three_calls: PlantedDay,
    secrets: Secrets,
    reply: Reply,
    error: type[CallError],
    code: Code,
    *,
    later_page: bool,
) -> None:
    with front_of(three_calls.profile.endpoint or "") as front:
        here = three_calls.profile.model_copy(update={"endpoint": front.endpoint})
        front.answer("", reply, times=100, applies=listing(token=later_page))
        report, fallen = read(here, secrets, three_calls.day, page=2)

    assert isinstance(report, error)
    assert (report.code, fallen) == (code, [])


def test_a_page_that_was_cut_off_without_a_token_is_not_taken_for_the_last(
    three_calls: PlantedDay, secrets: Secrets
) -> None:
    def without_token(reply: Reply) -> Reply:
        head, _, rest = reply.body.partition(b"<NextContinuationToken>")
        return replace(reply, body=head + rest.partition(b"</NextContinuationToken>")[2])

    with front_of(three_calls.profile.endpoint or "") as front:
        here = three_calls.profile.model_copy(update={"endpoint": front.endpoint})
        front.change("", without_token, times=100)
        report, fallen = read(here, secrets, three_calls.day, page=2)

    assert isinstance(report, TransientError)
    assert fallen == []


def test_a_store_that_lists_in_another_order_makes_no_report(three_calls: PlantedDay, secrets: Secrets) -> None:
    def backwards(reply: Reply) -> Reply:
        head, *contents = reply.body.split(b"<Contents>")
        *others, last = contents
        end = last.index(b"</Contents>") + len(b"</Contents>")
        turned = [last[:end], *reversed(others)]
        return replace(reply, body=b"<Contents>".join([head, *turned]) + last[end:])

    with front_of(three_calls.profile.endpoint or "") as front:
        here = three_calls.profile.model_copy(update={"endpoint": front.endpoint})
        front.change("", backwards, times=100)
        report, _ = read(here, secrets, three_calls.day)

    assert isinstance(report, JobError)
    assert report.code is Code.STORE_REFUSED


def test_a_registry_that_is_away_makes_no_report(three_calls: PlantedDay, secrets: Secrets) -> None:
    away = three_calls.profile.model_copy(update={"mongo_uri": "mongodb://127.0.0.1:9/?directConnection=true"})

    report, fallen = read(away, secrets, three_calls.day)

    assert isinstance(report, TransientError)
    assert (report.code, fallen) == (Code.REGISTRY_UNREACHABLE, [])


def test_a_reader_of_its_own_leaves_no_connection(
    three_calls: PlantedDay, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[MongoClient[Any]] = []
    close = MongoClient.close

    def watched(client: MongoClient[Any]) -> None:
        closed.append(client)
        close(client)

    monkeypatch.setattr(MongoClient, "close", watched)

    with open_reader(three_calls.profile, secrets, now) as reader:
        assert reader.report(three_calls.day, lambda _call: None).agrees

    assert len(closed) == 1
