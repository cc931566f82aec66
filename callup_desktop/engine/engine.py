"""The engine: facts in the journal, one thread that does the next step, copies of the facts for every front end.

Commands and what calls brought arrive in one mailbox. What a turn makes of them is on disk, as one transaction, before
any call starts or anybody hears of it. Nothing here blocks on the network.
"""

import queue
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.composition import Settings, compose
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event, ResumedFromSleep, Snapshot, Stopped
from callup_desktop.engine.job import Command, Job, State, Trouble, offers
from callup_desktop.engine.journal.errors import JournalError
from callup_desktop.engine.journal.journal import Journal, open_journal
from callup_desktop.engine.parts import plan_part_size
from callup_desktop.engine.ports import Clock, Log, Pool, Services
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.files.watched import WatchedFile

_SLEPT = 15.0
"""Seconds by which the wall clock ran on without a turn, from which on the computer slept."""
_SET_BACK = 2.0
"""Seconds by which the wall clock went back, from which on somebody set it."""
_STOP_TIMEOUT = 10.0
"""Seconds that running calls may take to end; every fact is on disk by then."""
_JOURNAL_RETRY_INTERVAL = 5.0
"""Seconds until a journal that failed is opened again."""
_LONGEST_TURN = 5.0
"""Seconds until the next turn where nothing is due by itself."""
_PAST_DETAILS = 200
_MOST_MAIL = 256
"""Pieces of mail in one turn: what calls wait for is written down and started before the rest is looked at."""


