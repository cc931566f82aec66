"""Answers front ends from copies of what the engine reported, and hands commands on to it.

`report` runs on the engine thread; a session belongs to the thread that serves its front end.
"""

import os
import signal
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

from callup_desktop.engine.commands import Commands, DetailsChange
from callup_desktop.engine.errors import ALREADY_THERE, Code
from callup_desktop.engine.events import CommandRejected, Event
from callup_desktop.engine.job import Command, Job, State, offers
from callup_desktop.instance.ipc import Answer
from callup_desktop.instance.messages import PAGE, CallStatus, NamedFile, Reply, Request
from callup_desktop.instance.reported import ReportedCalls, SendAsked

_SENT_PAGE_TIMEOUT = 2.0
"""Seconds that the engine may take to read sent calls from disk; a list is told without them then."""
_SENT_SHOWN = 100
"""How many sent calls a list ends with."""
_READY_TIMEOUT = 1.0
"""Seconds that a front end waits in one request for an engine that is still reading its journal."""
_LONGEST_REPLY = 1024 * 1024
"""Bytes of paths from which on a page is full, however few its rows are."""
_RESUMABLE = frozenset({State.PAUSED, State.QUEUED, State.RUNNING})


def _interrupt() -> None:
    """Make the main thread hear Ctrl-C, which ends it in good order."""
    signal.raise_signal(signal.SIGINT)


