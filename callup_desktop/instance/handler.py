"""Keeps copies of what the engine reports and answers requests from the console or a second process.

`report` runs on the engine thread; `ask` on any thread. Requests and rows are pydantic, so they also travel as JSON.
"""

import signal
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from callup_desktop.calls.documents import SENT_MESSAGE
from callup_desktop.engine.commands import Commands, DetailsChange
from callup_desktop.engine.events import (
    CommandRejected,
    Event,
    JobChanged,
    JobProgress,
    Progress,
    SentPage,
    Snapshot,
    Status,
    Stopped,
)
from callup_desktop.engine.job import Job, State

Verb = Literal["send", "list", "pause", "resume", "retry", "cancel", "forget", "show", "quit"]
Order = Literal["pause", "resume", "retry", "cancel", "forget"]
_RESUMABLE = {State.PAUSED, State.QUEUED, State.RUNNING}
UNKNOWN = "unknown"
"""The state of a call that is not on this computer."""
OTHER_PROFILE = "other_profile"
_UNDER_WAY = _RESUMABLE | {State.FAILED}


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(_Message):
    """What a front door wants. `ids` None means every call; `anyway` sends doubtful recordings too."""

    do: Verb
    where: str = ""
    """The profile it is meant for; "" takes whichever the owner has."""
    ids: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    company: str = ""
    email: str = ""
    call_type: str = ""
    anyway: bool = False


class CallStatus(_Message):
    """One call as the console shows it; `code` and `params` make its sentence."""

    call_id: str
    file: str
    state: str
    gone: bool = False
    waiting: bool = False
    blocked: bool = False
    code: str | None = None
    params: dict[str, str | int | float] = {}
    size: int = 0
    stored: int = 0
    in_flight: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    company: str = ""
    call_type: str = ""
    s3_bucket: str = ""
    s3_key: str = ""
    checksum: str | None = None
    message_id: str | None = None
    message: str | None = None
    duplicate_of: str | None = None


class Reply(_Message):
    """The rows asked for, in the order asked; `stopped` is the code of why the engine ended, "" if it was asked to."""

    rows: tuple[CallStatus, ...] = ()
    stopped: str | None = None


@dataclass(frozen=True, slots=True)
class _Sending:
    """Details waiting for the probe's verdict."""

    change: DetailsChange
    anyway: bool


def _interrupt() -> None:
    """Whoever heeds Ctrl-C ends in good order; Python hears it on the main thread."""
    signal.raise_signal(signal.SIGINT)


