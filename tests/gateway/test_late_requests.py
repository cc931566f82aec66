"""A request that nobody waits for any more arrives after the call was cleaned up: what it makes goes all the same."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from callup_desktop.calls.metadata import Details
from callup_desktop.config.profile import Profile
from callup_desktop.engine.backoff import Backoff
from callup_desktop.gateway.blocking import BackgroundTasks, BlockingCalls
from callup_desktop.gateway.leases import Leases
from callup_desktop.gateway.pipeline import Pipeline
from callup_desktop.gateway.reaper import Reaper
from callup_desktop.gateway.steps import Content, UploadSteps, target_of
from callup_desktop.gateway.telemetry import Metrics, Telemetry
from callup_desktop.recordings.formats import Format
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.mongo import MongoConnection, MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import open_secrets
from callup_desktop.services.uploads import LeaseLostError, Mine, MongoUploads, UploadRecord
from tests.engine.world import HandClock, Lines
from tests.gateway.look import Look
from tests.services.outside import body_of, crc64nvme, some_bytes

LEASE, SETTLE = timedelta(seconds=60), timedelta(seconds=60)
DATA = some_bytes(3000)


@dataclass
class Ground:
    """What the replicas share, and a clock that the test moves; the bucket keeps versions."""

    profile: Profile
    store: S3Store
    registry: MongoRegistry
    uploads: MongoUploads
    look: Look
    clock: HandClock

    @property
    def steps(self) -> UploadSteps:
        return UploadSteps(
            self.store,
            self.registry,
            self.uploads,
            self.profile.bucket,
            None,
            self.clock.now,
            400,
            SETTLE.total_seconds(),
        )

    def claimed(self) -> UploadRecord:
        """A row with the key "k" of a replica that is about to die."""
        now = self.clock.now()
        record = UploadRecord(
            id=str(uuid4()),
            tenant="acme",
            caller="dialer",
            created_at=now,
            idempotency_key="k",
            owner="dead",
            due_at=now + LEASE,
        )
        assert self.uploads.claim(record, now) == Mine(record)
        return record

    def planned(self, *, in_parts: bool) -> UploadRecord:
        """Its row, as it was when the replica asked the store to begin."""
        content = None if in_parts else Content(len(DATA), crc64nvme(DATA))
        return self.steps.plan(self.claimed(), Details("Acme Corp", "john@acme.com", "demo"), Format.MP3, content)

    def look_around(self) -> None:
        """Another replica settles what is due."""

        async def once() -> None:
            calls = BlockingCalls(2)
            telemetry = Telemetry(Lines(), Metrics(CollectorRegistry()))
            leases = Leases(
                self.uploads, calls, telemetry, owner="other", seconds=LEASE.total_seconds(), now=self.clock.now
            )
            pipeline = Pipeline(
                self.steps,
                calls,
                calls,
                leases,
                telemetry,
                Backoff(),
                1,
                20.0,
                BackgroundTasks(lambda _task: None),
                self.clock.now,
                lambda _record: None,
            )
            await Reaper(pipeline, interval=1, now=self.clock.now).once()
            calls.close()

        asyncio.run(once())

    def pass_by(self, span: timedelta) -> None:
        """Time goes by, and what has become due is settled."""
        self.clock.advance(span.total_seconds() + 1)
        self.look_around()

    def left(self) -> set[str]:
        """Everything in the bucket: objects with their versions and markers, open uploads."""
        versions = self.look.s3.list_object_versions(Bucket=self.profile.bucket)
        listed = [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]
        uploads = self.look.s3.list_multipart_uploads(Bucket=self.profile.bucket).get("Uploads", [])
        return {each["Key"] for each in [*listed, *uploads]}

    def rows(self) -> set[str]:
        with self.uploads._rows() as rows:
            return {row["_id"] for row in rows.find()}


@pytest.fixture
def ground(sandbox: Running, profile: Profile, look: Look) -> Iterator[Ground]:
    name = f"late-{uuid4()}"
    look.s3.create_bucket(Bucket=name)
    look.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    own = profile.model_copy(update={"bucket": name, "database": f"late_{uuid4().hex}"})
    secrets = open_secrets(own, sandbox.profile)
    connection = MongoConnection(own, secrets)
    ground = Ground(
        own,
        S3Store(own, secrets),
        MongoRegistry(own, secrets, connection=connection),
        MongoUploads(connection, own),
        look,
        HandClock(datetime(2026, 11, 26, 12, tzinfo=UTC)),
    )
    yield ground
    with connection.database() as database:
        database.client.drop_database(database.name)
    connection.reset()
    ground.store.reset()


def _create(ground: Ground, record: UploadRecord) -> None:
    ground.store.create(target_of(record))


def _put(ground: Ground, record: UploadRecord) -> None:
    ground.store.put(target_of(record), body_of(DATA))


@pytest.mark.parametrize(("in_parts", "late"), [(True, _create), (False, _put)], ids=["create", "put"])
def test_what_a_dead_replica_asked_for_arrives_after_the_clean_up_and_goes_a_minute_later(
    in_parts: bool,  # noqa: FBT001 - a parameter of the case
    late: Callable[[Ground, UploadRecord], None],
    ground: Ground,
) -> None:
    record = ground.planned(in_parts=in_parts)
    ground.pass_by(LEASE)
    late(ground, record)
    assert ground.left() == {record.key}
    ground.look_around()
    assert ground.left() == {record.key}

    ground.pass_by(SETTLE)

    assert not ground.left()
    assert not ground.rows()


def test_the_key_of_a_call_that_is_cleaned_once_more_later_is_free_at_once(ground: Ground) -> None:
    first = ground.planned(in_parts=True)
    ground.pass_by(LEASE)

    second = ground.claimed()

    assert ground.rows() == {first.id, second.id}


@pytest.mark.parametrize("again", [False, True], ids=["while its row is kept", "after its row went"])
def test_a_replica_that_was_only_asleep_takes_back_what_it_makes_too_late(
    again: bool,  # noqa: FBT001 - a parameter of the case
    ground: Ground,
) -> None:
    record = ground.planned(in_parts=False)
    ground.pass_by(LEASE)
    if again:
        ground.pass_by(SETTLE)

    with pytest.raises(LeaseLostError):
        ground.steps.put(record, memoryview(DATA))

    assert not ground.left()


def test_a_document_that_arrives_after_the_registry_was_asked_keeps_its_recording(ground: Ground) -> None:
    record = ground.steps.put(ground.planned(in_parts=False), memoryview(DATA))
    now = ground.clock.now()
    ground.uploads.change(record, cancel_asked_at=now, due_at=now)
    ground.look_around()

    ground.registry.register(record.call(None).document())
    ground.pass_by(SETTLE)

    assert ground.left() == {record.key}
    assert ground.uploads.find(record.id, "acme", None) is not None


def test_a_registering_that_nobody_heard_of_in_time_takes_its_recording_along(ground: Ground) -> None:
    record = ground.steps.put(ground.planned(in_parts=False), memoryview(DATA))
    now = ground.clock.now()
    ground.uploads.change(record, cancel_asked_at=now, due_at=now)

    ground.pass_by(SETTLE)

    assert not ground.left()
    assert not ground.rows()
