"""What the engine needs from outside, as protocols; services and fakes implement them. Called on pool threads only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from callup_desktop.calls.documents import CallDocument, CallEdit, TranscriptionTask
from callup_desktop.calls.metadata import Details
from callup_desktop.engine.parts import Part
from callup_desktop.files.access import is_online_only
from callup_desktop.files.errors import Params
from callup_desktop.recordings.recording import Recording


class Algorithm(StrEnum):
    """The checksum a store understands, best first; NONE means sizes and ETags (MD5) are all there is."""

    CRC64NVME = "CRC64NVME"
    CRC32 = "CRC32"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Upload:
    """An open multipart upload; `abort_date` is when a lifecycle rule ends it, None if there is no such rule."""

    upload_id: str
    abort_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where an object goes and what it must be: size in bytes, full-object checksums in base64, "" if unknown.

    `call_id` is the call that it is of, `part_size` the bytes of each part but the last, 0 for an object put at once.
    `piece_crc64nvmes` are those of the recording, b"" where they are not known.
    """

    bucket: str
    key: str
    content_type: str
    size: int
    crc64nvme: str
    crc32: str = ""
    call_id: str = ""
    part_size: int = 0
    piece_crc64nvmes: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A finished object as the store tells it; `checksum` is full-object as "CRC64NVME:base64", "" if unknown.

    `version_id` is "" where the store keeps no versions.
    """

    size: int
    etag: str
    checksum: str
    version_id: str = ""


class Body(Protocol):
    """Bytes on their way out: `read` raises Cancelled on pause, paces a limit, and may return more than asked.

    Seekable, because signing may read twice. `crc64nvmes` are the CRC64NVME that its pieces (recordings.PIECE) were
    found to have when the file was checked, 8 bytes each; b"" where that is not known.
    """

    crc64nvmes: bytes

    def verify_with(self, crc64nvme_of: Callable[[memoryview], int]) -> None:
        """See from now on that each piece is what it was found to be; a read raises TransientError(FILE_CHANGED)."""
        ...

    def read(self, size: int = -1) -> memoryview:
        """The next bytes, none at the end."""
        ...

    def pieces(self) -> Iterator[memoryview]:
        """All of its bytes in order, for checksums, wherever the position is; raises as `read` does."""
        ...

    def seek(self, offset: int, whence: int = 0) -> int:
        """The new position."""
        ...

    def tell(self) -> int:
        """The position."""
        ...

    def __len__(self) -> int:
        """All bytes, wherever the position is."""
        ...


class Store(Protocol):
    """The object store. Every call blocks, raises CallError or Cancelled, and is safe to repeat."""

    def algorithm(self) -> Algorithm:
        """The checksum in use with this store, as learnt so far."""
        ...

    def create(self, target: Target) -> Upload:
        """Open a multipart upload for the key."""
        ...

    def creates_once(self) -> bool:
        """Whether creating again is the same upload, so that one whose reply was lost need not be removed first.

        Its id is then the call's.
        """
        ...

    def put(self, target: Target, body: Body) -> StoredObject:
        """Store the whole object at once unless the key exists; an own earlier copy that matches counts as success."""
        ...

    def upload_part(self, target: Target, upload_id: str, number: int, body: Body) -> Part:
        """Store one part; TransientError(PART_DAMAGED) where the store got other bytes."""
        ...

    def list_parts(self, target: Target, upload_id: str) -> tuple[Part, ...] | None:
        """The parts the store holds (all pages), or None if it no longer knows the upload."""
        ...

    def complete(self, target: Target, upload_id: str, parts: tuple[Part, ...]) -> StoredObject | None:
        """Make the object of its parts; None if the store no longer knows the upload and holds no matching object.

        JobError(MISMATCH) where the finished object is not the file.
        """
        ...

    def head(self, target: Target) -> StoredObject | None:
        """The finished object at the key, or None."""
        ...

    def matches(self, target: Target, found: StoredObject) -> bool:
        """Whether the finished object is the file: size, and checksum as far as the store tells one."""
        ...

    def open_uploads(self, target: Target) -> tuple[str, ...]:
        """The ids of all open multipart uploads for exactly this key; () where listing is not permitted."""
        ...

    def abort(self, target: Target, upload_id: str) -> None:
        """End the upload; returns only once the store lists no part of it, else TransientError(STILL_STORED)."""
        ...

    def delete(self, target: Target, version_id: str = "") -> None:
        """Remove the object with its versions, first the one named; returns only once the store has none of them.

        JobError(REMOVAL_DENIED) where the store keeps one: it is locked, or this person may not remove it.
        """
        ...

    def part_checksum(self, data: memoryview) -> str:
        """The checksum of a part's bytes as `list_parts` would tell it: base64, or the MD5 ETag where there is none."""
        ...

    def clock_offset(self) -> timedelta:
        """How far the store's clock is ahead of this computer's, by its last answer; zero where that is minutes.

        Zero while nothing was heard. Returns at once.
        """
        ...

    def hear_time(self) -> bool:
        """Make sure that an answer of the store told its time; whether it had to be asked."""
        ...

    def reachable(self) -> bool:
        """Whether a connection to the store can be opened just now; sends nothing, and takes a second at most."""
        ...

    def reset(self) -> None:
        """Drop pooled connections, so that the next call resolves and connects again."""
        ...

    def renew_credentials(self) -> None:
        """Make the next call read the keys again; calls under way are not cut."""
        ...


