"""The job: the one frozen record of a call that crosses threads, its states and its next step.

      add            send           slot free            nothing left
(-) ------> DRAFT ---------> QUEUED ----------> RUNNING ------------> DONE
                              ^  ^                |  |
               resume, retry  |  +- later, stop --+  +-- JobError, bug --> FAILED
                              |                                              |
                           PAUSED <-- pause (QUEUED, RUNNING)                |
                              ^----------------- retry goes to QUEUED -------+
Cancel leads from every state but DONE to CANCELLED, only while `registered_at` is empty.
Announce leads from DONE back to QUEUED: the call is there, and only its message is sent once more.
An edit of a DONE call moves nothing: the call is live until its registry took or refused the new details.
A draft that cannot be sent yet keeps the wish (`send_asked_at`) and is sent by itself once the probe takes its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypedDict

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.errors import Code, Rejection
from callup_desktop.engine.parts import Part, missing
from callup_desktop.files.identity import FileIdentity
from callup_desktop.recordings.recording import Recording


class State(StrEnum):
    """May the job run?"""

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DONE = "done"


class Step(StrEnum):
    """What is done next for a job; derived from its facts, never stored as progress."""

    CHECK = "check"
    CREATE = "create"
    PUT = "put"
    UPLOAD = "upload"
    COMPLETE = "complete"
    REGISTER = "register"
    EDIT = "edit"
    ANNOUNCE = "announce"
    FIND = "find"
    ABORT = "abort"
    ROLLBACK = "rollback"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.RUNNING, State.PAUSED, State.CANCELLED, State.DRAFT}),
    State.RUNNING: frozenset({State.QUEUED, State.PAUSED, State.FAILED, State.CANCELLED, State.DONE, State.DRAFT}),
    State.PAUSED: frozenset({State.QUEUED, State.CANCELLED, State.DRAFT}),
    State.FAILED: frozenset({State.QUEUED, State.CANCELLED}),
    State.CANCELLED: frozenset(),
    State.DONE: frozenset({State.QUEUED}),
}
"""Every move a job may make; the journal refuses any other. Back to DRAFT goes a call whose file has become another
recording, about which the rep has to be asked."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a job stands where it stands: a stable code, what fills its sentence, the detail for IT."""

    code: str
    at: datetime
    detail: str = ""
    params: Mapping[str, str | int | float] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One call and how far it got. `None` means: not yet. All moments are UTC.

    A DRAFT with no recording is still being checked, or, with a trouble, was refused or waits for its recorder.
    """

    id: str
    state: State
    path: Path
    added_at: datetime
    identity: FileIdentity | None = None
    recording: Recording | None = None
    details: Details = Details()
    watched: bool = False
    """It came from the watched folder."""
    destination: str = ""
    """The identity of the profile it was made under; no other's servers get it."""
    duplicate_of: datetime | None = None
    """When a call of this computer with this very recording was registered."""
    copy_of: str | None = None
    """Of a draft: the call in the list with this very recording, not registered yet. Derived, never stored."""
    accepted: bool = False
    """The rep wants it sent in spite of the probe's doubt."""
    send_again: bool = False
    """The rep wants it sent though it was sent before, or is in the list already."""
    send_asked_at: datetime | None = None
    """The rep wants it sent as soon as it can be; settled by the probe's verdict."""
    cancel_asked_at: datetime | None = None
    """The rep cancelled while registering was under way; settled once the registry was asked."""
    edit_asked_at: datetime | None = None
    """The rep changed details that the registry may have; settled once it took or refused the new ones.

    It becomes the document's `updated_at`, and is later than that of every edit before.
    """
    edited_at: datetime | None = None
    """The `updated_at` of the last edit that the registry took."""
    registered_details: Details | None = None
    """What the registry has, as far as is known, while an edit waits."""
    # fixed when the rep sends it
    submitted_at: datetime | None = None
    bucket: str = ""
    key: str = ""
    part_size: int = 0
    # facts
    checked_at: datetime | None = None
    intent: Step | None = None
    upload_id: str | None = None
    stored: int = 0
    etag: str | None = None
    version_id: str | None = None
    """Which version of the object the recording became, where the store keeps versions."""
    checksum: str | None = None
    uploaded_at: datetime | None = None
    registered_at: datetime | None = None
    announced_at: datetime | None = None
    message_id: str | None = None
    restarts: int = 0
    """How often the file changed, or its stored copy did not match, so that the upload began again."""
    # backoff
    attempts: int = 0
    retry_at: datetime | None = None
    trouble: Trouble | None = None

    @property
    def size(self) -> int:
        """The size of the recording in bytes; 0 while it is being checked."""
        return self.recording.size if self.recording else 0

    @property
    def is_finished(self) -> bool:
        """Whether the call has arrived, with the details that the rep wants."""
        return self.state is State.DONE and not self.awaits_edit

    @property
    def awaits_edit(self) -> bool:
        """Whether the call is registered with other details than the rep wants."""
        return self.registered_at is not None and self.edit_asked_at is not None

    @property
    def turned_away(self) -> bool:
        """Whether the probe refused the file for good."""
        return self._is_unread and self.trouble is not None and self.retry_at is None

    @property
    def awaits_file(self) -> bool:
        """Whether the file is not ready yet: its recorder writes it, another program locks it, its drive is gone."""
        return self._is_unread and self.trouble is not None and self.retry_at is not None

    @property
    def awaits_verdict(self) -> bool:
        """Whether the probe has yet to say whether the file can be sent."""
        return self._is_unread and not self.turned_away

    @property
    def question(self) -> Rejection | None:
        """What the rep has to answer before this draft can go: DUPLICATE, IN_LIST, DOUBT, or None."""
        return question_about(self) if self.state is State.DRAFT else None

    @property
    def sound_beside(self) -> Path | None:
        """The sound that its recorder saved beside the video of this draft, as the probe saw it; None without any."""
        name: object = ""
        if self.state is State.DRAFT and self.recording is not None and self.recording.sound_of is not None:
            name = self.recording.sound_of.beside
        elif self.turned_away and self.trouble is not None and self.trouble.params is not None:
            name = self.trouble.params.get("beside", "")
        return self.path.with_name(str(name)) if name else None

    @property
    def _is_unread(self) -> bool:
        return self.state is State.DRAFT and self.recording is None


