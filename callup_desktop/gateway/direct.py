"""Direct uploads: their bytes go to the storage by signed URLs, all else through here. Event loop.

The row rests between the sender's requests and is this replica's only while one of them, or what it began, runs.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NoReturn

from callup_desktop.calls.documents import Receipt, object_key, whole_milliseconds
from callup_desktop.calls.metadata import Details
from callup_desktop.engine.errors import CallError, Code, Rejection
from callup_desktop.engine.job import Step
from callup_desktop.engine.parts import Part, missing, spans
from callup_desktop.files.errors import Refusal
from callup_desktop.gateway.admission import Admission
from callup_desktop.gateway.blocking import shielded
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.direct_answers import (
    LONGEST_RETRY_AFTER,
    SOON,
    complete_details,
    services_as_problems,
    signed_view_of,
    view_of,
)
from callup_desktop.gateway.pipeline import NotRegisteredError, Pipeline
from callup_desktop.gateway.problems import Problem, ProblemError, bad_value, problem
from callup_desktop.gateway.steps import NOT_TAKEN, Content, TooEarlyError, UploadSteps, why_not
from callup_desktop.gateway.telemetry import Stopwatch, Telemetry
from callup_desktop.gateway.turns import Turns
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.direct_shapes import (
    Completion,
    Declared,
    Metadata,
    PartsWanted,
    Registration,
    SignedParts,
    SignedPartView,
    UploadStage,
    UploadView,
)
from callup_desktop.services.uploads import Described, LeaseLostError, UploadRecord

_MOST_NAMED = 16
"""Missing parts that a problem names."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a direct upload may be, and its times in seconds."""

    largest_recording: int
    call_types: tuple[str, ...]
    bucket: str
    urls_last: int
    complete_within: float


@dataclass(frozen=True, slots=True)
class _Busy:
    """Another request, or another replica, works on the row."""


_Ask = Completion | Described
"""What a request wants of a call whose parts are stored."""
_Outcome = UploadRecord | Problem | _Busy


