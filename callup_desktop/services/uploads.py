"""The gateway's facts: one row an upload in `callup_uploads`, the same for every replica. Any thread.

A row is its owner's until `due_at`; from then on any replica may take it. While a request runs its owner moves that
moment on; a registered row is due when its message is to be sent, and again when somebody must see what came of it.
The row of a direct upload, whose bytes pass the gateway by, rests between its sender's requests: it is nobody's, and
due once its sender was away for too long.
"""

from collections.abc import Collection as Ids
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from pydantic import BaseModel, ConfigDict
from pymongo import ReturnDocument, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from callup_desktop.calls.call import Call
from callup_desktop.calls.metadata import Details
from callup_desktop.config.destination import digest_of
from callup_desktop.config.profile import Profile
from callup_desktop.engine.job import Step
from callup_desktop.recordings.formats import Format
from callup_desktop.services.mongo import Document, MongoConnection

COLLECTION = "callup_uploads"


class UploadRecord(BaseModel):
    """One upload and how far it got. `None` means: not yet. All moments are UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant: str
    caller: str
    created_at: datetime
    idempotency_key: str | None = None
    owner: str = ""
    due_at: datetime | None = None
    # fixed once its first bytes were judged
    details: Details = Details()
    format: Format | None = None
    bucket: str = ""
    key: str = ""
    part_size: int = 0
    # known once its last byte is here
    size: int = 0
    crc64nvme: str = ""
    send_anyway: bool = False
    """Whether the caller wants it sent in spite of the probe's doubt."""
    held: bool = False
    """Of a direct upload: whether its sender says the details, and that it is registered, once it is stored."""
    uploaded_by: str | None = None
    """Whom its sender names as the rep."""
    rests_until: datetime | None = None
    """Of a direct upload: when it is given up unless its sender is heard of."""
    # facts
    intent: Step | None = None
    upload_id: str | None = None
    etag: str | None = None
    uploaded_at: datetime | None = None
    cancel_asked_at: datetime | None = None
    """When registering it failed without an answer; settled once the registry was asked."""
    dropped_at: datetime | None = None
    """When it was given up: everything stored of it is taken away, then the row."""
    cleaned_at: datetime | None = None
    """When it was cleaned while a request of it could still arrive: it is cleaned once more before the row goes."""
    refusal: str | None = None
    """Of a direct upload: why it was not taken; the row stays for a while to say so again."""
    refusal_params: dict[str, str | int | float] | None = None
    registered_at: datetime | None = None
    announced_at: datetime | None = None
    message_id: str | None = None
    announcements: int = 0
    failures: int = 0
    """How often settling or announcing it failed in a row."""
    expires_at: datetime | None = None

    @property
    def is_direct(self) -> bool:
        """Whether its bytes pass the gateway by, so that its sender may be away between two requests."""
        return self.rests_until is not None

    @property
    def is_completing(self) -> bool:
        """Whether all of it is stored and the rest is the gateway's to do."""
        stored = self.etag is not None or self.intent is Step.COMPLETE
        return self.registered_at is None and stored and not self.is_waiting

    @property
    def is_waiting(self) -> bool:
        """Whether all of it is stored and its sender has yet to say the details."""
        return self.held and self.etag is not None and self.registered_at is None and self.details == Details()

    def as_document(self) -> Document:
        """The row as it is stored."""
        fields = self.model_dump(exclude_none=True, exclude={"id"})
        return {"_id": self.id, **_plain(fields)}

    def call(self, uploaded_by: str | None) -> Call:
        """The stored call; raises ValueError where it is not stored yet."""
        if self.format is None or self.uploaded_at is None:
            raise ValueError(f"upload {self.id} is not stored yet")
        return Call(
            id=self.id,
            details=self.details,
            bucket=self.bucket,
            key=self.key,
            format=self.format,
            size=self.size,
            uploaded_at=self.uploaded_at,
            uploaded_by=uploaded_by,
        )


