"""The composition root: profile, secrets, services, engine, and one front door; start and stop order. Main thread."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from callup_desktop import __version__
from callup_desktop.config.paths import Home, home, managed_profile
from callup_desktop.config.profile import Profile, ProfileError, load_profile
from callup_desktop.engine.engine import Engine, Settings
from callup_desktop.engine.events import Event
from callup_desktop.engine.pool import Joinable, Spawn, ThreadPool, daemon_thread
from callup_desktop.engine.steps import Services
from callup_desktop.instance.handler import OTHER_PROFILE, Reply, Request, RequestHandler
from callup_desktop.instance.ipc import InstanceLock, IpcServer, OwnerSilentError, send_request
from callup_desktop.logs import open_log
from callup_desktop.recordings.probe import probe
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.connection import ConnectionService, ProfileImport
from callup_desktop.services.diagnostics import CheckResult, run_checks
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from callup_desktop.services.sqs import SqsAnnouncer

if TYPE_CHECKING:
    from callup_desktop.services.updates import Answer
    from callup_desktop.ui.application import Application

NO_PROFILE = "no_profile"
_NOT_CONNECTED = (
    "CallUp is not connected yet. Import the .callup file from your IT department, or name it with --profile."
)
STOP_WITHIN = 15.0
_READY_WITHIN = 30.0
_SPARE_THREADS = 6
_GLANCE = 0.1
_CONFIG_EXIT = 78
"""EX_CONFIG of sysexits."""
_KEPT_EXIT = 75
"""EX_TEMPFAIL of sysexits."""


class StartError(Exception):
    """Raised when the program cannot start; `sentence` says who can put it right."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code and the sentence."""
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class OwnerLeftError(StartError):
    """Raised when the process that owned the home has gone since the last request."""

    def __init__(self) -> None:
        """The sentence for whoever does not go on alone."""
        super().__init__("owner_left", "The running CallUp was closed. Everything is kept; try again.")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line chose: a profile file, the sandbox, or (neither) the managed or imported profile."""

    profile: Path | None = None
    sandbox: bool = False

    @property
    def where(self) -> str:
        """The choice as one word, to see that a running program serves the same; "" if nothing was chosen."""
        if self.sandbox:
            return "sandbox"
        return str(self.profile.absolute()) if self.profile else ""


@dataclass(frozen=True, slots=True)
class Connection:
    """A profile, where it lies, and its secrets."""

    profile: Profile
    path: Path
    vault: Vault
    secrets: Secrets


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class OwnerClient(Protocol):
    """Requests to whichever process owns the home."""

    def ask(self, request: Request) -> Reply:
        """The reply; raises StartError where the owner is gone."""
        ...


class RemoteOwner:
    """The owner is another process."""

    def __init__(self, home: Home, where: str) -> None:
        """Ask the home's owner at each request, on behalf of the profile `where`."""
        self._home = home
        self._where = where

    def ask(self, request: Request) -> Reply:
        """The owner's reply."""
        try:
            reply = send_request(self._home, request.model_copy(update={"where": self._where}))
        except OwnerSilentError as exc:
            raise OwnerLeftError from exc
        if reply.stopped == OTHER_PROFILE:
            raise StartError(
                OTHER_PROFILE,
                "CallUp is already running with another profile. Close it, or use that profile.",
            )
        if reply.stopped == NO_PROFILE:
            raise StartError(NO_PROFILE, _NOT_CONNECTED)
        return reply


def choose_profile(choice: Choice, home: Home) -> tuple[Profile, Path]:
    """The managed profile if there is one, else the chosen or imported file; raises StartError."""
    path = managed_profile() or choice.profile or home.profile
    if not path.exists() and path == home.profile:
        raise StartError(NO_PROFILE, _NOT_CONNECTED)
    return _loaded(path), path.absolute()


def _loaded(path: Path) -> Profile:
    try:
        return load_profile(path.absolute())
    except ProfileError as exc:
        problems = "; ".join(exc.problems)
        raise StartError(
            "bad_profile", f"The profile {path} cannot be used: {problems}. Please send this to IT."
        ) from exc


@contextmanager
def connected(choice: Choice, home: Home) -> Iterator[Connection]:
    """The profile and its secrets; the sandbox runs as long as the context."""
    with ExitStack() as stack:
        if choice.sandbox:
            profile, path = _sandbox_profile(stack, home)
        else:
            profile, path = choose_profile(choice, home)
        vault = Vault(profile.name)
        yield Connection(profile, path, vault, open_secrets(profile, path, vault=vault))


