"""Whether the calls of a day are the same everywhere: what each place holds of them, side by side. Pure, any thread.

The day is the UTC day in a call's key, so that every place means the same calls by it, however late they arrived. Each
place tells its calls in the order of their keys, so a day of any size is compared in little memory.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import merge
from itertools import groupby
from pathlib import PurePosixPath
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from callup_desktop.calls.documents import FIRST_STATUS
from callup_desktop.calls.statuses import DONE_WITH, TRANSCRIBED, has_failed

GRACE = timedelta(hours=1)
"""What a call is given to get from one place to the next before its absence counts as a difference."""
LONGEST_PROCESSING = timedelta(hours=6)
"""After so long without a change of status the pipeline counts as stuck with a call that it took up."""
LONGEST_REQUEST = timedelta(days=1)
"""After so long no request to the gateway can still be working on the row that it made."""


class Stage(StrEnum):
    """How far a call got; one that got further is also counted at every stage before that it really reached."""

    SENT = "sent"
    """Something of it left the laptop: an upload, an object, a document, or a row of the gateway."""
    STORED = "stored"
    REGISTERED = "registered"
    ANNOUNCED = "announced"
    TRANSCRIBED = "transcribed"


class Difference(StrEnum):
    """Why a call falls out."""

    NOT_REGISTERED = "not_registered"
    """An object without a document."""
    OBJECT_MISSING = "object_missing"
    """A document without an object."""
    SIZE_DIFFERS = "size_differs"
    CONTENT_DIFFERS = "content_differs"
    """The object is not the one whose checksum the gateway saw verified: its ETag is another."""
    DOCUMENT_GONE = "document_gone"
    """The gateway registered the call, and the document is not there."""
    DOUBLED = "doubled"
    """Several documents name one object."""
    NOT_ANNOUNCED = "not_announced"
    """Its message still waits in the gateway's outbox."""
    NOT_TAKEN_UP = "not_taken_up"
    """The pipeline never began with it: its message was lost, or nobody reads the queue."""
    STUCK = "stuck"
    """The pipeline began with it, and its status stays as it is."""
    FAILED = "failed"
    """The pipeline gave up on it."""
    UPLOAD_OPEN = "upload_open"
    """Its upload was begun and not finished; its sender may be away."""
    ROW_LEFT_OVER = "row_left_over"
    """The gateway could neither finish it nor take it away."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """An object of the bucket."""

    key: str
    size: int
    etag: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class RegisteredCall:
    """A document of the registry."""

    key: str
    call_id: str
    size: int
    status: str
    created_at: datetime
    updated_at: datetime
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """What the gateway knows of a call; `key` is "" while it has no place in the bucket. `None` means: not yet."""

    key: str
    call_id: str
    tenant: str
    caller: str
    created_at: datetime
    size: int = 0
    etag: str | None = None
    awaits_sender: bool = False
    """Whether a sender is to go on with it, who may be away for days."""
    due_at: datetime | None = None
    given_up_at: datetime | None = None
    """When it was dropped, or when it had to be found out whether it was registered."""
    is_dropped: bool = False
    registered_at: datetime | None = None
    announced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload that is not finished."""

    key: str
    begun_at: datetime


Fact = StoredRecording | RegisteredCall | GatewayRow | OpenUpload


