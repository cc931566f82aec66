"""Taken back, and still there to be read.

In a bucket that keeps versions a delete only lays a marker over the object. People cancelled uploads, were told that
nothing was left, and the recording could be fetched by its version for years. Where the bucket locks versions, the
programs failed without end or said "removed" all the same.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import CallError, Code, JobError
from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.parts import plan_part_size
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from tests.faults import harms
from tests.faults.laptop import Laptop, Network, in_parts, network_before
from tests.services.front import Arrived, Front, Reply, front_of, refusal
from tests.services.outside import PlainS3, body_of, some_bytes, target_for
from tests.services.store_contract import FaithfulStoreContract, KeyContract, Outside

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

DATA = some_bytes(3000)


@dataclass(frozen=True)
class Bucket:
    """A bucket that keeps versions, as an admin sees it."""

    client: "S3Client"
    name: str

    def versions(self, key: str = "") -> list[str]:
        listed = self.client.list_object_versions(Bucket=self.name, Prefix=key).get("Versions", [])
        return [version["VersionId"] for version in listed]

    def markers(self, key: str = "") -> list[str]:
        listed = self.client.list_object_versions(Bucket=self.name, Prefix=key).get("DeleteMarkers", [])
        return [marker["VersionId"] for marker in listed]

    def hide(self, key: str) -> None:
        """What the button "delete" of a web console does."""
        self.client.delete_object(Bucket=self.name, Key=key)


def made(seaweed: PlainS3, *, locks: bool = False) -> Bucket:
    bucket = Bucket(seaweed.client, f"kept-{uuid.uuid4()}")
    if locks:
        bucket.client.create_bucket(Bucket=bucket.name, ObjectLockEnabledForBucket=True)
        lock: Any = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
        bucket.client.put_object_lock_configuration(Bucket=bucket.name, ObjectLockConfiguration=lock)
    else:
        bucket.client.create_bucket(Bucket=bucket.name)
        bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    return bucket


@pytest.fixture
def versioned(seaweed: PlainS3) -> Bucket:
    return made(seaweed)


@pytest.fixture
def locked(seaweed: PlainS3) -> Bucket:
    return made(seaweed, locks=True)


# --- the whole program ------------------------------------------------------------------------------------------------


@pytest.fixture
def network(profile: Profile) -> Iterator[Network]:
    """A registry that registers nothing, so that a stored call can be cancelled."""
    with network_before(profile) as network:
        network.mongo.plan.order("register", harms.mongo_error(13, "Unauthorized"), times=None)
        yield network


def cancel_once_stored(laptop: Laptop) -> None:
    """Take a call back as soon as it is seen to be stored and not to be registered."""
    told: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, JobChanged) and event.job.etag and event.job.trouble and not told:
            told.append(event.job.id)
            laptop.engine.cancel((event.job.id,))

    laptop.listeners.append(listen)


def send_and_cancel(laptop: Laptop, path: Path) -> str:
    cancel_once_stored(laptop)
    return laptop.send(path)


@pytest.mark.parametrize("plan", [in_parts, plan_part_size], ids=["in parts", "in one piece"])
def test_a_cancelled_call_leaves_no_version_and_no_marker(
    plan: Callable[[int, float | None], int],
    tmp_path: Path,
    network: Network,
    secrets: Secrets,
    versioned: Bucket,
    short: Path,
) -> None:
    profile = network.profile.model_copy(update={"bucket": versioned.name})
    with Laptop(tmp_path, profile, secrets, plan=plan) as laptop:
        laptop.until_gone(send_and_cancel(laptop, short))

    assert versioned.versions() == []
    assert versioned.markers() == []


def test_after_a_restart_the_very_version_goes_though_somebody_hid_it(
    tmp_path: Path, network: Network, secrets: Secrets, versioned: Bucket, short: Path
) -> None:
    profile = network.profile.model_copy(update={"bucket": versioned.name})
    with Laptop(tmp_path, profile, secrets) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: laptop.jobs[call].etag is not None)
        assert [laptop.jobs[call].version_id] == versioned.versions()
    versioned.hide(laptop.jobs[call].key)

    restarted = Laptop(tmp_path, profile, secrets)
    cancel_once_stored(restarted)
    with restarted:
        restarted.until_gone(call)

    assert versioned.versions() == []


def test_what_is_locked_is_said_to_be_locked_and_holds_up_nothing(
    tmp_path: Path, network: Network, secrets: Secrets, locked: Bucket, short: Path
) -> None:
    profile = network.profile.model_copy(update={"bucket": locked.name})

    def kept(job: Job) -> bool:
        return job.state is State.CANCELLED and job.trouble is not None and job.trouble.code == Code.REMOVAL_DENIED

    with Laptop(tmp_path, profile, secrets) as laptop:
        call = send_and_cancel(laptop, short)
        laptop.until(lambda: kept(laptop.jobs[call]))
        shown = laptop.jobs[call]
        network.mongo.plan.lift()
        laptop.engine.check_again()
        laptop.until_sent(laptop.send(short))

    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    assert shown.trouble is not None
    assert Messages().sentence(shown.trouble) == (
        f"Storage keeps what was already sent until {tomorrow.isoformat()}: it is locked there. Please send this to IT."
    )
    assert call not in laptop.gone
    assert locked.versions(shown.key) == [shown.version_id]


# --- the store --------------------------------------------------------------------------------------------------------


class TestVersionedSeaweed(FaithfulStoreContract, KeyContract):
    @pytest.fixture
    def store(self, profile: Profile, secrets: Secrets, outside: PlainS3) -> S3Store:
        return S3Store(profile.model_copy(update={"bucket": outside.bucket}), secrets)

    @pytest.fixture
    def outside(self, seaweed: PlainS3, versioned: Bucket) -> Outside:
        return replace(seaweed, bucket=versioned.name)


@pytest.fixture
def front(seaweed: PlainS3) -> Iterator[Front]:
    with front_of(seaweed.endpoint) as front:
        yield front


@pytest.fixture
def store(profile: Profile, secrets: Secrets, front: Front) -> S3Store:
    return S3Store(profile.model_copy(update={"endpoint": front.endpoint}), secrets)


def names_a_version(request: Arrived) -> bool:
    return "versionId=" in request.path


def test_a_put_whose_reply_was_lost_goes_with_every_version_of_it(store: S3Store, versioned: Bucket) -> None:
    target = target_for(DATA, versioned.name)
    for _ in range(2):  # as where the store knows no conditions, so that a repetition is a version more
        versioned.client.put_object(Bucket=versioned.name, Key=target.key, Body=DATA)

    store.delete(target)

    assert versioned.versions() == []


def test_what_somebody_hid_is_found_by_listing(store: S3Store, versioned: Bucket) -> None:
    target = target_for(DATA, versioned.name)
    store.put(target, body_of(DATA))
    versioned.hide(target.key)

    store.delete(target)

    assert versioned.versions() == []


def test_what_is_hidden_and_may_not_be_listed_is_not_said_to_be_gone(
    store: S3Store, front: Front, versioned: Bucket
) -> None:
    target = target_for(DATA, versioned.name)
    store.put(target, body_of(DATA))
    versioned.hide(target.key)
    front.answer("HeadObject", Reply(404, {"x-amz-delete-marker": "true"}))
    front.answer("ListObjectVersions", refusal(403, "AccessDenied"))

    with pytest.raises(JobError) as caught:
        store.delete(target)

    assert caught.value.code is Code.REMOVAL_DENIED


def test_a_person_who_may_not_remove_versions_is_told_so(store: S3Store, front: Front, versioned: Bucket) -> None:
    target = target_for(DATA, versioned.name)
    stored = store.put(target, body_of(DATA))
    front.answer("DeleteObject", refusal(403, "AccessDenied"), times=9, applies=names_a_version)

    with pytest.raises(JobError) as caught:
        store.delete(target, stored.version_id)

    assert caught.value.code is Code.REMOVAL_DENIED
    assert caught.value.params == {}
    assert versioned.versions() == [stored.version_id]


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (400, "InvalidRequest"), (403, "ObjectLocked"), (405, "MethodNotAllowed")],
)
def test_a_lock_is_known_by_any_name(status: int, code: str, store: S3Store, front: Front, locked: Bucket) -> None:
    target = target_for(DATA, locked.name)
    stored = store.put(target, body_of(DATA))
    front.answer("DeleteObject", refusal(status, code))

    with pytest.raises(CallError) as caught:
        store.delete(target, stored.version_id)

    assert caught.value.code is Code.REMOVAL_DENIED
    assert "until" in caught.value.params


def test_a_lock_that_the_printed_rights_do_not_show_is_told_without_its_end(
    store: S3Store, front: Front, locked: Bucket
) -> None:
    target = target_for(DATA, locked.name)
    stored = store.put(target, body_of(DATA))
    # To look at a version is a right of its own: s3:GetObjectVersion.
    front.answer("HeadObject", Reply(403, {}), times=9, applies=names_a_version)

    with pytest.raises(JobError) as caught:
        store.delete(target, stored.version_id)

    assert (caught.value.code, caught.value.params) == (Code.REMOVAL_DENIED, {})


def test_a_legal_hold_is_said_to_have_no_end(store: S3Store, locked: Bucket) -> None:
    target = target_for(DATA, locked.name)
    stored = store.put(target, body_of(DATA))
    locked.client.put_object_legal_hold(
        Bucket=locked.name, Key=target.key, VersionId=stored.version_id, LegalHold={"Status": "ON"}
    )

    with pytest.raises(JobError) as caught:
        store.delete(target, stored.version_id)

    assert caught.value.params == {"hold": 1}


def test_a_store_that_tells_versions_and_knows_none_is_asked_without(
    store: S3Store, front: Front, seaweed: PlainS3
) -> None:
    target = target_for(DATA, seaweed.bucket)
    front.change("PutObject", lambda reply: replace(reply, headers=reply.headers | {"x-amz-version-id": "v1"}))
    stored = store.put(target, body_of(DATA))
    front.answer("DeleteObject", refusal(501, "NotImplemented"), times=9, applies=names_a_version)

    store.delete(target, stored.version_id)

    assert stored.version_id == "v1"
    assert seaweed.bytes_at(target.key) is None


def test_a_store_that_only_hides_what_it_tells_no_version_of_is_not_believed(
    store: S3Store, front: Front, seaweed: PlainS3
) -> None:
    target = target_for(DATA, seaweed.bucket)
    store.put(target, body_of(DATA))
    front.answer("DeleteObject", Reply(204, {"x-amz-delete-marker": "true", "x-amz-version-id": "m1"}))

    with pytest.raises(JobError) as caught:
        store.delete(target)

    assert caught.value.code is Code.REMOVAL_DENIED


def test_a_person_who_may_not_look_still_removes(store: S3Store, front: Front, seaweed: PlainS3) -> None:
    target = target_for(DATA, seaweed.bucket)
    store.put(target, body_of(DATA))
    front.answer("HeadObject", Reply(403, {}), times=99)

    store.delete(target)

    assert seaweed.bytes_at(target.key) is None


def test_the_check_tries_the_removal_and_leaves_no_marker(
    profile: Profile, secrets: Secrets, front: Front, versioned: Bucket
) -> None:
    here = profile.model_copy(update={"bucket": versioned.name, "endpoint": front.endpoint})

    # A store that still makes room for a new bucket answers that it is busy.
    tried = (result for _ in range(20) for result in run_checks(here, secrets) if result.step == "storage")
    allowed = next(result for result in tried if result.code is not Code.STORAGE_BUSY)
    front.answer("DeleteObject", refusal(403, "AccessDenied"), times=9, applies=names_a_version)
    (denied,) = (result for result in run_checks(here, secrets) if result.step == "storage")

    assert allowed.ok
    assert denied.code == Code.REMOVAL_DENIED
    assert len(versioned.markers()) == 1, "that of the check which was not allowed to remove it"