class JobFacts(TypedDict, total=False):
    """The facts of a job that a change may name."""

    state: State
    path: Path
    identity: FileIdentity | None
    recording: Recording | None
    details: Details
    destination: str
    duplicate_of: datetime | None
    accepted: bool
    send_again: bool
    send_asked_at: datetime | None
    cancel_asked_at: datetime | None
    edit_asked_at: datetime | None
    edited_at: datetime | None
    registered_details: Details | None
    submitted_at: datetime | None
    bucket: str
    key: str
    part_size: int
    checked_at: datetime | None
    intent: Step | None
    upload_id: str | None
    etag: str | None
    version_id: str | None
    checksum: str | None
    uploaded_at: datetime | None
    registered_at: datetime | None
    announced_at: datetime | None
    message_id: str | None
    stored: int
    restarts: int
    attempts: int
    retry_at: datetime | None
    trouble: Trouble | None


class Cleared(TypedDict):
    """The facts that change when a job waits for nothing any more."""

    retry_at: None
    trouble: None


CLEARED: Cleared = {"retry_at": None, "trouble": None}
"""The facts of a job that waits for nothing and has no trouble."""


class Command(StrEnum):
    """What may be asked of one call."""

    DESCRIBE = "describe"
    SEND = "send"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    RELOCATE = "relocate"
    USE_SOUND = "use_sound"
    CANCEL = "cancel"
    ANNOUNCE = "announce"
    FORGET = "forget"


_OFFERS: Mapping[State, frozenset[Command]] = {
    State.DRAFT: frozenset({Command.DESCRIBE, Command.SEND, Command.CANCEL}),
    State.QUEUED: frozenset({Command.DESCRIBE, Command.PAUSE, Command.RETRY, Command.CANCEL}),
    State.RUNNING: frozenset({Command.DESCRIBE, Command.PAUSE, Command.CANCEL}),
    State.PAUSED: frozenset({Command.DESCRIBE, Command.RESUME, Command.RETRY, Command.CANCEL}),
    State.FAILED: frozenset({Command.DESCRIBE, Command.RETRY, Command.CANCEL}),
    # Asked again, a cleaning that waits is tried now.
    State.CANCELLED: frozenset({Command.CANCEL}),
    State.DONE: frozenset({Command.DESCRIBE, Command.ANNOUNCE, Command.FORGET}),
}