class RecordFacts(TypedDict, total=False):
    """The facts of a row that a change may name; None takes one away."""

    idempotency_key: None
    owner: str
    due_at: datetime | None
    details: Details
    uploaded_by: str | None
    format: Format
    bucket: str
    key: str
    part_size: int
    size: int
    crc64nvme: str
    intent: Step | None
    upload_id: str | None
    etag: str | None
    uploaded_at: datetime | None
    cancel_asked_at: datetime | None
    dropped_at: datetime | None
    cleaned_at: datetime | None
    rests_until: datetime
    refusal: str
    refusal_params: dict[str, str | int | float]
    registered_at: datetime | None
    announced_at: datetime | None
    message_id: str | None
    announcements: int
    failures: int
    expires_at: datetime | None


_NOT_SETTLED = {"dropped_at": {"$exists": False}, "registered_at": {"$exists": False}}


@dataclass(frozen=True, slots=True)
class Lease:
    """Whose a row is from a moment on, and until which one."""

    owner: str
    begins: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Described:
    """What a stored call is registered with."""

    details: Details
    uploaded_by: str | None


class LeaseLostError(Exception):
    """Raised when the row is another replica's by now, or gone."""


@dataclass(frozen=True, slots=True)
class Mine:
    """The claim is the caller's: a new row."""

    record: UploadRecord


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The row of an earlier request with this key, which died; it is the caller's to settle now."""

    record: UploadRecord