def _sandbox_profile(stack: ExitStack, home: Home) -> tuple[Profile, Path]:
    # Imported only here: the bundle ships without the sandbox's servers.
    from callup_desktop.sandbox.embedded import PROFILE, Sandbox
    from callup_desktop.sandbox.servers import SandboxError, SandboxTakenError

    try:
        path = stack.enter_context(Sandbox(home.sandbox)).profile
    except SandboxTakenError:
        path = home.sandbox / PROFILE
    except SandboxError as exc:
        raise StartError("no_sandbox", str(exc)) from exc
    return _loaded(path), path


def make_home(home: Home) -> None:
    """Make the folders; raises StartError."""
    try:
        home.make()
    except OSError as exc:
        raise StartError(
            "home_unwritable",
            f"CallUp cannot write to its folder {exc.filename}: {exc.strerror}. Free space or allow writing there.",
        ) from exc


class EngineHost:
    """One engine with its thread, its pool and its door."""

    def __init__(self, engine: Engine, handler: RequestHandler, pool: ThreadPool, home: Home, spawn: Spawn) -> None:
        """Nothing runs yet."""
        self.engine = engine
        self.handler = handler
        self._pool = pool
        self._home = home
        self._spawn = spawn
        self._door: IpcServer | None = None
        self._thread: Joinable | None = None

    def start(self) -> None:
        """Start the engine and open the door to other processes; whoever listens to events is connected by now."""
        self._thread = self._spawn("engine", self.engine.run)
        self._door = IpcServer(self._home, self.handler.ask)

    def stop(self) -> None:
        """Stop in good order; gives up after `STOP_WITHIN` seconds, as every fact is on disk."""
        if self._door is not None:
            self._door.close()
        self.engine.stop()
        if self._thread is not None:
            self._thread.join(STOP_WITHIN)
        self._pool.close(timeout=1.0)

    def ask(self, request: Request) -> Reply:
        """The handler's reply."""
        return self.handler.ask(request)


@contextmanager
def engine_host(
    connection: Connection,
    home: Home,
    *,
    handler: RequestHandler,
    listen: Callable[[Event], None] | None = None,
    spawn: Spawn = daemon_thread,
    sending: bool = True,
) -> Iterator[EngineHost]:
    """An engine that works on the home's journal from its start until the context ends; the caller owns the home.

    `listen` also hears every event, on the engine thread; `spawn` says what a thread is.
    """
    profile = connection.profile
    server_clock = ServerClock()
    services = Services(
        S3Store(profile, connection.secrets, server_clock),
        MongoRegistry(profile, connection.secrets),
        SqsAnnouncer(profile, connection.secrets, server_clock),
        probe,
    )
    pool = ThreadPool(profile.requests_at_once + _SPARE_THREADS, spawn)

    def report(event: Event) -> None:
        handler.report(event)
        if listen is not None:
            listen(event)

    with open_log(home.logs) as log:
        engine = Engine(
            journal=home.journal,
            services=services,
            settings=_settings(profile),
            pool=pool,
            clock=SystemClock(),
            report=report,
            log=log,
            sending=sending,
        )
        handler.serve(engine)
        running = EngineHost(engine, handler, pool, home, spawn)
        try:
            yield running
        finally:
            running.stop()
            for service in (services.store, services.registry, services.announcer):
                service.reset()


def _settings(profile: Profile) -> Settings:
    return Settings(
        bucket=profile.bucket,
        call_types=profile.call_types,
        uploaded_by=profile.uploaded_by,
        files_at_once=profile.files_at_once,
        requests_at_once=profile.requests_at_once,
        bandwidth_limit=profile.bandwidth_limit,
    )


@contextmanager
def owned(home: Home, where: str) -> Iterator[RemoteOwner | None]:
    """None where this process owns the home until the context ends, else a line to the process that does.

    An owner that is just closing is waited for; one that never answers is a StartError.
    """
    make_home(home)
    ownership, remote = InstanceLock(home), RemoteOwner(home, where)
    until = time.monotonic() + STOP_WITHIN + 5.0
    while not (mine := ownership.take()):
        try:
            remote.ask(Request(do="list", ids=()))
            break
        except OwnerLeftError as exc:
            if time.monotonic() > until:
                raise StartError(
                    "busy",
                    "CallUp is already running on this computer and does not answer. "
                    "Close it and try again; nothing is lost.",
                ) from exc
            time.sleep(_GLANCE)
    try:
        yield None if mine else remote
    finally:
        if mine:
            ownership.give_up()


