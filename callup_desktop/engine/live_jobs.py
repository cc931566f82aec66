"""The jobs in memory and in the journal, always alike: a fact is on disk before it is believed. Engine thread."""

from collections.abc import Callable
from datetime import datetime
from typing import Unpack

from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import Job, JobFacts, State
from callup_desktop.engine.job_index import JobIndex
from callup_desktop.engine.journal.journal import Journal
from callup_desktop.engine.parts import Part
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.recordings.recording import Recording

_RESTING = frozenset({State.QUEUED, State.PAUSED, State.FAILED})


class LiveJobs:
    """Every job that is not sent, with its parts; each change is journalled, kept and reported, in this order."""

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

    def open(self, journal: Journal) -> int:
        """Take up what the journal holds; how many calls were under way when it was last left."""
        self._owner.claim()
        self._journal = journal
        interrupted = journal.recover()
        self.jobs = {job.id: job for job in journal.live()}
        self.index, now = JobIndex(), self._now()
        for job in self.jobs.values():
            self.index.change(None, job, now)
        self.sent = journal.sent_total()
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

    def add(self, job: Job) -> None:
        """Keep a new job."""
        self.journal.add(job)
        self._keep(job)

    def change(self, job: Job, **facts: Unpack[JobFacts]) -> Job:
        """The job with new facts."""
        return self._keep(self.journal.change(job, **facts))

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
        self._parts.pop(job.id, None)
        self.verified.pop(job.id, None)

    def waiting(self) -> tuple[Job, ...]:
        """The jobs that have a moment to wait for."""
        return tuple(self.jobs[job_id] for job_id in self.index.waiting())

    def same_recording(self, job: Job, recording: Recording) -> Job | None:
        """A call that rests before its upload is whole and is of this very recording."""
        others = (self.jobs[job_id] for job_id in self.index.same_content(recording) if job_id != job.id)
        return next((other for other in others if _could_go_on_with(other, job)), None)

    def sent_before(self, job: Job, recording: Recording) -> datetime | None:
        """When this very recording was sent, or dropped, before."""
        others = (self.jobs[job_id] for job_id in self.index.same_content(recording) if job_id != job.id)
        other = next(others, None)
        if other is not None:
            return other.submitted_at or other.added_at
        return self.journal.sent_before(recording.crc64nvme, recording.size)

    def offer_again(self, job_id: str) -> None:
        """The job's run has ended: it waits again, where there is anything to be done for it."""
        job = self.jobs.get(job_id)
        if job is not None:
            self.index.offer(job, self._now())

    def _keep(self, job: Job) -> Job:
        """Believe and report what is on disk."""
        self._owner.check()
        self.index.change(self.jobs.get(job.id), job, self._now())
        self.jobs[job.id] = job
        self._report(JobChanged(job))
        return job


def _could_go_on_with(other: Job, job: Job) -> bool:
    """Whether a call rests before its upload is whole, and is meant for the same servers."""
    return other.state in _RESTING and other.etag is None and other.destination == job.destination