class OutOfOrderError(Exception):
    """Raised where a place does not tell its calls in the order of their keys, so that nothing can be concluded."""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What each place holds of one day, read as it is asked for; reading may raise what the place raises."""

    recordings: Iterable[StoredRecording] = ()
    registered: Iterable[RegisteredCall] = ()
    rows: Iterable[GatewayRow] = ()
    uploads: Iterable[OpenUpload] = ()
    rows_without_key: Iterable[GatewayRow] = ()


@dataclass(frozen=True, slots=True)
class CallFacts:
    """All that is held of one key."""

    key: str
    recording: StoredRecording | None = None
    documents: tuple[RegisteredCall, ...] = ()
    row: GatewayRow | None = None
    uploads: tuple[OpenUpload, ...] = ()

    @property
    def call_id(self) -> str | None:
        """Whose it is, as far as anybody says; None for an object that was named by nobody of us."""
        told = (*(document.call_id for document in self.documents), self.row.call_id if self.row else "")
        return next((call_id for call_id in told if call_id), _id_in(self.key))

    @property
    def since(self) -> datetime:
        """The earliest moment that any place tells of it."""
        moments = [document.created_at for document in self.documents] + [each.begun_at for each in self.uploads]
        if self.recording is not None:
            moments.append(self.recording.modified_at)
        if self.row is not None:
            moments.append(self.row.created_at)
        return min(moments)

    @property
    def is_announced(self) -> bool:
        """Whether its message was sent: the gateway says so, or the pipeline has begun with it."""
        if self.row is not None and self.row.announced_at is not None:
            return True
        return any(document.status != FIRST_STATUS for document in self.documents)


class _Told(BaseModel):
    """As it is told in JSON, too."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FallenCall(_Told):
    """A call that falls out, and why; a call with several differences is told once for each."""

    day: date
    difference: Difference
    call_id: Annotated[str | None, Field(description="null for an object whose name is no call's")]
    s3_key: str
    since: Annotated[datetime, Field(description="the earliest moment that any place tells of the call")]
    stored_size: Annotated[int | None, Field(description="bytes of the object")]
    registered_size: Annotated[int | None, Field(description="bytes as the document has them")]
    status: str | None
    sent_by: Annotated[str | None, Field(description="the gateway's caller, or the document's uploaded_by")]


class DayReport(_Told):
    """How many calls of a UTC day got how far, as it was between `asked_at` and `answered_at`."""

    day: date
    asked_at: datetime
    answered_at: datetime
    stages: Annotated[dict[Stage, int], Field(description="calls that reached each")]
    under_way: Annotated[int, Field(description="calls that have not reached all, and whose time for that is not over")]
    differences: Annotated[dict[Difference, int], Field(description="how many of each kind; empty where all agree")]

    @computed_field(description="whether no call falls out")  # type: ignore[prop-decorator]  # as pydantic documents it
    @property
    def agrees(self) -> bool:
        """Whether no call falls out."""
        return not self.differences


def reconcile(
    day: date,
    facts: DayFacts,
    now: Callable[[], datetime],
    fallen: Callable[[FallenCall], None],
    belongs: Callable[[CallFacts], bool] = lambda _call: True,
) -> DayReport:
    """The day's report over the calls that belong to it; `fallen` hears of each difference as it is found.

    Raises OutOfOrderError, and what reading the facts raises: a place that fails half-way makes no report. What was
    told until then holds all the same.
    """
    asked_at = now()
    stages: Counter[Stage] = Counter()
    differences: Counter[Difference] = Counter()
    under_way = 0
    for call in side_by_side(facts):
        if not belongs(call):
            continue
        reached, found = stages_of(call), differences_of(call, asked_at)
        stages.update(reached)
        differences.update(found)
        under_way += bool(reached) and not found and len(reached) < len(Stage)
        for difference in found:
            fallen(_fallen(day, call, difference))
    return DayReport(
        day=day,
        asked_at=asked_at,
        answered_at=now(),
        stages={stage: stages[stage] for stage in Stage},
        under_way=under_way,
        differences={difference: differences[difference] for difference in Difference if differences[difference]},
    )


def side_by_side(facts: DayFacts) -> Iterator[CallFacts]:
    """What is held of each key, in the order of the keys; raises OutOfOrderError."""
    places: tuple[Iterable[Fact], ...] = (facts.recordings, facts.registered, facts.rows, facts.uploads)
    told = merge(*map(_ordered, places), key=_key_of)
    for key, held in groupby(told, key=_key_of):
        yield _call_of(key, held)
    for row in facts.rows_without_key:
        yield CallFacts(row.key, row=row)


def stages_of(call: CallFacts) -> frozenset[Stage]:
    """The stages that the call reached; none where only a trace of one is left that was taken back or refused."""
    row_counts = call.row is not None and not call.row.is_dropped
    reached = {
        Stage.SENT: bool(call.recording or call.documents or call.uploads or row_counts),
        Stage.STORED: call.recording is not None,
        Stage.REGISTERED: bool(call.documents),
        Stage.ANNOUNCED: call.is_announced,
        Stage.TRANSCRIBED: any(document.status in TRANSCRIBED for document in call.documents),
    }
    return frozenset(stage for stage, is_reached in reached.items() if is_reached)


