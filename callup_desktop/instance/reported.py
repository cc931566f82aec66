"""Copies of what the engine reported, and which of them changed since when. Any thread: each method locks."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from callup_desktop.calls.documents import SENT_MESSAGE
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Actor, Code, Rejection, info_of
from callup_desktop.engine.events import (
    CommandRejected,
    Event,
    JobChanged,
    JobProgress,
    ProbeProgress,
    Progress,
    SentPage,
    Snapshot,
    Status,
    Stopped,
)
from callup_desktop.engine.job import Job, State
from callup_desktop.files.errors import Params
from callup_desktop.files.identity import FileIdentity
from callup_desktop.instance.file_index import FileIndex, is_call_of
from callup_desktop.instance.messages import UNKNOWN_STATE, CallStatus


@dataclass(frozen=True, slots=True)
class SendAsked:
    """What a front end asked for with a file."""

    path: Path
    identity: FileIdentity | None
    details: DetailsChange
    anyway: bool
    again: bool
    destination: str


class ReportedCalls:
    """Every call of which this process heard, as it stood last."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._gone: set[str] = set()
        self._joined: dict[str, str] = {}
        self._asked: dict[str, SendAsked] = {}
        self._rejected: dict[str, CommandRejected] = {}
        self._progress: dict[str, JobProgress] = {}
        self._checked: dict[str, int] = {}
        self._files = FileIndex()
        self._sent_page: tuple[Job, ...] | None = None
        self._status: Status | None = None
        self._ready = False
        self._repaired: int | None = None
        self._stopped: str | None = None
        self._version = 0
        self._changed_at: dict[str, int] = {}

    # --- engine thread --------------------------------------------------------------------------------------------

    def keep(self, event: Event) -> None:
        """Keep the copy."""
        with self._changed:
            self._keep(event)
            self._changed.notify_all()

    def _keep(self, event: Event) -> None:
        match event:
            case Snapshot():
                for job in event.jobs:
                    self._take(job)
                self._ready, self._repaired = True, event.repaired
            case JobChanged():
                self._take(event.job, gone=event.gone)
                if event.relocated_to is not None:
                    self._joined[event.job.id] = event.relocated_to
            case Progress():
                told = {progress.job_id: progress for progress in event.jobs}
                self._touch(*self._progress, *told)
                self._progress = told
            case ProbeProgress():
                self._checked[event.job_id] = event.done
                self._touch(event.job_id)
            case CommandRejected() if event.code is not Rejection.SENT:
                # A call that was sent already is on its way: nothing keeps it back.
                self._rejected[event.job_id] = event
                self._touch(event.job_id)
            case SentPage():
                self._sent_page = event.jobs
            case Status():
                self._status = event
            case Stopped():
                self._stopped = event.trouble.code if event.trouble else ""

    def _take(self, job: Job, *, gone: bool = False) -> None:
        self._files.change(self._jobs.get(job.id), None if gone else job)
        self._jobs[job.id] = job
        if gone:
            self._gone.add(job.id)
        self._touch(job.id)

    def _touch(self, *job_ids: str) -> None:
        """The calls changed now: they stand last in the order of changes."""
        self._version += 1
        for job_id in job_ids:
            self._changed_at.pop(job_id, None)
            self._changed_at[job_id] = self._version

    # --- what changed ---------------------------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """A number that grows with each change."""
        with self._changed:
            return self._version

    def changed_since(self, version: int) -> tuple[tuple[str, ...], int]:
        """The calls that changed since that version, the latest first, and the version now."""
        with self._changed:
            found = []
            for job_id in reversed(self._changed_at):
                if self._changed_at[job_id] <= version:
                    break
                found.append(job_id)
            return tuple(found), self._version

    def call_of(self, job_id: str) -> str:
        """The call that this one became: where its recording had a call already, that one."""
        with self._changed:
            return self._resolved(job_id)

    def _resolved(self, job_id: str) -> str:
        while (joined := self._joined.get(job_id)) is not None:
            job_id = joined
        return job_id

    # --- what is there --------------------------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether the engine has told what is there."""
        with self._changed:
            return self._ready or self._stopped is not None

    @property
    def stopped(self) -> str | None:
        """The code of why the engine ended, "" if it was asked to; None while it runs."""
        with self._changed:
            return self._stopped

    @property
    def blocked(self) -> str | None:
        """The code of what holds up every call."""
        with self._changed:
            return self._blocked()

    def _blocked(self) -> str | None:
        blocked = self._status.blocked if self._status else None
        return blocked.code if blocked else None

    @property
    def repaired(self) -> int | None:
        """How many calls were saved out of a damaged journal; None where it was whole."""
        with self._changed:
            return self._repaired

    def wait_ready(self, timeout: float) -> Code | None:
        """Wait until the engine has told what is there; None then, else the code of what it cannot get past.

        A journal that only somebody can put right is not waited for; any other takes `timeout` seconds at most.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._is_stuck(), timeout)
            if self._ready and self._stopped is None:
                return None
            return Code(self._stopped or self._blocked() or Code.JOURNAL_BUSY)

    def _is_stuck(self) -> bool:
        """Whether the engine has ended, or waits for somebody before it has told what is there."""
        blocked = self._blocked()
        return self._stopped is not None or (blocked is not None and info_of(blocked).actor is not Actor.NOBODY)

    def forget_sent_page(self) -> None:
        """A page of sent calls is about to be asked for."""
        with self._changed:
            self._sent_page = None

    def wait_sent_page(self, timeout: float) -> tuple[str, ...]:
        """The ids of the page, once it is told; () if it is not, after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._sent_page is not None or self._stopped is not None, timeout)
            page = self._sent_page or ()
            self._jobs |= {job.id: job for job in page}
            return tuple(job.id for job in page)

    def live(self) -> tuple[Job, ...]:
        """Every call that is neither sent nor gone."""
        with self._changed:
            return tuple(job for job in self._jobs.values() if job.state is not State.DONE and job.id not in self._gone)

    def job(self, job_id: str) -> Job | None:
        """The copy, None if nothing was heard of the call."""
        with self._changed:
            return self._jobs.get(job_id)

    def forget_sent(self, job_ids: tuple[str, ...]) -> None:
        """Drop the copies of these calls that say "sent", so that they count as unheard of until the engine tells."""
        with self._changed:
            for job_id in job_ids:
                job = self._jobs.get(job_id)
                if job is not None and job.state is State.DONE:
                    self._files.change(job, None)
                    del self._jobs[job_id]

    def unheard(self, job_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the calls that nobody told of yet, such as calls sent in an earlier run."""
        with self._changed:
            return tuple(
                job_id
                for job_id in job_ids
                if job_id not in self._jobs and job_id not in self._asked and job_id not in self._rejected
            )

    # --- what was asked -------------------------------------------------------------------------------------------

    def forget_rejections(self, job_ids: tuple[str, ...]) -> None:
        """What was rejected before is asked for again."""
        with self._changed:
            for job_id in job_ids:
                self._rejected.pop(job_id, None)

    def ask_to_send(self, job_id: str, asked: SendAsked) -> str | None:
        """Note what a front end asks for; the call that does it already, None if a new one has to."""
        with self._changed:
            if job_id in self._jobs or job_id in self._asked:
                return self._resolved(job_id)
            same = next(
                (known for known in self._files.candidates(asked.path, asked.identity) if self._does(known, asked)),
                None,
            )
            self._asked[job_id] = asked
            if same is None:
                self._files.expect(job_id, asked.path, asked.identity)
            else:
                self._join(job_id, same)
            return same

    def _does(self, job_id: str, asked: SendAsked) -> bool:
        job = self._jobs.get(job_id)
        if job is None:
            return job_id in self._asked
        is_ours = job.destination == asked.destination and job_id not in self._gone
        return is_ours and is_call_of(job, asked.path, asked.identity)

    def join_earlier(self, rejected: CommandRejected) -> tuple[str, SendAsked] | None:
        """The live call as which a recording that it has already goes on, with what was asked; None if it does not."""
        with self._changed:
            asked, earlier = self._asked.get(rejected.job_id), self._jobs.get(rejected.earlier)
            if asked is None or earlier is None or earlier.id in self._gone:
                return None
            if earlier.state in {State.DONE, State.CANCELLED} or self._resolved(earlier.id) == rejected.job_id:
                return None
            self._join(rejected.job_id, earlier.id)
            return earlier.id, asked

    def _join(self, job_id: str, other: str) -> None:
        self._joined[job_id] = other
        self._touch(job_id)

    # --- how a call stands ----------------------------------------------------------------------------------------

    def status_of(self, job_id: str) -> CallStatus:
        """How the call stands that was asked for by this id."""
        with self._changed:
            return self._status_of(job_id)

    def _status_of(self, asked_id: str) -> CallStatus:
        job_id = self._resolved(asked_id)
        job, rejected = self._jobs.get(job_id), self._rejected.get(job_id)
        if job is None:
            return self._status_of_unheard(asked_id, job_id, rejected)
        progress = self._progress.get(job_id) if job.state is State.RUNNING else None
        trouble = job.trouble
        code, params = _reason_of(job, rejected)
        video = job.recording.sound_of if job.recording else None
        sent_before = job.duplicate_of if rejected is not None and rejected.earlier else None
        return CallStatus(
            call_id=job_id,
            asked_id=asked_id,
            path=os.fsencode(job.path),
            state=job.state.value,
            gone=job_id in self._gone,
            waiting=job.retry_at is not None or (trouble is not None and job.state is State.QUEUED),
            blocked=trouble is not None and trouble.code == self._blocked(),
            turned_away=job.turned_away or (job.state is State.DRAFT and rejected is not None),
            send_asked=job.send_asked_at is not None,
            edit_asked=job.awaits_edit,
            code=code,
            params=dict(params),
            checked=self._checked.get(job_id, 0),
            size=job.size,
            stored=job.stored,
            in_flight=progress.in_flight if progress else 0,
            rate=progress.rate if progress else 0.0,
            seconds_left=progress.seconds_left if progress else None,
            company=job.details.company_name,
            email=job.details.contact_email,
            call_type=job.details.call_type,
            s3_bucket=job.bucket,
            # Where there is no bucket, a gateway chose the key.
            s3_key=job.key if job.bucket else "",
            checksum=job.checksum,
            message_id=job.message_id,
            message=SENT_MESSAGE if job.state is State.DONE else None,
            video_size=video.size if video else 0,
            sound_beside=video.beside if video else "",
            duplicate_of=rejected.earlier or None if rejected else None,
            sent_before_at=sent_before.isoformat() if sent_before else None,
        )

    def _status_of_unheard(self, asked_id: str, job_id: str, rejected: CommandRejected | None) -> CallStatus:
        asked = self._asked.get(job_id)
        return CallStatus(
            call_id=job_id,
            asked_id=asked_id,
            path=os.fsencode(asked.path) if asked else b"",
            state=UNKNOWN_STATE if asked is None else State.DRAFT,
            kept=False,
            code=rejected.code if rejected else None,
        )


def _reason_of(job: Job, rejected: CommandRejected | None) -> tuple[str | None, Params]:
    """Why the call stands where it stands, and what fills the sentence; a doubt is told by its own name."""
    code = rejected.code if rejected else None
    if code is Rejection.DOUBT and job.recording is not None and job.recording.warnings:
        doubtful = job.recording.warnings[0]
        return doubtful.doubt, doubtful.params
    if code is Rejection.DUPLICATE and job.trouble is not None and job.trouble.code == code:
        return code, job.trouble.params or {}
    if rejected is not None and code is Rejection.DUPLICATE and rejected.earlier and job.duplicate_of is not None:
        return code, {"call_id": rejected.earlier, "sent_at": job.duplicate_of.isoformat()}
    if code is not None and code is not Rejection.TURNED_AWAY:
        return code, {}
    return (job.trouble.code, job.trouble.params or {}) if job.trouble else (None, {})
