"""The blocking steps of an upload: facts first, then the remote call, each safe to repeat. Threads of the gateway."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from callup_desktop.calls.documents import CallEdit, object_key, whole_milliseconds
from callup_desktop.calls.metadata import Details
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.engine.job import Step, next_cleaning, next_sending
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import Part, missing
from callup_desktop.engine.ports import Algorithm, Registry, Target
from callup_desktop.files.access import FileState
from callup_desktop.files.errors import Params, Refusal, RefusedError
from callup_desktop.gateway.admission import PART
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.recordings.probe import inspect_whole
from callup_desktop.recordings.recording import Doubtful
from callup_desktop.services.s3.requests import SignedPart
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.uploads import Described, LeaseLostError, MongoUploads, RecordFacts, UploadRecord

_MOST_READS = 400
"""Requests that the probe of one stored object may make; a sound file needs a few dozen at most."""


class DoubtfulError(Exception):
    """Raised when a recording may be broken and its sender did not say to take it anyway."""

    def __init__(self, doubtful: Doubtful) -> None:
        super().__init__(doubtful.doubt)
        self.doubtful = doubtful


class NotAsDeclaredError(Exception):
    """Raised when what a direct upload stored is not what its sender said it would be."""


NOT_TAKEN = (RefusedError, DoubtfulError, NotAsDeclaredError)
NotTaken = RefusedError | DoubtfulError | NotAsDeclaredError
"""Why a recording that is stored is not registered."""


def why_not(exc: NotTaken) -> tuple[str, Params]:
    """Its code, and what fills its sentence."""
    match exc:
        case RefusedError():
            return exc.code, exc.params
        case DoubtfulError():
            return exc.doubtful.doubt, exc.doubtful.params
        case NotAsDeclaredError():
            return Code.NOT_AS_DECLARED, {}


class TooEarlyError(Exception):
    """Raised when a registering without an answer may still arrive; the row is due again once it no longer can."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a recording's bytes are: size in bytes, CRC64NVME in base64."""

    size: int
    crc64nvme: str


def next_step(record: UploadRecord, parts: tuple[Part, ...], *, checked: bool) -> Step | None:
    """The engine's next step over the row's facts; a stored object is checked before it is believed.

    `checked`: this process has compared the row with the store.
    """
    if record.dropped_at is not None:
        return next_cleaning(record)
    if record.etag is not None and record.registered_at is None and record.cancel_asked_at is None and not checked:
        return Step.CHECK
    return next_sending(record, parts, checked=checked)


def target_of(record: UploadRecord) -> Target:
    """Where the object of the row is and what it must be."""
    content_type = FORMATS[record.format].content_type if record.format else ""
    return Target(record.bucket, record.key, content_type, record.size, record.crc64nvme)


def refuse_doubtful(doubts: tuple[Doubtful, ...], *, send_anyway: bool) -> None:
    """Raise DoubtfulError where a doubt stands, as the desktop asks its rep before it sends."""
    if doubts and not send_anyway:
        raise DoubtfulError(doubts[0])