def differences_of(call: CallFacts, now: datetime) -> tuple[Difference, ...]:
    """Why the call falls out, as far as its time is over at that moment."""
    late = now - GRACE
    return (
        *_of_storage(call, late),
        *_of_registry(call, late),
        *_of_pipeline(call, late, now - LONGEST_PROCESSING),
        *_of_gateway(call, late, now - LONGEST_REQUEST),
    )


def _of_storage(call: CallFacts, late: datetime) -> Iterator[Difference]:
    row, recording = call.row, call.recording
    is_begun = row is not None and row.awaits_sender and recording is None and not call.documents
    if any(upload.begun_at < late for upload in call.uploads) or (
        is_begun and row is not None and row.created_at < late
    ):
        yield Difference.UPLOAD_OPEN
    if recording is None:
        if any(document.created_at < late for document in call.documents):
            yield Difference.OBJECT_MISSING
        return
    told = {document.size for document in call.documents} | ({row.size} if row is not None and row.size else set())
    if told - {recording.size}:
        yield Difference.SIZE_DIFFERS
    elif row is not None and row.etag not in {None, recording.etag}:
        yield Difference.CONTENT_DIFFERS


def _of_registry(call: CallFacts, late: datetime) -> Iterator[Difference]:
    if len(call.documents) > 1:
        yield Difference.DOUBLED
    if call.documents:
        return
    if call.row is not None and call.row.registered_at is not None:
        if call.row.registered_at < late:
            yield Difference.DOCUMENT_GONE
    elif call.recording is not None and call.recording.modified_at < late:
        yield Difference.NOT_REGISTERED


def _of_pipeline(call: CallFacts, late: datetime, longest_ago: datetime) -> Iterator[Difference]:
    if call.row is not None and call.row.registered_at is not None and not call.is_announced:
        if call.row.registered_at < late:
            yield Difference.NOT_ANNOUNCED
        return
    for document in call.documents[:1]:
        if has_failed(document.status):
            yield Difference.FAILED
        elif document.status == FIRST_STATUS:
            if document.created_at < late:
                yield Difference.NOT_TAKEN_UP
        elif document.status not in DONE_WITH and document.updated_at < longest_ago:
            yield Difference.STUCK


def _of_gateway(call: CallFacts, late: datetime, longest_ago: datetime) -> Iterator[Difference]:
    """A row that waits for a replica, and not for its sender, for longer than any replica needs."""
    row = call.row
    if row is None or row.registered_at is not None or row.awaits_sender or row.due_at is None:
        return
    begun_to_end = row.given_up_at is not None and row.given_up_at < late
    if begun_to_end or row.due_at < late or row.created_at < longest_ago:
        yield Difference.ROW_LEFT_OVER


def _fallen(day: date, call: CallFacts, difference: Difference) -> FallenCall:
    document = call.documents[0] if call.documents else None
    return FallenCall(
        day=day,
        difference=difference,
        call_id=call.call_id,
        s3_key=call.key,
        since=call.since,
        stored_size=call.recording.size if call.recording else None,
        registered_size=document.size if document else None,
        status=document.status if document else None,
        sent_by=(call.row.caller if call.row else "") or (document.sent_by if document else "") or None,
    )


def _ordered(facts: Iterable[Fact]) -> Iterator[Fact]:
    before = ""
    for fact in facts:
        if fact.key < before:
            raise OutOfOrderError(type(fact).__name__)
        before = fact.key
        yield fact


def _key_of(fact: Fact) -> str:
    return fact.key


def _call_of(key: str, held: Iterable[Fact]) -> CallFacts:
    recording: StoredRecording | None = None
    row: GatewayRow | None = None
    documents: list[RegisteredCall] = []
    uploads: list[OpenUpload] = []
    for fact in held:
        match fact:
            case StoredRecording():
                recording = fact
            case RegisteredCall():
                documents.append(fact)
            case GatewayRow():
                row = fact
            case OpenUpload():
                uploads.append(fact)
    return CallFacts(key, recording, tuple(documents), row, tuple(uploads))


def _id_in(key: str) -> str | None:
    try:
        return str(UUID(PurePosixPath(key).stem))
    except ValueError:
        return None
