"""The command line of `callup`: every command with its arguments, and where the function lies that runs it.

What is imported here is loaded for `callup --help` too, so it is next to nothing. Main thread.
"""

import argparse
import math
import sys
from datetime import date
from pathlib import Path
from typing import Any

from callup_desktop import __version__
from callup_desktop.calls.days import day_in
from callup_desktop.services.secret_entry import TYPED_ENTRIES
from callup_desktop.standard_streams import write_lines

_STANDSTILL_TIMEOUT = 30.0
"""Seconds without movement after which a console stops waiting, unless told otherwise."""

EXIT_CODES = (
    "exit codes: 0 all is done, 1 some were refused or failed, 2 a command line that cannot be understood, 3 all were"
    " sent before, 75 some are kept for a later try, 78 no start: profile, folder or another program"
)


class _Parser(argparse.ArgumentParser):
    """Says its own messages as the rest of the console does: an argument may be a file's name."""

    def _print_message(self, message: str, file: Any = None) -> None:
        write_lines((message,), file or sys.stderr)


def parser() -> argparse.ArgumentParser:
    """The parser; what it reads has `runs`, a "module:function" of this package, with the type `run.RunCommand`."""
    made = _Parser(prog="callup", description="Send call recordings, once and whole.", epilog=EXIT_CODES)
    made.add_argument("--version", action="version", version=f"callup {__version__}")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    _add_calls(commands)
    _add(commands, "check", "check:check", "walk keyring, clock, TLS, storage, registry and queue")
    _add_profiles(commands)
    _add_secrets(commands)
    _add(commands, "sign-in", "sign_in:sign_in", "sign in with the browser, for a profile that names a gateway")
    _add(commands, "sign-out", "sign_in:sign_out", "end that sign-in, here and at the provider")
    _add_provision(commands)
    _add_reconcile(commands)
    _add(commands, "update", "update:update", "see whether there is a newer version; installs nothing")
    completion = _add(commands, "completion", "completion:completion", "print what makes a shell complete `callup`")
    completion.add_argument(
        "shell", choices=("bash", "zsh"), help='put `eval "$(callup completion bash)"` into ~/.bashrc'
    )
    sandbox = _add(commands, "sandbox", "sandbox:sandbox", "run the embedded S3, SQS and MongoDB until stopped")
    sandbox.add_argument("--data", type=Path, help="where its data is kept (default: in CallUp's own folder)")
    _add_gateway(commands)
    return made


def _add(commands: Any, name: str, runs: str, text: str) -> argparse.ArgumentParser:
    """A command with what every command takes."""
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(runs=runs)
    where = command.add_mutually_exclusive_group()
    where.add_argument("--profile", type=Path, metavar="FILE", help="the .callup file from your IT department")
    where.add_argument("--sandbox", action="store_true", help="use the embedded sandbox on this computer")
    command.add_argument("--json", action="store_true", help="print one JSON object a line")
    command.add_argument(
        "--patience",
        type=_seconds,
        default=_STANDSTILL_TIMEOUT,
        metavar="SECONDS",
        help="how long to wait while nothing moves",
    )
    return command


