"""The outbox over real servers, on a database of its own: batches, leases, and what the queue does not take."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.errors import TransientError
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.leases import Leases
from callup_desktop.gateway.relay import Outbox, Relay
from callup_desktop.gateway.telemetry import Metrics, Telemetry
from callup_desktop.recordings.formats import Format
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.mongo import MongoConnection, MongoRegistry
from callup_desktop.services.secrets import open_secrets
from callup_desktop.services.sqs import SqsAnnouncer
from callup_desktop.services.uploads import LeaseLostError, MongoUploads, UploadRecord
from tests.engine.world import Lines
from tests.faults.laptop import Network
from tests.faults.proxy import Exchange
from tests.gateway.look import Look

START = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=1)


@dataclass
class Ground:
    """An outbox whose clock the test moves, and what it works on."""

    uploads: MongoUploads
    registry: MongoRegistry
    announcer: SqsAnnouncer
    time: datetime = START
    ids: list[str] = field(default_factory=list)

    def outbox(self) -> Outbox:
        no_wait = Backoff(draw=lambda low, _high: low)
        return Outbox(self.uploads, self.registry, self.announcer, no_wait, lambda: self.time, HOUR.total_seconds())

    def register(self, count: int) -> None:
        """So many registered calls whose message is due."""
        for _ in range(count):
            record = UploadRecord(
                id=str(uuid4()),
                tenant="acme",
                caller="dialer",
                created_at=START,
                details=Details("Acme Corp", "john@acme.com", "demo"),
                format=Format.MP3,
                bucket="calls",
                key="2026/11/26/call.mp3",
                size=1000,
                etag="etag",
                uploaded_at=START,
                registered_at=START,
                due_at=self.time,
            )
            self.uploads.claim(record, self.time)
            self.registry.register(record.call(None).document())
            self.ids.append(record.id)

    def registered_by(self, owner: str, *, until: datetime) -> UploadRecord:
        """A registered call whose message is the owner's to send until that moment."""
        self.register(1)
        call_id = self.ids.pop()
        (taken,) = self.outbox().take(owner, until)
        assert taken.id == call_id
        return taken

    def relay_of(self, owner: str) -> Relay:
        """The relay of that replica; it looks into the outbox once, and not again for an hour."""
        calls, telemetry = BlockingCalls(1), Telemetry(Lines(), Metrics(CollectorRegistry()))
        leases = Leases(
            self.uploads, calls, telemetry, owner=owner, seconds=LEASE.total_seconds(), now=lambda: self.time
        )
        return Relay(self.outbox(), leases, calls, telemetry, interval=HOUR.total_seconds())

    def row(self, call_id: str) -> UploadRecord:
        found = self.uploads.find(call_id, "acme", None)
        assert found is not None
        return found

    def relay(self, owner: str = "one") -> list[int]:
        """All that is due, announced; how many in each batch."""
        sizes, outbox = [], self.outbox()
        while records := outbox.take(owner, self.time + timedelta(minutes=1)):
            sizes.append(len(outbox.send(records)))
        return sizes


@pytest.fixture
def ground(sandbox: Running, proxies: Network) -> Iterator[Ground]:
    profile = proxies.profile.model_copy(update={"database": f"outbox_{uuid4().hex}"})
    secrets = open_secrets(profile, sandbox.profile)
    connection = MongoConnection(profile, secrets)
    ground = Ground(
        MongoUploads(connection, profile),
        MongoRegistry(profile, secrets, connection=connection),
        SqsAnnouncer(profile, secrets),
    )
    ground.uploads.provision()
    yield ground
    with connection.database() as database:
        database.client.drop_database(database.name)
    connection.reset()
    ground.announcer.reset()
    proxies.forget()