def offers(job: Job) -> frozenset[Command]:
    """What may be asked of the call as it stands: the one table for the engine and every front end."""
    found = _OFFERS[job.state]
    if job.turned_away:
        found = frozenset({Command.RETRY, Command.FORGET, Command.CANCEL})
    if job.sound_beside is not None:
        found |= {Command.USE_SOUND}
    if job.turned_away:
        return found
    if job.awaits_file:
        return found | {Command.RETRY}
    if job.state is State.FAILED and job.trouble is not None and job.trouble.code == Code.FILE_MISSING:
        found |= {Command.RELOCATE}
    if job.state is State.DONE and job.awaits_edit:
        found |= {Command.RETRY}
    if job.cancel_asked_at is not None:
        found -= {Command.DESCRIBE}
    return found - {Command.CANCEL} if job.registered_at is not None else found


def question_about(job: Job) -> Rejection | None:
    """What the rep has to answer about the recording before it can go, in any state: see `Job.question`."""
    if job.recording is None:
        return None
    if not job.send_again and (job.duplicate_of is not None or job.copy_of is not None):
        return Rejection.DUPLICATE if job.duplicate_of is not None else Rejection.IN_LIST
    return Rejection.DOUBT if job.recording.warnings and not job.accepted else None


class UploadFacts(Protocol):
    """How far a call got, wherever its facts are kept: in a journal, or in the gateway's collection."""

    @property
    def size(self) -> int:
        """The recording's size in bytes."""
        ...

    @property
    def part_size(self) -> int:
        """Bytes a part; 0 is one PutObject."""
        ...

    @property
    def intent(self) -> Step | None:
        """The step that was begun and whose reply is not known."""
        ...

    @property
    def upload_id(self) -> str | None:
        """The open multipart upload."""
        ...

    @property
    def etag(self) -> str | None:
        """The finished object's."""
        ...

    @property
    def cancel_asked_at(self) -> datetime | None:
        """When the call was to be taken back while registering was under way."""
        ...

    @property
    def registered_at(self) -> datetime | None:
        """When the registry acknowledged the document."""
        ...

    @property
    def announced_at(self) -> datetime | None:
        """When the queue acknowledged the message."""
        ...


def next_step(job: Job, parts: tuple[Part, ...], *, checked: bool) -> Step | None:
    """What to do next for a RUNNING, CANCELLED or DONE job, or None; `checked`: compared with the store since start."""
    if job.state is State.CANCELLED:
        return next_cleaning(job)
    step = next_sending(job, parts, checked=checked)
    # Before the call is announced: once the pipeline begins, it may be too late.
    return Step.EDIT if job.awaits_edit and step in {Step.ANNOUNCE, None} else step


def next_sending(facts: UploadFacts, parts: tuple[Part, ...], *, checked: bool) -> Step | None:
    """What to do next until the call has arrived, or None; `checked`: compared with the store since start."""
    if facts.etag is None:
        return _next_upload(facts, parts, checked=checked)
    if facts.registered_at is None:
        return Step.FIND if facts.cancel_asked_at is not None else Step.REGISTER
    return Step.ANNOUNCE if facts.announced_at is None else None


def _next_upload(facts: UploadFacts, parts: tuple[Part, ...], *, checked: bool) -> Step:
    if not checked:
        return Step.CHECK
    if facts.part_size == 0:
        return Step.PUT
    if facts.upload_id is None:
        return Step.CREATE
    return Step.UPLOAD if missing(facts.size, facts.part_size, parts) else Step.COMPLETE


def next_cleaning(facts: UploadFacts) -> Step | None:
    """What to do next until nothing of the call is stored, or None.

    An upload first, then the object: an upload that is gone can no longer become one.
    """
    if facts.upload_id is not None or facts.intent is Step.CREATE:
        return Step.ABORT
    if facts.etag is not None or facts.intent in {Step.PUT, Step.COMPLETE, Step.ROLLBACK}:
        return Step.ROLLBACK
    return None
