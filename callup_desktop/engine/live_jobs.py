"""The jobs in memory and in the journal, always alike: a fact is on disk before it is believed. Engine thread."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Unpack

from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import Job, JobFacts, State
from callup_desktop.engine.journal.journal import Journal
from callup_desktop.engine.parts import Part
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.recordings.recording import Recording

_RESTING = frozenset({State.QUEUED, State.PAUSED, State.FAILED})


class LiveJobs:
    """Every job that is not sent, with its parts; each change is journalled, kept and reported, in this order."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        """`report` hears of each change."""
        self._report = report
        self._owner = ThreadOwner()
        self._journal: Journal | None = None
        self.jobs: dict[str, Job] = {}
        self.verified: dict[str, set[int]] = {}
        self._parts: dict[str, tuple[Part, ...]] = {}
        self.sent = 0

    def open(self, journal: Journal) -> int:
        """Take up what the journal holds; how many calls were under way when it was last left."""
        self._owner.claim()
        self._journal = journal
        interrupted = journal.recover()
        self.jobs = {job.id: job for job in journal.live()}
        self.sent = journal.sent_total()
        self._parts.clear()
        self.verified.clear()
        return interrupted

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
        self.jobs.pop(job.id, None)
        self._parts.pop(job.id, None)
        self.verified.pop(job.id, None)

    def waiting(self) -> Iterator[Job]:
        """The jobs that have a moment to wait for."""
        return (job for job in tuple(self.jobs.values()) if job.retry_at is not None)

    def same_recording(self, job: Job, recording: Recording) -> Job | None:
        """A call that rests before its upload is whole and is of this very recording."""
        content = recording.crc64nvme, recording.size
        resting = (other for other in self.jobs.values() if other.state in _RESTING and other.etag is None)
        return next(
            (
                other
                for other in resting
                if other.id != job.id
                and other.destination == job.destination
                and other.recording
                and (other.recording.crc64nvme, other.recording.size) == content
            ),
            None,
        )

    def sent_before(self, job: Job, crc64nvme: str, size: int) -> datetime | None:
        """When this very recording was sent, or dropped, before."""
        for other in self.jobs.values():
            recording = other.recording
            if other.id != job.id and recording and (recording.crc64nvme, recording.size) == (crc64nvme, size):
                return other.submitted_at or other.added_at
        return self.journal.sent_before(crc64nvme, size)

    def _keep(self, job: Job) -> Job:
        """Believe and report what is on disk."""
        self._owner.check()
        self.jobs[job.id] = job
        self._report(JobChanged(job))
        return job
