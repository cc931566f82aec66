"""What a caller may see of calls: one, or a page of them, as the registry has them now. Event loop."""

import asyncio
import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from callup_desktop.engine.errors import CallError, Code
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.problems import Problem, ProblemError, bad_value, problem
from callup_desktop.recordings.formats import Format
from callup_desktop.services.direct_shapes import MOST_STATUSES, CallStatuses, SameRecording, SameRecordings
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.uploads import Listed, MongoUploads, Position, UploadRecord

Status = Literal["uploaded", "transcribing", "transcribed", "analyzing", "completed"]

LARGEST_PAGE = 100
_MOST_BATCHES = 10
"""How many pages of rows are looked through for one page of a filter by status; a page may end early."""
_MOST_SAME = 10
_RETRY_AFTER = 5.0


class _View(BaseModel):
    model_config = ConfigDict(extra="ignore")


class AudioView(_View):
    """Where the recording lies, and what is known of it."""

    s3_bucket: str
    s3_key: str
    format: Format
    file_size_bytes: int
    duration_seconds: float | None = None


class MetadataView(_View):
    """The form's fields."""

    company_name: str
    contact_email: str
    call_type: str


class CallView(_View):
    """A call as the registry has it."""

    call_id: str
    status: str
    uploaded_at: datetime
    uploaded_by: str | None = None
    audio: AudioView
    metadata: MetadataView
    created_at: datetime
    updated_at: datetime


class CallPage(_View):
    """A page of calls, newest first; `next_cursor` is null after the last one. A page may hold fewer than asked."""

    calls: list[CallView]
    next_cursor: Annotated[str | None, Field(description="give it as `cursor` to go on")] = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which calls are listed."""

    status: str | None = None
    company: str | None = None
    call_type: str | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls behind the gateway."""

    uploads: MongoUploads
    registry: MongoRegistry
    blocking: BlockingCalls
    laptop_waits: float = 2.5
    """Seconds; half a second less than it really does."""

    async def find(self, caller: Caller, call_id: str) -> CallView:
        """The call; raises ProblemError 404 where there is none that this caller may see."""
        found: CallView | None = await self._asked(self._found, caller, call_id)
        if found is None:
            raise problem(Code.NO_SUCH_CALL)
        return found

    async def page(self, caller: Caller, filters: Filters, cursor: str | None, limit: int) -> CallPage:
        """A page of them; raises ProblemError 400 for a cursor that is none."""
        after = _position_in(cursor) if cursor else None
        page: CallPage = await self._asked(self._page, caller, filters, after, limit)
        return page

    async def statuses(self, caller: Caller, ids: str) -> CallStatuses:
        """What became of the calls, whose ids are joined by commas; raises ProblemError 400 where they are none."""
        found: CallStatuses = await self._asked(self._statuses, caller, _ids_in(ids))
        return found

    async def same_recording(self, caller: Caller, crc64nvme: str, size: int) -> SameRecordings:
        """The calls of the caller's tenant that were registered with this recording, by its checksum and bytes.

        Raises ProblemError 503 once a laptop does no longer wait for them: its upload begins, and comes first.
        """
        try:
            async with asyncio.timeout(self.laptop_waits):
                found: SameRecordings = await self._asked(self._same_recording, caller, crc64nvme, size)
        except TimeoutError as exc:
            raise ProblemError(Problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER)) from exc
        return found

    async def _asked(self, question: Any, *arguments: Any) -> Any:
        try:
            return await self.blocking.run(question, *arguments)
        except CallError as exc:
            raise ProblemError(Problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER, cause=exc.code)) from exc

    def _found(self, caller: Caller, call_id: str) -> CallView | None:
        record = self.uploads.find(call_id, caller.tenant, caller.reads_as)
        document = self.registry.documents([call_id]).get(call_id) if record else None
        return None if document is None else CallView.model_validate(document)

    def _statuses(self, caller: Caller, ids: tuple[str, ...]) -> CallStatuses:
        seen = self.uploads.seen(ids, caller.tenant, caller.reads_as)
        return CallStatuses(statuses=self.registry.statuses(seen) if seen else {})

    def _same_recording(self, caller: Caller, crc64nvme: str, size: int) -> SameRecordings:
        records = self.uploads.with_content(caller.tenant, crc64nvme, size, _MOST_SAME)
        return SameRecordings(
            same_recording=[
                SameRecording(call_id=each.id, sent_by=each.caller, sent_at=_position_of(each).uploaded_at)
                for each in records
            ]
        )

    def _page(self, caller: Caller, filters: Filters, after: Position | None, limit: int) -> CallPage:
        listed = Listed(caller.tenant, caller.reads_as, filters.company, filters.call_type)
        calls: list[CallView] = []
        for _ in range(_MOST_BATCHES):
            records = self.uploads.page(listed, after, limit)
            documents = self.registry.documents([record.id for record in records])
            for record in records:
                after = _position_of(record)
                document = documents.get(record.id)
                if document is None or (filters.status is not None and document.get("status") != filters.status):
                    continue
                calls.append(CallView.model_validate(document))
                if len(calls) == limit:
                    return CallPage(calls=calls, next_cursor=_cursor_of(after))
            if len(records) < limit:
                return CallPage(calls=calls)
        return CallPage(calls=calls, next_cursor=_cursor_of(after) if after else None)


def _ids_in(text: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(text.split(",")))
    try:
        known = tuple(str(UUID(each)) for each in ids)
    except ValueError as exc:
        raise bad_value("ids", "the ids of calls, joined by commas") from exc
    if len(known) > MOST_STATUSES:
        raise bad_value("ids", f"at most {MOST_STATUSES}")
    return known


def _position_of(record: UploadRecord) -> Position:
    return Position(record.uploaded_at or record.created_at, record.id)


def _cursor_of(position: Position) -> str:
    told = json.dumps([position.uploaded_at.isoformat(), position.id])
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _position_in(cursor: str) -> Position:
    try:
        moment, call_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        uploaded_at = datetime.fromisoformat(moment)
        if uploaded_at.tzinfo is None:
            raise ValueError("a moment without its zone")
        position = Position(uploaded_at.astimezone(UTC), str(UUID(str(call_id))))
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as exc:
        raise bad_value("cursor", "a cursor comes from an earlier page") from exc
    return position
