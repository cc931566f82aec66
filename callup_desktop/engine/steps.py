"""The blocking steps: each reads facts, makes remote calls safe to repeat, and returns what it learnt. Pool threads."""

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from callup_desktop.calls.call import Call
from callup_desktop.calls.metadata import Details
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.errors import CallError, Cancelled, Code, JobError, TransientError
from callup_desktop.engine.job import Job, Step
from callup_desktop.engine.parts import Part, spans
from callup_desktop.engine.ports import (
    AskElsewhere,
    Registry,
    SentElsewhere,
    Services,
    Store,
    StoredObject,
    Target,
    Upload,
)
from callup_desktop.files.errors import FileChangedError, NotReadyError, Refusal, RefusedError, Wait, drive_of
from callup_desktop.files.identity import FileIdentity, identity_of
from callup_desktop.files.source import Source, Span
from callup_desktop.recordings.formats import FORMATS
from callup_desktop.recordings.open_source import open_source
from callup_desktop.recordings.recording import ProbeStoppedError, Recording

_REFUSALS: Mapping[Refusal, Code] = {Refusal.NOT_FOUND: Code.FILE_MISSING, Refusal.UNREADABLE: Code.PART_UNREADABLE}
_WAITS: Mapping[Wait, Code] = {
    Wait.UNFINISHED: Code.FILE_CHANGED,
    Wait.LOCKED: Code.FILE_LOCKED,
    Wait.DRIVE_GONE: Code.DRIVE_GONE,
    Wait.ONLINE_ONLY: Code.ONLINE_ONLY,
}
"""What the probe's words mean for a call that is being sent."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What the probe said of a dropped file, and the identity it had then."""

    recording: Recording
    identity: FileIdentity


@dataclass(frozen=True, slots=True)
class Relocated:
    """A dropped file of which there is a call already; `relocated_to` is that call if its own file is gone."""

    probed: Probed
    relocated_to: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A job against its file and the store: where it really stands. `source` is the open file, now the engine's."""

    source: Source
    identity: FileIdentity
    recording: Recording
    upload_id: str | None
    parts: tuple[Part, ...]
    found: StoredObject | None
    changed: bool
    expired: bool
    asked: bool
    """Whether the store was asked, and answered."""
    elsewhere: tuple[SentElsewhere, ...] = ()
    """The company's calls with this recording, newest first; none where nobody was asked, or no answer came."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit that the registry answered: what was wanted, and what the call has now, None if it is not there."""

    details: Details
    updated_at: datetime
    held: Details | None


def target_of(job: Job) -> Target:
    """Where the job's object goes and what it must be."""
    recording = _recording_of(job)
    return Target(
        job.bucket,
        job.key,
        FORMATS[recording.format].content_type,
        recording.size,
        recording.crc64nvme,
        recording.crc32,
        job.id,
        job.part_size,
        recording.piece_crc64nvmes,
    )


class ReportProbe(Protocol):
    """Hears how many bytes of a dropped file are read, of how many, and whether a cloud's program fetches them."""

    def __call__(self, done: int, size: int, *, fetched: bool) -> None:
        """`done` of `size` bytes are read; pool thread."""
        ...


def probe_draft(services: Services, job: Job, token: CancelToken, report: ReportProbe) -> Probed:
    """Judge a dropped file as `probe_file` does, and report how far it is."""
    fetched = services.online_only(job.path)
    if fetched:
        # The first byte may take a while.
        report(0, 0, fetched=True)
    return probe_file(services, job, token, partial(report, fetched=fetched))


def probe_file(services: Services, job: Job, token: CancelToken, progress: Callable[[int, int], None]) -> Probed:
    """Judge a dropped file; raises what the probe raises, NotReadyError if it changes meanwhile, Cancelled."""
    before = identity_of(job.path)
    try:
        recording = services.probe(job.path, cancelled=lambda: token.cancelled, progress=progress)
    except ProbeStoppedError as exc:
        raise Cancelled from exc
    if before is None or identity_of(job.path) != before:
        raise NotReadyError(Wait.UNFINISHED)
    return Probed(recording, before)


def relocated(other: Job, probed: Probed) -> Relocated:
    """Whether the other call of this recording has lost its file, so that it can go on with this one."""
    return Relocated(probed, other.id if identity_of(other.path) is None else None)


def compare(services: Services, job: Job, parts: tuple[Part, ...], verified: Set[int], token: CancelToken) -> Compared:
    """Look at the file, then at what the store holds, and believe both before any byte is sent.

    A file with other content aborts the old upload first. `verified` are numbers of parts whose bytes this process
    has checksummed already while the identity held.
    """
    with _file_errors(job.path):
        source = open_source(job.path, _recording_of(job))
        try:
            return _compare(services, job, parts, verified, token, source)
        except BaseException:
            source.close()
            raise


