"""Answers requests from copies of what the engine reported, and hands commands on to it.

`report` runs on the engine thread, `answer` on any thread.
"""

import signal
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from callup_desktop.calls.documents import SENT_MESSAGE
from callup_desktop.engine.commands import Commands, DetailsChange
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
from callup_desktop.engine.job import Command, Job, State, offers
from callup_desktop.instance.messages import UNKNOWN_STATE, CallStatus, Reply, Request

_ANSWER_TIMEOUT = 5.0
"""Seconds that the engine may take to tell of calls that are not in memory."""
_SENT_SHOWN = 100
"""How many sent calls a list ends with."""
_RESUMABLE = frozenset({State.PAUSED, State.QUEUED, State.RUNNING})
_UNDER_WAY = _RESUMABLE | {State.FAILED}


def _interrupt() -> None:
    """Make the main thread hear Ctrl-C, which ends it in good order."""
    signal.raise_signal(signal.SIGINT)


class RequestHandler:
    """Copies of the facts, and the few verbs that a front end knows."""

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
        self._relocated: dict[str, str] = {}
        self._rejected: dict[str, str] = {}
        self._progress: dict[str, JobProgress] = {}
        self._checked: dict[str, int] = {}
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
        """Keep the copy."""
        with self._changed:
            self._keep(event)
            self._changed.notify_all()

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
                    self._relocated[event.job.id] = event.relocated_to
            case Progress():
                self._progress = {progress.job_id: progress for progress in event.jobs}
            case ProbeProgress():
                self._checked[event.job_id] = event.done
            case CommandRejected():
                self._rejected[event.job_id] = event.code
            case SentPage():
                self._sent_page = event.jobs
            case Status():
                self._status = event
            case Stopped():
                self._stopped = event.trouble.code if event.trouble else ""

    # --- any thread -----------------------------------------------------------------------------------------------

    def wait_ready(self, timeout: float) -> Code | None:
        """Wait until the engine has told what is there; None then, else the code of what it cannot get past.

        A journal that only somebody can put right is not waited for; any other takes `timeout` seconds at most.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._is_stuck, timeout)
            if self._ready and self._stopped is None:
                return None
            blocked = self._status.blocked if self._status else None
            return Code(self._stopped or (blocked.code if blocked else Code.JOURNAL_BUSY))

    @property
    def _is_stuck(self) -> bool:
        """Whether the engine has ended, or waits for somebody before it has told what is there."""
        blocked = self._status.blocked if self._status else None
        return self._stopped is not None or (blocked is not None and info_of(blocked.code).actor is not Actor.NOBODY)

    def answer(self, request: Request) -> Reply:
        """Carry the request to the engine; the calls as they are now."""
        if request.where and request.where != self._where:
            return Reply(stopped=Code.OTHER_PROFILE)
        match request.verb:
            case "ping":
                ids: tuple[str, ...] = ()
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
            case "pause" | "resume" | "retry" | "cancel" | "forget":
                ids = self._command(request.verb, request.ids)
        with self._changed:
            return Reply(calls=tuple(self._status_of(job_id) for job_id in ids), stopped=self._stopped)

    def _send(self, request: Request) -> tuple[str, ...]:
        """Add the files; one that is already on its way with the same details goes on instead of being sent twice."""
        details = DetailsChange(request.company, request.email, request.call_type)
        ids = []
        for file in map(Path, request.files):
            known = self._under_way(file, details)
            job_id = known or str(uuid.uuid4())
            ids.append(job_id)
            if known:
                self._engine.retry((job_id,))
                continue
            with self._changed:
                self._added[job_id] = file
            self._engine.add((file,), ids=(job_id,))
            self._engine.send((job_id,), details, anyway=request.anyway, again=request.again)
        return tuple(ids)

    def _under_way(self, file: Path, details: DetailsChange) -> str | None:
        wanted = (file, details.company_name, details.contact_email, details.call_type)
        with self._changed:
            for job in self._jobs.values():
                known = job.details
                same = (job.path, known.company_name, known.contact_email, known.call_type) == wanted
                asked = job.state in _UNDER_WAY or job.send_asked_at is not None
                kept_back = job.trouble is not None and job.trouble.code == Code.OTHER_DESTINATION
                if same and asked and not kept_back and job.id not in self._gone:
                    return job.id
        return None

    def _command(self, verb: str, ids: tuple[str, ...] | None) -> tuple[str, ...]:
        wanted = ids if ids is not None else self._fitting(verb)
        with self._changed:
            for job_id in wanted:
                self._rejected.pop(job_id, None)
        commands = {
            "pause": self._engine.pause,
            "resume": self._resume,
            "retry": self._engine.retry,
            "cancel": self._engine.cancel,
            "forget": self._engine.forget,
        }
        commands[verb](wanted)
        return wanted

    def _resume(self, ids: tuple[str, ...]) -> None:
        """Paused calls go on, waiting ones are tried now."""
        self._engine.resume(ids)
        self._engine.retry(tuple(job_id for job_id in ids if self._waits(job_id)))

    def _waits(self, job_id: str) -> bool:
        with self._changed:
            job = self._jobs.get(job_id)
            return job is not None and (job.state is State.QUEUED or job.awaits_file)

    def _is_blocked(self, job: Job) -> bool:
        blocked = self._status.blocked if self._status else None
        return blocked is not None and job.trouble is not None and job.trouble.code == blocked.code

    def _fitting(self, verb: str) -> tuple[str, ...]:
        """Every call that the verb is meant for where none is named."""
        with self._changed:
            live = [job for job in self._jobs.values() if job.id not in self._gone]
        if verb == "resume":
            return tuple(job.id for job in live if job.state in _RESUMABLE or job.send_asked_at is not None)
        unsent = [job for job in live if job.state not in {State.DRAFT, State.PAUSED}]
        return tuple(job.id for job in unsent if verb in {"pause", "retry"} and Command(verb) in offers(job))

    def _known(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """The ids, once the engine has told of those that were not heard of yet: calls sent in an earlier run."""
        with self._changed:
            known = self._jobs.keys() | self._added.keys() | self._rejected.keys()
        strange = tuple(job_id for job_id in ids if job_id not in known)
        if strange:
            self._engine.tell(strange)
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopped is not None or set(strange) <= self._jobs.keys() | self._rejected.keys(),
                    _ANSWER_TIMEOUT,
                )
        return ids

    def _all(self) -> tuple[str, ...]:
        """Every live call, then the newest sent ones."""
        with self._changed:
            self._sent_page = None
        self._engine.page_sent(0, _SENT_SHOWN)
        with self._changed:
            self._changed.wait_for(lambda: self._sent_page is not None or self._stopped is not None, _ANSWER_TIMEOUT)
            live = [job.id for job in self._jobs.values() if job.state is not State.DONE and job.id not in self._gone]
            sent: tuple[Job, ...] = self._sent_page or ()
            self._jobs |= {job.id: job for job in sent}
            return (*live, *(job.id for job in sent))

    @property
    def _engine(self) -> Commands:
        if self._commands is None:
            raise RuntimeError("there is no engine yet")
        return self._commands

    def _status_of(self, job_id: str) -> CallStatus:
        job_id = self._relocated.get(job_id, job_id)
        job = self._jobs.get(job_id)
        rejected = self._rejected.get(job_id)
        if job is None:
            added = self._added.get(job_id)
            state = UNKNOWN_STATE if added is None else State.DRAFT
            return CallStatus(call_id=job_id, file=str(added or ""), state=state, code=rejected)
        progress = self._progress.get(job_id) if job.state is State.RUNNING else None
        trouble = job.trouble
        code, params = _reason_of(job, rejected)
        return CallStatus(
            call_id=job_id,
            file=str(job.path),
            state=job.state.value,
            gone=job_id in self._gone,
            waiting=job.retry_at is not None or (trouble is not None and job.state is State.QUEUED),
            blocked=self._is_blocked(job),
            turned_away=job.turned_away or (job.state is State.DRAFT and rejected is not None),
            send_asked=job.send_asked_at is not None,
            code=code,
            params=params,
            checked=self._checked.get(job_id, 0),
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
            message=SENT_MESSAGE if job.state is State.DONE else None,
            duplicate_of=job.duplicate_of.isoformat() if job.duplicate_of else None,
        )


def _reason_of(job: Job, rejected: str | None) -> tuple[str | None, dict[str, str | int | float]]:
    """Why the call stands where it stands, and what fills the sentence; a doubt is told by its own name."""
    if rejected == Rejection.DOUBT and job.recording is not None and job.recording.warnings:
        doubtful = job.recording.warnings[0]
        return doubtful.doubt, dict(doubtful.params)
    if rejected is not None and rejected != Rejection.TURNED_AWAY:
        return rejected, {}
    return (job.trouble.code, dict(job.trouble.params or {})) if job.trouble else (None, {})