class RequestHandler:
    """The few verbs that a front end knows, for any number of front ends."""

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
        self.where = where
        self.calls = ReportedCalls()
        self._commands: Commands | None = None
        self._destination = ""
        self._on_show = on_show
        self._on_quit = on_quit

    def serve(self, commands: Commands, destination: str) -> None:
        """From now on requests go to this engine, whose calls are for the servers of `destination`."""
        self._commands = commands
        self._destination = destination

    def open_session(self) -> Answer:
        """A way for one more front end."""
        return Session(self).answer

    # --- engine thread --------------------------------------------------------------------------------------------

    def report(self, event: Event) -> None:
        """Keep the copy; a recording that has a live call already goes on as that one."""
        if not isinstance(event, CommandRejected) or event.code not in ALREADY_THERE:
            self.calls.keep(event)
            return
        # Joined before it is kept: no front end may see it turned away in between.
        joined = self.calls.join_earlier(event)
        if joined is None:
            self.calls.keep(event)
            return
        self._engine.cancel((event.job_id,))
        self._go_on(*joined)

    # --- any thread -----------------------------------------------------------------------------------------------

    def show(self, paths: Iterable[bytes]) -> None:
        """Raise the window, with the files of a second start."""
        if self._on_show is not None:
            self._on_show(tuple(Path(os.fsdecode(path)) for path in paths))

    def quit(self) -> None:
        """End the program in good order."""
        self._on_quit()

    def send(self, request: Request) -> None:
        """Add the files and send them; one that has a call already goes on as that one."""
        details = DetailsChange(request.company, request.email, request.call_type)
        fresh: list[NamedFile] = []
        for file in request.files:
            path = Path(os.fsdecode(file.path))
            asked = SendAsked(path, file.identity, details, request.anyway, request.again, self._destination)
            known = self.calls.ask_to_send(file.id, asked)
            if known is None:
                fresh.append(file)
            elif known != file.id or _rests(self.calls.job(known)):
                self._go_on(known, asked)
        if fresh:
            ids = tuple(file.id for file in fresh)
            self._engine.add(tuple(Path(os.fsdecode(file.path)) for file in fresh), ids=ids)
            self._engine.send(ids, details, anyway=request.anyway, again=request.again)

    def _go_on(self, job_id: str, asked: SendAsked) -> None:
        """A call that is on its way goes on, whatever it waits for; a draft is sent, with its own details if any."""
        job = self.calls.job(job_id)
        if job is None:
            # A front end asked for it just now: the engine may not have heard of it, and nothing holds it up.
            return
        if job.state is not State.DRAFT:
            self._engine.retry((job_id,))
            return
        self.calls.forget_rejections((job_id,))
        details = asked.details if job.send_asked_at is None else None
        self._engine.send((job_id,), details, anyway=asked.anyway, again=asked.again)

    def command(self, verb: str, ids: tuple[str, ...] | None) -> tuple[str, ...]:
        """Hand a command on; the calls that it was meant for."""
        wanted = ids if ids is not None else self._fitting(verb)
        self.calls.forget_rejections(wanted)
        if verb == "announce":
            return self._announce(wanted)
        # A call that was sent in an earlier run is told of before it is rejected.
        self.follow(wanted)
        commands = {
            "pause": self._engine.pause,
            "resume": self._resume,
            "retry": self._engine.retry,
            "cancel": self._engine.cancel,
            "forget": self._engine.forget,
        }
        commands[verb](wanted)
        if verb == "resume" and ids is None:
            self._engine.resume_all()
        return wanted

    def _announce(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Older copies that say "sent" are told to nobody: what the engine tells after the command is the answer."""
        self.calls.forget_sent(ids)
        self._engine.announce(ids)
        self.follow(ids)
        return ids

    def _resume(self, ids: tuple[str, ...]) -> None:
        """Paused calls go on, waiting ones are tried now."""
        self._engine.resume(ids)
        self._engine.retry(tuple(job_id for job_id in ids if _waits(self.calls.job(job_id))))

    def _fitting(self, verb: str) -> tuple[str, ...]:
        """Every call that the verb is meant for where none is named."""
        live = self.calls.live()
        if verb == "resume":
            return tuple(job.id for job in live if job.state in _RESUMABLE or job.send_asked_at is not None)
        unsent = [job for job in live if job.state not in {State.DRAFT, State.PAUSED}]
        return tuple(job.id for job in unsent if verb in {"pause", "retry"} and Command(verb) in offers(job))

    def follow(self, ids: tuple[str, ...]) -> None:
        """Let the engine tell of those calls that were not heard of yet."""
        unheard = self.calls.unheard(ids)
        if unheard:
            self._engine.tell(unheard)

    def list(self) -> tuple[str, ...]:
        """Every live call, then the newest sent ones."""
        self.calls.forget_sent_page()
        self._engine.page_sent(0, _SENT_SHOWN)
        sent = self.calls.wait_sent_page(_SENT_PAGE_TIMEOUT)
        return (*(job.id for job in self.calls.live()), *sent)

    @property
    def _engine(self) -> Commands:
        if self._commands is None:
            raise RuntimeError("there is no engine yet")
        return self._commands


class Session:
    """One front end: which calls it follows, and the pages that it has not read yet."""

    def __init__(self, handler: RequestHandler) -> None:
        self._handler = handler
        self._calls = handler.calls
        self._seen = 0
        self._followers: dict[str, dict[str, None]] = {}
        self._to_tell: OrderedDict[str, None] = OrderedDict()
        self._listed: OrderedDict[str, None] = OrderedDict()

    def answer(self, request: Request) -> Reply:
        """Carry the request to the engine; the first page of what it asks for."""
        handler = self._handler
        if request.where and request.where != handler.where:
            return Reply(stopped=Code.OTHER_PROFILE)
        match request.verb:
            case "ping":
                return Reply()
            case "show":
                handler.show(request.paths)
                return Reply()
            case "quit":
                handler.quit()
                return Reply()
        if not self._calls.is_ready:
            self._calls.wait_ready(_READY_TIMEOUT)
            if not self._calls.is_ready:
                return Reply(busy=True, blocked=self._calls.blocked)
        return self._answer_ready(request)

    def _answer_ready(self, request: Request) -> Reply:
        handler = self._handler
        match request.verb:
            case "send":
                handler.send(request)
                self._follow(tuple(file.id for file in request.files))
            case "follow":
                ids = request.ids or ()
                handler.follow(ids)
                self._follow(ids)
            case "pause" | "resume" | "retry" | "cancel" | "announce" | "forget":
                self._follow(handler.command(request.verb, request.ids))
            case "list":
                self._listed = OrderedDict.fromkeys(handler.list())
                return self._next_listed()
            case "more":
                return self._next_listed()
            case "changes":
                return self._changes()
        return self._reply((), more=bool(self._to_tell))

    def _follow(self, ids: tuple[str, ...]) -> None:
        """Tell of these calls now and whenever they change; of those that nobody heard of, once somebody does."""
        if not self._followers:
            self._seen = self._calls.version
        unheard = frozenset(self._calls.unheard(ids))
        for job_id in ids:
            self._notice(job_id)
            if job_id not in unheard:
                self._to_tell[job_id] = None

    def _notice(self, asked_id: str) -> None:
        """Changes of the call that this one became are told under the id that was asked for."""
        for job_id in {asked_id, self._calls.call_of(asked_id)}:
            self._followers.setdefault(job_id, {})[asked_id] = None

    def _changes(self) -> Reply:
        changed, self._seen = self._calls.changed_since(self._seen)
        for job_id in changed:
            for asked_id in tuple(self._followers.get(job_id, ())):
                self._notice(asked_id)
                self._to_tell[asked_id] = None
        return self._page(self._to_tell)

    def _next_listed(self) -> Reply:
        return self._page(self._listed)

    def _page(self, ids: OrderedDict[str, None]) -> Reply:
        """The first calls of these, which are taken away."""
        rows: list[CallStatus] = []
        size = 0
        while ids and len(rows) < PAGE and size < _LONGEST_REPLY:
            job_id, _ = ids.popitem(last=False)
            rows.append(self._calls.status_of(job_id))
            size += len(rows[-1].path)
        return self._reply(tuple(rows), more=bool(ids))

    def _reply(self, rows: tuple[CallStatus, ...], *, more: bool) -> Reply:
        return Reply(calls=rows, more=more, blocked=self._calls.blocked, stopped=self._calls.stopped)


def _rests(job: Job | None) -> bool:
    """Whether it is a draft that nobody has asked to send."""
    return job is not None and job.state is State.DRAFT and job.send_asked_at is None and not job.turned_away


def _waits(job: Job | None) -> bool:
    return job is not None and (job.state is State.QUEUED or job.awaits_file)