def compare_and_ask(ask: AskElsewhere, job: Job, compared: Callable[[], Compared]) -> Compared:
    """What `compared` finds, and who has sent the recording already, if nothing of it has left this computer yet."""
    here = compared()
    is_fresh = job.upload_id is None and job.intent is None and not job.send_again
    if is_fresh or here.changed:
        with suppress(CallError):
            return replace(here, elsewhere=ask(here.recording.crc64nvme, here.recording.size))
    return here


def _compare(
    services: Services, job: Job, parts: tuple[Part, ...], verified: Set[int], token: CancelToken, source: Source
) -> Compared:
    recording, identity = _recording_of(job), source.identity()
    if identity != job.identity:
        verified = frozenset()
        recording, identity = _probed_again(services, job, token)
    asked = services.store.hear_time()
    same = (recording.crc64nvme, recording.size) == (_recording_of(job).crc64nvme, job.size)
    if not same or job.intent is Step.ROLLBACK:
        _clear_store(services.store, job)
        return Compared(source, identity, recording, None, (), None, changed=not same, expired=False, asked=True)
    here = Compared(source, identity, recording, job.upload_id, parts, None, changed=False, expired=False, asked=asked)
    if job.upload_id is not None:
        return _ask_store(services.store, job, here, verified, token)
    return _ask_after_lost_reply(services.store, job, here)


def _probed_again(services: Services, job: Job, token: CancelToken) -> tuple[Recording, FileIdentity]:
    try:
        probed = probe_file(services, job, token, lambda _done, _size: None)
    except NotReadyError as exc:
        raise TransientError(Code.FILE_CHANGED, str(exc)) from exc
    except RefusedError as exc:
        raise JobError(Code.FILE_UNREADABLE, str(exc.code), params={"name": job.path.name}) from exc
    was = _recording_of(job)
    if probed.recording.format is not was.format or bool(probed.recording.sound_of) is not bool(was.sound_of):
        raise JobError(Code.KEEPS_CHANGING, "the recording has another format now", params={"name": job.path.name})
    return probed.recording, probed.identity


def _ask_store(store: Store, job: Job, here: Compared, verified: Set[int], token: CancelToken) -> Compared:
    target, upload_id = target_of(job), job.upload_id or ""
    listed = store.list_parts(target, upload_id)
    if listed is None:
        found = store.head(target)
        if found is not None and store.matches(target, found):
            _abort_all(store, target)
            return replace(here, upload_id=None, found=found, asked=True)
        return replace(here, upload_id=None, parts=(), expired=True, asked=True)
    return replace(here, asked=True, parts=_agreeing(store, job, here.source, listed, here.parts, verified, token))


def _agreeing(
    store: Store,
    job: Job,
    source: Source,
    listed: tuple[Part, ...],
    journalled: tuple[Part, ...],
    verified: Set[int],
    token: CancelToken,
) -> tuple[Part, ...]:
    """The listed parts whose number, size and checksum agree with the file."""
    wanted = {span.number: span for span in spans(job.size, job.part_size)}
    ours = {part.number: part for part in journalled if part.number in verified}
    kept = []
    for part in listed:
        span = wanted.get(part.number)
        if span is None or span.size != part.size:
            continue
        token.check()
        mine = ours.get(part.number)
        if _is_mine(part, mine) if mine else store.part_checksum(source.read(span)) == (part.checksum or part.etag):
            kept.append(part)
    return tuple(kept)


def _is_mine(listed: Part, mine: Part) -> bool:
    """Whether the store lists the very part it acknowledged; some tell checksums at upload but not in lists."""
    return (
        listed.checksum == mine.checksum
        if listed.checksum and mine.checksum
        else listed.etag.lower() == mine.etag.lower()
    )


def _ask_after_lost_reply(store: Store, job: Job, here: Compared) -> Compared:
    if job.intent is Step.CREATE and not store.creates_once():
        _abort_all(store, target_of(job))
    if job.intent in {Step.PUT, Step.COMPLETE}:
        found = store.head(target_of(job))
        if found is not None and store.matches(target_of(job), found):
            return replace(here, found=found, asked=True)
    return here


def _clear_store(store: Store, job: Job) -> None:
    """Leave nothing of the earlier content behind, so that the key is free for the new one."""
    abort(store, job)
    if job.intent in {Step.PUT, Step.COMPLETE, Step.ROLLBACK}:
        store.delete(target_of(job), job.version_id or "")


