"""The window's run: chooses a profile, starts the engine, shows the window, ends in good order. Main thread."""

import argparse
import gc
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from callup_desktop import __version__
from callup_desktop.choice import Choice, ExitCode, environment_secrets, take_secrets
from callup_desktop.compose import Connection, EngineHost, connected, policy_of_this_computer
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.instance.client import (
    OwnedHome,
    OwnerLeftError,
    StartError,
    absolute,
    ask_owner_to_quit,
    chosen_home,
    owned,
)
from callup_desktop.instance.handler import RequestHandler
from callup_desktop.instance.ipc import Answer
from callup_desktop.instance.messages import Reply, Request
from callup_desktop.loading import import_as_python_does
from callup_desktop.presentation.messages import Messages
from callup_desktop.process_end import end_process
from callup_desktop.services.connection import ConnectionService, ProfileImport
from callup_desktop.services.sign_in import sign_in_of
from callup_desktop.standard_streams import write_lines
from callup_desktop.uncaught import UncaughtErrors

if TYPE_CHECKING:
    from callup_desktop.ui.application import Application
    from callup_desktop.ui.threads import Workers

_NATIVE = frozenset({"PySide6", "shiboken6"})
"""Packages of Qt, whose files ask for libraries of the system."""
_OWNERS = 20
"""How many owners in turn may leave before they have taken the files of a second start."""
_SHARE = 0.0005
"""Seconds that another thread computes before the window's has its turn. A key waits for many turns until it is
painted: at Python's own ten times as long, one that comes while calls are read or sent is late by tens of
milliseconds."""

# Qt is imported only where the window is shown, so that a second start which hands its files over needs none.


def run(options: argparse.Namespace) -> int:
    """Open the window, or hand the files to the one that is open; the exit code."""
    environ = take_secrets(os.environ)
    with UncaughtErrors(partial(environment_secrets, environ)).told() as uncaught:
        try:
            return _run_or_say_why_not(options, environ, uncaught)
        except ImportError as exc:
            if not _is_foreign_library(exc):
                raise
            write_lines((Messages().start_error(Code.NO_LIBRARY, {}), exc.msg), sys.stderr)
            return ExitCode.CONFIG


def _is_foreign_library(exc: ImportError) -> bool:
    """Whether the system did not load a file of Qt, as one that it asks for is missing or of another kind."""
    # Python names the file, and the module without its package; what a file that was loaded lacks has the whole name.
    return exc.path is not None and Path(exc.path).parent.name in _NATIVE and "." not in (exc.name or ".")


def _run_or_say_why_not(options: argparse.Namespace, environ: Mapping[str, str], uncaught: UncaughtErrors) -> int:
    alone = options.self_test is not None or bool(options.quit)
    threads: list[Workers] = []
    try:
        code = _run(options, environ, uncaught, threads)
        if any(workers.still_run() for workers in threads):
            # Qt would abort, as the interpreter destroys at its end what still runs.
            end_process(code)
        return code
    except StartError as exc:
        from callup_desktop.ui.application import Application

        # Where nobody reads a box, as in a setup or over SSH, there may be no screen.
        return _show_start_error(Application(("-platform", "offscreen") if alone else ()), exc, alone=alone)


def _run(
    options: argparse.Namespace, environ: Mapping[str, str], uncaught: UncaughtErrors, threads: list["Workers"]
) -> int:
    tested = absolute(options.self_test) if options.self_test else None
    here = _self_test_home(tested) if tested else chosen_home()
    if options.quit:
        return ExitCode.OK if ask_owner_to_quit(here) else ExitCode.KEPT
    profile = absolute(options.profile) if options.profile else None
    choice = Choice(profile, sandbox=options.sandbox, environ=environ, uncaught=uncaught)
    files = tuple(map(absolute, options.files))
    for _ in range(_OWNERS):
        with owned(here, choice.where) as owner:
            if isinstance(owner, OwnedHome):
                return _run_window(owner, choice, here, files, tested, threads)
            # An owner that leaves in this moment leaves the home to this process.
            with suppress(OwnerLeftError):
                owner.ask(Request(verb="show", paths=tuple(map(os.fsencode, files))))
                return ExitCode.OK
    raise OwnerLeftError


def _show_start_error(application: "Application", exc: StartError, *, alone: bool) -> int:
    """Say why there is no window: on stderr, and in a box unless nobody is there to read it (`alone`)."""
    from callup_desktop.ui.start_error import show_start_error

    sentence = application.messages().start_error(exc.code, exc.params, exc.problems)
    write_lines((sentence, exc.detail), sys.stderr)
    if not alone:
        show_start_error(application, sentence, exc.detail)
    return ExitCode.CONFIG


def _self_test_home(folder: Path) -> Home:
    from callup_desktop.self_test import self_test_home

    return self_test_home(folder)


def application_of_a_window() -> "Application":
    """The application of a window whose engine works in the same process."""
    from callup_desktop.ui.application import Application

    import_as_python_does()
    sys.setswitchinterval(_SHARE)
    return Application()


