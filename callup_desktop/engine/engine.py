"""The engine: looks at the facts and starts each job's next step. One thread runs it and alone writes the journal.

Commands and the results of calls arrive in one mailbox; blocking calls run on the pool; copies of facts go out by
`report`. Nothing here blocks on the network, and nothing is believed before the journal has it.
"""

import queue
import threading
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from callup_desktop.calls.documents import object_key
from callup_desktop.calls.metadata import Details, IncompleteDetailsError, completed
from callup_desktop.engine import steps
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.body import PartBody, Token
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import AccountError, CallError, Cancelled, Code, JobError, TransientError
from callup_desktop.engine.events import (
    Checking,
    Event,
    JobChanged,
    JobProgress,
    Progress,
    Refused,
    SentPage,
    Snapshot,
    Status,
    Statuses,
    Stopped,
)
from callup_desktop.engine.job import Job, State, Step, Trouble, next_step
from callup_desktop.engine.journal import Journal, JournalError, open_journal
from callup_desktop.engine.lanes import Lanes
from callup_desktop.engine.meter import Meter
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import MIB, Part, Span, missing, plan_part_size
from callup_desktop.engine.ports import Clock, Log, Pool, StoredObject, Upload
from callup_desktop.engine.source import Source
from callup_desktop.recordings.recording import NotReadyError, RefusedError, Wait

_REPORT_EVERY = 0.2
_IDLE_TURN = 5.0
_SLEPT = 15.0
_PROBES_AT_ONCE = 2
_RESTARTS = 2
_DAMAGED_TRIES = 3
_STOP_WITHIN = 10.0
_JOURNAL_AGAIN = 5.0
_BACK_ONLINE_WITHIN = 2.0
_PAST_DETAILS = 200
_NETWORK_CODES = {Code.OFFLINE, Code.CONNECTION, Code.REGISTRY_UNREACHABLE, Code.QUEUE_UNREACHABLE}
_CLEARED = {"retry_at": None, "trouble": None}


class Scope(StrEnum):
    """How far an account's trouble reaches: storage stops everything, the others only their own step."""

    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