@contextmanager
def open_line(choice: Choice, home: Home, *, sending: bool) -> Iterator[OwnerClient]:
    """A line to the owner of the home: the running program, or an engine of our own until the context ends."""
    with owned(home, choice.where) as remote:
        if remote is not None:
            yield remote
            return
        with (
            connected(choice, home) as connection,
            engine_host(connection, home, handler=RequestHandler(choice.where), sending=sending) as here,
        ):
            here.start()
            if not here.handler.wait_ready(_READY_WITHIN):
                raise _journal_error(here.ask(Request(do="list", ids=())).stopped)
            yield here


def _journal_error(code: str | None) -> StartError:
    sentences = {
        "journal_newer": "The upload list was written by a newer CallUp. Install the newer version; nothing is lost.",
        "journal_disk_full": "This computer is almost out of space. Free some so that CallUp can keep track.",
        "journal_read_only": "CallUp cannot write its upload list. Allow writing in its folder, then try again.",
    }
    return StartError(
        code or "journal_busy",
        sentences.get(code or "", "CallUp cannot open its upload list. Close other CallUp programs and try again."),
    )


def call_types_of(choice: Choice, home: Home) -> tuple[str, ...]:
    """The call types that the chosen profile offers; raises StartError."""
    if choice.sandbox:
        return tuple(Profile.model_fields["call_types"].default)
    return choose_profile(choice, home)[0].call_types


def check_connection(choice: Choice, home: Home) -> Iterator[CheckResult]:
    """Walk every hop from the keyring to the queue; raises StartError."""
    make_home(home)
    with connected(choice, home) as connection:
        yield from run_checks(connection.profile, connection.secrets)


def look_for_update(choice: Choice, home: Home) -> "Answer":
    """Whether there is a newer version, for whoever waits for the answer; raises StartError."""
    from callup_desktop.services.updates import Answer, UpdateOutcome

    if choice.sandbox:
        return Answer(UpdateOutcome.OFF)
    make_home(home)
    return _look(choose_profile(choice, home)[0], home)


def _look(profile: Profile, home: Home) -> "Answer":
    # Imported only where somebody looks: the libraries that verify take a moment.
    from callup_desktop.services.updates import look_for_newer

    return look_for_newer(profile, home.data / "updates", installed=__version__)


def _newer_version(profile: Profile, home: Home) -> str:
    from callup_desktop.services.updates import UpdateOutcome

    answer = _look(profile, home)
    return answer.version if answer.outcome is UpdateOutcome.NEWER else ""


def serve_sandbox(data: Path | None, home: Home, out: TextIO, err: TextIO) -> int:
    """Run the sandbox as a program of its own; the exit code."""
    from callup_desktop.sandbox.serve import serve_until_stopped

    make_home(home)
    return serve_until_stopped(data or home.sandbox, out, err)


# --- the window -----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """`callup-desktop`: open the window, or hand the files to the one that is open; the exit code."""
    options = _parser().parse_args(arguments)
    tested: Path | None = options.self_test
    here = _self_test_home(tested) if tested else home()
    choice = Choice(options.profile, sandbox=options.sandbox)
    files = tuple(Path(file).absolute() for file in options.files)
    try:
        if options.quit:
            return _quit(here)
        with owned(here, choice.where) as remote:
            if remote is None:
                return _run_window(choice, here, files, tested)
            remote.ask(Request(do="show", files=tuple(map(str, files))))
            return 0
    except StartError as exc:
        return _say_why_not(exc)


def _quit(here: Home) -> int:
    """Ask the program that owns the home to stop, and wait until it has; sysexits' EX_TEMPFAIL if it does not."""
    make_home(here)
    ownership = InstanceLock(here)
    until = time.monotonic() + STOP_WITHIN + 5.0
    while not ownership.take():
        if time.monotonic() > until:
            return _KEPT_EXIT
        with suppress(OwnerSilentError):
            send_request(here, Request(do="quit"))
        time.sleep(_GLANCE)
    ownership.give_up()
    return 0


def _self_test_home(folder: Path) -> Home:
    from callup_desktop.self_test import self_test_home

    return self_test_home(folder)


