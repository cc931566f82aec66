"""An engine in memory: keeps jobs by the rules of MOVES and reports what happens at once, on the caller's thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from callup_desktop.calls.documents import FIRST_STATUS, object_key
from callup_desktop.calls.metadata import Details, completed, problems_of
from callup_desktop.calls.search import SentOrder, is_found, words_of
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.copies import copied_calls
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import (
    CommandRejected,
    Event,
    JobChanged,
    JobProgress,
    Progress,
    SentPage,
    Snapshot,
    Status,
    Statuses,
    Stopped,
)
from callup_desktop.engine.job import MOVES, Command, Job, State, Trouble, offers
from callup_desktop.files.errors import Refusal
from callup_desktop.files.identity import FileIdentity
from callup_desktop.files.watched import WatchedFile
from callup_desktop.presentation.rows import sent_key
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubtful, Recording

NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
CALL_TYPES = ("demo", "support", "sales")
PART = 8 * 1024**2


def recording(
    kind: str = "wav", size: int = 1_000_000, seconds: float | None = 60.0, warnings: tuple[Doubtful, ...] = ()
) -> Recording:
    """A recording as the probe would report it."""
    return Recording(Format(kind), size, seconds, 1, 44_100, None, warnings, f"crc{size}==", "crc32==")


@dataclass
class FakeEngine:
    """Implements Commands. Files are probed when added if `probing`; uploads move by `upload` and `finish`."""

    report: Callable[[Event], None]
    probing: bool = True
    jobs: dict[str, Job] = field(default_factory=dict)
    sent: list[Job] = field(default_factory=list)
    past: tuple[Details, ...] = ()
    became: dict[str, str] = field(default_factory=dict)
    online: bool = True
    blocked: Trouble | None = None
    held: bool = False
    all_paused: bool = False
    limit: int | None = None
    files_at_once: int = 3
    renewed: int = 0
    stopped: bool = False
    asked: list[tuple[str, ...]] = field(default_factory=list)
    paged: list[int] = field(default_factory=list)
    watching: str = ""
    watched: set[tuple[Path, FileIdentity]] = field(default_factory=set)

    def start(self) -> None:
        """Tell what is there."""
        self.report(Snapshot(tuple(self.jobs.values()), self.past))
        self.tell_status()

    # --- Commands -------------------------------------------------------------------------------------------------

    def add(self, paths: tuple[Path, ...], *, ids: tuple[str, ...] = ()) -> None:
        """See Commands."""
        for job_id, path in zip(ids or [f"job-{len(self.jobs) + n}" for n in range(len(paths))], paths, strict=True):
            self._keep(Job(id=job_id, state=State.DRAFT, path=path, added_at=NOW))
            if self.probing:
                self.probe(job_id)
        self.tell_status()

    def take_watched(
        self, watching: str, files: tuple[WatchedFile, ...], sent: Mapping[Path, Details] | None = None
    ) -> None:
        """See Commands."""
        begins, self.watching = self.watching != watching, watching
        paths = {job.path for job in (*self.jobs.values(), *self.sent)}
        for file in files:
            known = (file.path, file.identity) in self.watched or file.path in paths
            if begins or file.settled:
                self.watched.add((file.path, file.identity))
            if not begins and file.settled and not known:
                job_id = f"watched-{len(self.watched)}"
                job = Job(id=job_id, state=State.DRAFT, path=file.path, added_at=NOW, watched=True)
                details = (sent or {}).get(file.path)
                self._keep(job if details is None else replace(job, details=details, send_asked_at=NOW))
                if self.probing:
                    self.probe(job_id)
        self.tell_status()

    def describe(self, job_ids: tuple[str, ...], change: DetailsChange) -> None:
        """See Commands."""
        named = {
            "company_name": change.company_name,
            "contact_email": change.contact_email,
            "call_type": change.call_type,
        }
        typed = {name: value for name, value in named.items() if value is not None}
        for job_id in job_ids:
            job = self.jobs.get(job_id) or next((sent for sent in self.sent if sent.id == job_id), None)
            if job is None:
                self.report(CommandRejected(job_id, Rejection.UNKNOWN))
            elif job.state is State.DRAFT:
                self._change(job, details=replace(job.details, **typed))
            elif problems_of(details := replace(job.details, **typed), CALL_TYPES):
                self.report(CommandRejected(job_id, Rejection.DETAILS))
            elif job.registered_at is None:
                self._change(job, details=completed(details, CALL_TYPES))
            else:
                known = job.registered_details or job.details
                self._change(job, details=completed(details, CALL_TYPES), edit_asked_at=NOW, registered_details=known)
        self._settle_edits()

    def send(
        self,
        job_ids: tuple[str, ...],
        details: DetailsChange | None = None,
        *,
        anyway: bool = False,
        again: bool = False,
    ) -> None:
        """See Commands."""
        if details is not None:
            self.describe(job_ids, details)
        for job in self._known(job_ids):
            if job.state is State.DRAFT:
                job = self._change(job, accepted=job.accepted or anyway, send_again=job.send_again or again)
            self._send(job)
        self._start_waiting()

    def _send(self, job: Job) -> None:
        if job.awaits_verdict:
            self._change(job, send_asked_at=NOW)
            return
        reason = _rejection(job)
        if reason is not None or job.recording is None:
            if job.send_asked_at is not None and not job.turned_away:
                self._change(job, send_asked_at=None)
            self.report(CommandRejected(job.id, reason or Rejection.TURNED_AWAY))
            return
        self._move(
            job,
            State.QUEUED,
            details=completed(job.details, CALL_TYPES),
            send_asked_at=None,
            submitted_at=NOW,
            bucket="audio-pipeline-dev-audio",
            key=object_key(job.id, NOW, job.recording.format),
            part_size=PART if job.recording.size > PART else 0,
        )
        if self.all_paused:
            self.pause((job.id,))

    def pause(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job in self._known(job_ids):
            if job.state in {State.QUEUED, State.RUNNING}:
                self._move(job, State.PAUSED, trouble=None, retry_at=None)
        self._start_waiting()

    def resume(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job in self._known(job_ids):
            if job.state is State.PAUSED:
                self._move(job, State.QUEUED)
        self._start_waiting()

    def pause_all(self) -> None:
        """See Commands."""
        self.all_paused = True
        self.pause(tuple(job.id for job in self.jobs.values() if Command.PAUSE in offers(job)))

    def resume_all(self) -> None:
        """See Commands."""
        self.all_paused = False
        self.resume(tuple(job.id for job in self.jobs.values() if Command.RESUME in offers(job)))

    def retry(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job in self._known(job_ids):
            if job.state in {State.FAILED, State.PAUSED}:
                self._move(job, State.QUEUED, trouble=None, retry_at=None)
            elif job.turned_away or job.awaits_file:
                self._change(job, trouble=None)
                self.probe(job.id)
            else:
                self._change(job, trouble=None, retry_at=None)
        self.blocked = None
        self._start_waiting()

    def cancel(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job in self._known(job_ids):
            if job.registered_at is not None:
                self.report(CommandRejected(job.id, Rejection.REGISTERED))
                continue
            cancelled = self._move(job, State.CANCELLED)
            del self.jobs[job.id]
            self.report(JobChanged(cancelled, gone=True))
            self._mark_copies(job.recording)
        self._start_waiting()

    def announce(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        sent = [job for job in self.sent if job.id in job_ids]
        self.sent = [job for job in self.sent if job.id not in job_ids]
        for job in sent:
            self._move(job, State.QUEUED, announced_at=None, message_id=None)
        self._known(tuple(job_id for job_id in job_ids if job_id not in {job.id for job in sent}))
        self._start_waiting()

    def forget(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        sent = [job for job in self.sent if job.id in job_ids]
        live = self._known(tuple(job_id for job_id in job_ids if job_id not in {job.id for job in sent}))
        for job in [*live, *sent]:
            self.jobs.pop(job.id, None)
            self.sent = [other for other in self.sent if other.id != job.id]
            self.report(JobChanged(job, gone=True))
            self._mark_copies(job.recording)
        self.tell_status()

    def relocate(self, job_id: str, path: Path) -> None:
        """See Commands."""
        for job in self._known((job_id,)):
            if job.recording and path.stat().st_size == job.recording.size:
                self._change(job, path=path)
                self.retry((job_id,))
            else:
                self.report(CommandRejected(job_id, Rejection.OTHER_FILE))

    def use_sound(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job in self._known(job_ids):
            if job.sound_beside is not None:
                facts: dict[str, Any] = {"recording": None, "identity": None, "checked_at": None, "trouble": None}
                self._change(job, path=job.sound_beside, accepted=False, send_again=False, **facts)
                self.probe(job.id)

    def check_again(self) -> None:
        """See Commands."""
        self.blocked = None
        for job in list(self.jobs.values()):
            if job.state is State.QUEUED:
                self._change(job, trouble=None, retry_at=None)
        self._start_waiting()

    def renew_credentials(self) -> None:
        """See Commands."""
        self.renewed += 1
        self.check_again()

    def set_online(self, *, online: bool) -> None:
        """See Commands."""
        self.online = online
        self._settle_edits()
        self._start_waiting()

    def set_limit(self, bytes_a_second: int | None) -> None:
        """See Commands."""
        self.limit = bytes_a_second

    def set_files_at_once(self, files: int) -> None:
        """See Commands."""
        self.files_at_once = files
        if self.jobs:
            self._start_waiting()

    def hold(self, *, held: bool) -> None:
        """See Commands."""
        self.held = held
        for job in list(self.jobs.values()):
            if held and job.state is State.RUNNING:
                self._move(job, State.QUEUED)
        self._start_waiting()

    def tell(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        known = {**{job.id: job for job in self.sent}, **self.jobs}
        for job_id in job_ids:
            self.report(JobChanged(known[job_id]) if job_id in known else CommandRejected(job_id, Rejection.UNKNOWN))

    def page_sent(self, offset: int, limit: int, search: str = "", order: SentOrder = SentOrder.NEWEST) -> None:
        """See Commands."""
        self.paged.append(offset)
        words = words_of(search)
        found = self.sent
        if words:
            found = [job for job in found if is_found(words, call_id=job.id, name=job.path.name, details=job.details)]
        if order is SentOrder.OLDEST:
            found = found[::-1]
        found = sorted(found, key=lambda job: sent_key(job, order))
        self.report(SentPage(offset, search, tuple(found[offset : offset + limit]), len(found), order))

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self.asked.append(job_ids)
        self.report(Statuses(tuple((job_id, self.became.get(job_id, "uploaded")) for job_id in job_ids)))

    def stop(self) -> None:
        """See Commands."""
        self.stopped = True
        self.report(Stopped())

    # --- the world --------------------------------------------------------------------------------------------------

    def probe(self, job_id: str, found: Recording | None = None) -> None:
        """Judge a file: the given recording, or by its extension and size on disk."""
        job = self.jobs[job_id]
        suffix = job.path.suffix.lstrip(".").lower()
        if found is None and suffix not in set(Format):
            self._change(job, trouble=Trouble(Refusal.UNSUPPORTED, NOW, params={"kind": suffix.upper()}))
            return
        found = found or recording(suffix, job.path.stat().st_size if job.path.exists() else 1_000_000)
        before = next((sent.registered_at for sent in self.sent if sent.recording == found), None)
        job = self._change(job, recording=found, checked_at=NOW, duplicate_of=before)
        if job.send_asked_at is not None:
            self._send(job)
            self._start_waiting()
        self.tell_status()

    def upload(self, job_id: str, stored: int, *, in_flight: int = 0, rate: float = 2e6, left: float = 30.0) -> None:
        """The store acknowledged `stored` bytes; `in_flight` more are sent."""
        job = self._change(self.jobs[job_id], stored=stored)
        self.report(Progress((JobProgress(job.id, stored, in_flight, rate, left),), rate))

    def fail(self, job_id: str, trouble: Trouble) -> None:
        """A job that needs the rep."""
        self._move(self.jobs[job_id], State.FAILED, trouble=trouble)
        self._start_waiting()

    def drop_link(self, trouble: Trouble) -> None:
        """The network went away: what ran waits."""
        self.online = False
        for job in list(self.jobs.values()):
            if job.state is State.RUNNING:
                self._move(job, State.QUEUED, trouble=trouble, retry_at=NOW + timedelta(seconds=20))
        self.tell_status()

    def finish(self, job_id: str) -> None:
        """Upload, register, announce."""
        moment = NOW
        job = self._change(
            self.jobs[job_id],
            stored=self.jobs[job_id].size,
            etag="etag",
            checksum="CRC64NVME:4mYc0P3vQeM=",
            uploaded_at=moment,
        )
        job = self._change(job, registered_at=moment + timedelta(seconds=1))
        for other in self._same(job.recording):
            if other.state is State.DRAFT:
                self._change(other, duplicate_of=job.registered_at)
        job = self._move(job, State.DONE, announced_at=moment + timedelta(seconds=1), message_id="msg-1")
        del self.jobs[job_id]
        self.sent.insert(0, job)
        self._start_waiting()

    def tell_status(self) -> None:
        """Report how the queue stands."""
        states = [job.state for job in self.jobs.values()]
        self.report(
            Status(
                online=self.online,
                since=NOW,
                blocked=self.blocked,
                running=states.count(State.RUNNING),
                waiting=states.count(State.QUEUED),
                drafts=states.count(State.DRAFT),
                needs_rep=states.count(State.FAILED),
                sent=len(self.sent),
                paused=self.all_paused,
            )
        )

    def _settle_edits(self) -> None:
        """The registry takes the edits that wait, unless the pipeline has begun."""
        for job in [job for job in (*self.jobs.values(), *self.sent) if job.edit_asked_at and self.online]:
            moved_on = self.became.get(job.id, FIRST_STATUS) != FIRST_STATUS
            details = job.registered_details if moved_on and job.registered_details else job.details
            self._change(job, details=details, edit_asked_at=None, registered_details=None)
            if moved_on:
                self.report(CommandRejected(job.id, Rejection.MOVED_ON))

    def _start_waiting(self) -> None:
        for job in list(self.jobs.values()):
            running = sum(other.state is State.RUNNING for other in self.jobs.values())
            free = self.online and not self.held and self.blocked is None and running < self.files_at_once
            if job.state is State.QUEUED and free:
                self._move(job, State.RUNNING, trouble=None, retry_at=None)
        self.tell_status()

    def _known(self, job_ids: tuple[str, ...]) -> list[Job]:
        sent = {job.id for job in self.sent}
        for job_id in job_ids:
            if job_id not in self.jobs:
                self.report(CommandRejected(job_id, Rejection.REGISTERED if job_id in sent else Rejection.UNKNOWN))
        return [self.jobs[job_id] for job_id in job_ids if job_id in self.jobs]

    def _move(self, job: Job, state: State, **facts: Any) -> Job:
        assert state in MOVES[job.state], f"{job.state} to {state}"
        return self._change(job, state=state, **facts)

    def _change(self, job: Job, **facts: Any) -> Job:
        return self._keep(replace(job, **facts))

    def _keep(self, job: Job) -> Job:
        if any(sent.id == job.id for sent in self.sent):
            self.sent = [job if sent.id == job.id else sent for sent in self.sent]
        else:
            self.jobs[job.id] = job
        self.report(JobChanged(job))
        self._mark_copies(job.recording)
        return self.jobs.get(job.id, job)

    def _same(self, found: Recording | None) -> list[Job]:
        return [job for job in self.jobs.values() if found is not None and job.recording == found]

    def _mark_copies(self, found: Recording | None) -> None:
        same = self._same(found)
        copied = copied_calls(same)
        for job in same:
            if job.copy_of != copied.get(job.id):
                self.jobs[job.id] = replace(job, copy_of=copied.get(job.id))
                self.report(JobChanged(self.jobs[job.id]))


def _rejection(job: Job) -> Rejection | None:
    if job.state is not State.DRAFT:
        return Rejection.SENT
    if job.turned_away:
        return Rejection.TURNED_AWAY
    if job.question is not None:
        return job.question
    return Rejection.DETAILS if problems_of(job.details, CALL_TYPES) else None