def _run_window(
    owner: OwnedHome,
    choice: Choice,
    here: Home,
    files: tuple[Path, ...],
    tested: Path | None,
    threads: list["Workers"],
) -> int:
    """Show the window, again after each change of the profile; the exit code. Its engines' threads are in `threads`."""
    from callup_desktop.ui.carried_files import split_profiles
    from callup_desktop.ui.shutdown import RESTART
    from callup_desktop.ui.system.proxy import system_proxy_for
    from callup_desktop.ui.threads import Workers

    application, workers = application_of_a_window(), Workers()
    threads.append(workers)
    code, imported = RESTART, False
    while code == RESTART:
        try:
            with connected(choice, here, system_proxy_for) as connection:
                code = _show_window(
                    application, owner, connection, choice, here, files, tested, workers, imported=imported
                )
                # The list keeps what was added.
                files = ()
        except StartError as exc:
            # Nobody is there to answer a test.
            if tested is not None or exc.code is not Code.NO_PROFILE:
                return _show_start_error(application, exc, alone=tested is not None)
            profiles, files = split_profiles(files)
            code = _show_first_start(application, owner, choice, here, profiles)
        imported = code == RESTART
        if imported:
            # Whatever the command line said, the rep has chosen since.
            choice = replace(choice, profile=None, sandbox=False)
    return code


def _show_first_start(
    application: "Application", owner: OwnedHome, choice: Choice, here: Home, profiles: tuple[Path, ...]
) -> int:
    from callup_desktop.ui.bridge import EngineBridge
    from callup_desktop.ui.first_start import FirstStart

    window = FirstStart(
        application.messages(), ProfileImport(here, choice.environ, policy_of_this_computer().profile_values())
    )
    shown, ended = EngineBridge(), EngineBridge()
    shown.reported.connect(window.take_files)
    application.files_opened.connect(window.take_files)
    ended.reported.connect(window.close)
    handler = RequestHandler(on_show=shown.reported.emit, on_quit=lambda: ended.reported.emit(None))
    with owner.serving(lambda: partial(_answer_unconnected, handler.open_session())):
        window.take_files(profiles)
        gc.enable()
        return application.exec()


def _answer_unconnected(answer: Answer, request: Request) -> Reply:
    """Without a profile there is a window to be raised or closed, but nothing takes calls."""
    if request.verb in {"ping", "show", "quit"}:
        return answer(request.model_copy(update={"where": ""}))
    return Reply(stopped=Code.NO_PROFILE)


def _show_window(
    application: "Application",
    owner: OwnedHome,
    connection: Connection,
    choice: Choice,
    here: Home,
    files: tuple[Path, ...],
    tested: Path | None,
    workers: "Workers",
    *,
    imported: bool,
) -> int:
    """Show the window over one profile; `imported` tells that it is so just now. The exit code."""
    from callup_desktop.ui.bridge import EngineBridge
    from callup_desktop.ui.main_window import MainWindow
    from callup_desktop.ui.shutdown import Shutdown
    from callup_desktop.ui.system.environment import environment_of
    from callup_desktop.ui.update_notice import UpdateNotice

    bridge, shown, ended = EngineBridge(), EngineBridge(), EngineBridge()
    handler = RequestHandler(choice.where, on_show=shown.reported.emit, on_quit=lambda: ended.reported.emit(None))

    def report(event: Event) -> None:
        handler.report(event)
        bridge.post(event)

    with EngineHost(connection, here, report=report, spawn=workers.spawn) as host:
        handler.serve(host.commands, connection.profile.identity)
        environment = environment_of(
            here,
            application,
            command=_start_command(),
            connection=ConnectionService(
                here,
                connection.profile,
                connection.vault,
                connection.secrets,
                connection.redact,
                connection.environ,
                connection.policy.profile_values(),
            ),
            sign_in=sign_in_of(connection.secrets, connection.redact),
            # The copy of an imported profile has a name that the rep never saw.
            profile_file=connection.profile.name if connection.path == here.profile else connection.path.name,
            redact=connection.redact,
            fixed_preferences=connection.fixed_preferences(),
            managed=connection.is_managed,
            company_folder=connection.company_folder(),
            needs_network=not connection.profile.is_on_this_computer,
        )
        window = MainWindow(
            host.commands, profile=connection.profile, messages=application.messages(), environment=environment
        )
        shutdown = Shutdown(window, host.commands)
        newer = UpdateNotice(partial(_newer_version, connection, here), window)
        for slot in (window.on_reported, shutdown.on_reported, newer.on_reported):
            bridge.reported.connect(slot)
        shown.reported.connect(window.take_files)
        ended.reported.connect(window.close_policy.quit_now)
        application.files_opened.connect(window.take_files)
        newer.found.connect(window.show_newer_version)
        host.start()
        with owner.serving(handler.open_session):
            window.take_files(files)
            if imported:
                window.begin_profile()
            if tested is not None:
                from callup_desktop.self_test import self_test

                call_type = connection.profile.call_types[0]
                code = self_test(
                    tested, call_type=call_type, ask=handler.open_session(), window=window, application=application
                )
                # It leaves as a rep does: the engine stops first.
                window.close_policy.quit_now()
                application.exec()
                return code
            # What is there by now stays until the end: to look for waste in it again takes 30 ms each time.
            gc.freeze()
            gc.enable()
            shutdown.follow_signals()
            newer.start()
            return application.exec()


def _newer_version(connection: Connection, here: Home) -> str:
    """The newest version where it is newer than this one, else ""; blocks."""
    # Imported only where somebody looks: the libraries that verify take a moment.
    from callup_desktop.services.updates import look_for_newer

    answer = look_for_newer(connection.profile, connection.secrets.way, here.updates, installed=__version__)
    return answer.version if answer.outcome is UpdateOutcome.NEWER else ""


def _start_command() -> tuple[str, ...]:
    """What starts this program again, at login: the frozen program itself, or Python with this module."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "callup_desktop.app")