class RequestHandler:
    """Copies of the facts, and the few verbs that the console knows."""

    def __init__(
        self,
        where: str = "",
        on_show: Callable[[tuple[Path, ...]], None] | None = None,
        on_quit: Callable[[], None] = _interrupt,
    ) -> None:
        """`where` names the profile served here.

        `on_show` is called (on the asking thread) when a second start wants the window raised with its files,
        `on_quit` when an installer wants the program to end; a console hears that as Ctrl-C.
        """
        self._where = where
        self._commands: Commands | None = None
        self._on_show = on_show
        self._on_quit = on_quit
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._gone: set[str] = set()
        self._found_as: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._progress: dict[str, JobProgress] = {}
        self._sending: dict[str, _Sending] = {}
        self._added: dict[str, Path] = {}
        self._sent_page: tuple[Job, ...] | None = None
        self._status: Status | None = None
        self._ready = False
        self._stopped: str | None = None

    def serve(self, commands: Commands) -> None:
        """From now on requests go to this engine."""
        self._commands = commands

    # --- engine thread --------------------------------------------------------------------------------------------

    def report(self, event: Event) -> None:
        """Keep the copy; send what was only waiting for the probe."""
        with self._changed:
            self._keep(event)
            self._changed.notify_all()
        if isinstance(event, JobChanged):
            self._send_if_ready(event.job)

    def _keep(self, event: Event) -> None:
        match event:
            case Snapshot():
                self._jobs |= {job.id: job for job in event.jobs}
                self._ready = True
            case JobChanged():
                self._jobs[event.job.id] = event.job
                if event.gone:
                    self._gone.add(event.job.id)
                if event.relocated_to is not None:
                    self._found_as[event.job.id] = event.relocated_to
                    self._sending.pop(event.job.id, None)
            case Progress():
                self._progress = {row.job_id: row for row in event.jobs}
            case CommandRejected():
                self._refused[event.job_id] = event.code
            case SentPage():
                self._sent_page = event.jobs
            case Status():
                self._status = event
            case Stopped():
                self._stopped = event.trouble.code if event.trouble else ""

    def _send_if_ready(self, job: Job) -> None:
        if job.state is not State.DRAFT or job.recording is None or job.id not in self._sending:
            return
        sending = self._sending.pop(job.id)
        doubts = job.recording.warnings
        if doubts and not sending.anyway:
            with self._changed:
                self._refused[job.id] = doubts[0].doubt
                self._changed.notify_all()
            return
        commands = self._engine
        commands.describe((job.id,), sending.change)
        commands.accept((job.id,))
        commands.submit((job.id,))

    # --- any thread -----------------------------------------------------------------------------------------------

    def wait_ready(self, timeout: float) -> bool:
        """Wait until the engine has told what is there, or has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._stopped is not None, timeout)
            return self._ready and self._stopped is None

    def wait_change(self, timeout: float) -> None:
        """Wait until something was reported, or the timeout."""
        with self._changed:
            self._changed.wait(timeout)

    def ask(self, request: Request) -> Reply:
        """Carry the request to the engine; the rows as they are now."""
        if request.where and request.where != self._where:
            return Reply(stopped=OTHER_PROFILE)
        match request.do:
            case "send":
                ids = self._send(request)
            case "show":
                if self._on_show is not None:
                    self._on_show(tuple(Path(file) for file in request.files))
                ids = ()
            case "quit":
                self._on_quit()
                ids = ()
            case "list":
                ids = self._all() if request.ids is None else self._known(request.ids)
            case verb:
                ids = self._order(verb, request.ids)
        with self._changed:
            return Reply(rows=tuple(self._row(job_id) for job_id in ids), stopped=self._stopped)

    def _send(self, request: Request) -> tuple[str, ...]:
        """Add the files; one that is already on its way with the same details goes on instead of being sent twice."""
        change = DetailsChange(request.company, request.email, request.call_type)
        sending = _Sending(change, request.anyway)
        ids = []
        for file in map(Path, request.files):
            known = self._under_way(file, change)
            job_id = known or str(uuid.uuid4())
            ids.append(job_id)
            if known:
                self._engine.retry((job_id,))
                continue
            with self._changed:
                self._sending[job_id] = sending
                self._added[job_id] = file
            self._engine.add((file,), ids=(job_id,))
        return tuple(ids)

    def _under_way(self, file: Path, change: DetailsChange) -> str | None:
        wanted = (file, change.company_name, change.contact_email, change.call_type)
        with self._changed:
            for job in self._jobs.values():
                details = job.details
                same = (job.path, details.company_name, details.contact_email, details.call_type) == wanted
                if same and job.id not in self._gone and job.state in _UNDER_WAY:
                    return job.id
        return None

    def _order(self, verb: Order, ids: tuple[str, ...] | None) -> tuple[str, ...]:
        wanted = ids if ids is not None else self._fitting(verb)
        with self._changed:
            for job_id in wanted:
                self._refused.pop(job_id, None)
        orders = {
            "pause": self._engine.pause,
            "resume": self._resume,
            "retry": self._engine.retry,
            "cancel": self._engine.cancel,
            "forget": self._engine.forget,
        }
        orders[verb](wanted)
        return wanted

    def _resume(self, ids: tuple[str, ...]) -> None:
        """Paused calls go on, waiting ones are tried now."""
        self._engine.resume(ids)
        self._engine.retry(tuple(job_id for job_id in ids if self._is_queued(job_id)))

    def _is_queued(self, job_id: str) -> bool:
        with self._changed:
            job = self._jobs.get(job_id)
            return job is not None and job.state is State.QUEUED

    def _is_blocked(self, job: Job) -> bool:
        blocked = self._status.blocked if self._status else None
        return blocked is not None and job.trouble is not None and job.trouble.code == blocked.code

    def _fitting(self, verb: str) -> tuple[str, ...]:
        fitting: set[State] = {
            "pause": {State.QUEUED, State.RUNNING},
            "resume": _RESUMABLE,
            "retry": {State.FAILED, State.QUEUED},
        }.get(verb, set())
        with self._changed:
            return tuple(job.id for job in self._jobs.values() if job.state in fitting and job.id not in self._gone)

    def _known(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """The ids, once the engine has told of those that were not heard of yet: calls sent in an earlier run."""
        with self._changed:
            known = self._jobs.keys() | self._added.keys() | self._refused.keys()
        strange = tuple(job_id for job_id in ids if job_id not in known)
        if strange:
            self._engine.tell(strange)
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopped is not None or set(strange) <= self._jobs.keys() | self._refused.keys(), 5.0
                )
        return ids

    def _all(self) -> tuple[str, ...]:
        """Every live call, then the newest sent ones."""
        with self._changed:
            self._sent_page = None
        self._engine.page_sent(0, 100)
        with self._changed:
            self._changed.wait_for(lambda: self._sent_page is not None or self._stopped is not None, 5.0)
            live = [job.id for job in self._jobs.values() if job.state is not State.DONE and job.id not in self._gone]
            sent: tuple[Job, ...] = self._sent_page or ()
            self._jobs |= {job.id: job for job in sent}
            return (*live, *(job.id for job in sent))

    @property
    def _engine(self) -> Commands:
        if self._commands is None:
            raise RuntimeError("there is no engine yet")
        return self._commands

    def _row(self, job_id: str) -> CallStatus:
        job_id = self._found_as.get(job_id, job_id)
        job = self._jobs.get(job_id)
        refused = self._refused.get(job_id)
        if job is None:
            added = self._added.get(job_id)
            state = UNKNOWN if added is None else State.DRAFT
            return CallStatus(call_id=job_id, file=str(added or ""), state=state, code=refused)
        progress = self._progress.get(job_id) if job.state is State.RUNNING else None
        trouble = job.trouble
        done = job.state is State.DONE
        return CallStatus(
            call_id=job_id,
            file=str(job.path),
            state=job.state.value,
            gone=job_id in self._gone,
            waiting=job.retry_at is not None or (trouble is not None and job.state is State.QUEUED),
            blocked=self._is_blocked(job),
            code=refused or (trouble.code if trouble else None),
            params=dict(trouble.params or {}) if trouble else {},
            size=job.size,
            stored=job.stored,
            in_flight=progress.in_flight if progress else 0,
            rate=progress.rate if progress else 0.0,
            seconds_left=progress.seconds_left if progress else None,
            company=job.details.company_name,
            call_type=job.details.call_type,
            s3_bucket=job.bucket,
            s3_key=job.key,
            checksum=job.checksum,
            message_id=job.message_id,
            message=SENT_MESSAGE if done else None,
            duplicate_of=job.duplicate_of.isoformat() if job.duplicate_of else None,
        )