def _run_window(choice: Choice, here: Home, files: tuple[Path, ...], tested: Path | None) -> int:
    # Qt is imported only for the window, so that the console starts without it.
    from callup_desktop.ui.application import Application
    from callup_desktop.ui.shutdown import RESTART
    from callup_desktop.ui.start_error import show_start_error

    application = Application()
    code = RESTART
    while code == RESTART:
        try:
            with connected(choice, here) as connection:
                code = _show_window(application, connection, choice, here, files, tested)
        except StartError as exc:
            # Nobody is there to answer a test.
            if tested is not None:
                raise
            if exc.code != NO_PROFILE:
                show_start_error(application, exc.sentence)
                raise
            code = _show_first_start(application, here)
    return code


def _show_first_start(application: "Application", here: Home) -> int:
    from callup_desktop.ui.bridge import EngineBridge
    from callup_desktop.ui.first_start import FirstStart

    window = FirstStart(application.texts(), ProfileImport(here))
    shown, ended = EngineBridge(), EngineBridge()
    shown.reported.connect(window.come_forward)
    ended.reported.connect(window.close)
    handler = RequestHandler(on_show=shown.reported.emit, on_quit=lambda: ended.reported.emit(None))
    door = IpcServer(here, partial(_answer_unconnected, handler))
    try:
        window.show()
        return application.exec()
    finally:
        door.close()


def _answer_unconnected(handler: RequestHandler, request: Request) -> Reply:
    """Without a profile there is a window to be raised or closed, but nothing takes calls."""
    if request.do in {"show", "quit"} or request.ids == ():
        return handler.ask(request.model_copy(update={"where": ""}))
    return Reply(stopped=NO_PROFILE)


def _show_window(
    application: "Application",
    connection: Connection,
    choice: Choice,
    here: Home,
    files: tuple[Path, ...],
    tested: Path | None,
) -> int:
    from callup_desktop.ui.bridge import EngineBridge
    from callup_desktop.ui.main_window import MainWindow
    from callup_desktop.ui.shutdown import Shutdown
    from callup_desktop.ui.system.environment import environment_of
    from callup_desktop.ui.threads import spawn_worker
    from callup_desktop.ui.update_notice import UpdateNotice

    bridge, shown, ended = EngineBridge(), EngineBridge(), EngineBridge()
    handler = RequestHandler(choice.where, on_show=shown.reported.emit, on_quit=lambda: ended.reported.emit(None))
    with engine_host(connection, here, handler=handler, listen=bridge.post, spawn=spawn_worker) as running:
        around = environment_of(
            here,
            application,
            command=_start_command(),
            connection=ConnectionService(here, connection.profile, connection.vault, connection.secrets),
            profile_file=connection.path.name,
        )
        window = MainWindow(running.engine, profile=connection.profile, texts=application.texts(), environment=around)
        leaving = Shutdown(window, running.engine)
        bridge.reported.connect(window.on_reported)
        bridge.reported.connect(leaving.on_reported)
        shown.reported.connect(window.take_files)
        ended.reported.connect(window.close_policy.leave)
        application.files_opened.connect(window.take_files)
        newer = UpdateNotice(partial(_newer_version, connection.profile, here), window)
        newer.found.connect(window.tell_newer)
        bridge.reported.connect(newer.on_reported)
        running.start()
        window.take_files(files)
        if tested is not None:
            from callup_desktop.self_test import self_test

            call_type = connection.profile.call_types[0]
            code = self_test(tested, call_type=call_type, ask=running.ask, window=window, application=application)
            # It leaves as a rep does: the engine stops first.
            window.close_policy.leave()
            application.exec()
            return code
        leaving.heed_signals()
        newer.start()
        return application.exec()


def _start_command() -> tuple[str, ...]:
    """What starts this program again, at login: the frozen program itself, or Python with this module."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "callup_desktop.app")


def _say_why_not(exc: StartError) -> int:
    # A Windows program without a console has no stderr.
    if sys.stderr is not None:
        sys.stderr.write(exc.sentence + "\n")
    return _CONFIG_EXIT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callup-desktop", description="Drop call recordings, and forget about them.")
    parser.add_argument("files", nargs="*", metavar="FILE")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--profile", type=Path, metavar="FILE", help="the .callup file from your IT department")
    where.add_argument("--sandbox", action="store_true", help="use the embedded sandbox on this computer")
    parser.add_argument("--quit", action="store_true", help="ask the running program to stop, and wait until it has")
    parser.add_argument(
        "--self-test",
        type=Path,
        metavar="FOLDER",
        help="try this installation, send the sample recording, and leave a report and a picture of the window there",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