def create(store: Store, job: Job) -> Upload:
    """Open the multipart upload."""
    return store.create(target_of(job))


def send_part(store: Store, job: Job, source: Source, span: Span, token: CancelToken, body: PartBody) -> Part:
    """Store one part, a piece of it in memory; the file is seen to be the one that was checked with each piece."""
    body.load(span.size, partial(unchanged_bytes, job, source, span, token), _known_crc64nvmes(job, span))
    return store.upload_part(target_of(job), job.upload_id or "", span.number, body)


def put(store: Store, job: Job, source: Source, token: CancelToken, body: PartBody) -> StoredObject:
    """Store the whole object at once."""
    whole = Span(1, 0, job.size)
    body.load(job.size, partial(unchanged_bytes, job, source, whole, token), _known_crc64nvmes(job, whole))
    return store.put(target_of(job), body)


def _known_crc64nvmes(job: Job, span: Span) -> bytes:
    return job.recording.crc64nvmes_of(span.offset, span.size) if job.recording else b""


def unchanged_bytes(job: Job, source: Source, span: Span, token: CancelToken, offset: int, length: int) -> memoryview:
    """So many bytes at the offset in the span, of a file that is still the one that was checked."""
    token.check()
    with _file_errors(job.path):
        data = source.read(Span(span.number, span.offset + offset, length))
        if source.identity() != job.identity:
            raise FileChangedError(f"while part {span.number} was read")
    token.check()
    return data


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    """Raise what goes wrong with the file of a job that is being sent by who has to act."""
    try:
        yield
    except FileChangedError as exc:
        raise TransientError(Code.FILE_CHANGED, str(exc)) from exc
    except NotReadyError as exc:
        raise TransientError(_WAITS[exc.code], str(exc.__cause__ or exc), params=exc.params) from exc
    except RefusedError as exc:
        detail = str(exc.__cause__ or exc)
        if exc.code is Refusal.NOT_FOUND and not path.parent.exists():
            raise TransientError(Code.DRIVE_GONE, detail, params={**exc.params, "drive": drive_of(path)}) from exc
        raise JobError(_REFUSALS.get(exc.code, Code.FILE_UNREADABLE), detail, params=exc.params) from exc


def complete(store: Store, job: Job, parts: tuple[Part, ...]) -> StoredObject:
    """Make the object of its parts; TransientError(UPLOAD_EXPIRED) if the store lost the upload.

    A second upload of the key, whose creation arrived late, ends with it.
    """
    if sum(part.size for part in parts) != job.size:
        raise TransientError(Code.UPLOAD_EXPIRED, "the parts do not add up to the file")
    stored = store.complete(target_of(job), job.upload_id or "", parts)
    if stored is None:
        raise TransientError(Code.UPLOAD_EXPIRED, "the store no longer knows the upload")
    if not store.creates_once():
        _abort_all(store, target_of(job))
    return stored


def call_of(job: Job, uploaded_by: str | None = None) -> Call:
    """The stored call that a job made."""
    if job.uploaded_at is None:
        raise ValueError(f"job {job.id} is not uploaded yet")
    recording = _recording_of(job)
    return Call(
        id=job.id,
        details=job.details,
        bucket=job.bucket,
        key=job.key,
        format=recording.format,
        size=recording.size,
        uploaded_at=job.uploaded_at,
        uploaded_by=uploaded_by,
    )


def edit(registry: Registry, job: Job) -> Edited:
    """Give the registered call the details that the rep wants, unless the pipeline has begun."""
    if job.edit_asked_at is None:
        raise ValueError(f"nobody asked to edit job {job.id}")
    held = registry.edit(call_of(job).edit(job.edit_asked_at))
    return Edited(job.details, job.edit_asked_at, held)


def abort(store: Store, job: Job) -> None:
    """End every open upload of the job's key, the journalled one and one whose id was lost in a crash."""
    target = target_of(job)
    if job.upload_id is not None:
        store.abort(target, job.upload_id)
    elif job.intent is Step.CREATE and store.creates_once():
        # Its creation may still arrive.
        store.abort(target, job.id)
    _abort_all(store, target)


def _abort_all(store: Store, target: Target) -> None:
    for upload_id in store.open_uploads(target):
        store.abort(target, upload_id)


def rollback(store: Store, job: Job) -> None:
    """Remove the finished object of a cancelled call, with the version that it became."""
    store.delete(target_of(job), job.version_id or "")


def _recording_of(job: Job) -> Recording:
    if job.recording is None:
        raise ValueError(f"job {job.id} has no recording yet")
    return job.recording