def test_messages_go_in_batches_of_ten(ground: Ground, proxies: Network, look: Look) -> None:
    ground.register(23)

    assert ground.relay() == [10, 10, 3]

    assert len(proxies.sqs.plan.exchanges("announce")) == 3
    for call_id in ground.ids:
        (message,) = look.messages(call_id)
        assert message["s3_key"] == "2026/11/26/call.mp3"
        assert ground.row(call_id).announced_at == START
    assert ground.relay() == []


def test_what_one_replica_has_taken_another_one_leaves_alone_until_the_lease_ends(ground: Ground) -> None:
    ground.register(2)
    taken = ground.outbox().take("dead", ground.time + timedelta(minutes=1))

    assert len(taken) == 2
    assert ground.relay("other") == []
    ground.time += timedelta(minutes=2)
    assert ground.relay("other") == [2]


def test_a_replica_that_lost_its_lease_marks_nothing(ground: Ground) -> None:
    ground.register(1)
    (late,) = ground.outbox().take("slow", ground.time + timedelta(seconds=1))
    ground.time += timedelta(seconds=2)
    assert ground.relay("quick") == [1]
    marked = ground.row(late.id)

    ground.outbox().send([late])

    assert ground.row(late.id) == marked
    with pytest.raises(LeaseLostError):
        ground.uploads.change(late, failures=5)


def test_a_queue_that_refuses_gets_the_same_messages_later(ground: Ground, proxies: Network) -> None:
    def refuses(exchange: Exchange) -> None:
        exchange.read()
        exchange.reset()

    ground.register(3)
    proxies.sqs.plan.order("announce", refuses)
    outbox = ground.outbox()

    with pytest.raises(TransientError):
        outbox.send(outbox.take("one", ground.time + timedelta(minutes=1)))

    assert {ground.row(call_id).failures for call_id in ground.ids} == {1}
    assert ground.relay() == []
    ground.time += timedelta(seconds=2)
    assert ground.relay() == [3]
    assert {ground.row(call_id).failures for call_id in ground.ids} == {0}


def test_a_call_that_stays_untouched_is_announced_after_one_hour_then_two_then_four(ground: Ground, look: Look) -> None:
    ground.register(1)
    (call_id,) = ground.ids

    ground.relay()
    for hours, sent in ((1, 2), (2, 3), (4, 4)):
        ground.time += hours * HOUR - timedelta(seconds=1)
        assert ground.relay() == []
        ground.time += timedelta(seconds=1)
        assert ground.relay() == [1]
        assert len(look.messages(call_id)) == sent


def test_a_call_that_the_worker_took_is_never_announced_again(ground: Ground) -> None:
    ground.register(1)
    (call_id,) = ground.ids
    ground.relay()
    with ground.registry._calls() as calls:
        calls.update_one({"_id": call_id}, {"$set": {"status": "completed"}})

    ground.time += HOUR

    assert ground.relay() == [0]
    assert ground.row(call_id).due_at is None


def test_what_a_replica_registered_it_announces_without_a_look_into_the_outbox(ground: Ground, look: Look) -> None:
    registered = ground.registered_by("one", until=ground.time + LEASE)

    async def story() -> None:
        relay = ground.relay_of("one")
        await relay.once()
        ground.register(1)
        relay.hand_over(registered)
        await relay.once()

    asyncio.run(story())

    assert len(look.messages(registered.id)) == 1
    assert ground.row(registered.id).announced_at == START
    (waits,) = ground.ids
    assert ground.row(waits).announced_at is None


def test_what_a_replica_registered_and_did_not_announce_is_anybodys_once_the_lease_ends(
    ground: Ground, look: Look
) -> None:
    late = ground.registered_by("one", until=ground.time + LEASE)
    assert ground.relay("other") == []

    async def story() -> None:
        relay = ground.relay_of("one")
        await relay.once()
        ground.time += LEASE
        relay.hand_over(late)
        await relay.once()

    asyncio.run(story())

    assert look.messages(late.id) == []
    assert ground.relay("other") == [1]