class Registry(Protocol):
    """The call registry (MongoDB)."""

    def register(self, document: CallDocument) -> None:
        """Write the document unless it is there; returns once the write is acknowledged by a journalled majority.

        TransientError(UPLOAD_EXPIRED) where the stored recording is known to be gone.
        """
        ...

    def edit(self, edit: CallEdit) -> Details | None:
        """Give the call these details while its status is the first one; what it has afterwards, None without it.

        An edit that is older than what the call has changes nothing, so that one which lands late does no harm.
        """
        ...

    def find(self, call_id: str) -> bool:
        """Whether the call is registered, read from the majority."""
        ...

    def statuses(self, call_ids: tuple[str, ...]) -> dict[str, str]:
        """What became of the calls, in one query."""
        ...

    def reset(self) -> None:
        """Drop pooled connections."""
        ...

    def renew_credentials(self) -> None:
        """Make the next call read the password again; calls under way are not cut."""
        ...


class Announcer(Protocol):
    """The transcription queue (SQS)."""

    def announce(self, task: TranscriptionTask) -> str:
        """Send the message; its message id."""
        ...

    def reset(self) -> None:
        """Drop pooled connections."""
        ...

    def renew_credentials(self) -> None:
        """Make the next call read the keys again; calls under way are not cut."""
        ...


class Probe(Protocol):
    """Judges a file by content; raises RefusedError, NotReadyError or ProbeStoppedError."""

    def __call__(self, path: Path, *, cancelled: Callable[[], bool], progress: Callable[[int, int], None]) -> Recording:
        """The recording; `progress(done, size)` in bytes while its checksums are computed."""
        ...


class Clock(Protocol):
    """Time, so that tests can move it."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...


class Pool(Protocol):
    """Threads for blocking calls."""

    def run(self, task: Callable[[], None]) -> None:
        """Start the task on a free thread, soon; the task never raises."""
        ...

    def close(self) -> None:
        """Take no more tasks and wait for the running ones."""
        ...


class Log(Protocol):
    """Where the engine tells what it did; every entry is one JSON line, no secret in it."""

    def info(self, event: str, **facts: object) -> None:
        """Something that happens every day."""
        ...

    def warning(self, event: str, **facts: object) -> None:
        """Something that an admin may want to know."""
        ...

    def error(self, event: str, **facts: object) -> None:
        """Something that went wrong for good."""
        ...


@dataclass(frozen=True, slots=True)
class SentElsewhere:
    """A registered call of the company with the recording that was asked for, and the caller who sent it."""

    call_id: str
    sent_by: str
    sent_at: datetime


class AskElsewhere(Protocol):
    """Asks who in the company has sent a recording, whatever its name; raises CallError, within seconds."""

    def __call__(self, crc64nvme: str, size: int) -> tuple[SentElsewhere, ...]:
        """The calls, newest first; none where nobody has."""
        ...

    def reset(self) -> None:
        """Drop pooled connections."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The outside world as the engine knows it."""

    store: Store
    registry: Registry
    announcer: Announcer
    probe: Probe
    online_only: Callable[[Path], bool] = is_online_only
    elsewhere: AskElsewhere | None = None
    """None where nobody can say what other computers have sent."""


class CheckStep(StrEnum):
    """The stations of a connection check."""

    SIGN_IN = "sign_in"
    GATEWAY = "gateway"
    KEYRING = "keyring"
    CLOCK = "clock"
    TLS = "tls"
    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


STRAIGHT_STEPS = (
    CheckStep.KEYRING,
    CheckStep.CLOCK,
    CheckStep.TLS,
    CheckStep.STORAGE,
    CheckStep.REGISTRY,
    CheckStep.QUEUE,
)
"""In the order of a call that goes straight to storage, registry and queue."""
GATEWAY_STEPS = (CheckStep.SIGN_IN, CheckStep.GATEWAY, CheckStep.STORAGE)
"""In the order of a call that goes through a gateway."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one station said. `code` and `params` make its sentence where it does not hold; `detail` is for IT."""

    step: CheckStep
    ok: bool
    code: str = ""
    params: Params = field(default_factory=dict)
    detail: str = ""
    seconds: float = 0.0


class SignInOutcome(StrEnum):
    """How signing in or out for a gateway ended."""

    SIGNED_IN = "signed_in"
    SIGNED_IN_FOR_NOW = "signed_in_for_now"
    """Until the program ends: the keyring does not take what would last longer."""
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_HERE = "signed_out_here"
    """This computer has forgotten the sign-in; the provider did not end it."""
    CANCELLED = "sign_in_cancelled"
    TIMED_OUT = "sign_in_timed_out"
    """The browser brought no answer."""
    FAILED = "sign_in_failed"
    """The code says why."""


@dataclass(frozen=True, slots=True)
class SignInResult:
    """How it ended; `code` and `params` say why it failed, `detail` is for IT, with no secret in it."""

    outcome: SignInOutcome
    code: str = ""
    params: Params = field(default_factory=dict)
    detail: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Whether calls can go on."""
        return self.outcome in {SignInOutcome.SIGNED_IN, SignInOutcome.SIGNED_IN_FOR_NOW}


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the browser shows in the end; plain text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The page for either end."""

    done: SignInPage
    failed: SignInPage


class UpdateOutcome(StrEnum):
    """How looking ended; all but the first two leave the version unknown, and none of them is an upload's business."""

    NEWER = "newer"
    CURRENT = "current"
    OFF = "updates_off"
    UNREACHABLE = "updates_unreachable"
    MISSING = "updates_missing"
    UNREADABLE = "updates_unreadable"
    OTHER_ROOT = "updates_other_root"
    NOT_SIGNED = "updates_not_signed"
    ALTERED = "updates_altered"
    OLDER = "updates_older"
    EXPIRED = "updates_expired"
    NOT_KEPT = "updates_not_kept"
