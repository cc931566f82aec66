"""Carries out what the front ends ask, one command for one job at a time. Engine thread."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder
from callup_desktop.engine import steps
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.destinations import Destinations
from callup_desktop.engine.edits import Edits
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import CommandRejected, Event, JobChanged, SentPage, Statuses
from callup_desktop.engine.job import CLEARED, Command, Job, State, Step, next_step, offers
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.pool_calls import PoolCalls, Result
from callup_desktop.engine.ports import Clock, Services
from callup_desktop.engine.scheduler import Scheduler
from callup_desktop.engine.send_rules import SendRules


class CommandHandler:
    """One method a command; one that the job does not offer is rejected or does nothing."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        destinations: Destinations,
        scheduler: Scheduler,
        breakers: CircuitBreakers,
        rules: SendRules,
        edits: Edits,
        services: Services,
        calls: PoolCalls,
        clock: Clock,
        report: Callable[[Event], None],
    ) -> None:
        self._live = live
        self._destinations = destinations
        self._scheduler = scheduler
        self._breakers = breakers
        self._rules = rules
        self._edits = edits
        self._services = services
        self._calls = calls
        self._clock = clock
        self._report = report

    def for_job(self, command: Callable[[Job], None], job_id: str) -> None:
        """Carry out the command for a live job; reject it for any other."""
        job = self._live.jobs.get(job_id)
        if job is not None:
            command(job)
            return
        sent = self._live.journal.find(job_id)
        self._report(CommandRejected(job_id, Rejection.UNKNOWN if sent is None else Rejection.REGISTERED))

    def add(self, named: tuple[tuple[str, Path], ...]) -> None:
        """Keep new drafts; a call that is there already, even a sent one, stays as it is."""
        for job_id, path in named:
            if job_id in self._live.jobs:
                continue
            sent = self._live.journal.find(job_id)
            if sent is not None:
                self._report(JobChanged(sent))
                continue
            here, now = self._destinations.here, self._clock.now()
            self._live.add(Job(id=job_id, state=State.DRAFT, path=path, added_at=now, destination=here))

    def describe(self, change: DetailsChange, job_id: str) -> None:
        """Edit the details of a draft, or of a call that was sent."""
        job = self._live.jobs.get(job_id) or self._live.journal.find(job_id)
        if job is None:
            self._report(CommandRejected(job_id, Rejection.UNKNOWN))
        elif job.state is State.DRAFT:
            self._live.change(job, details=_described(job.details, change))
        elif Command.DESCRIBE in offers(job):
            self._edits.ask(job, _described(job.details, change))
        else:
            self._report(CommandRejected(job_id, Rejection.NOT_FINISHED))

    def send(self, change: DetailsChange | None, job: Job, *, anyway: bool, again: bool) -> None:
        """Note what the rep wants of a draft, then send it as soon as that is possible."""
        if job.state is State.DRAFT:
            job = self._live.change(
                job,
                details=_described(job.details, change) if change else job.details,
                accepted=job.accepted or anyway,
                send_again=job.send_again or again,
            )
        self._rules.send(job)

    def pause(self, job: Job) -> None:
        """Pause what is queued or running."""
        if Command.PAUSE in offers(job):
            self._live.change(job, state=State.PAUSED, **CLEARED)
            self._scheduler.cut_short(job.id)

    def resume(self, job: Job) -> None:
        """Queue what is paused."""
        if Command.RESUME in offers(job):
            self._live.change(job, state=State.QUEUED, attempts=0, **CLEARED)

    def retry(self, job: Job) -> None:
        """Try now: a failed or paused job is queued, a waiting one is due, a refused file is read again."""
        self._breakers.half_open(lambda _trouble: True, self._clock.now())
        if Command.RETRY not in offers(job):
            return
        if job.state in {State.FAILED, State.PAUSED}:
            self._live.change(job, state=State.QUEUED, attempts=0, restarts=0, **CLEARED)
        else:
            self._live.change(job, attempts=0, **CLEARED)

    def cancel(self, job: Job) -> None:
        """Take the call back, unless it is registered; where the registry may have it already, ask there first."""
        if Command.CANCEL not in offers(job):
            self._report(CommandRejected(job.id, Rejection.REGISTERED))
        elif job.state is State.CANCELLED:
            self._breakers.half_open(lambda _trouble: True, self._clock.now())
            self._live.change(job, attempts=0, **CLEARED)
        elif job.intent is Step.REGISTER:
            self._live.change(job, cancel_asked_at=self._clock.now(), **CLEARED)
        else:
            cancelled = self._live.change(job, state=State.CANCELLED, attempts=0, **CLEARED)
            if job.state is State.DRAFT and next_step(cancelled, (), checked=True) is None:
                # Nothing of it is stored anywhere, so it leaves now, however soon the program ends.
                self._scheduler.abandon(job.id)
                self._live.drop(cancelled)
            else:
                self._scheduler.cut_short(job.id)

    def announce(self, job_id: str) -> None:
        """Queue a sent call for its message alone; one that already waits for that is tried now."""
        job = self._live.jobs.get(job_id)
        sent = None if job else self._live.journal.find(job_id)
        if job is not None and job.registered_at is not None:
            self.retry(job)
        elif sent is not None and not self._destinations.ours((job_id,)):
            self._report(CommandRejected(job_id, Rejection.OTHER_DESTINATION))
        elif sent is not None:
            self._live.sent -= 1
            self._live.change(sent, state=State.QUEUED, announced_at=None, message_id=None, attempts=0, **CLEARED)
        elif job is None:
            self._report(CommandRejected(job_id, Rejection.UNKNOWN))

    def forget(self, job_id: str) -> None:
        """Take a draft that was turned away, or a sent call, off the list."""
        job = self._live.jobs.get(job_id)
        sent = None if job else self._live.journal.find(job_id)
        if job is not None and Command.FORGET in offers(job):
            self._scheduler.abandon(job.id)
            self._live.sent -= job.state is State.DONE
            self._live.drop(job)
        elif sent is not None:
            self._live.sent -= 1
            self._live.drop(sent)
        else:
            self._report(CommandRejected(job_id, Rejection.UNKNOWN if job is None else Rejection.NOT_FINISHED))

    def relocate(self, path: Path, job: Job) -> None:
        """Judge the file at the new place; go on with it if it is the same recording."""
        moved = replace(job, path=path)
        work = partial(steps.probe_file, self._services, moved, CancelToken(), lambda _done, _size: None)
        self._calls.start(work, partial(self._on_relocated, job.id, path))

    def _on_relocated(self, job_id: str, path: Path, result: Result) -> None:
        job = self._live.jobs.get(job_id)
        if job is None:
            return
        probed = result.value
        if not isinstance(probed, steps.Probed) or not _is_same(job, probed):
            self._report(CommandRejected(job_id, Rejection.OTHER_FILE))
            return
        self.retry(self._live.change(job, path=path, identity=probed.identity))

    def use_sound(self, job: Job) -> None:
        """Go on with the sound beside the video; the probe judges it as any file."""
        sound = job.sound_beside
        if sound is not None:
            self._live.change(
                job,
                path=sound,
                identity=None,
                recording=None,
                checked_at=None,
                duplicate_of=None,
                accepted=False,
                send_again=False,
                attempts=0,
                **CLEARED,
            )

    def tell(self, job_id: str) -> None:
        """Report where the call stands, from the journal where it is no longer live."""
        job = self._live.jobs.get(job_id) or self._live.journal.find(job_id)
        self._report(JobChanged(job) if job else CommandRejected(job_id, Rejection.UNKNOWN))

    def page_sent(self, offset: int, limit: int, search: str, order: SentOrder) -> None:
        """Report one page of sent calls."""
        journal = self._live.journal
        jobs, total = journal.sent_page(offset, limit, search, order), journal.sent_total(search)
        self._report(SentPage(offset, search, jobs, total, order))

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """Ask the registry what became of calls; one that went elsewhere is none of its business."""
        if ours := self._destinations.ours(job_ids):
            self._calls.start(partial(self._services.registry.statuses, ours), partial(self._on_statuses, ours))

    def _on_statuses(self, asked: tuple[str, ...], result: Result) -> None:
        if isinstance(result.value, dict):
            self._report(Statuses(tuple((job_id, result.value.get(job_id, "")) for job_id in asked)))


def _described(old: Details, change: DetailsChange) -> Details:
    return Details(
        company_name=old.company_name if change.company_name is None else change.company_name,
        contact_email=old.contact_email if change.contact_email is None else change.contact_email,
        call_type=old.call_type if change.call_type is None else change.call_type,
    )


def _is_same(job: Job, probed: steps.Probed) -> bool:
    wanted, found = job.recording, probed.recording
    return wanted is not None and (wanted.crc64nvme, wanted.size) == (found.crc64nvme, found.size)