def _seconds(text: str) -> float:
    """A length of time; raises ArgumentTypeError where the text is none. A wait of "nan" would have no end."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _group(commands: Any, name: str, text: str) -> Any:
    """A command that has commands of its own."""
    return commands.add_parser(name, help=text, description=text).add_subparsers(required=True, metavar="WHAT")


def _add_calls(commands: Any) -> None:
    send = _add(commands, "send", "send:send", "send recordings and wait until they have arrived")
    send.add_argument("files", nargs="+", metavar="FILE")
    send.add_argument("--company", default="", help="the company the call was with")
    send.add_argument("--email", default="", help="the contact's email address")
    send.add_argument("--type", default="", help="the call type, one of the profile's")
    send.add_argument("--send-anyway", action="store_true", help="send recordings that seem cut off or silent, too")
    send.add_argument("--send-again", action="store_true", help="send recordings that were sent before once more")
    probe = _add(commands, "probe", "probe:probe", "judge recordings without sending them")
    probe.add_argument("files", nargs="+", metavar="FILE")
    _add(commands, "list", "listing:list_calls", "show the queue and the last sent calls")
    announce = "send the messages of sent calls again, as after a purge of the queue, and wait for that"
    for name, runs, text in (
        ("resume", "send:follow", "let paused or waiting calls go on, and wait until they have arrived"),
        ("retry", "send:follow", "try failed calls again, and wait until they have arrived"),
        ("announce", "send:follow", announce),
        ("pause", "edits:pause", "pause calls; all of them if none is named"),
        ("cancel", "edits:cancel", "cancel a call and clean up what was stored of it"),
    ):
        command = _add(commands, name, runs, text)
        command.set_defaults(verb=name)
        command.add_argument("ids", nargs="+" if name in {"announce", "cancel"} else "*", metavar="CALL_ID")


def _add_profiles(commands: Any) -> None:
    nested = _group(commands, "profile", "import a profile, or choose among those imported")
    text = "show what a .callup file would change; with --yes, import it"
    taking = _add(nested, "import", "profiles:import_profile", text)
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--yes", action="store_true", help="import it; without this only the preview is printed")
    with_keys = "give its servers the stored keys, and the secret in CALLUP_MONGO_PASSWORD or CALLUP_GATEWAY_TOKEN, too"
    taking.add_argument("--with-keys", action="store_true", help=with_keys)
    using = _add(nested, "use", "profiles:use_profile", "make an imported profile the active one again")
    using.add_argument("id", metavar="ID", help="as `callup profile list` shows it")
    for command in (taking, using):
        command.add_argument("--with-calls", action="store_true", help="send the waiting calls to its servers, too")
    _add(nested, "list", "profiles:list_profiles", "show the imported profiles")


def _add_secrets(commands: Any) -> None:
    nested = _group(commands, "secrets", "keep, show by name, or remove what the profile needs to sign in")
    text = "keep a value in the keyring; it is typed, or read from stdin"
    keeping = _add(nested, "set", "secrets:set_secret", text)
    keeping.add_argument("entry", choices=TYPED_ENTRIES)
    _add(nested, "show", "secrets:show_secrets", "show which values are kept, never the values")
    text = "remove values from the keyring; all of them if none is named"
    removing = _add(nested, "remove", "secrets:remove_secrets", text)
    removing.add_argument("entries", nargs="*", metavar="ENTRY", help=", ".join(TYPED_ENTRIES))


def _add_provision(commands: Any) -> None:
    text = "print the smallest rights, and what bucket and collection lack; with --apply, make it"
    command = _add(commands, "provision", "provision:provision_places", text)
    command.add_argument("--apply", action="store_true", help="make what is missing; without this nothing is changed")
    command.add_argument("--insert-only", action="store_true", help="the role of MongoDB that may not update")
    command.set_defaults(role="laptop")
    whose = command.add_mutually_exclusive_group()
    for role, text in (("gateway", "the rights for `callup serve`"), ("operator", "the rights for `callup reconcile`")):
        whose.add_argument(f"--{role}", action="store_const", dest="role", const=role, help=text)
    versions = "the rights for a bucket that keeps versions, also where it does not say that it does"
    command.add_argument("--versioned", action="store_true", help=versions)
    command.add_argument("--validator", action="store_true", help="also a rule for the shape of documents")


def _add_reconcile(commands: Any) -> None:
    text = "compare what is stored, registered, announced and transcribed of a day, and name the calls that fall out"
    command = _add(commands, "reconcile", "reconcile:reconcile_days", text)
    what = "a UTC day as YYYY-MM-DD; may be repeated (default: yesterday and today)"
    command.add_argument("--day", action="append", type=_day, dest="days", metavar="DAY", help=what)


def _day(text: str) -> date:
    """A day; raises ArgumentTypeError where the text is none."""
    try:
        return day_in(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day as YYYY-MM-DD") from None


def _add_gateway(commands: Any) -> None:
    gateway = _add(commands, "serve", "serve:serve", "take calls over HTTP: POST /api/v1/calls/upload")
    gateway.add_argument("--host", help="the address to listen on (default: 127.0.0.1)")
    gateway.add_argument("--port", type=int, help="the port; 0 is any that is free (default: 8080)")
    gateway.add_argument("--workers", type=int, help="processes that share the port (default: 1)")
    text = "make a bearer token for `callup serve`, and the entry that knows it"
    bearer = _add(commands, "token", "token:token", text)
    bearer.add_argument("caller", metavar="NAME", help="who will present it")
    bearer.add_argument("--tenant", default="default", help="whose calls it belongs to")
    bearer.add_argument(
        "--role", action="append", help="calls:send (default), calls:read, calls:operate; may be repeated"
    )
