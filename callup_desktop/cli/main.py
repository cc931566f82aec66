"""`callup`, the console twin of the window: the same engine and journal, for automation and for tests. Main thread.

It speaks English in every locale, because scripts and the admins who write them read it; codes stand beside the
sentences with --json. The window's program speaks the rep's language, on stderr too.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from callup_desktop import __version__
from callup_desktop.calls.metadata import Details, problems_of
from callup_desktop.cli.follow import Follower, open_owner
from callup_desktop.cli.output import Printer
from callup_desktop.cli.profiles import add_profile_commands
from callup_desktop.cli.provision import add_provision_command
from callup_desktop.cli.secrets import add_secrets_commands
from callup_desktop.cli.serve import add_serve_commands
from callup_desktop.compose import Choice, ExitCode, call_types_of, checks_of, choose_profile, connected
from callup_desktop.config.paths import Home, home
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.instance.client import POLL_INTERVAL, OwnerClient, StartError, make_home
from callup_desktop.instance.messages import UNKNOWN_STATE, CallStatus, Request
from callup_desktop.os_signals import stop_signal
from callup_desktop.presentation.connection_check import CheckWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.recordings.verdict import verdict_of
from callup_desktop.services.secrets import take_secrets

_STANDSTILL_TIMEOUT = 30.0
"""Seconds without movement after which a console stops waiting, unless told otherwise."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    # Whatever is written is this user's alone.
    os.umask(0o077)
    options = _parser().parse_args(arguments)
    printer = Printer(Messages(), as_json=options.json)
    choice = Choice(options.profile, sandbox=options.sandbox, environ=take_secrets(os.environ))
    try:
        return int(options.run(options, choice, printer, home()))
    except StartError as exc:
        printer.start_error(exc)
        return ExitCode.CONFIG
    except BrokenPipeError:
        return ExitCode.FAILED


# --- commands -------------------------------------------------------------------------------------------------------