_SCOPES = {Step.REGISTER: Scope.REGISTRY, Step.FIND: Scope.REGISTRY, Step.ANNOUNCE: Scope.QUEUE}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the profile says about every call, and the limits. `bandwidth_limit` is bytes a second."""

    bucket: str
    call_types: tuple[str, ...]
    uploaded_by: str | None = None
    files_at_once: int = 3
    requests_at_once: int = 8
    bandwidth_limit: int | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    """What one call on the pool brought: a value, or the error that ended it."""

    value: Any
    error: BaseException | None
    seconds: float


@dataclass(slots=True, eq=False)
class _Run:
    """One stretch of work on a job, from start to the end of its last call. Never outlives the process."""

    job_id: str
    token: Token = field(default_factory=Token)
    calls: int = 0
    checked: bool = False
    source: Source | None = None
    step: Step | None = None
    bodies: dict[int, PartBody] = field(default_factory=dict)
    failure: tuple[Step, BaseException] | None = None
    meter: Meter = field(default_factory=Meter)
    abandoned: bool = False


class Engine:
    """Implements `Commands`; `run` is the loop, `turn` one round of it (for tests with their own clock and pool)."""

    def __init__(
        self,
        *,
        journal: Path,
        services: steps.Services,
        settings: Settings,
        pool: Pool,
        clock: Clock,
        report: Callable[[Event], None],
        log: Log,
        backoff: Backoff | None = None,
        plan: Callable[[int, float | None], int] = plan_part_size,
        sending: bool = True,
    ) -> None:
        """Build it; nothing is opened before `run`. With `sending` off it edits and cleans up but uploads nothing."""
        self._journal_path = journal
        self._services = services
        self._settings = settings
        self._pool = pool
        self._clock = clock
        self._report = report
        self._log = log
        self._backoff = backoff or Backoff()
        self._plan = plan
        self._held = not sending
        self._mailbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._journal: Journal | None = None
        self._jobs: dict[str, Job] = {}
        self._runs: dict[str, _Run] = {}
        self._parts: dict[str, tuple[Part, ...]] = {}
        self._verified: dict[str, set[int]] = {}
        self._damaged: Counter[tuple[str, int]] = Counter()
        self._blocks: dict[Scope, tuple[Trouble, datetime]] = {}
        self._pace = Pace(settings.bandwidth_limit)
        self._lanes = Lanes(settings.requests_at_once)
        self._files_at_once = settings.files_at_once
        self._turn_of: str = ""
        self._uplink: float | None = None
        self._burst: tuple[float, int] | None = None
        self._online = True
        self._online_since = clock.now()
        self._status: Status | None = None
        self._reported_at = 0.0
        self._undone: list[Callable[[], None]] = []
        self._stop_asked = threading.Event()
        self._stopping_since: float | None = None
        self._ended = False
        self._sent = 0
        self._last_turn: tuple[float, float, datetime] | None = None

    # --- commands: any thread -------------------------------------------------------------------------------------

    def add(self, paths: tuple[Path, ...], *, ids: tuple[str, ...] = ()) -> None:
        """See Commands."""
        names = ids or tuple(str(uuid.uuid4()) for _ in paths)
        self._mailbox.put(partial(self._on_add, tuple(zip(names, paths, strict=True))))

    def describe(self, job_ids: tuple[str, ...], change: DetailsChange) -> None:
        """See Commands."""
        self._post(self._on_describe, job_ids, change)

    def accept(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_accept, job_ids)

    def submit(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_submit, job_ids)

    def pause(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_pause, job_ids)

    def resume(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_resume, job_ids)

    def retry(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_retry, job_ids)

    def cancel(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_cancel, job_ids)

    def forget(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._on_forget, job_ids)

    def relocate(self, job_id: str, path: Path) -> None:
        """See Commands."""
        self._post(self._on_relocate, (job_id,), path)

    def check_again(self) -> None:
        """See Commands."""
        self._mailbox.put(self._on_check_again)

    def set_online(self, *, online: bool) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._on_hint, online=online))

    def set_limit(self, bytes_a_second: int | None) -> None:
        """See Commands."""
        self._pace.set_limit(bytes_a_second)

    def set_files_at_once(self, files: int) -> None:
        """See Commands."""
        self._mailbox.put(partial(setattr, self, "_files_at_once", files))

    def hold(self, *, held: bool) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._on_hold, held=held))

    def page_sent(self, offset: int, limit: int, search: str = "") -> None:
        """See Commands."""
        self._mailbox.put(partial(self._on_page_sent, offset, limit, search))

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._on_ask_statuses, job_ids))

    def stop(self) -> None:
        """See Commands."""
        self._stop_asked.set()
        self._mailbox.put(self._on_stop)

    def _post(self, handle: Callable[..., None], job_ids: tuple[str, ...], *arguments: object) -> None:
        for job_id in job_ids:
            self._mailbox.put(partial(self._for_job, handle, job_id, *arguments))

    # --- the loop: engine thread ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until stopped. A journal that fails is opened again; only a newer or foreign one ends the engine."""
        trouble: Trouble | None = None
        while not self._ended:
            try:
                self.open()
                self._loop()
            except JournalError as exc:
                trouble = self._lose_journal(exc)
                if exc.code == "newer" or self._stop_asked.wait(_JOURNAL_AGAIN):
                    break
            else:
                trouble = None
        self._report(Stopped(trouble))

    def open(self) -> None:
        """Open the journal, take up what the last process left, and report the Snapshot; raises JournalError."""
        journal = open_journal(self._journal_path, self._clock.now())
        journal.recover()
        self._journal = journal
        self._jobs = {job.id: job for job in journal.live()}
        self._sent = journal.sent_total()
        noted = journal.noted("uplink")
        self._uplink = float(noted) if noted else None
        if journal.rebuilt is not None:
            self._log.warning("journal rebuilt", jobs=journal.rebuilt)
        self._report(Snapshot(tuple(self._jobs.values()), journal.past_details(_PAST_DETAILS)))
        self._report_status()

    def _loop(self) -> None:
        while True:
            wait = self.turn()
            if self._ended:
                return
            try:
                item = self._mailbox.get(timeout=wait)
            except queue.Empty:
                continue
            self._handle(item)

    def _handle(self, item: Callable[[], None]) -> None:
        """Do what the mail asks; what the journal could not take is done again once it is back."""
        try:
            item()
        except JournalError:
            self._undone.append(item)
            raise

    def turn(self) -> float:
        """Handle all mail, start all that is due, report; seconds until something is due by itself."""
        self._see_gap()
        while self._undone:
            self._handle(self._undone.pop(0))
        while not self._mailbox.empty():
            self._handle(self._mailbox.get_nowait())
        if self._stopping_since is not None:
            self._finish_stop()
        else:
            self._start_due()
        self._report_progress()
        self._report_status()
        wait = self._until_due()
        self._last_turn = (self._clock.monotonic(), wait, self._clock.now())
        return wait

    def _see_gap(self) -> None:
        """A wall clock that ran on without us means that the computer slept: connections are dead, waits are over."""
        if self._last_turn is None:
            return
        _monotonic, wait, wall = self._last_turn
        if (self._clock.now() - wall).total_seconds() > wait + _SLEPT:
            self._log.info("woke up")
            self._go_on_now()

    def _finish_stop(self) -> None:
        overdue = self._clock.monotonic() - (self._stopping_since or 0.0) > _STOP_WITHIN
        if self._runs and not overdue:
            return
        if self._uplink is not None:
            self._book.note("uplink", str(self._uplink))
        self._book.close()
        self._journal = None
        self._ended = True

    def _lose_journal(self, exc: JournalError) -> Trouble:
        """Drop everything that is only in memory: the remote side and the journal's last facts tell the rest."""
        self._log.error("journal failed", code=exc.code, detail=exc.detail)
        for run in list(self._runs.values()):
            self._abandon(run.job_id)
            self._end(run)
        self._parts.clear()
        self._verified.clear()
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        trouble = Trouble(f"journal_{exc.code}", self._clock.now(), exc.detail)
        self._report_status(blocked=trouble)
        return trouble

    @property
    def _book(self) -> Journal:
        if self._journal is None:
            raise JournalError("busy", "the journal is not open")
        return self._journal

    # --- commands: engine thread ----------------------------------------------------------------------------------

    def _for_job(self, handle: Callable[..., None], job_id: str, *arguments: object) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            handle(job, *arguments)
            return
        sent = self._book.find(job_id)
        if sent is not None and handle == self._on_forget:
            self._on_forget(sent)
        else:
            self._report(Refused(job_id, "unknown" if sent is None else "registered"))

    def _on_add(self, named: tuple[tuple[str, Path], ...]) -> None:
        for job_id, path in named:
            if job_id in self._jobs:
                continue
            job = Job(id=job_id, state=State.DRAFT, path=path, added_at=self._clock.now())
            self._book.add(job)
            self._keep(job)

    def _on_describe(self, job: Job, change: DetailsChange) -> None:
        if job.state is not State.DRAFT:
            self._report(Refused(job.id, "sent"))
            return
        details = Details(
            *(
                old if new is None else new
                for old, new in zip(
                    (job.details.company_name, job.details.contact_email, job.details.call_type),
                    (change.company_name, change.contact_email, change.call_type),
                    strict=True,
                )
            )
        )
        self._change(job, details=details)

    def _on_accept(self, job: Job) -> None:
        self._change(job, accepted=True)

    def _on_submit(self, job: Job) -> None:
        reason = self._not_ready(job)
        if reason is not None:
            self._report(Refused(job.id, reason))
            return
        if job.recording is None:
            raise ValueError("a ready job has a recording")
        now = self._clock.now()
        self._change(
            job,
            state=State.QUEUED,
            details=completed(job.details, self._settings.call_types),
            submitted_at=now,
            bucket=self._settings.bucket,
            key=object_key(job.id, now, job.recording.format),
            part_size=self._plan(job.recording.size, self._uplink),
            **_CLEARED,
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
        try:
            completed(job.details, self._settings.call_types)
        except IncompleteDetailsError:
            return "details"
        return None

    def _on_pause(self, job: Job) -> None:
        if job.state not in {State.QUEUED, State.RUNNING}:
            return
        self._change(job, state=State.PAUSED, **_CLEARED)
        self._cut_short(job.id)

    def _on_resume(self, job: Job) -> None:
        if job.state is State.PAUSED:
            self._change(job, state=State.QUEUED, attempts=0, **_CLEARED)

    def _on_retry(self, job: Job) -> None:
        if job.state in {State.FAILED, State.PAUSED}:
            self._change(job, state=State.QUEUED, attempts=0, restarts=0, **_CLEARED)
        elif job.state is State.QUEUED or job.refused:
            self._change(job, attempts=0, **_CLEARED)
        self._blocks.clear()

    def _on_cancel(self, job: Job) -> None:
        if job.registered_at is not None:
            self._report(Refused(job.id, "registered"))
        elif job.intent is Step.REGISTER and job.state is not State.CANCELLED:
            # The registry may have it already: ask before anything is taken back.
            self._change(job, cancel_asked_at=self._clock.now(), **_CLEARED)
        elif job.state is not State.CANCELLED:
            self._cancel_now(job)

    def _cancel_now(self, job: Job) -> None:
        self._change(job, state=State.CANCELLED, attempts=0, **_CLEARED)
        self._cut_short(job.id)

    def _on_forget(self, job: Job) -> None:
        if job.refused:
            self._abandon(job.id)
            self._drop(job)
        elif job.state is State.DONE:
            self._sent -= 1
            self._drop(job)
        else:
            self._report(Refused(job.id, "not_finished"))

    def _on_relocate(self, job: Job, path: Path) -> None:
        moved = replace(job, path=path)
        run = _Run(job.id)
        work = partial(steps.probe_file, self._services, moved, run.token, lambda _done, _size: None)
        self._pool.run(partial(self._attempt, work, partial(self._on_relocated, job.id, path)))

    def _on_relocated(self, job_id: str, path: Path, result: _Result) -> None:
        job, probed = self._jobs.get(job_id), result.value
        if job is None:
            return
        if job.recording is None or not isinstance(probed, steps.Probed):
            self._report(Refused(job_id, "other_file"))
            return
        found, wanted = probed.recording, job.recording
        if (found.crc64nvme, found.size) != (wanted.crc64nvme, wanted.size):
            self._report(Refused(job_id, "other_file"))
            return
        job = self._change(job, path=path, identity=probed.identity)
        self._on_retry(job)

    def _on_check_again(self) -> None:
        self._blocks.clear()
        self._make_due(self._waiting(), within=0.0)

    def _on_hint(self, *, online: bool) -> None:
        if online:
            self._go_on_now()
        else:
            self._see_online(online=False)

    def _on_hold(self, *, held: bool) -> None:
        self._held = held
        if held:
            for job_id in [run.job_id for run in self._runs.values() if self._jobs[run.job_id].state is State.RUNNING]:
                self._cut_short(job_id)

    def _on_page_sent(self, offset: int, limit: int, search: str) -> None:
        jobs = self._book.sent_page(offset, limit, search)
        self._report(SentPage(offset, search, jobs, self._book.sent_total(search)))

    def _on_ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        self._pool.run(
            partial(self._attempt, partial(self._services.registry.statuses, job_ids), self._on_statuses_answered)
        )

    def _on_statuses_answered(self, result: _Result) -> None:
        if isinstance(result.value, dict):
            self._report(Statuses(tuple(result.value.items())))

    def _on_stop(self) -> None:
        self._stopping_since = self._clock.monotonic()
        for run in list(self._runs.values()):
            self._cut_short(run.job_id)

    # --- starting what is due -------------------------------------------------------------------------------------

    def _start_due(self) -> None:
        now = self._clock.now()
        self._blocks = {scope: block for scope, block in self._blocks.items() if block[1] > now}
        for job in list(self._jobs.values()):
            if job.id in self._runs or not _due(job, now):
                continue
            if job.state is State.DRAFT:
                self._start_probe(job)
            elif job.state is State.CANCELLED:
                self._start_cleaning(job)
            elif job.cancel_asked_at is not None:
                self._start_settling(job)
            elif job.state is State.QUEUED:
                self._start_sending(job)
        self._feed_lanes()

    def _start_probe(self, job: Job) -> None:
        probing = sum(self._jobs[run.job_id].state is State.DRAFT for run in self._runs.values())
        if job.recording is not None or probing >= _PROBES_AT_ONCE:
            return
        if job.trouble is not None and job.retry_at is None:
            return
        run = self._runs[job.id] = _Run(job.id)
        self._call(run, Step.CHECK, partial(steps.probe_file, self._services, job, run.token, self._checking(job.id)))

    def _checking(self, job_id: str) -> Callable[[int, int], None]:
        last = 0.0

        def progress(done: int, size: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _REPORT_EVERY:
                last = now
                self._report(Checking(job_id, done, size))

        return progress

    def _start_cleaning(self, job: Job) -> None:
        if next_step(job, (), checked=True) is None:
            self._drop(job)
        elif Scope.STORAGE not in self._blocks:
            self._advance(self._runs.setdefault(job.id, _Run(job.id)))

    def _start_settling(self, job: Job) -> None:
        if Scope.REGISTRY not in self._blocks:
            run = self._runs[job.id] = _Run(job.id)
            self._call(run, Step.FIND, partial(self._services.registry.find, job.id))

    def _start_sending(self, job: Job) -> None:
        running = sum(other.state is State.RUNNING for other in self._jobs.values())
        if self._held or running >= self._files_at_once or self._blocked(job):
            return
        job = self._change(job, state=State.RUNNING, **_CLEARED)
        self._parts[job.id] = self._book.parts(job.id)
        self._advance(self._runs.setdefault(job.id, _Run(job.id)))

    def _blocked(self, job: Job) -> bool:
        if Scope.STORAGE in self._blocks:
            return True
        if job.etag is None:
            return False
        return (Scope.REGISTRY if job.registered_at is None else Scope.QUEUE) in self._blocks

    # --- the next step of one job ---------------------------------------------------------------------------------

    def _advance(self, run: _Run) -> None:
        """Start the job's next step; a run with calls under way, or with nothing left, starts none."""
        job = self._jobs[run.job_id]
        step = next_step(job, self._parts.get(job.id, ()), checked=run.checked)
        if step is None:
            self._end(run)
            self._conclude(job)
            return
        if _SCOPES.get(step) in self._blocks:
            self._end(run)
            self._settle(run)
            return
        if step is Step.UPLOAD:
            run.step = step
            self._feed_lanes()
            return
        if step in {Step.CREATE, Step.PUT, Step.COMPLETE, Step.REGISTER}:
            job = self._change(job, intent=step)
        if step is Step.PUT:
            run.bodies[1] = self._nothing_yet(run)
        self._call(run, step, self._work(run, step, job))

    def _work(self, run: _Run, step: Step, job: Job) -> Callable[[], object]:
        store, parts = self._services.store, self._parts.get(job.id, ())
        match step:
            case Step.CHECK:
                verified = frozenset(self._verified.get(job.id, ()))
                return partial(steps.compare, self._services, job, parts, verified, run.token)
            case Step.CREATE:
                return partial(steps.create, store, job)
            case Step.PUT:
                return partial(steps.put, store, job, _open(run), run.token, self._wrapper(run, 1))
            case Step.COMPLETE:
                return partial(steps.complete, store, job, parts)
            case Step.REGISTER:
                document = steps.document_of(job, self._settings.uploaded_by)
                return partial(self._services.registry.register, document)
            case Step.FIND:
                return partial(self._services.registry.find, job.id)
            case Step.ANNOUNCE:
                return partial(self._services.announcer.announce, steps.task_of(job))
            case Step.ABORT:
                return partial(steps.abort, store, job)
            case Step.ROLLBACK:
                return partial(steps.rollback, store, job)
            case Step.UPLOAD:
                raise ValueError("parts are fed to the lanes one by one")

    def _nothing_yet(self, run: _Run) -> PartBody:
        """Holds the place of a body whose bytes are not read yet."""
        return PartBody(memoryview(b""), run.token, self._pace)

    def _wrapper(self, run: _Run, number: int) -> Callable[[memoryview], PartBody]:
        def wrap(data: memoryview) -> PartBody:
            body = PartBody(data, run.token, self._pace)
            run.bodies[number] = body
            return body

        return wrap

    def _feed_lanes(self) -> None:
        """Give free lanes to running uploads in turn, so that none waits for another's last part."""
        if self._stopping_since is not None:
            return
        busy = sum(len(run.bodies) for run in self._runs.values())
        while (found := self._next_span()) is not None:
            run, span = found
            job = self._jobs[run.job_id]
            if busy >= self._lanes.allowed(job.part_size):
                return
            busy += 1
            self._turn_of = run.job_id
            self._send(run, job, span)

    def _send(self, run: _Run, job: Job, span: Span) -> None:
        run.bodies[span.number] = self._nothing_yet(run)
        if self._burst is None:
            self._burst = (self._clock.monotonic(), 0)
        wrap = self._wrapper(run, span.number)
        work = partial(steps.send_part, self._services.store, job, _open(run), span, run.token, wrap)
        self._call(run, Step.UPLOAD, work, span)

    def _next_span(self) -> tuple[_Run, Span] | None:
        uploading = [run for run in self._runs.values() if run.step is Step.UPLOAD and run.failure is None]
        ids = [run.job_id for run in uploading]
        start = ids.index(self._turn_of) + 1 if self._turn_of in ids else 0
        for run in uploading[start:] + uploading[:start]:
            job = self._jobs[run.job_id]
            if job.state is not State.RUNNING or run.token.cancelled:
                continue
            for span in missing(job.size, job.part_size, self._parts[job.id]):
                if span.number not in run.bodies:
                    return run, span
        return None

    # --- calls on the pool and their results ----------------------------------------------------------------------

    def _call(self, run: _Run, step: Step, work: Callable[[], object], span: Span | None = None) -> None:
        run.calls += 1
        run.step = step
        self._pool.run(partial(self._attempt, work, partial(self._on_result, run, step, span)))

    def _attempt(self, work: Callable[[], object], deliver: Callable[[_Result], None]) -> None:
        """Pool thread: do one call and post what it brought."""
        started = self._clock.monotonic()
        value: object = None
        error: BaseException | None = None
        try:
            value = work()
        except Exception as exc:  # noqa: BLE001 - a bug in one call fails its job on the engine thread, not the pool
            error = exc
        result = _Result(value, error, self._clock.monotonic() - started)
        self._mailbox.put(partial(deliver, result))

    def _on_result(self, run: _Run, step: Step, span: Span | None, result: _Result) -> None:
        if isinstance(result.value, steps.Compared) and (run.abandoned or run.source is not None):
            result.value.source.close()
        if run.abandoned:
            return
        run.calls -= 1
        if span is not None:
            run.bodies.pop(span.number, None)
        elif step is Step.PUT:
            run.bodies.clear()
        job = self._jobs[run.job_id]
        self._tell(job, step, span, result)
        if result.error is None:
            self._learn(run, job, step, result.value, result.seconds)
        else:
            self._note_failure(run, step, span, result.error)
        self._measure()
        self._go_on(run)

    def _go_on(self, run: _Run) -> None:
        """After a result: the next step, the next part, or the end of the run."""
        if self._runs.get(run.job_id) is not run:
            return
        job = self._jobs[run.job_id]
        active = job.state is State.CANCELLED if _cleans(run.step) else job.state is State.RUNNING
        if run.failure is None and active and not run.token.cancelled and self._stopping_since is None:
            if run.calls == 0:
                self._advance(run)
            else:
                self._feed_lanes()
        elif run.calls == 0:
            self._end(run)
            self._settle(run)

    def _tell(self, job: Job, step: Step, span: Span | None, result: _Result) -> None:
        facts: dict[str, object] = {"call_id": job.id, "step": step.value, "seconds": round(result.seconds, 4)}
        if span is not None:
            facts["part"] = span.number
        error = result.error
        if error is None:
            self._log.info("step done", **facts)
        elif isinstance(error, Cancelled):
            self._log.info("step ended early", **facts)
        else:
            known = isinstance(error, CallError | RefusedError | NotReadyError)
            facts |= {
                "error_type": type(error).__name__,
                "code": str(getattr(error, "code", Code.BUG)),
                "detail": getattr(error, "detail", ""),
                "traceback": "".join(traceback.format_exception(error)),
            }
            (self._log.warning if known else self._log.error)("step failed", **facts)

    def _learn(self, run: _Run, job: Job, step: Step, value: Any, seconds: float) -> None:
        """Write down what a call that succeeded has proved, whatever the job's state is by now."""
        if step not in {Step.CHECK, Step.FIND}:
            self._see_online(online=True)
        match step, value:
            case Step.CHECK, steps.Probed():
                self._learn_probed(job, value)
            case Step.CHECK, steps.Compared():
                self._learn_compared(run, job, value)
            case Step.CREATE, Upload():
                if value.abort_date is None:
                    self._warn_no_lifecycle()
                self._change(job, upload_id=value.upload_id, intent=None, attempts=0, **_CLEARED)
            case Step.UPLOAD, Part():
                self._learn_part(job, value)
            case ((Step.PUT | Step.COMPLETE), StoredObject()):
                if step is Step.PUT and job.size >= MIB:
                    self._see_uplink(job.size / max(seconds, 0.001))
                self._learn_stored(job, value)
            case Step.REGISTER, _:
                self._learn_registered(job)
            case Step.FIND, bool():
                self._learn_found(job, found=value)
            case Step.ANNOUNCE, str():
                now = self._clock.now()
                self._change(job, announced_at=now, message_id=value, attempts=0, **_CLEARED)
            case Step.ABORT, _:
                intent = None if job.intent is Step.CREATE else job.intent
                self._set_parts(job, (), upload_id=None, intent=intent, attempts=0, **_CLEARED)
            case Step.ROLLBACK, _:
                self._change(job, etag=None, uploaded_at=None, intent=None, attempts=0, **_CLEARED)

    def _learn_probed(self, job: Job, probed: steps.Probed) -> None:
        recording = probed.recording
        self._change(
            job,
            recording=recording,
            identity=probed.identity,
            checked_at=self._clock.now(),
            duplicate_of=self._sent_before(job, recording.crc64nvme, recording.size),
            attempts=0,
            **_CLEARED,
        )

    def _sent_before(self, job: Job, crc64nvme: str, size: int) -> datetime | None:
        for other in self._jobs.values():
            recording = other.recording
            if other.id != job.id and recording and (recording.crc64nvme, recording.size) == (crc64nvme, size):
                return other.submitted_at or other.added_at
        return self._book.sent_before(crc64nvme, size)

    def _learn_compared(self, run: _Run, job: Job, here: steps.Compared) -> None:
        run.source, run.checked = here.source, True
        if here.changed:
            self._learn_changed(run, job, here)
            return
        facts: dict[str, Any] = {"identity": here.identity, "upload_id": here.upload_id, "intent": None}
        if here.expired:
            self._log.info("upload expired", call_id=job.id)
        self._verified[job.id] = {part.number for part in here.parts}
        job = self._set_parts(job, here.parts, **facts)
        if here.found is not None:
            self._learn_stored(job, here.found)

    def _learn_changed(self, run: _Run, job: Job, here: steps.Compared) -> None:
        facts = {"name": job.path.name}
        self._verified.pop(job.id, None)
        job = self._set_parts(
            job,
            (),
            identity=here.identity,
            recording=here.recording,
            part_size=self._plan(here.recording.size, self._uplink),
            upload_id=None,
            intent=None,
            restarts=job.restarts + 1,
            trouble=Trouble(Code.FILE_CHANGED, self._clock.now(), facts=facts),
        )
        if job.restarts > _RESTARTS:
            run.failure = (Step.CHECK, JobError(Code.KEEPS_CHANGING, facts=facts))

    def _learn_part(self, job: Job, part: Part) -> None:
        self._lanes.acknowledged(self._clock.monotonic(), part.size)
        if self._burst is not None:
            self._burst = (self._burst[0], self._burst[1] + part.size)
        self._verified.setdefault(job.id, set()).add(part.number)
        self._damaged.pop((job.id, part.number), None)
        job = self._keep(self._book.store_part(job, part, attempts=0, **_CLEARED))
        held = [other for other in self._parts.get(job.id, ()) if other.number != part.number]
        self._parts[job.id] = tuple(sorted([*held, part], key=lambda known: known.number))

    def _learn_stored(self, job: Job, stored: StoredObject) -> None:
        self._change(
            job,
            etag=stored.etag,
            checksum=stored.checksum,
            uploaded_at=_whole_milliseconds(self._clock.now()),
            upload_id=None,
            intent=None,
            stored=job.size,
            attempts=0,
            **_CLEARED,
        )

    def _learn_registered(self, job: Job) -> None:
        if job.cancel_asked_at is not None:
            self._report(Refused(job.id, "registered"))
        now = self._clock.now()
        self._change(job, registered_at=now, intent=None, cancel_asked_at=None, attempts=0, **_CLEARED)

    def _learn_found(self, job: Job, *, found: bool) -> None:
        if found:
            self._learn_registered(job)
            job = self._jobs[job.id]
            if job.state in {State.PAUSED, State.FAILED}:
                self._change(job, state=State.QUEUED)
        else:
            self._cancel_now(job)

    def _warn_no_lifecycle(self) -> None:
        """FACTS.md: the answer names an AbortDate where a lifecycle rule ends forgotten uploads."""
        if self._book.noted("no_lifecycle") is None:
            self._book.note("no_lifecycle", self._clock.now().isoformat())
            self._log.warning("bucket has no rule that aborts incomplete uploads; run `callup provision`")

    # --- failures -------------------------------------------------------------------------------------------------

    def _note_failure(self, run: _Run, step: Step, span: Span | None, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if isinstance(error, CallError):
            error = self._hardened(run, span, error)
            if error.code is Code.STORAGE_BUSY:
                self._lanes.slowed_down()
            if error.code in _NETWORK_CODES:
                self._see_online(online=False)
        if run.failure is None or isinstance(run.failure[1], TransientError):
            run.failure = (step, error)
        if not isinstance(error, TransientError):
            run.token.cancel()

    def _hardened(self, run: _Run, span: Span | None, error: CallError) -> CallError:
        """A part that arrives damaged again and again is the disk's or the file's fault."""
        if error.code is not Code.PART_DAMAGED or span is None:
            return error
        self._damaged[run.job_id, span.number] += 1
        if self._damaged[run.job_id, span.number] < _DAMAGED_TRIES:
            return error
        return JobError(Code.PART_UNREADABLE, error.detail)

    def _settle(self, run: _Run) -> None:
        """The run is over before the job was: put the job where its failure says."""
        job = self._jobs.get(run.job_id)
        if job is None:
            return
        if run.failure is None:
            if job.state is State.RUNNING:
                self._change(job, state=State.QUEUED)
            return
        step, error = run.failure
        match error:
            case TransientError():
                self._wait(job, error)
            case AccountError():
                self._block(job, step, error)
            case JobError() if error.code is Code.MISMATCH and job.restarts < _RESTARTS:
                self._begin_anew(job)
            case RefusedError():
                self._turn_away(job, error)
            case NotReadyError():
                self._wait_for_file(job, error)
            case _:
                self._fail(job, step, error)

    def _wait(self, job: Job, error: TransientError) -> None:
        if job.state is State.PAUSED:
            return
        seconds = self._backoff.wait(error.code, job.attempts, error.retry_after)
        now = self._clock.now()
        self._change(
            job,
            state=State.QUEUED if job.state is State.RUNNING else job.state,
            attempts=job.attempts + 1,
            retry_at=now + timedelta(seconds=seconds),
            trouble=Trouble(error.code, now, error.detail, dict(error.facts)),
        )

    def _block(self, job: Job, step: Step, error: AccountError) -> None:
        now = self._clock.now()
        trouble = Trouble(error.code, now, error.detail, dict(error.facts))
        again = now + timedelta(seconds=self._backoff.account_probe)
        self._blocks[_SCOPES.get(step, Scope.STORAGE)] = (trouble, again)
        intent = None if step is Step.REGISTER else job.intent
        self._change(
            job,
            state=State.QUEUED if job.state is State.RUNNING else job.state,
            intent=intent,
            retry_at=again if job.state is State.CANCELLED else None,
            trouble=trouble,
        )

    def _begin_anew(self, job: Job) -> None:
        """What the store holds is not the file: clear it there first, then send again from the first byte."""
        now = self._clock.now()
        self._verified.pop(job.id, None)
        self._set_parts(
            job,
            (),
            state=State.QUEUED if job.state is State.RUNNING else job.state,
            intent=Step.ROLLBACK,
            identity=None,
            restarts=job.restarts + 1,
            trouble=Trouble(Code.MISMATCH, now),
        )

    def _turn_away(self, job: Job, error: RefusedError) -> None:
        self._change(job, retry_at=None, trouble=Trouble(error.code, self._clock.now(), facts=dict(error.facts)))

    def _wait_for_file(self, job: Job, error: NotReadyError) -> None:
        now = self._clock.now()
        code = Code.DRIVE_GONE if error.code is Wait.DRIVE_GONE else Code.FILE_LOCKED
        seconds = max(1.0, self._backoff.wait(code, job.attempts, None))
        self._change(
            job,
            attempts=job.attempts + 1,
            retry_at=now + timedelta(seconds=seconds),
            trouble=Trouble(error.code, now, facts=dict(error.facts)),
        )

    def _fail(self, job: Job, step: Step, error: BaseException) -> None:
        now = self._clock.now()
        trouble = Trouble(Code.BUG, now, repr(error))
        if isinstance(error, CallError):
            trouble = Trouble(error.code, now, error.detail, dict(error.facts))
        definite = step is Step.REGISTER and isinstance(error, CallError)
        facts: dict[str, Any] = {"trouble": trouble, "intent": None if definite else job.intent}
        if job.state is State.RUNNING:
            facts["state"] = State.FAILED
        elif job.state is State.CANCELLED:
            facts["retry_at"] = now + timedelta(seconds=self._backoff.account_probe)
        job = self._change(job, **facts)
        if definite and job.cancel_asked_at is not None:
            self._cancel_now(job)

    # --- small verbs ----------------------------------------------------------------------------------------------

    def _change(self, job: Job, **facts: Any) -> Job:
        return self._keep(self._book.change(job, **facts))

    def _set_parts(self, job: Job, parts: tuple[Part, ...], **facts: Any) -> Job:
        self._parts[job.id] = parts
        return self._keep(self._book.replace_parts(job, parts, **facts))

    def _keep(self, job: Job) -> Job:
        self._jobs[job.id] = job
        self._report(JobChanged(job))
        return job

    def _drop(self, job: Job) -> None:
        self._book.remove(job.id)
        self._leave(job)
        self._report(JobChanged(job, gone=True))

    def _leave(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        self._parts.pop(job.id, None)
        self._verified.pop(job.id, None)

    def _conclude(self, job: Job) -> None:
        """Nothing is left to do for the job."""
        if job.state is State.CANCELLED:
            self._log.info("cancelled call cleaned up", call_id=job.id)
            self._drop(job)
            return
        self._change(job, state=State.DONE, **_CLEARED)
        self._log.info("call sent", call_id=job.id)
        self._sent += 1
        self._leave(job)

    def _cut_short(self, job_id: str) -> None:
        run = self._runs.get(job_id)
        if run is None:
            return
        run.token.cancel()
        if run.calls == 0:
            self._end(run)
            self._settle(run)

    def _abandon(self, job_id: str) -> None:
        """Let a run's calls end unheard."""
        run = self._runs.pop(job_id, None)
        if run is not None:
            run.abandoned = True
            run.token.cancel()

    def _end(self, run: _Run) -> None:
        if run.source is not None:
            run.source.close()
            run.source = None
        self._runs.pop(run.job_id, None)

    def _go_on_now(self) -> None:
        """The network is back or the computer woke: new connections, and no wait counts any more."""
        self._pool.run(partial(self._attempt, self._reset_services, lambda _result: None))
        self._blocks.pop(Scope.STORAGE, None) if self._blocks_by(Code.CAPTIVE_PORTAL) else None
        self._make_due(self._waiting(), within=_BACK_ONLINE_WITHIN)

    def _blocks_by(self, code: Code) -> bool:
        block = self._blocks.get(Scope.STORAGE)
        return block is not None and block[0].code == code

    def _reset_services(self) -> None:
        self._services.store.reset()
        self._services.registry.reset()
        self._services.announcer.reset()

    def _waiting(self) -> Iterator[Job]:
        return (job for job in list(self._jobs.values()) if job.retry_at is not None)

    def _make_due(self, jobs: Iterable[Job], *, within: float) -> None:
        now = self._clock.now()
        for job in jobs:
            due = now + timedelta(seconds=self._backoff.spread(within))
            if job.retry_at is not None and job.retry_at > due:
                self._change(job, retry_at=due, attempts=0)

    # --- what the outside sees ------------------------------------------------------------------------------------

    def _see_online(self, *, online: bool) -> None:
        if online != self._online:
            self._online, self._online_since = online, self._clock.now()
            if online:
                self._make_due(self._waiting_for_network(), within=_BACK_ONLINE_WITHIN)

    def _waiting_for_network(self) -> Iterator[Job]:
        return (job for job in self._waiting() if job.trouble is not None and job.trouble.code in _NETWORK_CODES)

    def _measure(self) -> None:
        """Once no request runs, what was acknowledged since the first one tells the uplink."""
        if self._burst is None or any(run.bodies for run in self._runs.values()):
            return
        started, size = self._burst
        self._burst = None
        seconds = self._clock.monotonic() - started
        if size >= MIB and seconds > 0:
            self._see_uplink(size / seconds)

    def _see_uplink(self, rate: float) -> None:
        self._uplink = rate if self._uplink is None else (self._uplink + rate) / 2
        self._book.note("uplink", str(self._uplink))

    def _report_progress(self) -> None:
        now = self._clock.monotonic()
        sending = [run for run in self._runs.values() if run.bodies]
        if not sending or now - self._reported_at < _REPORT_EVERY:
            return
        self._reported_at = now
        rows = tuple(self._progress_of(run, now) for run in sending)
        self._report(Progress(rows, sum(row.rate for row in rows)))

    def _progress_of(self, run: _Run, now: float) -> JobProgress:
        job = self._jobs[run.job_id]
        in_flight = sum(body.position for body in tuple(run.bodies.values()))
        run.meter.sample(now, job.stored + in_flight)
        left = run.meter.seconds_left(job.size - job.stored - in_flight)
        return JobProgress(job.id, job.stored, in_flight, run.meter.rate, left)

    def _report_status(self, blocked: Trouble | None = None) -> None:
        states = Counter(job.state for job in self._jobs.values())
        refused = sum(job.refused and job.retry_at is None for job in self._jobs.values())
        status = Status(
            online=self._online,
            since=self._online_since,
            blocked=blocked or next((trouble for trouble, _again in self._blocks.values()), None),
            running=states[State.RUNNING],
            waiting=states[State.QUEUED],
            drafts=states[State.DRAFT],
            needs_rep=states[State.FAILED] + refused,
            sent=self._sent,
        )
        if status != self._status:
            self._status = status
            self._report(status)

    def _until_due(self) -> float:
        """Seconds until something is due by itself: cancelled jobs and drafts count too."""
        if any(run.bodies for run in self._runs.values()):
            return _REPORT_EVERY
        now = self._clock.now()
        moments = [job.retry_at for job in self._jobs.values() if job.retry_at is not None and job.id not in self._runs]
        moments += [again for _trouble, again in self._blocks.values()]
        seconds = [(moment - now).total_seconds() for moment in moments if moment > now]
        return max(0.01, min([_IDLE_TURN, *seconds]))


def _due(job: Job, now: datetime) -> bool:
    return job.retry_at is None or job.retry_at <= now


def _cleans(step: Step | None) -> bool:
    return step in {Step.ABORT, Step.ROLLBACK}


def _open(run: _Run) -> Source:
    if run.source is None:
        raise ValueError(f"job {run.job_id} has no open file")
    return run.source


def _whole_milliseconds(moment: datetime) -> datetime:
    """BSON dates hold milliseconds; the document must be the same at every retry."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
