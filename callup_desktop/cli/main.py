"""`callup`, the console twin of the window: the same engine and journal, for automation and for tests. Main thread.

It speaks English in every locale, because scripts and the admins who write them read it; codes stand beside the
sentences with --json. The window's program speaks the rep's language, on stderr too.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from callup_desktop import __version__
from callup_desktop.calls.metadata import Details, completed, problems_of
from callup_desktop.cli.follow import Editor, Follower, Wish, asked, listed, named
from callup_desktop.cli.output import Printer
from callup_desktop.cli.profiles import add_profile_commands
from callup_desktop.cli.provision import add_provision_command
from callup_desktop.cli.secrets import add_secrets_commands
from callup_desktop.cli.serve import add_serve_commands
from callup_desktop.compose import Choice, ExitCode, call_types_of, checks_of, connected
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.instance.client import StartError, absolute, chosen_home, make_home
from callup_desktop.instance.messages import UNKNOWN_STATE, CallStatus
from callup_desktop.presentation.connection_check import CheckWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.recordings.verdict import verdict_of
from callup_desktop.services.secrets import take_secrets
from callup_desktop.standard_streams import Output, fill_standard_streams, printable

_STANDSTILL_TIMEOUT = 30.0
"""Seconds without movement after which a console stops waiting, unless told otherwise."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    # Whatever is written is this user's alone.
    os.umask(0o077)
    fill_standard_streams()
    options = _parser().parse_args(arguments)
    printer = Printer(Messages(), as_json=options.json)
    try:
        profile = absolute(options.profile) if options.profile else None
        choice = Choice(profile, sandbox=options.sandbox, environ=take_secrets(os.environ))
        return int(options.run(options, choice, printer, chosen_home()))
    except StartError as exc:
        printer.start_error(exc)
        return ExitCode.CONFIG


# --- commands -------------------------------------------------------------------------------------------------------


def _send(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    details, call_types = Details(options.company, options.email, options.type), call_types_of(choice, here)
    problems = problems_of(details, call_types)
    for file in options.files if problems else ():
        for field, problem in problems.items():
            printer.error(file, f"{field}_{problem}", printer.messages.field_problem(field, problem))
    if problems:
        return ExitCode.FAILED
    wish = Wish(completed(details, call_types), anyway=options.send_anyway, again=options.send_again)
    files = [named(absolute(file)) for file in options.files]
    return Follower(choice, here, printer, options.patience).send(files, wish)


def _follow(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    return Follower(choice, here, printer, options.patience).command(options.verb, options.ids or None)


def _pause(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    return _edit(options, choice, printer, here, lambda status: status.state not in {State.RUNNING, State.QUEUED})


def _cancel(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    return _edit(options, choice, printer, here, lambda status: status.gone or status.code == Rejection.REGISTERED)


def _edit(
    options: argparse.Namespace, choice: Choice, printer: Printer, here: Home, is_settled: Callable[[CallStatus], bool]
) -> int:
    settled, left = Editor(choice, here, options.patience).change(
        options.verb, options.ids or None, lambda status: status.state == UNKNOWN_STATE or is_settled(status)
    )
    codes = [_tell_edited(printer, status) for status in settled]
    for status in left:
        printer.trouble(status.file, status)
        codes.append(ExitCode.KEPT)
    return max(codes, default=ExitCode.OK)


def _tell_edited(printer: Printer, status: CallStatus) -> ExitCode:
    if status.state == UNKNOWN_STATE or status.code == Rejection.REGISTERED:
        code = status.code or Rejection.UNKNOWN
        printer.trouble(status.file or status.call_id, status.model_copy(update={"code": code}))
        return ExitCode.FAILED
    printer.values(
        {"call_id": status.call_id, "status": "cancelled" if status.gone else status.state, "file": status.file}
    )
    return ExitCode.OK


def _list(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    calls = asked(choice, here, listed)
    if not options.json:
        printer.table(calls)
    for status in calls if options.json else ():
        printer.values(status.as_json())
    return ExitCode.OK


def _probe(options: argparse.Namespace, _choice: Choice, printer: Printer, _here: Home) -> int:
    code = ExitCode.OK
    for file in options.files:
        verdict = verdict_of(absolute(file), video=VideoPolicy.SOUND)
        printer.values(verdict.as_json())
        if verdict.code and not options.json:
            printer.error(file, verdict.code, printer.messages.of_code(verdict.code, verdict.params))
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
        with connected(choice, here) as connection:
            way = connection.secrets.way
            answer = look_for_newer(connection.profile, way, here.updates, installed=__version__)
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
        serve_until_stopped(absolute(options.data) if options.data else here.sandbox, printer.line)
    except SandboxError as exc:
        printer.error("", exc.code, printer.messages.of_code(exc.code, exc.params), exc.detail)
        return ExitCode.FAILED
    return ExitCode.OK


# --- the command line -----------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """Says its own messages as the rest of the console does: an argument may be a file's name."""

    def _print_message(self, message: str, file: Any = None) -> None:
        output = Output(file or sys.stderr)
        for line in message.splitlines():
            output.write(printable(line) + "\n")
        output.flush()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="callup", description="Send call recordings, once and whole.")
    parser.add_argument("--version", action="version", version=f"callup {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    send = _command(commands, "send", _send, "send recordings and wait until they have arrived")
    send.add_argument("files", nargs="+", metavar="FILE")
    send.add_argument("--company", default="", help="the company the call was with")
    send.add_argument("--email", default="", help="the contact's email address")
    send.add_argument("--type", default="", help="the call type, one of the profile's")
    send.add_argument("--send-anyway", action="store_true", help="send recordings that seem cut off or silent, too")
    send.add_argument("--send-again", action="store_true", help="send recordings that were sent before once more")
    probe = _command(commands, "probe", _probe, "judge recordings without sending them")
    probe.add_argument("files", nargs="+", metavar="FILE")
    _command(commands, "list", _list, "show the queue and the last sent calls")
    for name, run, text in (
        ("resume", _follow, "let paused or waiting calls go on, and wait until they have arrived"),
        ("retry", _follow, "try failed calls again, and wait until they have arrived"),
        (
            "announce",
            _follow,
            "send the messages of sent calls again, as after a purge of the queue, and wait for that",
        ),
        ("pause", _pause, "pause calls; all of them if none is named"),
        ("cancel", _cancel, "cancel a call and clean up what was stored of it"),
    ):
        command = _command(commands, name, run, text)
        command.set_defaults(verb=name)
        command.add_argument("ids", nargs="+" if name in {"announce", "cancel"} else "*", metavar="CALL_ID")
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