def _send(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    details = Details(options.company, options.email, options.type)
    problems = problems_of(details, call_types_of(choice, here))
    for file in options.files if problems else ():
        for field, problem in problems.items():
            printer.error(file, f"{field}_{problem}", printer.messages.field_problem(field, problem))
    if problems:
        return ExitCode.FAILED
    request = Request(
        verb="send",
        files=tuple(str(Path(file).absolute()) for file in options.files),
        company=options.company,
        email=options.email,
        call_type=options.type,
        anyway=options.send_anyway,
        again=True,
    )
    return Follower(choice, here, printer, options.patience).follow(lambda owner: owner.ask(request).calls)


def _follow(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    return Follower(choice, here, printer, options.patience).follow(lambda owner: _command_calls(owner, options))


def _pause(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    return _edit(options, choice, printer, here, lambda status: status.state not in {State.RUNNING, State.QUEUED})


def _cancel(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    return _edit(options, choice, printer, here, lambda status: status.gone or status.code == Rejection.REGISTERED)


def _edit(
    options: argparse.Namespace, choice: Choice, printer: Printer, here: Home, settled: Callable[[CallStatus], bool]
) -> int:
    with open_owner(choice, here, sending=False) as owner, stop_signal() as interrupted:
        ids = tuple(status.call_id for status in _command_calls(owner, options))
        until = time.monotonic() + options.patience
        calls = owner.ask(Request(verb="list", ids=ids)).calls
        while not all(status.state == UNKNOWN_STATE or settled(status) for status in calls):
            if time.monotonic() > until or interrupted.wait(POLL_INTERVAL):
                break
            calls = owner.ask(Request(verb="list", ids=ids)).calls
    return max((_tell_edited(printer, status, done=settled(status)) for status in calls), default=ExitCode.OK)


def _tell_edited(printer: Printer, status: CallStatus, *, done: bool) -> ExitCode:
    if status.state == UNKNOWN_STATE or status.code == Rejection.REGISTERED:
        code = status.code or Rejection.UNKNOWN
        printer.trouble(status.model_copy(update={"code": code}))
        return ExitCode.FAILED
    if not done:
        printer.trouble(status)
        return ExitCode.KEPT
    printer.values(
        {"call_id": status.call_id, "status": "cancelled" if status.gone else status.state, "file": status.file}
    )
    return ExitCode.OK


def _command_calls(owner: OwnerClient, options: argparse.Namespace) -> tuple[CallStatus, ...]:
    return owner.ask(Request(verb=options.verb, ids=tuple(options.ids) or None)).calls


def _list(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    with open_owner(choice, here, sending=False) as owner:
        calls = owner.ask(Request(verb="list")).calls
    if not options.json:
        printer.table(calls)
    for status in calls if options.json else ():
        printer.values(status.model_dump())
    return ExitCode.OK


def _probe(options: argparse.Namespace, _choice: Choice, printer: Printer, _here: Home) -> int:
    code = ExitCode.OK
    for file in options.files:
        verdict = verdict_of(Path(file).absolute())
        printer.values(verdict.as_json())
        if verdict.code and not options.json:
            printer.say(f"{file}: {printer.messages.of_code(verdict.code, verdict.params)}")
        if verdict.verdict == "refused":
            code = ExitCode.FAILED
    return code


def _check(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    make_home(here)
    code, words = ExitCode.OK, CheckWriter(printer.messages)
    with connected(choice, here) as connection:
        for result in checks_of(connection, here):
            sentence = "" if result.ok else words.sentence(result)
            if not result.ok:
                code = ExitCode.FAILED
            if options.json:
                values = {"hop": result.step, "ok": result.ok, "code": result.code, "message": sentence}
                printer.values({**values, "detail": result.detail, "seconds": round(result.seconds, 3)})
            else:
                printer.line(f"{result.step:<9} {'ok' if result.ok else 'FAILED':<7} {sentence or result.detail}")
    return code


def _update(_options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    # Imported only where somebody looks: the libraries that verify take a moment.
    from callup_desktop.services.updates import UpdateAnswer, look_for_newer

    answer = UpdateAnswer(UpdateOutcome.OFF)
    if not choice.sandbox:
        make_home(here)
        profile = choose_profile(choice, here).profile
        answer = look_for_newer(profile, here.updates, installed=__version__)
    sentence = printer.messages.update(answer.outcome, answer.version)
    if printer.as_json:
        values = {"outcome": answer.outcome, "installed": __version__, "newest": answer.version}
        printer.values({**values, "message": sentence, "detail": answer.detail})
    else:
        printer.line(f"callup {__version__}: {sentence}")
    return ExitCode.OK if answer.known else ExitCode.FAILED


def _sandbox(options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    # Imported only here: the bundle ships without the sandbox's servers.
    from callup_desktop.sandbox.errors import SandboxError
    from callup_desktop.sandbox.serve import serve_until_stopped

    make_home(here)
    try:
        serve_until_stopped(options.data or here.sandbox, sys.stdout)
    except SandboxError as exc:
        printer.error("", exc.code, printer.messages.of_code(exc.code, exc.params), exc.detail)
        return ExitCode.FAILED
    return ExitCode.OK


# --- the command line -----------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callup", description="Send call recordings, once and whole.")
    parser.add_argument("--version", action="version", version=f"callup {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    send = _command(commands, "send", _send, "send recordings and wait until they have arrived")
    send.add_argument("files", nargs="+", metavar="FILE")
    send.add_argument("--company", default="", help="the company the call was with")
    send.add_argument("--email", default="", help="the contact's email address")
    send.add_argument("--type", default="", help="the call type, one of the profile's")
    send.add_argument("--send-anyway", action="store_true", help="send recordings that seem cut off or silent, too")
    probe = _command(commands, "probe", _probe, "judge recordings without sending them")
    probe.add_argument("files", nargs="+", metavar="FILE")
    _command(commands, "list", _list, "show the queue and the last sent calls")
    for name, run, text in (
        ("resume", _follow, "let paused or waiting calls go on, and wait until they have arrived"),
        ("retry", _follow, "try failed calls again, and wait until they have arrived"),
        ("pause", _pause, "pause calls; all of them if none is named"),
        ("cancel", _cancel, "cancel a call and clean up what was stored of it"),
    ):
        command = _command(commands, name, run, text)
        command.set_defaults(verb=name)
        command.add_argument("ids", nargs="+" if name == "cancel" else "*", metavar="CALL_ID")
    _command(commands, "check", _check, "walk keyring, clock, TLS, storage, registry and queue")
    add_profile_commands(commands, _command)
    add_secrets_commands(commands, _command)
    add_provision_command(commands, _command)
    _command(commands, "update", _update, "see whether there is a newer version; installs nothing")
    sandbox = _command(commands, "sandbox", _sandbox, "run the embedded S3, SQS and MongoDB until stopped")
    sandbox.add_argument("--data", type=Path, help="where its data is kept (default: in CallUp's own folder)")
    add_serve_commands(commands, _command)
    return parser


def _command(commands: Any, name: str, run: Callable[..., int], text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    where = command.add_mutually_exclusive_group()
    where.add_argument("--profile", type=Path, metavar="FILE", help="the .callup file from your IT department")
    where.add_argument("--sandbox", action="store_true", help="use the embedded sandbox on this computer")
    command.add_argument("--json", action="store_true", help="print one JSON object a line")
    command.add_argument(
        "--patience",
        type=float,
        default=_STANDSTILL_TIMEOUT,
        metavar="SECONDS",
        help="how long to wait while nothing moves",
    )
    return command


if __name__ == "__main__":
    sys.exit(main())