@dataclass(frozen=True, slots=True)
class UploadSteps:
    """What can be done for one row; every method raises CallError, and LeaseLostError where the row is another's.

    A request that had no answer may arrive until `settle_after` seconds later.
    """

    store: S3Store
    registry: Registry
    uploads: MongoUploads
    bucket: str
    uploaded_by: str | None
    now: Callable[[], datetime]
    keep_days: int
    settle_after: float
    rests_for: timedelta = timedelta(days=14)
    """How long a direct upload is kept for a sender that is away."""

    def begin(self, record: UploadRecord) -> UploadRecord | None:
        """Write down a direct upload; the sender's row of that id where there is one, None if the id is another's.

        A call that was registered in another way belongs to whoever did so.
        """
        if self.registry.find(record.id):
            return self.uploads.direct(record.id, record.tenant, record.caller)
        return self.uploads.open(record)

    def known_or_barred(self, call_id: str, tenant: str, caller: str) -> UploadRecord | None:
        """The sender's row of that id; where there is none, one is made that refuses it while its beginning may arrive.

        Returns None then, and where the id is another's.
        """
        found, now = self.uploads.direct(call_id, tenant, caller), self.now()
        if found is not None:
            return found
        over = now + self._settling
        barred = UploadRecord(
            id=call_id,
            tenant=tenant,
            caller=caller,
            created_at=now,
            due_at=over,
            rests_until=over,
            dropped_at=now,
            cleaned_at=now,
        )
        found = self.uploads.open(barred)
        return None if found is barred else found

    def create_direct(self, record: UploadRecord) -> UploadRecord:
        """Open the multipart upload of a direct upload, which rests then.

        JobError where the store would not look at signed checksums.
        """
        upload = self.store.create(target_of(record))
        if self.store.algorithm() is not Algorithm.CRC64NVME:
            self.store.abort(target_of(record), upload.upload_id)
            raise JobError(Code.STORE_REFUSED, "the store does not verify CRC64NVME, which direct uploads need")
        return self._opened(record, upload.upload_id, self._resting())

    def create_again(self, record: UploadRecord) -> UploadRecord:
        """Likewise, where the store lost the upload, or whether it was opened is not known."""
        self._abort_all(record)
        return self.create_direct(self.uploads.change(record, upload_id=None, intent=Step.CREATE))

    def sign(
        self, record: UploadRecord, parts: Sequence[Content], numbers: Sequence[int], seconds: int
    ) -> list[SignedPart]:
        """A request for each of the parts, which stores just this content."""
        target, upload_id = target_of(record), record.upload_id or ""
        return [
            self.store.sign_part(target, upload_id, number, part.size, part.crc64nvme, seconds)
            for number, part in zip(numbers, parts, strict=True)
        ]

    def stored_parts(self, record: UploadRecord) -> tuple[Part, ...] | None:
        """The parts that the store holds; None where it does not hold the upload open."""
        if record.upload_id is None:
            return None
        return self.store.list_parts(target_of(record), record.upload_id)

    def rest(self, record: UploadRecord) -> UploadRecord:
        """Leave a direct upload to its sender, who was heard of just now."""
        return self.uploads.change(record, **self._resting())

    def _resting(self) -> RecordFacts:
        until = self.rested_until()
        return {"owner": "", "due_at": until, "rests_until": until}

    def rest_on(self, record: UploadRecord) -> bool:
        """Leave a direct upload to its sender for as long as was planned; whether that is not over yet."""
        if record.rests_until is None or record.rests_until <= self.now():
            return False
        self.uploads.change(record, owner="", due_at=record.rests_until)
        return True

    def rested_until(self) -> datetime:
        """When a direct upload whose sender is heard of now is given up."""
        return self.now() + self.rests_for

    def plan(
        self, record: UploadRecord, details: Details, format_: Format, content: Content | None = None
    ) -> UploadRecord:
        """Write down where the object will be, before anything of it is made: of parts, or at once of this content."""
        facts: RecordFacts = {
            "details": details,
            "format": format_,
            "bucket": self.bucket,
            "key": object_key(record.id, record.created_at, format_),
            "part_size": PART,
            "intent": Step.CREATE,
        }
        if content is not None:
            facts |= {"part_size": 0, "size": content.size, "crc64nvme": content.crc64nvme, "intent": Step.PUT}
        return self.uploads.change(record, **facts)

    def create(self, record: UploadRecord) -> UploadRecord:
        """Open the multipart upload."""
        return self._opened(record, self.store.create(target_of(record)).upload_id, {})

    def _opened(self, record: UploadRecord, upload_id: str, more: RecordFacts) -> UploadRecord:
        facts: RecordFacts = {"upload_id": upload_id, "intent": None, **more}
        try:
            return self.uploads.change(record, **facts)
        except LeaseLostError:
            self.store.abort(target_of(record), upload_id)
            raise

    def recreate(self, record: UploadRecord) -> UploadRecord:
        """Likewise, where an earlier try may have opened one."""
        self._abort_all(record)
        return self.create(record)

    def upload_part(self, record: UploadRecord, number: int, data: memoryview, token: CancelToken) -> Part:
        """Store one part."""
        return self.store.upload_part(target_of(record), record.upload_id or "", number, PartBody(token, Pace(), data))

    def put(self, record: UploadRecord, data: memoryview) -> UploadRecord:
        """Store the whole object at once."""
        stored = self.store.put(target_of(record), PartBody(CancelToken(), Pace(), data))
        return self._stored(record, stored.etag)

    def close(self, record: UploadRecord, content: Content) -> UploadRecord:
        """Write down what the parts make: the recording's last byte was here."""
        return self.uploads.change(record, size=content.size, crc64nvme=content.crc64nvme, intent=Step.COMPLETE)

    def complete(self, record: UploadRecord, parts: tuple[Part, ...]) -> UploadRecord:
        """Make the object of its parts; the row of a call that waits for its details rests then.

        TransientError(UPLOAD_EXPIRED) if the store lost the upload.
        """
        try:
            stored = self.store.complete(target_of(record), record.upload_id or "", parts)
        except JobError as exc:
            if record.is_direct and exc.code is Code.MISMATCH:
                raise NotAsDeclaredError from exc
            raise
        if stored is None:
            raise TransientError(Code.UPLOAD_EXPIRED, "the store no longer knows the upload")
        waits = record.held and record.details == Details()
        return self._stored(record, stored.etag, self._resting() if waits else {})

    def check(self, record: UploadRecord) -> tuple[UploadRecord, tuple[Part, ...]]:
        """Compare the row with the store; the row as it really stands, and the parts of an upload that can go on.

        A row that nothing can be made of is dropped, but only where the store says that it has no object. Raises what
        `NotTaken` names where the recording is not to be taken.
        """
        target = target_of(record)
        found = self.store.find(target) if record.key and record.size else None
        if found is not None and self.store.matches(target, found):
            if record.etag is None:
                record = self._stored(record, found.etag)
            format_, doubts = inspect_whole(_StoredFile(self.store, target))
            if record.is_direct and format_ is not record.format:
                raise NotAsDeclaredError
            refuse_doubtful(doubts, send_anyway=record.send_anyway)
            return record, ()
        parts: tuple[Part, ...] = ()
        if record.etag is None and record.upload_id is not None and record.size:
            parts = self.store.list_parts(target, record.upload_id) or ()
            if not missing(record.size, record.part_size, parts):
                return record, parts
        return self.drop(record), ()

    def register(self, record: UploadRecord) -> UploadRecord:
        """Register the call and put its message into the outbox."""
        self.registry.register(record.call(record.uploaded_by or self.uploaded_by).document())
        return self._registered(record)

    def describe(self, record: UploadRecord, described: Described) -> UploadRecord:
        """Write down the details of a stored call: from now on it is to be registered."""
        return self.uploads.change(record, details=described.details, uploaded_by=described.uploaded_by)

    def edit(self, edit: CallEdit) -> Details | None:
        """Give a registered call these details while nobody has begun with it; what it has then, None without it."""
        held = self.registry.edit(edit)
        if held is not None:
            self.uploads.described(edit.call_id, held)
        return held

    def find(self, record: UploadRecord) -> UploadRecord:
        """Settle a registering that ended without an answer: it was, or the call is dropped.

        Raises TooEarlyError where it may still arrive: the object of a call that is registered must never go.
        """
        if self.registry.find(record.id):
            return self._registered(record)
        settled_at = (record.cancel_asked_at or self.now()) + self._settling
        if self.now() < settled_at:
            self.uploads.change(record, due_at=settled_at)
            raise TooEarlyError
        return self.drop(record)

    def ask_back(self, record: UploadRecord) -> UploadRecord:
        """Write down that a call is to be taken back which may be registered by now; `find` settles it."""
        return self.uploads.change(record, cancel_asked_at=record.cancel_asked_at or self.now())

    def refuse(self, record: UploadRecord, exc: NotTaken) -> UploadRecord:
        """Write down why a direct upload is not taken, and give it up."""
        code, params = why_not(exc)
        return self.uploads.change(
            record, refusal=str(code), refusal_params=dict(params), dropped_at=self.now(), cancel_asked_at=None
        )

    def drop(self, record: UploadRecord) -> UploadRecord:
        """Give the call up; what is stored of it is taken away next."""
        return self.uploads.change(record, dropped_at=self.now(), cancel_asked_at=None)

    def clean(self, record: UploadRecord) -> None:
        """Take away everything that is stored of the call; returns once the store has nothing of it."""
        if not record.key:
            return
        target = target_of(record)
        step = next_cleaning(record)
        while step is not None:
            match step:
                case Step.ABORT:
                    self._abort_all(record)
                    record = record.model_copy(update={"upload_id": None, "intent": _beyond_create(record.intent)})
                case _:
                    self.store.delete(target)
                    record = record.model_copy(update={"etag": None, "intent": None})
            step = next_cleaning(record)

    def forget(self, record: UploadRecord) -> bool:
        """Remove the row of a call that was cleaned; whether nobody has to look at it again.

        Where a request of the call may still arrive, the row stays, without its key and nobody's, to be cleaned once
        more when none can. A direct upload that was not taken says so for as long as its sender may be away.
        """
        if record.cleaned_at is None and (record.intent is not None or record.upload_id is not None):
            now = self.now()
            self.uploads.change(record, cleaned_at=now, due_at=now + self._settling, owner="", idempotency_key=None)
            return False
        if record.refusal is not None:
            self.uploads.change(record, owner="", due_at=None, expires_at=record.rests_until)
        else:
            self.uploads.remove(record)
        return True

    @property
    def _settling(self) -> timedelta:
        return timedelta(seconds=self.settle_after)

    def _abort_all(self, record: UploadRecord) -> None:
        target = target_of(record)
        if record.upload_id is not None:
            self.store.abort(target, record.upload_id)
        for upload_id in self.store.open_uploads(target):
            self.store.abort(target, upload_id)

    def _stored(self, record: UploadRecord, etag: str, more: RecordFacts | None = None) -> UploadRecord:
        moment = whole_milliseconds(self.now())
        facts: RecordFacts = {"etag": etag, "uploaded_at": moment, "upload_id": None, "intent": None, **(more or {})}
        try:
            return self.uploads.change(record, **facts)
        except LeaseLostError:
            # Whoever took the row may be finishing it; where it was cleaned up before the object came, nobody is.
            if self.uploads.is_given_up(record.id):
                self.store.delete(target_of(record))
            raise

    def _registered(self, record: UploadRecord) -> UploadRecord:
        """The row's message is its owner's to send until the lease ends."""
        now = self.now()
        return self.uploads.change(
            record,
            registered_at=now,
            cancel_asked_at=None,
            failures=0,
            expires_at=now + timedelta(days=self.keep_days),
        )


def _beyond_create(intent: Step | None) -> Step | None:
    return None if intent is Step.CREATE else intent


class _StoredFile:
    """The finished object as the probe reads a file: by ranges. One thread."""

    def __init__(self, store: S3Store, target: Target) -> None:
        self._store = store
        self._target = target
        self._reads = 0

    def look(self) -> FileState:
        """An ordinary file that never changes."""
        return FileState("", self._target.size, 0, online_only=False)

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset; raises CallError, and RefusedError where the probe would read for ever."""
        self._reads += 1
        if self._reads > _MOST_READS:
            raise RefusedError(Refusal.CORRUPT, {"kind": "unknown"})
        return self._store.read_range(self._target, offset, length)

    def close(self) -> None:
        """Nothing is held open."""
