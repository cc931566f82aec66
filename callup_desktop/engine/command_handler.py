"""Carries out what the front doors ask, one order for one job at a time. Engine thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from callup_desktop.calls.documents import object_key
from callup_desktop.calls.metadata import Details, problems_of
from callup_desktop.calls.metadata import completed as completed_details
from callup_desktop.engine import steps
from callup_desktop.engine.body import CancelToken
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.events import CommandRejected, Event, JobChanged, SentPage, Statuses
from callup_desktop.engine.job import CLEARED, Job, State, Step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.ports import Clock
from callup_desktop.engine.run import Result
from callup_desktop.engine.scheduler import Scheduler
from callup_desktop.engine.uplink import Uplink


@dataclass(frozen=True, slots=True)
class Rules:
    """What the profile says about every call, and how an upload is planned."""

    bucket: str
    call_types: tuple[str, ...]
    plan: Callable[[int, float | None], int]


class CommandHandler:
    """One method an order; an order that does not fit the job's state is refused or does nothing."""

    def __init__(
        self,
        *,
        live_jobs: LiveJobs,
        sending: Scheduler,
        blocks: CircuitBreakers,
        uplink: Uplink,
        services: steps.Services,
        rules: Rules,
        clock: Clock,
        report: Callable[[Event], None],
    ) -> None:
        """Everything it touches belongs to the engine thread."""
        self._live = live_jobs
        self._sending = sending
        self._blocks = blocks
        self._uplink = uplink
        self._services = services
        self._rules = rules
        self._clock = clock
        self._report = report

    def for_job(self, order: Callable[[Job], None], job_id: str) -> None:
        """Carry out the order for a live job; refuse it for any other."""
        job = self._live.jobs.get(job_id)
        if job is not None:
            order(job)
            return
        sent = self._live.journal.find(job_id)
        self._report(CommandRejected(job_id, "unknown" if sent is None else "registered"))

    def add(self, named: tuple[tuple[str, Path], ...]) -> None:
        """Keep new drafts; one that is there already stays as it is."""
        for job_id, path in named:
            if job_id not in self._live.jobs:
                self._live.add(Job(id=job_id, state=State.DRAFT, path=path, added_at=self._clock.now()))

    def describe(self, change: DetailsChange, job: Job) -> None:
        """Edit a draft's details."""
        if job.state is not State.DRAFT:
            self._report(CommandRejected(job.id, "sent"))
            return
        old = job.details
        details = Details(
            company_name=old.company_name if change.company_name is None else change.company_name,
            contact_email=old.contact_email if change.contact_email is None else change.contact_email,
            call_type=old.call_type if change.call_type is None else change.call_type,
        )
        self._live.change(job, details=details)

    def accept(self, job: Job) -> None:
        """The rep knows of the doubt, or of the duplicate, and wants it sent."""
        self._live.change(job, accepted=True)

    def submit(self, job: Job) -> None:
        """Fix where the call goes and queue it."""
        reason = self._not_ready(job)
        if reason is not None or job.recording is None:
            self._report(CommandRejected(job.id, reason or "checking"))
            return
        now = self._clock.now()
        self._live.change(
            job,
            state=State.QUEUED,
            details=completed_details(job.details, self._rules.call_types),
            submitted_at=now,
            bucket=self._rules.bucket,
            key=object_key(job.id, now, job.recording.format),
            part_size=self._rules.plan(job.recording.size, self._uplink.rate),
            **CLEARED,
        )

    def _not_ready(self, job: Job) -> str | None:
        if job.state is not State.DRAFT:
            return "sent"
        if job.recording is None:
            return "refused" if job.trouble else "checking"
        if not job.accepted and job.duplicate_of is not None:
            return "duplicate"
        if not job.accepted and job.recording.warnings:
            return "doubt"
        return "details" if problems_of(job.details, self._rules.call_types) else None

    def pause(self, job: Job) -> None:
        """Pause what is queued or running."""
        if job.state in {State.QUEUED, State.RUNNING}:
            self._live.change(job, state=State.PAUSED, **CLEARED)
            self._sending.cut_short(job.id)

    def resume(self, job: Job) -> None:
        """Queue what is paused."""
        if job.state is State.PAUSED:
            self._live.change(job, state=State.QUEUED, attempts=0, **CLEARED)

    def retry(self, job: Job) -> None:
        """Try now: a failed or paused job is queued, a waiting one is due, a refused file is judged again."""
        self._blocks.clear()
        if job.state in {State.FAILED, State.PAUSED}:
            self._live.change(job, state=State.QUEUED, attempts=0, restarts=0, **CLEARED)
        elif job.state is State.QUEUED or job.refused:
            self._live.change(job, attempts=0, **CLEARED)

    def cancel(self, job: Job) -> None:
        """Take the call back, unless it is registered; where the registry may have it already, ask there first.

        Asked again, a cleaning that waits is tried now.
        """
        if job.registered_at is not None:
            self._report(CommandRejected(job.id, "registered"))
        elif job.state is State.CANCELLED:
            self._blocks.clear()
            self._live.change(job, attempts=0, **CLEARED)
        elif job.intent is Step.REGISTER:
            self._live.change(job, cancel_asked_at=self._clock.now(), **CLEARED)
        else:
            self._live.change(job, state=State.CANCELLED, attempts=0, **CLEARED)
            self._sending.cut_short(job.id)

    def forget(self, job_id: str) -> None:
        """Take a refused draft or a sent call off the list."""
        job = self._live.jobs.get(job_id)
        sent = None if job else self._live.journal.find(job_id)
        if job is not None and job.refused:
            self._sending.abandon(job.id)
            self._live.drop(job)
        elif sent is not None:
            self._live.sent -= 1
            self._live.drop(sent)
        else:
            self._report(CommandRejected(job_id, "unknown" if job is None else "not_finished"))

    def relocate(self, path: Path, job: Job) -> None:
        """Judge the file at the new place; go on with it if it is the same recording."""
        moved = replace(job, path=path)
        work = partial(steps.probe_file, self._services, moved, CancelToken(), lambda _done, _size: None)
        self._sending.ask(work, partial(self._on_relocated, job.id, path))

    def _on_relocated(self, job_id: str, path: Path, result: Result) -> None:
        job = self._live.jobs.get(job_id)
        if job is None:
            return
        probed = result.value
        if not isinstance(probed, steps.Probed) or job.recording is None or not _same(job, probed):
            self._report(CommandRejected(job_id, "other_file"))
            return
        self.retry(self._live.change(job, path=path, identity=probed.identity))

    def tell(self, job_id: str) -> None:
        """Report where the call stands, from the journal where it is no longer live."""
        job = self._live.jobs.get(job_id) or self._live.journal.find(job_id)
        self._report(JobChanged(job) if job else CommandRejected(job_id, "unknown"))

    def page_sent(self, offset: int, limit: int, search: str) -> None:
        """Tell one page of sent calls."""
        journal = self._live.journal
        self._report(SentPage(offset, search, journal.sent_page(offset, limit, search), journal.sent_total(search)))

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """Ask the registry what became of calls."""
        self._sending.ask(partial(self._services.registry.statuses, job_ids), self._on_statuses)

    def _on_statuses(self, result: Result) -> None:
        if isinstance(result.value, dict):
            self._report(Statuses(tuple(result.value.items())))


def _same(job: Job, probed: steps.Probed) -> bool:
    wanted, found = job.recording, probed.recording
    return wanted is not None and (wanted.crc64nvme, wanted.size) == (found.crc64nvme, found.size)
