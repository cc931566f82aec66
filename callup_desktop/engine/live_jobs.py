"""The jobs in memory and in the journal, always alike: a fact is written before it is believed. Engine thread."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Unpack

from callup_desktop.engine.copies import copied_calls
from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import CLEARED, Job, JobFacts, State
from callup_desktop.engine.job_index import JobIndex, content_of
from callup_desktop.engine.journal.journal import Journal
from callup_desktop.engine.parts import Part
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.files.watched import WatchedFile
from callup_desktop.recordings.recording import Recording

_ALL_PAUSED = "all_paused"
"""The name of the note."""
_RESTING = frozenset({State.QUEUED, State.PAUSED, State.FAILED})


class LiveJobs:
    """Every job with something left to do, and its parts.

    Each change is journalled, kept and reported, in this order; a job that is finished by it leaves.
    """

    def __init__(self, report: Callable[[Event], None], now: Callable[[], datetime]) -> None:
        """`report` hears of each change, `now` is the wall clock."""
        self._report = report
        self._now = now
        self._owner = ThreadOwner()
        self._journal: Journal | None = None
        self.jobs: dict[str, Job] = {}
        self.index = JobIndex()
        self.verified: dict[str, set[int]] = {}
        self._parts: dict[str, tuple[Part, ...]] = {}
        self.sent = 0
        self.all_paused = False

    def open(self, journal: Journal) -> int:
        """Take up what the journal holds; how many calls were under way when it was last left."""
        self._owner.claim()
        self._journal = journal
        interrupted = journal.recover()
        self.jobs = {job.id: job for job in journal.live()}
        self.index, now = JobIndex(), self._now()
        for job in self.jobs.values():
            self.index.change(None, job, now)
        self._mark_copies(*self.jobs.values())
        self.sent = journal.sent_total()
        self.all_paused = bool(journal.noted(_ALL_PAUSED))
        self._parts.clear()
        self.verified.clear()
        return interrupted

    @property
    def removed_journal(self) -> Journal | None:
        """The open journal whose file somebody removed, if that is so: it alone holds the facts."""
        return self._journal if self._journal is not None and self._journal.is_gone else None

    @property
    def still_open(self) -> Journal | None:
        """The journal, if it was not closed."""
        return self._journal

    def close(self) -> None:
        """Give the journal back; closing twice does no harm."""
        if self._journal is not None:
            self._journal.close()
        self._journal = None

    @property
    def journal(self) -> Journal:
        """The open journal."""
        if self._journal is None:
            raise ValueError("the journal is not open")
        return self._journal

    def together(self) -> AbstractContextManager[None]:
        """See `Journal.together`; nothing is written once the journal is closed."""
        return nullcontext() if self._journal is None else self._journal.together()

    def add(self, job: Job, file: WatchedFile | None = None, sound: Path | None = None) -> None:
        """Keep a new job, that its `file` in the watched folder is known, and which `sound` may come beside it."""
        self.journal.add(job, file, sound)
        self._keep(job)

    def change(self, job: Job, **facts: Unpack[JobFacts]) -> Job:
        """The job with new facts."""
        return self._keep(self.journal.change(job, **facts))

    def set_all_paused(self, *, paused: bool) -> None:
        """Whether the rep wants nothing to be sent, also of what comes later; kept over restarts."""
        self.journal.note(_ALL_PAUSED, "yes" if paused else "")
        self.all_paused = paused

    def parts(self, job_id: str) -> tuple[Part, ...]:
        """The parts the store acknowledged."""
        if job_id not in self._parts:
            self._parts[job_id] = self.journal.parts(job_id)
        return self._parts[job_id]

    def set_parts(self, job: Job, parts: tuple[Part, ...], **facts: Unpack[JobFacts]) -> Job:
        """The job with exactly these parts."""
        changed = self.journal.replace_parts(job, parts, **facts)
        self._parts[job.id] = parts
        return self._keep(changed)

    def store_part(self, job: Job, part: Part, **facts: Unpack[JobFacts]) -> Job:
        """The job with one more acknowledged part."""
        held = [other for other in self.parts(job.id) if other.number != part.number]
        changed = self.journal.store_part(job, part, **facts)
        self._parts[job.id] = tuple(sorted([*held, part], key=lambda known: known.number))
        self.verified.setdefault(job.id, set()).add(part.number)
        return self._keep(changed)

    def drop(self, job: Job, *, relocated_to: str | None = None) -> None:
        """Forget the job for good; `relocated_to` is the call that goes on with its file."""
        self.journal.remove(job.id)
        self.leave(job)
        self._report(JobChanged(job, gone=True, relocated_to=relocated_to))

    def leave(self, job: Job) -> None:
        """The job is no longer live; the journal keeps it if it was sent."""
        self._owner.check()
        before = self.jobs.pop(job.id, None)
        if before is not None:
            self.index.change(before, None, self._now())
            self._report_all(self._mark_copies(before))
        self._parts.pop(job.id, None)
        self.verified.pop(job.id, None)

    def waiting(self) -> tuple[Job, ...]:
        """The jobs that have a moment to wait for."""
        return tuple(self.jobs[job_id] for job_id in self.index.waiting())

    def same_recording(self, job: Job, recording: Recording) -> Job | None:
        """A call that rests before its upload is whole and is of this very recording."""
        others = self._of_content(job, recording)
        return next((other for other in others if other.state in _RESTING and other.etag is None), None)

    def sent_before(self, job: Job, recording: Recording) -> datetime | None:
        """When another call with this very recording was last registered, None if none was."""
        live = [other.registered_at for other in self._of_content(job, recording) if other.registered_at is not None]
        sent = self.journal.sent_before(recording.crc64nvme, recording.size)
        return max((*live, *((sent[1],) if sent else ())), default=None)

    def earlier_call(self, job: Job, recording: Recording) -> str:
        """The id of another call of this very recording, "" where there is none.

        It is one that is on its way, else one that was sent, else one on the list.
        """
        others = [other for other in self._of_content(job, recording) if other.state is not State.CANCELLED]
        under_way = next((other for other in others if other.state is not State.DRAFT), None)
        if under_way is not None:
            return under_way.id
        sent = self.journal.sent_before(recording.crc64nvme, recording.size)
        if sent is not None:
            return sent[0]
        others.sort(key=lambda other: other.send_asked_at is None)
        return next((other.id for other in others), "")

    def _of_content(self, job: Job, recording: Recording) -> Iterator[Job]:
        """The other live jobs of this very recording that are meant for the same servers."""
        ids = self.index.same_content(content_of(recording))
        others = (self.jobs[job_id] for job_id in ids if job_id != job.id)
        return (other for other in others if other.destination == job.destination)

    def offer_again(self, job_id: str) -> None:
        """The job's run has ended: it waits again, where there is anything to be done for it."""
        job = self.jobs.get(job_id)
        if job is not None:
            self.index.offer(job, self._now())

    def _keep(self, job: Job) -> Job:
        """Believe and report what is written, and what follows from it for drafts of the same recording."""
        self._owner.check()
        before = self.jobs.get(job.id)
        self.index.change(before, job, self._now())
        copied = before.copy_of if before else None
        self.jobs[job.id] = job if job.copy_of == copied else replace(job, copy_of=copied)
        marked: set[str] = set()
        if before is None or _standing(before) != _standing(job):
            marked = self._mark_copies(before, job)
        job = self.jobs[job.id]
        self._report(JobChanged(job))
        self._report_all(marked - {job.id})
        if job.registered_at is not None and (before is None or before.registered_at is None):
            self._date_copies(job, job.registered_at)
        if job.is_finished:
            self.leave(job)
        return job

    def _mark_copies(self, *jobs: Job | None) -> set[str]:
        """Bring `copy_of` up to date for every draft with a recording of these jobs; the ids of those that changed."""
        marked = set()
        for content in {content for job in jobs if (content := content_of(job)) is not None}:
            same = [self.jobs[job_id] for job_id in self.index.same_content(content)]
            copied: dict[str, str] = {}
            for destination in {job.destination for job in same}:
                copied |= copied_calls([job for job in same if job.destination == destination])
            for job in same:
                if job.copy_of != copied.get(job.id):
                    self.jobs[job.id] = replace(job, copy_of=copied.get(job.id))
                    marked.add(job.id)
        return marked

    def _date_copies(self, sent: Job, registered_at: datetime) -> None:
        for job_id in self.index.same_content(content_of(sent)):
            copy = self.jobs[job_id]
            if copy.id != sent.id and copy.state is State.DRAFT and copy.destination == sent.destination:
                self.change(copy, duplicate_of=registered_at, **CLEARED)

    def _report_all(self, job_ids: Iterable[str]) -> None:
        for job_id in job_ids:
            self._report(JobChanged(self.jobs[job_id]))


def _standing(job: Job) -> tuple[object, ...]:
    """What decides whether another draft with the same recording is a copy of the job, or the job of another."""
    return content_of(job), job.destination, job.state, job.send_again, job.registered_at
