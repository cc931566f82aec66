"""The gateway's rows over a real server: claims, leases, and what a lost reply leaves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pymongo import MongoClient
from secantus import SecantusDBServer

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import TransientError
from callup_desktop.engine.job import Step
from callup_desktop.services.mongo import MongoConnection, MongoRegistry
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.uploads import (
    COLLECTION,
    Abandoned,
    Arrived,
    Busy,
    LeaseLostError,
    Listed,
    Mine,
    MongoUploads,
    UploadRecord,
)
from tests.faults import harms
from tests.faults.laptop import network_before
from tests.services.test_registry import Document, admin, server

__all__ = ["admin", "server"]
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)


@pytest.fixture
def own(profile: Profile) -> Profile:
    return profile.model_copy(update={"database": f"uploads_{uuid4().hex}"})


@pytest.fixture
def connection(own: Profile, secrets: Secrets) -> Iterator[MongoConnection]:
    connection = MongoConnection(own, secrets)
    yield connection
    with connection.database() as database:
        database.client.drop_database(database.name)
    connection.reset()


@pytest.fixture
def uploads(connection: MongoConnection, own: Profile) -> MongoUploads:
    return MongoUploads(connection, own)


def record(*, key: str | None = None, tenant: str = "acme", owner: str = "one") -> UploadRecord:
    return UploadRecord(
        id=str(uuid4()),
        tenant=tenant,
        caller="dialer",
        created_at=NOW,
        idempotency_key=key,
        owner=owner,
        due_at=NOW + LEASE,
    )


def test_a_claim_whose_reply_was_lost_is_the_same_claim_when_repeated(uploads: MongoUploads) -> None:
    keyed, plain = record(key="k"), record()
    for each in (keyed, plain, record()):
        assert uploads.claim(each, NOW) == Mine(each)
        assert uploads.claim(each, NOW) == Mine(each)


def test_requests_without_a_key_have_nothing_to_do_with_each_other(uploads: MongoUploads) -> None:
    first, second = record(), record()

    assert isinstance(uploads.claim(first, NOW), Mine)
    assert uploads.claim(second, NOW) == Mine(second)


def test_a_key_is_one_call_within_its_tenant(uploads: MongoUploads) -> None:
    first = record(key="k")
    uploads.claim(first, NOW)

    assert uploads.claim(record(key="k", owner="two"), NOW) == Busy(NOW + LEASE)
    assert isinstance(uploads.claim(record(key="k", tenant="globex"), NOW), Mine)
    uploads.change(first, registered_at=NOW)
    found = uploads.claim(record(key="k"), NOW)
    assert isinstance(found, Arrived)
    assert found.record.id == first.id


@pytest.mark.parametrize("elsewhere", [{"bucket": "another-bucket"}, {"collection": "rehearsals"}])
def test_rows_of_a_gateway_whose_calls_go_elsewhere_are_left_alone_even_in_one_database(
    uploads: MongoUploads, connection: MongoConnection, own: Profile, elsewhere: dict[str, str]
) -> None:
    theirs = record(key="k")
    uploads.claim(theirs, NOW)
    uploads.change(theirs, registered_at=NOW, uploaded_at=NOW, due_at=NOW)
    other, later = MongoUploads(connection, own.model_copy(update=elsewhere)), NOW + 2 * LEASE

    assert other.take_due("two", later, later + LEASE, registered=True) is None
    assert other.overdue(later) == 0
    assert other.find(theirs.id, "acme", None) is None
    assert other.page(Listed("acme"), None, 10) == ()
    assert isinstance(other.claim(record(key="k"), NOW), Mine)
    assert uploads.overdue(later) == 1
    assert [row.id for row in uploads.page(Listed("acme"), None, 10)] == [theirs.id]


def test_a_row_past_its_moment_goes_to_one_who_asks_and_its_owner_hears_of_it(uploads: MongoUploads) -> None:
    dead = record(key="k")
    uploads.claim(dead, NOW)
    later = NOW + 2 * LEASE

    heir = record(key="k", owner="two").model_copy(update={"due_at": later + LEASE})
    taken = uploads.claim(heir, later)

    assert isinstance(taken, Abandoned)
    assert (taken.record.id, taken.record.owner) == (dead.id, "two")
    assert uploads.claim(record(key="k", owner="three"), later) == Busy(later + LEASE)
    with pytest.raises(LeaseLostError):
        uploads.change(dead, intent=Step.PUT)
    uploads.remove(dead)
    assert not uploads.is_given_up(dead.id)


def test_only_rows_of_the_owner_that_are_not_registered_are_renewed(uploads: MongoUploads) -> None:
    mine, done, others = record(), record(), record(owner="two")
    for each in (mine, done, others):
        uploads.claim(each, NOW)
    uploads.change(done, registered_at=NOW, due_at=NOW)

    uploads.renew([mine.id, done.id, others.id], "one", NOW + 5 * LEASE)

    assert uploads.take_due("three", NOW, NOW + LEASE, registered=False) is None
    later = NOW + 2 * LEASE
    taken = [uploads.take_due("three", later, later + LEASE, registered=False) for _ in range(2)]
    assert [row.id if row else None for row in taken] == [others.id, None]
    announced = uploads.take_due("three", later, later + LEASE, registered=True)
    assert announced is not None
    assert announced.id == done.id


def test_facts_come_back_as_they_were_written_and_none_takes_one_away(uploads: MongoUploads) -> None:
    row = record(key="k")
    uploads.claim(row, NOW)

    changed = uploads.change(row, intent=Step.CREATE, upload_id="u-1", part_size=8)
    assert (changed.intent, changed.upload_id, changed.part_size) == (Step.CREATE, "u-1", 8)
    cleared = uploads.change(changed, intent=None, upload_id=None)
    assert (cleared.intent, cleared.upload_id, cleared.part_size) == (None, None, 8)


def test_facts_of_many_rows_are_written_at_once_and_rows_of_another_stay(uploads: MongoUploads) -> None:
    first, second, lost = (record(owner=owner) for owner in ("one", "one", "two"))
    for each in (first, second, lost):
        uploads.claim(each, NOW)
        uploads.change(each, registered_at=NOW)
    mine_no_more = lost.model_copy(update={"owner": "one"})

    uploads.change_each(
        [(first, {"failures": 2}), (second, {"message_id": "m", "due_at": None}), (mine_no_more, {"failures": 9})]
    )

    found = {each.id: uploads.find(each.id, each.tenant, None) for each in (first, second, lost)}
    told = {call_id: (row.failures, row.message_id, row.due_at) for call_id, row in found.items() if row}
    assert told == {first.id: (2, None, NOW + LEASE), second.id: (0, "m", None), lost.id: (0, None, NOW + LEASE)}


def test_the_servers_indexes_keep_the_promises(uploads: MongoUploads, connection: MongoConnection) -> None:
    uploads.provision()

    with connection.database() as database:
        indexes = database[COLLECTION].index_information()
    assert indexes["one_call_a_key"]["unique"]
    assert indexes["expired"]["expireAfterSeconds"] == 0
    assert indexes["due"]["partialFilterExpression"] == {"due_at": {"$exists": True}}


def test_rows_are_kept_on_a_server_without_retryable_writes_too(
    profile: Profile, secrets: Secrets, server: SecantusDBServer, admin: MongoClient[Document]
) -> None:
    there = profile.model_copy(update={"mongo_uri": server.uri, "database": f"uploads_{uuid4().hex}"})
    connection = MongoConnection(there, secrets)
    uploads, mine = MongoUploads(connection, there), record(key="k")
    uploads.provision()
    fault: dict[str, object] = {"failCommands": ["insert"], "errorCode": 20}
    admin.admin.command({"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": fault})

    with pytest.raises(TransientError):
        uploads.claim(mine, NOW)

    assert uploads.claim(mine, NOW) == Mine(mine)
    with connection.database() as database:
        assert not database.client.options.retry_writes
    connection.reset()


def test_after_a_silence_that_one_collection_met_all_of_them_wait_longer(profile: Profile, secrets: Secrets) -> None:
    with network_before(profile) as network:
        connection = MongoConnection(network.profile, secrets, socket_timeout=0.3)
        registry = MongoRegistry(network.profile, secrets, connection=connection)
        network.mongo.plan.order("find", harms.silence, times=None)

        with pytest.raises(TransientError):
            MongoUploads(connection, network.profile).is_given_up(str(uuid4()))
        with connection.database() as database:
            assert database.client.options.pool_options.socket_timeout == 0.6

        registry.reset()
        with connection.database() as database:
            assert database.client.options.pool_options.socket_timeout == 0.3
        connection.reset()
