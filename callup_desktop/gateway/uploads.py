"""`POST /api/v1/calls/upload`: from the first check to the receipt. Event loop; one call of `upload` a request."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from callup_desktop.calls.documents import Receipt, whole_milliseconds
from callup_desktop.calls.metadata import Details, FormProblem
from callup_desktop.engine.backoff import NETWORK, Backoff
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError, info_of
from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.gateway.admission import Admission
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.body import Body, SenderGoneError
from callup_desktop.gateway.buffers import BufferPool
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.form import MOST_AROUND, FileBegun, Form, boundary_of, broken
from callup_desktop.gateway.pipeline import NotRegisteredError, Pipeline
from callup_desktop.gateway.problems import Problem, ProblemError, problem, refusal
from callup_desktop.gateway.steps import Content, DoubtfulError
from callup_desktop.gateway.storing import Measuring, Storing
from callup_desktop.gateway.telemetry import Stage, Stopwatch, Telemetry
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.uploads import Abandoned, Arrived, Busy, LeaseLostError, Mine, UploadRecord

_LONGEST_KEY = 255
_LONGEST_RETRY_AFTER = 60.0
_SOON = 5.0
_CLEAN_UP_AWAITED = 5.0
"""Seconds that a refusal waits until nothing of the call is left; a storage that fell silent holds it up no longer."""
_OF_REGISTRY = frozenset(
    {Code.REGISTRY_UNREACHABLE, Code.REGISTRY_BUSY, Code.REGISTRY_REFUSED, Code.REGISTRY_DENIED, Code.REGISTRY_LOGIN}
    | {Code.REGISTRY_ADDRESS, Code.REGISTRY_UNTRUSTED, Code.NO_REGISTRY_PASSWORD}
)


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What a request says before its body."""

    caller: Caller
    content_type: str
    content_encoding: str
    content_length: int | None
    idempotency_key: str | None
    send_anyway: bool
    request_id: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may be."""

    largest_recording: int
    call_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uploads:
    """The use case. `work` are threads for checksums."""

    pipeline: Pipeline
    admission: Admission
    buffers: BufferPool
    limits: Limits
    work: BlockingCalls
    messages: Messages
    telemetry: Telemetry
    now: Callable[[], datetime]

    async def upload(self, request: UploadRequest, body: Body) -> Receipt:
        """Receive, store, check and register the call; raises ProblemError, and then nothing of it is left behind.

        What cannot be taken away within seconds goes on in the background, or is left to any replica. The body is not
        touched before the caller, the length, the key and this process's memory are known to allow it.
        """
        boundary = boundary_of(request.content_type)
        if request.content_encoding.strip().lower() not in {"", "identity"}:
            raise broken(FormProblem.COMPRESSED)
        self._refuse_length(request.content_length)
        claim = await self._claimed(request)
        watch = self.telemetry.stopwatch()
        form = Form(boundary, self.limits.call_types, self.messages)
        who = request.caller
        if isinstance(claim, Arrived):
            with self.admission.admitted(who.tenant, who.name, request.content_length):
                return await self._again(claim.record, form, body)
        with self.pipeline.leases.held(claim.record.id):
            return await self._new(claim.record, request, form, body, watch)

    def _refuse_length(self, content_length: int | None) -> None:
        limit = self.limits.largest_recording
        if content_length is not None and content_length > limit + MOST_AROUND:
            raise problem(Refusal.TOO_LARGE, size=content_length, limit=limit)

    async def _claimed(self, request: UploadRequest) -> Mine | Arrived:
        """The key's row; an earlier request that died is finished or cleaned up first."""
        key = _checked_key(request.idempotency_key)
        while True:
            record = UploadRecord(
                id=str(uuid.uuid4()),
                tenant=request.caller.tenant,
                caller=request.caller.name,
                created_at=whole_milliseconds(self.now()),
                idempotency_key=key,
                owner=self.pipeline.leases.owner,
                due_at=self.pipeline.leases.until(),
                send_anyway=request.send_anyway,
            )
            try:
                claim = await self.pipeline.tried(
                    self.pipeline.registry, self.pipeline.steps.uploads.claim, record, self.now()
                )
            except CallError as exc:
                raise self._failure(Code.NOT_REGISTERED, exc, None) from exc
            match claim:
                case Mine() | Arrived():
                    return claim
                case Busy(until):
                    seconds = min(_LONGEST_RETRY_AFTER, (until - self.now()).total_seconds())
                    raise problem(Code.SAME_KEY_UNDER_WAY, retry_after=seconds)
                case Abandoned(earlier):
                    outcome = await self.pipeline.end_abandoned(earlier)
                    self.telemetry.metrics.settled.labels(outcome).inc()
                    if outcome == "waiting":
                        raise problem(Code.SAME_KEY_UNDER_WAY, retry_after=_SOON)

    async def _again(self, record: UploadRecord, form: Form, body: Body) -> Receipt:
        """The receipt of a call that has arrived before, if this request is the same one."""
        sink: Measuring | None = None
        try:
            while data := await self._read(body):
                for event in form.feed(data):
                    match event:
                        case FileBegun(details):
                            _refuse_other(record, details)
                            sink = Measuring(self.limits.largest_recording)
                        case bytes() if sink is not None:
                            await sink.write(event)
            form.finish()
        except (RefusedError, SenderGoneError) as exc:
            raise self._translated(exc, record) from exc
        if sink is None or sink.content() != Content(record.size, record.crc64nvme):
            raise problem(Code.KEY_OF_ANOTHER_CALL)
        return record.call(None).receipt()

    async def _new(
        self, record: UploadRecord, request: UploadRequest, form: Form, body: Body, watch: Stopwatch
    ) -> Receipt:
        storing: Storing | None = None
        try:
            with self.admission.admitted(request.caller.tenant, request.caller.name, request.content_length):
                while data := await self._read(body):
                    for event in form.feed(data):
                        match event:
                            case FileBegun(details):
                                storing = Storing(
                                    self.pipeline,
                                    self.work,
                                    self.buffers,
                                    record,
                                    details,
                                    self.limits.largest_recording,
                                    request.content_length,
                                )
                            case bytes() if storing is not None:
                                with watch.timed(Stage.STORE):
                                    await storing.write(event)
                form.finish()
                if storing is None:
                    raise SenderGoneError
                with watch.stage(Stage.STORE):
                    record = await storing.finish()
            record = await self.pipeline.settle(record, watch, parts=storing.parts, checked=storing.checked)
            if record.registered_at is None:
                raise TransientError(Code.UPLOAD_EXPIRED, "the stored recording is gone")
        except BaseException as exc:
            given_up = self._give_up(record if storing is None else storing.record, storing, exc)
            await self.pipeline.background.begin(given_up, wait=_CLEAN_UP_AWAITED)
            error = self._translated(exc, record)
            self._tell(request, record, body, watch, error)
            if error is exc:
                raise
            raise error from exc
        self._tell(request, record, body, watch, None)
        return record.call(None).receipt()

    async def _read(self, body: Body) -> bytes:
        data = await body.read()
        self.telemetry.metrics.received.inc(len(data))
        return data

    async def _give_up(self, record: UploadRecord, storing: Storing | None, exc: BaseException) -> None:
        with self.pipeline.leases.held(record.id):
            if storing is not None:
                await storing.stop()
            match exc:
                case LeaseLostError():
                    return
                case NotRegisteredError(unsettled=True):
                    await self.pipeline.unsettle(exc.record)
                case NotRegisteredError():
                    await self.pipeline.take_away(exc.record)
                case _:
                    await self.pipeline.take_away(record)

    def _translated(self, exc: BaseException, record: UploadRecord) -> BaseException:
        match exc:
            case RefusedError():
                return refusal(exc)
            case DoubtfulError():
                return ProblemError(Problem(exc.doubtful.doubt, exc.doubtful.params))
            case NotRegisteredError():
                return self._failure(Code.NOT_REGISTERED, exc.cause, record.id)
            case CallError():
                code = Code.NOT_REGISTERED if exc.code in _OF_REGISTRY else Code.NOT_STORED
                return self._failure(code, exc, record.id)
            case LeaseLostError():
                return problem(Code.NOT_STORED, retry_after=_SOON)
            case SenderGoneError():
                return problem(Code.SENDER_TOO_SLOW)
            case _:
                return exc

    def _failure(self, code: Code, exc: CallError, call_id: str | None) -> ProblemError:
        """The problem of a service that failed; the log has the rest."""
        info = info_of(exc.code)
        wait = info.backoff.cap if isinstance(exc, AccountError) and info.backoff else _SOON
        wait = min(_LONGEST_RETRY_AFTER, wait + Backoff().wait(NETWORK, 1))
        self.telemetry.failed("service failed", exc, call_id=call_id, code=exc.code, detail=exc.detail)
        return ProblemError(Problem(code, retry_after=wait, call_id=call_id, cause=exc.code))

    def _tell(
        self, request: UploadRequest, record: UploadRecord, body: Body, watch: Stopwatch, error: BaseException | None
    ) -> None:
        watch.add(Stage.RECEIVE, body.seconds)
        facts: dict[str, object] = {
            "call_id": record.id,
            "request_id": request.request_id,
            "caller": request.caller.name,
            "tenant": request.caller.tenant,
            "received": body.received,
            **watch.observe(),
        }
        if error is None:
            self.telemetry.log.info("call uploaded", **facts, size=record.size, format=record.format)
        elif isinstance(error, ProblemError):
            self.telemetry.log.info("upload refused", **facts, code=error.problem.code, error_type=type(error).__name__)
        else:
            self.telemetry.failed("upload ended", error, **facts)


def _checked_key(key: str | None) -> str | None:
    if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise problem(Code.BAD_IDEMPOTENCY_KEY)
    return key


def _refuse_other(record: UploadRecord, details: Details) -> None:
    if details != record.details:
        raise problem(Code.KEY_OF_ANOTHER_CALL)