@dataclass(frozen=True, slots=True)
class Busy:
    """An earlier request with this key is under way; its row is its owner's until `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """An earlier request with this key has arrived."""

    record: UploadRecord


Claim = Mine | Abandoned | Busy | Arrived


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of the list ends: the moment and the call_id of its last row."""

    uploaded_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Which rows are listed; `caller` None is everybody of the tenant."""

    tenant: str
    caller: str | None = None
    company: str | None = None
    call_type: str | None = None


class MongoUploads:
    """The rows of one profile's gateway in the collection `callup_uploads`; those of others are not its own."""

    def __init__(self, connection: MongoConnection, profile: Profile) -> None:
        self._connection = connection
        self._destination = _destination_of(profile)
        self._provisioned = False

    def provision(self) -> None:
        """Make the indexes, once: without them one Idempotency-Key could be two calls."""
        if self._provisioned:
            return
        with self._rows() as rows:
            rows.create_index(
                [("destination", 1), ("tenant", 1), ("idempotency_key", 1)],
                name="one_call_a_key",
                unique=True,
                partialFilterExpression={"idempotency_key": {"$exists": True}},
            )
            rows.create_index(
                [("destination", 1), ("due_at", 1)], name="due", partialFilterExpression={"due_at": {"$exists": True}}
            )
            rows.create_index([("expires_at", 1)], name="expired", expireAfterSeconds=0)
            rows.create_index(
                [("destination", 1), ("tenant", 1), ("caller", 1), ("uploaded_at", -1), ("_id", -1)],
                name="list",
                partialFilterExpression={"registered_at": {"$exists": True}},
            )
            # A checksum finds a handful of rows. It never changes, so no later write of a row touches this index.
            rows.create_index([("crc64nvme", 1), ("size", 1)], name="recording")
            rows.create_index([("destination", 1), ("key", 1), ("created_at", 1)], name="day")
        self._provisioned = True

    def claim(self, record: UploadRecord, now: datetime) -> Claim:
        """Insert the row; where its key has one already, what became of that. A row past its moment is taken over.

        Safe to repeat where the reply to an earlier try was lost.
        """
        self.provision()
        while True:
            if self._inserted(record):
                return Mine(record)
            found = self._in_the_way_of(record)
            if found is None:
                continue
            if found.id == record.id:
                return Mine(found)
            if found.registered_at is not None:
                return Arrived(found)
            if found.due_at is not None and found.due_at > now:
                return Busy(found.due_at)
            if taken := self._take({"_id": found.id, "due_at": {"$lte": now}}, record.owner, record.due_at):
                return Abandoned(taken)

    def open(self, record: UploadRecord) -> UploadRecord | None:
        """Insert the row of a direct upload; the sender's row of that id where there is one, None if it is another's.

        Safe to repeat where the reply to an earlier try was lost.
        """
        self.provision()
        return record if self._inserted(record) else self.direct(record.id, record.tenant, record.caller)

    def direct(self, call_id: str, tenant: str, caller: str) -> UploadRecord | None:
        """The row of the caller's direct upload, however far it is."""
        with self._rows() as rows:
            found = rows.find_one(self._direct(call_id, tenant, caller))
        return None if found is None else _record(found)

    def touch(self, call_id: str, tenant: str, caller: str, until: datetime) -> UploadRecord | None:
        """The row of the caller's direct upload if it rests, and rests until that moment from now on."""
        resting = {"owner": "", "dropped_at": {"$exists": False}, "registered_at": {"$exists": False}}
        with self._rows() as rows:
            found = rows.find_one_and_update(
                {**self._direct(call_id, tenant, caller), **resting},
                {"$set": {"rests_until": until, "due_at": until}},
                return_document=ReturnDocument.AFTER,
            )
        return None if found is None else _record(found)

    def take(self, call_id: str, tenant: str, caller: str, lease: Lease) -> UploadRecord | None:
        """The row of the caller's direct upload, the lease's; None where it is another's, or settled."""
        open_ = {**self._direct(call_id, tenant, caller), **_NOT_SETTLED}
        return self._take({**open_, "owner": ""}, lease.owner, lease.until) or self._take(
            {**open_, "due_at": {"$lte": lease.begins}}, lease.owner, lease.until
        )

    def take_unstored(self, call_id: str, tenant: str, caller: str, lease: Lease) -> UploadRecord | None:
        """Likewise, if it rests and has no object yet."""
        resting = {**self._direct(call_id, tenant, caller), **_NOT_SETTLED, "owner": "", "etag": {"$exists": False}}
        return self._take(resting, lease.owner, lease.until)

    def take_described(
        self, call_id: str, tenant: str, caller: str, lease: Lease, described: Described
    ) -> UploadRecord | None:
        """Likewise, if it rests and its object waits for these details, which it has from now on."""
        waiting = {**self._direct(call_id, tenant, caller), **_NOT_SETTLED, "owner": ""}
        facts = {"details": asdict(described.details), "uploaded_by": described.uploaded_by}
        return self._take({**waiting, "held": True, "etag": {"$exists": True}}, lease.owner, lease.until, facts)

    def described(self, call_id: str, details: Details) -> None:
        """The details that a registered call has now."""
        with self._rows() as rows:
            rows.update_one(
                self._ours(_id=call_id, registered_at={"$exists": True}), {"$set": {"details": asdict(details)}}
            )

    def announce_again(self, call_id: str, tenant: str, caller: str, earlier: datetime, now: datetime) -> str | None:
        """Make the message of the caller's call due if the last one was sent before `earlier`; the id of that.

        Raises KeyError where there is no such registered call.
        """
        wanted = self._ours(_id=call_id, tenant=tenant, caller=caller, registered_at={"$exists": True})
        with self._rows() as rows:
            found = rows.find_one(wanted)
            if found is None:
                raise KeyError(call_id)
            record = _record(found)
            if record.announced_at is not None and record.announced_at < earlier:
                rows.update_one({**wanted, "announced_at": {"$lt": earlier}}, {"$set": {"due_at": now}})
        return record.message_id

    def forget_refusal(self, record: UploadRecord) -> None:
        """Let the row of a call that was not taken go as soon as nothing of the call can be left."""
        refused = {"_id": record.id, "refusal": {"$exists": True}}
        with self._rows() as rows:
            rows.delete_one({**refused, "due_at": {"$exists": False}})
            rows.update_one(refused, {"$unset": {"refusal": "", "refusal_params": ""}})

    def change(self, record: UploadRecord, **facts: Unpack[RecordFacts]) -> UploadRecord:
        """The row with new facts, acknowledged by a majority; raises LeaseLostError where it is another's by now."""
        with self._rows() as rows:
            found = rows.find_one_and_update(
                _as_its_owner(record), _update(record, facts), return_document=ReturnDocument.AFTER
            )
        if found is None:
            raise LeaseLostError(record.id)
        return _record(found)

    def change_each(self, changes: Ids[tuple[UploadRecord, RecordFacts]]) -> None:
        """Give each row its new facts in one request, acknowledged by a majority; what is another's by now stays."""
        with self._rows() as rows:
            rows.bulk_write(
                [UpdateOne(_as_its_owner(record), _update(record, facts)) for record, facts in changes], ordered=False
            )

    def renew(self, ids: Ids[str], owner: str, due_at: datetime) -> None:
        """Move the moment on for those of the rows that are still this owner's and not registered yet."""
        with self._rows() as rows:
            rows.update_many(
                {"_id": {"$in": list(ids)}, "owner": owner, "registered_at": {"$exists": False}},
                {"$set": {"due_at": due_at}},
            )

    def take_due(self, owner: str, now: datetime, until: datetime, *, registered: bool) -> UploadRecord | None:
        """A row that is due, the owner's from now on; None if there is none."""
        return self._take(self._ours(due_at={"$lte": now}, registered_at={"$exists": registered}), owner, until)

    def remove(self, record: UploadRecord) -> None:
        """Forget the row if it is still its owner's."""
        with self._rows() as rows:
            rows.delete_one({"_id": record.id, "owner": record.owner})

    def is_given_up(self, call_id: str) -> bool:
        """Whether nobody will finish the call: its row is dropped or gone."""
        with self._rows() as rows:
            return rows.find_one({"_id": call_id, "dropped_at": {"$exists": False}}, {"_id": True}) is None

    def find(self, call_id: str, tenant: str, caller: str | None) -> UploadRecord | None:
        """The registered row of a call, if it belongs to the tenant and, where one is named, the caller."""
        wanted = self._ours(_id=call_id, tenant=tenant, registered_at={"$exists": True})
        with self._rows() as rows:
            found = rows.find_one(wanted if caller is None else {**wanted, "caller": caller})
        return None if found is None else _record(found)

    def seen(self, call_ids: Ids[str], tenant: str, caller: str | None) -> tuple[str, ...]:
        """Those of the calls that are registered and the tenant's and, where one is named, the caller's."""
        wanted = self._ours(_id={"$in": list(call_ids)}, tenant=tenant, registered_at={"$exists": True})
        with self._rows() as rows:
            found = rows.find(wanted if caller is None else {**wanted, "caller": caller}, {"_id": True})
            return tuple(row["_id"] for row in found)

    def page(self, listed: Listed, after: Position | None, limit: int) -> tuple[UploadRecord, ...]:
        """Registered rows, newest first."""
        filters = {
            "caller": listed.caller,
            "details.company_name": listed.company,
            "details.call_type": listed.call_type,
        }
        wanted = self._ours(tenant=listed.tenant, registered_at={"$exists": True})
        wanted |= {field: value for field, value in filters.items() if value is not None}
        if after is not None:
            wanted["$or"] = [
                {"uploaded_at": {"$lt": after.uploaded_at}},
                {"uploaded_at": after.uploaded_at, "_id": {"$lt": after.id}},
            ]
        with self._rows() as rows:
            found = rows.find(wanted).sort([("uploaded_at", -1), ("_id", -1)]).limit(limit)
            return tuple(_record(row) for row in found)

    def with_content(self, tenant: str, crc64nvme: str, size: int, limit: int) -> tuple[UploadRecord, ...]:
        """Registered rows of the tenant whose recording is these bytes, newest first; whoever sent them."""
        wanted = self._ours(crc64nvme=crc64nvme, size=size, tenant=tenant, registered_at={"$exists": True})
        with self._rows() as rows:
            return tuple(_record(row) for row in rows.find(wanted).sort("uploaded_at", -1).limit(limit))

    def placed(self, keys_from: str, keys_before: str) -> Iterator[UploadRecord]:
        """Rows whose place in the bucket lies between the keys, in the order of these; read as they are asked for."""
        with self._rows() as rows:
            for row in rows.find(self._ours(key={"$gte": keys_from, "$lt": keys_before})).sort("key", 1):
                yield _record(row)

    def not_placed(self, begun_from: datetime, begun_until: datetime) -> Iterator[UploadRecord]:
        """Rows without a place in the bucket that were made between the moments."""
        made = {"$gte": begun_from, "$lte": begun_until}
        with self._rows() as rows:
            for row in rows.find(self._ours(key="", created_at=made)):
                yield _record(row)

    def overdue(self, now: datetime) -> int:
        """How many rows are due by now."""
        with self._rows() as rows:
            return rows.count_documents(self._ours(due_at={"$lte": now}))

    def _inserted(self, record: UploadRecord) -> bool:
        """Whether no other row has its key."""
        with self._rows() as rows:
            try:
                rows.insert_one(self._ours(**record.as_document()))
            except DuplicateKeyError:
                return False
        return True

    def _in_the_way_of(self, record: UploadRecord) -> UploadRecord | None:
        """The row for which this one could not be inserted: itself, or that of its key; None where that is gone."""
        with self._rows() as rows:
            found = rows.find_one({"_id": record.id})
            if found is None and record.idempotency_key is not None:
                found = rows.find_one(self._ours(tenant=record.tenant, idempotency_key=record.idempotency_key))
        return None if found is None else _record(found)

    def _take(
        self,
        wanted: dict[str, Any],
        owner: str,
        until: datetime | None,
        facts: Mapping[str, Any] = MappingProxyType({}),
    ) -> UploadRecord | None:
        # Of one row there is no first one.
        order = None if "_id" in wanted else [("due_at", 1)]
        kept = {name: value for name, value in facts.items() if value is not None}
        with self._rows() as rows:
            found = rows.find_one_and_update(
                wanted,
                {"$set": {"owner": owner, "due_at": until, **kept}},
                sort=order,
                return_document=ReturnDocument.AFTER,
            )
        return None if found is None else _record(found)

    def _direct(self, call_id: str, tenant: str, caller: str) -> dict[str, Any]:
        return self._ours(_id=call_id, tenant=tenant, caller=caller, rests_until={"$exists": True})

    def _ours(self, **fields: Any) -> dict[str, Any]:
        # The id first: a server that plans no further takes the first field that has an index.
        return {**fields, "destination": self._destination}

    @contextmanager
    def _rows(self) -> Iterator[Collection[Document]]:
        with self._connection.database() as database:
            yield database[COLLECTION]


def _destination_of(profile: Profile) -> str:
    """What makes the rows of one gateway another's; by which names it reaches their own server has no part in it."""
    return digest_of([asdict(replace(profile.destination, registry=())), profile.collection])


def _record(found: Document) -> UploadRecord:
    return UploadRecord.model_validate({**found, "id": found["_id"]})


def _as_its_owner(record: UploadRecord) -> Document:
    return {"_id": record.id, "owner": record.owner}


def _update(record: UploadRecord, facts: RecordFacts) -> Document:
    """What writes the facts down; None takes one away."""
    values = UploadRecord.model_validate({**record.model_dump(), **facts}).model_dump(include=set(facts))
    kept = _plain({name: value for name, value in values.items() if value is not None})
    gone = {name: "" for name, value in values.items() if value is None}
    update: Document = {"$set": kept} if kept else {}
    if gone:
        update["$unset"] = gone
    return update


def _plain(fields: dict[str, Any]) -> Document:
    """Enums by their value, as BSON knows them."""
    return {name: value.value if isinstance(value, Step | Format) else value for name, value in fields.items()}