@dataclass(frozen=True, slots=True)
class DirectUploads:
    """The use cases. Every method raises ProblemError; another caller's call is one that does not exist."""

    pipeline: Pipeline
    admission: Admission
    turns: Turns
    terms: Terms
    messages: Messages
    telemetry: Telemetry
    now: Callable[[], datetime]
    _completing: dict[tuple[str, str, str], "asyncio.Task[_Outcome]"] = field(default_factory=dict)
    """What goes on beyond the request that began it, by tenant, caller and call."""

    @property
    def _steps(self) -> UploadSteps:
        return self.pipeline.steps

    async def begin(self, who: Caller, call_id: str, declared: Declared) -> tuple[UploadView, bool]:
        """The upload as it stands, and whether it is new; the same one however often it is begun."""
        with self._admitted(who):
            async with self.turns.taken(call_id):
                with self._services(call_id):
                    return await self._begun_or_new(who, self._planned(who, call_id, declared))

    async def _begun_or_new(self, who: Caller, record: UploadRecord) -> tuple[UploadView, bool]:
        found = await self.pipeline.tried(self.pipeline.registry, self._steps.begin, record)
        if found is None:
            raise problem(Code.NO_SUCH_CALL)
        if (found.owner, found.created_at) == (record.owner, record.created_at):
            view = await self._opened(found, self._steps.create_direct)
            self.telemetry.log.info("direct upload begun", call_id=record.id, caller=who.name, size=record.size)
            return view, True
        if found.dropped_at is not None and found.refusal is None:
            raise problem(Code.UPLOAD_UNDER_WAY, retry_after=self._left(found))
        if _declaration(found) != _declaration(record):
            raise problem(Code.OTHER_CONTENT)
        return await self._begun(found), False

    async def _signed(
        self, record: UploadRecord, contents: Sequence[Content], numbers: Sequence[int]
    ) -> list[SignedPartView]:
        signed = await self.pipeline.storage.run(self._steps.sign, record, contents, numbers, self.terms.urls_last)
        self.telemetry.metrics.signed.inc(len(signed))
        self.telemetry.log.info("parts signed", call_id=record.id, caller=record.caller, numbers=list(numbers))
        return [signed_view_of(each) for each in signed]

    async def _opened_view(self, record: UploadRecord) -> UploadView:
        """An open upload without parts; the request of a recording that is one part comes with it."""
        view = view_of(record, UploadStage.OPEN)
        if record.size > record.part_size:
            return view
        signed = await self._signed(record, [Content(record.size, record.crc64nvme)], [1])
        return view.model_copy(update={"signed": signed})

    async def sign(self, who: Caller, call_id: str, wanted: PartsWanted) -> SignedParts:
        """Requests that store the parts, each just the bytes that it was signed for."""
        with self._services(call_id):
            record = await self._touched(who, call_id)
            if record is None:
                await self._refuse_parts(who, call_id)
            if record.upload_id is None:
                raise problem(Code.UPLOAD_NOT_OPEN)
            _refuse_misfits(record, wanted)
            contents = [Content(*each) for each in zip(wanted.lengths, wanted.checksums, strict=True)]
            return SignedParts(parts=await self._signed(record, contents, wanted.numbers))

    async def look(self, who: Caller, call_id: str) -> UploadView:
        """The upload as it stands."""
        with self._admitted(who), self._services(call_id):
            return await self._seen(await self._touched(who, call_id) or await self._found(who, call_id))

    async def complete(self, who: Caller, call_id: str, sent: Completion, request_id: str) -> Receipt | UploadView:
        """The receipt, or the upload once it waits to be registered; where that takes longer, as it stands.

        The work goes on then.
        """
        return await self._finished(who, call_id, request_id, sent)

    async def register(self, who: Caller, call_id: str, asked: Registration, request_id: str) -> Receipt | UploadView:
        """The receipt of a stored call, registered with these details; where that takes longer, as it stands."""
        described = Described(self._complete_details(asked.metadata), asked.uploaded_by)
        return await self._finished(who, call_id, request_id, described)

    async def _finished(self, who: Caller, call_id: str, request_id: str, ask: _Ask) -> Receipt | UploadView:
        of_sender = (who.tenant, who.name, call_id)
        task = self._completing.get(of_sender)
        if task is None:
            task = asyncio.create_task(self._complete(who, call_id, request_id, ask))
            self._completing[of_sender] = task
            task.add_done_callback(partial(self._ended, of_sender))
        registering = isinstance(ask, Described)
        done, _waiting = await asyncio.wait({task}, timeout=self.terms.complete_within)
        if not done:
            return await self._under_way(who, call_id, here=True, registering=registering)
        match task.result():
            case UploadRecord() as ended:
                return await self._end_of(ended, registering=registering)
            case Problem() as told:
                raise ProblemError(told)
            case _Busy():
                return await self._under_way(who, call_id, here=False, registering=registering)

    async def _under_way(self, who: Caller, call_id: str, *, here: bool, registering: bool) -> Receipt | UploadView:
        """What is said of a call that this replica still works on (`here`), or another request or replica does."""
        with self._services(call_id):
            record = await self._found(who, call_id)
            if registering:
                _refuse_unstored(record)
            if _is_settled(record) or (record.is_waiting and not registering):
                return await self._end_of(record, registering=registering)
            if here or record.is_completing:
                return view_of(record, UploadStage.COMPLETING)
        raise problem(Code.UPLOAD_UNDER_WAY, retry_after=SOON)

    async def _end_of(self, record: UploadRecord, *, registering: bool = False) -> Receipt | UploadView:
        """What is said of a call that is settled, or waits to be registered."""
        if record.registered_at is not None and (registering or not record.held):
            return record.call(None).receipt()
        view = await self._seen(record)
        if registering:
            raise problem(Code.UPLOAD_UNDER_WAY, retry_after=SOON)
        return view

    async def remove(self, who: Caller, call_id: str) -> None:
        """Leave nothing of the call; raises ProblemError 409 once it is registered.

        One that is not known is refused for a while, in case that its beginning is late.
        """
        with self._admitted(who), self._services(call_id):
            record = await self.pipeline.tried(
                self.pipeline.registry, self._steps.known_or_barred, call_id, who.tenant, who.name
            )
            if record is None:
                raise problem(Code.NO_SUCH_CALL)
            if record.registered_at is not None:
                raise problem(Rejection.REGISTERED)
            if record.refusal is not None:
                await self.pipeline.tried(self.pipeline.registry, self._steps.uploads.forget_refusal, record)
            if record.dropped_at is None:
                await self._remove(record)
                self.telemetry.log.info("direct upload removed", call_id=call_id, caller=who.name)
            elif record.cleaned_at is None and record.refusal is None:
                raise problem(Code.UPLOAD_UNDER_WAY, retry_after=SOON)

    def _planned(self, who: Caller, call_id: str, declared: Declared) -> UploadRecord:
        """The row as it would be new, with all facts; raises ProblemError where it can never be."""
        size, limit = declared.size, self.terms.largest_recording
        if size == 0:
            raise problem(Refusal.EMPTY, size=0)
        if size > limit:
            raise problem(Refusal.TOO_LARGE, size=size, limit=limit)
        created_at = whole_milliseconds(self.now())
        return UploadRecord(
            id=call_id,
            tenant=who.tenant,
            caller=who.name,
            created_at=created_at,
            owner=self.pipeline.leases.owner,
            due_at=self.pipeline.leases.until(),
            rests_until=self._steps.rested_until(),
            details=self._complete_details(declared.metadata) if declared.metadata else Details(),
            held=declared.metadata is None,
            format=declared.format,
            bucket=self.terms.bucket,
            key=object_key(call_id, created_at, declared.format),
            part_size=declared.part_size,
            size=size,
            crc64nvme=declared.crc64nvme,
            send_anyway=declared.send_anyway,
            intent=Step.CREATE,
        )

    def _complete_details(self, metadata: Metadata) -> Details:
        return complete_details(metadata, self.terms.call_types, self.messages)

    async def _begun(self, record: UploadRecord) -> UploadView:
        """An upload that was begun before; opened again where the storage does not hold it open."""
        view = await self._seen(record)
        if view.stage is UploadStage.OPEN and not view.parts:
            return await self._opened_view(record)
        if view.stage is not UploadStage.LOST:
            return view
        taken = await self._taken(record)
        if taken.upload_id == record.upload_id and not taken.is_completing:
            return await self._opened(taken, self._steps.create_again)
        await self._rest(taken)
        return await self._seen(taken)

    async def _opened(self, record: UploadRecord, create: Callable[[UploadRecord], UploadRecord]) -> UploadView:
        with self.pipeline.leases.held(record.id):
            try:
                record = await self.pipeline.tried(
                    self.pipeline.storage, create, record, again=self._steps.create_again
                )
            except BaseException:
                await self._rest(record)
                raise
        return await self._opened_view(record)

    async def _seen(self, record: UploadRecord) -> UploadView:
        """The view of a row that was not refused."""
        if record.registered_at is not None:
            return view_of(record, UploadStage.REGISTERED)
        if record.refusal is not None:
            raise ProblemError(Problem(record.refusal, record.refusal_params or {}, call_id=record.id))
        if record.dropped_at is not None:
            return view_of(record, UploadStage.REMOVED)
        if record.is_waiting:
            return view_of(record, UploadStage.STORED)
        if record.is_completing:
            return view_of(record, UploadStage.COMPLETING)
        parts = await self.pipeline.tried(self.pipeline.storage, self._steps.stored_parts, record)
        if parts is None:
            return view_of(record, UploadStage.LOST)
        return view_of(record, UploadStage.OPEN, parts)

    async def _complete(self, who: Caller, call_id: str, request_id: str, ask: _Ask) -> _Outcome:
        watch, outcome = self.telemetry.stopwatch(), None
        facts = {"call_id": call_id, "request_id": request_id, "caller": who.name, "tenant": who.tenant}
        try:
            with self._admitted(who), self.telemetry.metrics.under_way.track_inprogress(), self._services(call_id):
                record = await self._taken_to_finish(who, call_id, ask)
                if record.owner != self.pipeline.leases.owner:
                    return record
                with self.pipeline.leases.held(record.id):
                    record = await self._settled(record, ask, watch)
        except ProblemError as exc:
            outcome = exc.problem
            self.telemetry.log.info("upload refused", **facts, **watch.observe(), code=outcome.code)
            return _Busy() if outcome.code == Code.UPLOAD_UNDER_WAY else outcome
        event = "call stored" if record.registered_at is None else "call uploaded"
        self.telemetry.log.info(event, **facts, **watch.observe(), size=record.size, format=record.format, direct=True)
        return record

    async def _taken_to_finish(self, who: Caller, call_id: str, ask: _Ask) -> UploadRecord:
        """The row, this request's from now on; as it stands, and nobody's, where there is nothing left to do.

        What is asked for first, and once, takes one request to the registry. Raises ProblemError.
        """
        uploads, of_sender, lease = self._steps.uploads, (call_id, who.tenant, who.name), self.pipeline.leases.new()
        if isinstance(ask, Described):
            first = await self.pipeline.tried(self.pipeline.registry, uploads.take_described, *of_sender, lease, ask)
        else:
            first = await self.pipeline.tried(self.pipeline.registry, uploads.take_unstored, *of_sender, lease)
        if first is not None:
            return first
        record = await self._found(who, call_id)
        if isinstance(ask, Described):
            _refuse_unstored(record)
        elif record.is_waiting:
            return _nobodys(record)
        if _is_settled(record):
            return _nobodys(record)
        record = await self._taken(record)
        return await self._described(record, ask) if isinstance(ask, Described) else record

    async def _settled(self, record: UploadRecord, ask: _Ask, watch: Stopwatch) -> UploadRecord:
        """The row once it is registered, or waits for that; what fails halfway is left to whichever replica looks next.

        `ask` is of what the object is made, or what it is registered with.
        """
        parts = () if isinstance(ask, Described) or record.is_completing else await self._all_parts(record, ask)
        try:
            if parts:
                content = Content(record.size, record.crc64nvme)
                record = await self.pipeline.tried(self.pipeline.registry, self._steps.close, record, content)
            settled = await self.pipeline.settle(record, watch, parts=parts, checked=bool(parts))
        except NOT_TAKEN as exc:
            await self.pipeline.refuse(record, exc)
            code, params = why_not(exc)
            raise ProblemError(Problem(code, params, call_id=record.id)) from exc
        except TooEarlyError as exc:
            raise problem(Code.UPLOAD_UNDER_WAY, retry_after=self._steps.settle_after) from exc
        except NotRegisteredError as exc:
            await self.pipeline.let_go(exc.record)
            raise exc.cause from exc
        except CallError:
            await self.pipeline.let_go(record)
            raise
        if not settled.is_waiting and settled.registered_at is None:
            await self.pipeline.take_away(settled)
            raise problem(Code.UPLOAD_NOT_OPEN)
        return settled

    async def _described(self, record: UploadRecord, described: Described) -> UploadRecord:
        try:
            return await self.pipeline.tried(self.pipeline.registry, self._steps.describe, record, described)
        except CallError:
            await self._rest(record)
            raise

    async def _all_parts(self, record: UploadRecord, sent: Completion) -> tuple[Part, ...]:
        """All parts of the recording as the storage lists them; without one of them the row rests again.

        What was sent tells the copies of a part apart.
        """
        try:
            held = await self.pipeline.tried(self.pipeline.storage, self._steps.stored_parts, record)
            if held is None:
                raise problem(Code.UPLOAD_NOT_OPEN)
            etags = {part.number: part.etag for part in sent.parts}
            held = tuple(part for part in held if etags.get(part.number, part.etag) == part.etag)
            if gone := missing(record.size, record.part_size, held):
                numbers = ", ".join(str(span.number) for span in gone[:_MOST_NAMED])
                raise problem(Code.PARTS_MISSING, numbers=numbers)
        except (CallError, ProblemError):
            await self._rest(record)
            raise
        return held

    async def _remove(self, record: UploadRecord) -> None:
        record = await self._taken(record)
        with self.pipeline.leases.held(record.id):
            if record.etag is not None and not record.is_waiting:
                record = await self._asked_back(record)
            if await self.pipeline.take_away(record) == "waiting":
                raise problem(Code.UPLOAD_WAITS, retry_after=SOON)

    async def _asked_back(self, record: UploadRecord) -> UploadRecord:
        """The row of a call that is known not to be registered, and never will be."""
        record = await self.pipeline.tried(self.pipeline.registry, self._steps.ask_back, record)
        try:
            record = await self.pipeline.find(record)
        except TooEarlyError as exc:
            raise problem(Code.UPLOAD_UNDER_WAY, retry_after=self._steps.settle_after) from exc
        if record.registered_at is not None:
            raise problem(Rejection.REGISTERED)
        return record

    async def _found(self, who: Caller, call_id: str) -> UploadRecord:
        uploads = self._steps.uploads
        found = await self.pipeline.tried(self.pipeline.registry, uploads.direct, call_id, who.tenant, who.name)
        if found is None:
            raise problem(Code.NO_SUCH_CALL)
        return found

    async def _touched(self, who: Caller, call_id: str) -> UploadRecord | None:
        """The row if it rests; its sender was heard of just now."""
        uploads, until = self._steps.uploads, self._steps.rested_until()
        return await self.pipeline.tried(self.pipeline.registry, uploads.touch, call_id, who.tenant, who.name, until)

    async def _taken(self, record: UploadRecord) -> UploadRecord:
        """The row, this request's from now on."""
        of_sender, lease = (record.id, record.tenant, record.caller), self.pipeline.leases.new()
        taken = await self.pipeline.registry.run(self._steps.uploads.take, *of_sender, lease)
        if taken is None:
            raise problem(Code.UPLOAD_UNDER_WAY, retry_after=SOON)
        return taken

    async def _rest(self, record: UploadRecord) -> None:
        """Leave the row to its sender, even where this request is cancelled."""
        try:
            await shielded(self.pipeline.registry.run(self._steps.rest, record))
        except (CallError, LeaseLostError) as exc:
            self.telemetry.log.warning("row is kept until its lease ends", call_id=record.id, error=str(exc))

    async def _refuse_parts(self, who: Caller, call_id: str) -> NoReturn:
        """Raise why no part of the call can be signed."""
        view = await self._seen(await self._found(who, call_id))
        if view.stage in {UploadStage.REGISTERED, UploadStage.COMPLETING}:
            raise problem(Code.UPLOAD_NOT_OPEN)
        raise problem(Code.UPLOAD_UNDER_WAY, retry_after=SOON)

    def _left(self, record: UploadRecord) -> float:
        left = (record.due_at - self.now()).total_seconds() if record.due_at is not None else 0.0
        return min(LONGEST_RETRY_AFTER, left)

    def _ended(self, of_sender: tuple[str, str, str], task: "asyncio.Task[_Outcome]") -> None:
        del self._completing[of_sender]
        if not task.cancelled() and (exc := task.exception()) is not None:
            self.telemetry.failed("completing failed", exc, call_id=of_sender[-1])

    @contextmanager
    def _admitted(self, who: Caller) -> Iterator[None]:
        """Its requests are counted, not their bytes, which pass by."""
        with self.admission.admitted(who.tenant, who.name, 0):
            yield

    def _services(self, call_id: str) -> AbstractContextManager[None]:
        return services_as_problems(self.telemetry, call_id)