class Engine:
    """Implements `Commands`; `run` is the loop, `turn` one round of it (for tests with their own clock and pool)."""

    def __init__(
        self,
        *,
        journal: Path,
        services: Services,
        settings: Settings,
        pool: Pool,
        clock: Clock,
        report: Callable[[Event], None],
        log: Log,
        backoff: Backoff | None = None,
        plan: Callable[[int, float | None], int] = plan_part_size,
        sending: bool = True,
        journal_again: float = _JOURNAL_RETRY_INTERVAL,
        redact: Callable[[str], str] = str,
    ) -> None:
        """Build it; nothing is opened before `run`. With `sending` off it edits and cleans up but uploads nothing.

        `journal_again` is seconds until a journal that failed is opened again; `redact` takes secrets out of a text
        before it is written down.
        """
        self._journal_path = journal
        self._journal_again = journal_again
        self._clock = clock
        self._log = log
        self._owner = ThreadOwner()
        self._listener = report
        self._mailbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._taken: list[Callable[[], None]] = []
        """Mail whose facts are not on disk yet."""
        self._reports: list[Event] = []
        """Events whose facts are not on disk yet."""
        self._stop_asked = threading.Event()
        self._stopping_since: float | None = None
        self._opened = False
        self._last_turn: tuple[datetime, float] | None = None
        self.ended = False
        self._parts = compose(
            services=services,
            settings=settings,
            pool=pool,
            clock=clock,
            post=self._mailbox.put,
            report=self._report,
            log=log,
            backoff=backoff or Backoff(),
            plan=plan,
            sending=sending,
            redact=redact,
        )
        self.live_jobs = self._parts.live

    # --- commands: any thread -------------------------------------------------------------------------------------

    def add(self, paths: tuple[Path, ...], *, ids: tuple[str, ...] = ()) -> None:
        """See Commands."""
        names = ids or tuple(str(uuid.uuid4()) for _ in paths)
        self._mailbox.put(partial(self._parts.commands.add, tuple(zip(names, paths, strict=True))))

    def take_watched(
        self, watching: str, files: tuple[WatchedFile, ...], sent: Mapping[Path, Details] | None = None
    ) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._parts.watched.take, watching, files, sent or {}))

    def describe(self, job_ids: tuple[str, ...], change: DetailsChange) -> None:
        """See Commands."""
        for job_id in job_ids:
            self._mailbox.put(partial(self._parts.commands.describe, change, job_id))

    def send(
        self,
        job_ids: tuple[str, ...],
        details: DetailsChange | None = None,
        *,
        anyway: bool = False,
        again: bool = False,
    ) -> None:
        """See Commands."""
        self._post(partial(self._parts.commands.send, details, anyway=anyway, again=again), job_ids)

    def pause(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._parts.commands.pause, job_ids)

    def resume(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._parts.commands.resume, job_ids)

    def pause_all(self) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._set_all_paused, paused=True))

    def resume_all(self) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._set_all_paused, paused=False))

    def retry(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._parts.commands.retry, job_ids)

    def cancel(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._parts.commands.cancel, job_ids)

    def announce(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job_id in job_ids:
            self._mailbox.put(partial(self._parts.commands.announce, job_id))

    def forget(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job_id in job_ids:
            self._mailbox.put(partial(self._parts.commands.forget, job_id))

    def relocate(self, job_id: str, path: Path) -> None:
        """See Commands."""
        self._post(partial(self._parts.commands.relocate, path), (job_id,))

    def use_sound(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._post(self._parts.commands.use_sound, job_ids)

    def check_again(self) -> None:
        """See Commands."""
        self._mailbox.put(self._parts.retries.check_again)

    def renew_credentials(self) -> None:
        """See Commands."""
        self._mailbox.put(self._parts.retries.renew_credentials)

    def set_online(self, *, online: bool) -> None:
        """See Commands."""
        self._mailbox.put(self._parts.retries.go_on_now if online else self._parts.network_lost)

    def set_limit(self, bytes_a_second: int | None) -> None:
        """See Commands."""
        self._parts.pace.set_limit(bytes_a_second)

    def set_files_at_once(self, files: int) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._parts.scheduler.set_files_at_once, files))

    def hold(self, *, held: bool) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._parts.scheduler.hold, held=held))

    def tell(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        for job_id in job_ids:
            self._mailbox.put(partial(self._parts.commands.tell, job_id))

    def page_sent(self, offset: int, limit: int, search: str = "", order: SentOrder = SentOrder.NEWEST) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._parts.commands.page_sent, offset, limit, search, order))

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """See Commands."""
        self._mailbox.put(partial(self._parts.commands.ask_statuses, job_ids))

    def stop(self) -> None:
        """See Commands."""
        self._stop_asked.set()
        self._mailbox.put(self._on_stop)

    def _post(self, command: Callable[[Job], None], job_ids: tuple[str, ...]) -> None:
        for job_id in job_ids:
            self._mailbox.put(partial(self._parts.commands.for_job, command, job_id))

    def _report(self, event: Event) -> None:
        """Hand an event on once its facts are on disk; engine thread only."""
        self._owner.check()
        self._reports.append(event)

    def _let_go(self) -> None:
        """The facts are on disk: start the calls, and hand on the events, that depend on them."""
        self._parts.calls.release()
        reports, self._reports = self._reports, []
        for event in reports:
            self._listener(event)

    def _set_all_paused(self, *, paused: bool) -> None:
        """Each job is a piece of mail of its own, so that calls under way are heard in between."""
        commands, wanted = self._parts.commands, Command.PAUSE if paused else Command.RESUME
        self.live_jobs.set_all_paused(paused=paused)
        ids = tuple(job.id for job in self.live_jobs.jobs.values() if wanted in offers(job))
        self._post(commands.pause if paused else commands.resume, ids)

    # --- the loop: engine thread ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until stopped. A journal that fails is opened again and again; only a newer one ends the engine.

        A bug that belongs to no call ends it too, and Stopped is still its last word.
        """
        self._owner.claim()
        try:
            trouble = self._work()
        except Exception as exc:
            self._log.error("engine failed", traceback="".join(traceback.format_exception(exc)))
            self._listener(Stopped(Trouble(Code.BUG, self._clock.now(), type(exc).__name__)))
            raise
        self._listener(Stopped(trouble))

    def _work(self) -> Trouble | None:
        """Why it could not go on, None if it was stopped."""
        trouble: Trouble | None = None
        while not self.ended:
            try:
                self.open()
                self._loop()
                trouble = None
            except JournalError as exc:
                trouble = self._lose_journal(exc)
                if exc.code is Code.JOURNAL_NEWER or self._stop_asked.wait(self._journal_again):
                    break
        return trouble

    def open(self) -> None:
        """Open the journal, take up what the last process left, and report the Snapshot; raises JournalError."""
        self._owner.claim()
        self._put_journal_back()
        journal = self.live_jobs.still_open or open_journal(self._journal_path, self._clock.now())
        with journal.together():
            self._take_up(journal)
        self._let_go()

    def _take_up(self, journal: Journal) -> None:
        interrupted = self.live_jobs.open(journal) > 0 and not self._opened
        self._opened = True
        self._parts.destinations.take_over()
        noted = journal.noted("uplink")
        self._parts.uplink.rate = float(noted) if noted else None
        if requests := journal.noted("requests"):
            self._parts.limit.begin_with(int(requests), self._parts.uplink.rate or 0.0)
        if interrupted:
            self._log.warning("ended unexpectedly the last time")
        if journal.rebuilt is not None:
            self._log.warning("journal rebuilt", jobs=journal.rebuilt)
        jobs, past = tuple(self.live_jobs.jobs.values()), journal.past_details(_PAST_DETAILS)
        self._report(Snapshot(jobs, past, interrupted=interrupted, repaired=journal.rebuilt))
        self._parts.retries.try_services()
        self._parts.status.report_status()

    def _put_journal_back(self) -> None:
        """A journal that somebody removed is written again from what is open: no call is lost, no upload forgotten."""
        if (removed := self.live_jobs.removed_journal) is not None:
            removed.put_back()
            self._log.warning("journal was removed, and is written again")

    def _loop(self) -> None:
        while True:
            wait = self.turn()
            if self.ended:
                return
            with suppress(queue.Empty):
                self._taken.append(self._mailbox.get(timeout=wait))

    def turn(self) -> float:
        """Handle the mail, start all that is due, report; seconds until something is due by itself."""
        self._put_journal_back()
        with self.live_jobs.together():
            self._see_gap()
            self._handle_mail()
            stopped = self._is_stopped()
            if stopped:
                self._queue_again()
            elif self._stopping_since is None:
                self._parts.scheduler.start_due()
                self._parts.reachability.probe()
            self._see_progress()
            wait = min(self._parts.scheduler.until_due(), self._parts.reachability.until_due() or _LONGEST_TURN)
        self._taken.clear()
        self._let_go()
        if stopped:
            self.live_jobs.close()
            self.ended = True
        self._last_turn = (self._clock.now(), wait)
        return wait

    def _see_progress(self) -> None:
        runs = self._parts.scheduler.runs.values()
        self._parts.reachability.see_bytes(body for run in runs for body in run.bodies.values())
        self._parts.status.report_progress(runs, self._clock.monotonic())
        self._parts.status.report_status()

    def _handle_mail(self) -> None:
        """Do what the mail asks; all that the journal could not take is done again once it is back."""
        for item in tuple(self._taken):
            item()
        for _ in range(_MOST_MAIL):
            if self._mailbox.empty():
                return
            item = self._mailbox.get_nowait()
            self._taken.append(item)
            item()

    def _see_gap(self) -> None:
        """A wall clock that ran on without us means that the computer slept: connections are dead, waits are over.

        One that was set back would make every wait longer by as much.
        """
        if self._last_turn is None:
            return
        before, wait = self._last_turn
        gap = (self._clock.now() - before).total_seconds()
        if gap > wait + _SLEPT:
            self._log.info("woke up", seconds=gap)
            self._report(ResumedFromSleep(gap))
            self._parts.retries.go_on_now()
        elif gap < -_SET_BACK:
            self._log.info("clock set back", seconds=-gap)
            self._parts.retries.check_again()

    def _on_stop(self) -> None:
        self._stopping_since = self._clock.monotonic()
        self._parts.scheduler.stopping = True
        for job_id in tuple(self._parts.scheduler.runs):
            self._parts.scheduler.cut_short(job_id)

    def _is_stopped(self) -> bool:
        """Whether it is to stop, and the running calls have ended or had time enough for that."""
        since = self._stopping_since
        if since is None:
            return False
        return not self._parts.scheduler.runs or self._clock.monotonic() - since > _STOP_TIMEOUT

    def _queue_again(self) -> None:
        for job in tuple(self.live_jobs.jobs.values()):
            if job.state is State.RUNNING:
                self.live_jobs.change(job, state=State.QUEUED)

    def _lose_journal(self, exc: JournalError) -> Trouble:
        """Drop everything that is only in memory: the remote side and the journal's last facts tell the rest."""
        self._log.error("journal failed", code=exc.code, detail=exc.detail)
        self._reports.clear()
        for job_id in tuple(self._parts.scheduler.runs):
            self._parts.scheduler.abandon(job_id)
        if self.live_jobs.removed_journal is None:
            self.live_jobs.close()
        trouble = Trouble(exc.code, self._clock.now(), exc.detail)
        self._parts.status.report_status(blocked=trouble)
        self._let_go()
        return trouble
