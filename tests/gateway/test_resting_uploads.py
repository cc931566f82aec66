"""A direct upload between its sender's requests: it rests, whoever dies, and goes once its sender was away too long.

The clock is the test's; the replicas are looked through by hand.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Step
from callup_desktop.gateway.steps import Content, NotAsDeclaredError, target_of
from callup_desktop.recordings.formats import Format
from callup_desktop.services.uploads import Lease, UploadRecord
from tests.gateway.replica import ROOT
from tests.gateway.test_late_requests import LEASE, SETTLE, Ground, ground
from tests.services.outside import body_of, crc64nvme

__all__ = ["ground"]
DATA = (ROOT / "resources" / "sample.mp3").read_bytes()
KEPT = timedelta(days=14)


def written_down(ground: Ground) -> UploadRecord:
    """The row of a direct upload of a replica that is about to die; nothing of it is in the storage."""
    now, call_id = ground.clock.now(), str(uuid4())
    record = UploadRecord(
        id=call_id,
        tenant="acme",
        caller="rep",
        created_at=now,
        owner="dead",
        due_at=now + LEASE,
        rests_until=now + KEPT,
        details=Details("Acme Corp", "john@acme.com", "demo"),
        format=Format.MP3,
        bucket=ground.profile.bucket,
        key=f"2026/11/26/{call_id}.mp3",
        part_size=5 * 1024 * 1024,
        size=len(DATA),
        crc64nvme=crc64nvme(DATA),
        intent=Step.CREATE,
    )
    assert ground.steps.begin(record) == record
    return record


def begun(ground: Ground, *, stored: bool = True) -> UploadRecord:
    """A direct upload, its one part stored, that a replica which is about to die has just taken."""
    record = ground.steps.create_direct(written_down(ground))
    if stored:
        ground.store.upload_part(target_of(record), record.upload_id or "", 1, body_of(DATA))
    now = ground.clock.now()
    taken = ground.uploads.take(record.id, "acme", "rep", Lease("dead", now, now + LEASE))
    assert taken is not None
    return taken


def test_what_a_dead_replica_only_looked_at_rests_again_and_stays(ground: Ground) -> None:
    record = begun(ground)

    ground.pass_by(LEASE)

    resting = ground.uploads.direct(record.id, "acme", "rep")
    assert resting is not None
    assert (resting.owner, resting.due_at) == ("", record.rests_until)
    ground.pass_by(timedelta(days=13))
    assert ground.steps.stored_parts(resting)


def test_an_upload_that_a_dead_replica_opened_unseen_is_not_open_beside_the_next(ground: Ground) -> None:
    record = written_down(ground)
    unseen = ground.store.create(target_of(record)).upload_id
    ground.pass_by(LEASE)
    now = ground.clock.now()
    taken = ground.uploads.take(record.id, "acme", "rep", Lease("other", now, now + LEASE))
    assert taken is not None

    again = ground.steps.create_again(taken)

    assert again.upload_id != unseen
    assert ground.store.open_uploads(target_of(record)) == (again.upload_id,)


def test_a_refused_call_whose_replica_died_before_it_cleaned_up_is_cleaned_up(ground: Ground) -> None:
    record = ground.steps.close(begun(ground), Content(len(DATA), crc64nvme(DATA)))
    record = ground.steps.complete(record, ground.steps.stored_parts(record) or ())
    ground.steps.refuse(record, NotAsDeclaredError())

    ground.pass_by(LEASE)

    refused = ground.uploads.direct(record.id, "acme", "rep")
    assert refused is not None
    assert refused.refusal == "not_as_declared"
    assert not ground.left()


def test_a_laptop_that_is_heard_of_has_its_time_anew(ground: Ground) -> None:
    record = begun(ground)
    ground.steps.rest(record)
    ground.pass_by(timedelta(days=13))

    heard = ground.uploads.touch(record.id, "acme", "rep", ground.steps.rested_until())
    ground.pass_by(timedelta(days=13))

    assert heard is not None
    assert ground.left() == {record.key}


def test_a_laptop_that_was_away_for_too_long_leaves_nothing(ground: Ground) -> None:
    record = begun(ground)
    ground.steps.rest(record)

    ground.pass_by(KEPT)
    ground.pass_by(SETTLE)

    assert not ground.left()
    assert not ground.rows()


@pytest.mark.parametrize("reached", ["nothing", "the object", "its document"])
def test_a_call_that_a_dead_replica_was_completing_is_finished(reached: str, ground: Ground) -> None:
    record = ground.steps.close(begun(ground), Content(len(DATA), crc64nvme(DATA)))
    parts = ground.steps.stored_parts(record)
    assert parts
    if reached == "the object":
        ground.store.complete(target_of(record), record.upload_id or "", parts)
    if reached == "its document":
        record = ground.steps.complete(record, parts)
        ground.registry.register(record.call(None).document())

    ground.pass_by(LEASE)

    assert ground.uploads.find(record.id, "acme", "rep") is not None
    assert ground.left() == {record.key}
    assert ground.registry.find(record.id)


def test_a_complete_of_other_bytes_is_cleaned_up_and_remembered_for_as_long_as_a_laptop_may_be_away(
    ground: Ground,
) -> None:
    record = begun(ground, stored=False)
    ground.store.upload_part(target_of(record), record.upload_id or "", 1, body_of(DATA[::-1]))
    ground.steps.close(record, Content(len(DATA), crc64nvme(DATA)))

    ground.pass_by(LEASE)
    ground.pass_by(SETTLE)

    refused = ground.uploads.direct(record.id, "acme", "rep")
    assert refused is not None
    assert (refused.refusal, refused.due_at, refused.expires_at) == ("not_as_declared", None, record.rests_until)
    assert not ground.left()
    ground.uploads.forget_refusal(refused)
    assert not ground.rows()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_call_that_may_be_registered_is_taken_back_only_if_it_is_not(
    arrived: bool,  # noqa: FBT001 - a parameter of the case
    ground: Ground,
) -> None:
    record = ground.steps.close(begun(ground), Content(len(DATA), crc64nvme(DATA)))
    record = ground.steps.complete(record, ground.steps.stored_parts(record) or ())
    asked = ground.steps.ask_back(record)
    if arrived:
        ground.registry.register(record.call(None).document())

    ground.pass_by(SETTLE)

    assert asked.cancel_asked_at is not None
    assert ground.left() == ({record.key} if arrived else set())
    assert (ground.uploads.find(record.id, "acme", "rep") is not None) is arrived


def test_of_two_requests_one_has_the_row(ground: Ground) -> None:
    record = ground.steps.rest(begun(ground))
    now = ground.clock.now()

    taken = ground.uploads.take(record.id, "acme", "rep", Lease("one", now, now + LEASE))

    assert taken is not None
    assert ground.uploads.take(record.id, "acme", "rep", Lease("two", now, now + LEASE)) is None
    assert ground.uploads.touch(record.id, "acme", "rep", now + KEPT) is None
    assert ground.uploads.take(record.id, "acme", "rep", Lease("two", now + 2 * LEASE, now + 3 * LEASE)) is not None