def _declaration(record: UploadRecord) -> tuple[object, ...]:
    """What makes two uploads the same one."""
    content = (record.size, record.crc64nvme, record.format, record.part_size)
    # What a held call is registered with is no part of its beginning.
    return (*content, record.held, None if record.held else record.details, record.send_anyway)


def _nobodys(record: UploadRecord) -> UploadRecord:
    """The row as it is told, not as it is worked on."""
    return record.model_copy(update={"owner": ""})


def _refuse_unstored(record: UploadRecord) -> None:
    """Raise ProblemError where no recording waits for its details, or did."""
    if not _is_settled(record) and not (record.held and record.etag):
        raise problem(Code.UPLOAD_NOT_OPEN)


def _is_settled(record: UploadRecord) -> bool:
    return record.registered_at is not None or record.dropped_at is not None


def _refuse_misfits(record: UploadRecord, wanted: PartsWanted) -> None:
    """Raise ProblemError 400 where a part is none of the recording."""
    sizes = {span.number: span.size for span in spans(record.size, record.part_size)}
    if not len(wanted.numbers) == len(wanted.lengths) == len(wanted.checksums):
        raise bad_value("checksums", "the three lists must be of one length")
    if any(number not in sizes for number in wanted.numbers):
        raise bad_value("numbers", f"the recording has the parts 1 to {len(sizes)}")
    if [sizes[number] for number in wanted.numbers] != wanted.lengths:
        raise bad_value("lengths", "each part has part_size bytes, the last one those that are left")
