"""`callup secrets`: keep, show by name, or remove what a profile needs to sign in. Main thread."""

import argparse
import getpass
import sys
from typing import Any

from callup_desktop.cli.output import Printer
from callup_desktop.cli.profiles import AddCommand
from callup_desktop.compose import Choice, ExitCode, choose_profile, vault_of
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import CallError
from callup_desktop.instance.client import StartError
from callup_desktop.presentation.secret_words import SecretWriter
from callup_desktop.services.connection import ConnectionService
from callup_desktop.services.secrets import Entry, SecretMalformedError, SecretTooLongError, open_secrets

_ENTRIES = tuple(entry.value for entry in Entry if entry is not Entry.SESSION_TOKEN)
"""What lasts longer than a run."""


def add_secrets_commands(commands: Any, add_command: AddCommand) -> None:
    """Put `secrets set`, `secrets show` and `secrets remove` among the commands."""
    text = "keep, show by name, or remove what the profile needs to sign in"
    nested = commands.add_parser("secrets", help=text, description=text).add_subparsers(required=True, metavar="WHAT")
    keeping = add_command(nested, "set", _set, "keep a value in the keyring; it is typed, or read from stdin")
    keeping.add_argument("entry", choices=_ENTRIES)
    add_command(nested, "show", _show, "show which values are kept, never the values")
    removing = add_command(nested, "remove", _remove, "remove values from the keyring; all of them if none is named")
    removing.add_argument("entries", nargs="*", metavar="ENTRY", help=", ".join(_ENTRIES))


def _set(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    words = SecretWriter(printer.messages)
    # Never an argument: every user of the computer can read those.
    value = getpass.getpass(f"{options.entry}: ") if sys.stdin.isatty() else sys.stdin.read()
    try:
        kept = _work(choice, here).save({options.entry: value})
    except SecretTooLongError:
        printer.say(words.too_long())
        return ExitCode.FAILED
    except SecretMalformedError:
        printer.say(words.malformed())
        return ExitCode.FAILED
    except CallError as exc:
        raise StartError(exc.code, exc.params) from exc
    if not kept:
        printer.say(words.not_kept())
        return ExitCode.FAILED
    return ExitCode.OK


def _work(choice: Choice, here: Home) -> ConnectionService:
    chosen = choose_profile(choice, here)
    vault = vault_of(chosen.profile, here)
    return ConnectionService(here, chosen.profile, vault, open_secrets(chosen.profile, chosen.path, vault=vault))


def _show(_options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    try:
        kept = _work(choice, here).stored()
    except CallError as exc:
        raise StartError(exc.code, exc.params) from exc
    if printer.as_json:
        printer.values({name: name in kept for name in _ENTRIES})
        return ExitCode.OK
    for name in _ENTRIES:
        end = kept.get(name, "")
        printer.line(f"{name:<18} {'kept' if name in kept else 'not set'}{f', ends in {end}' if end else ''}")
    return ExitCode.OK


def _remove(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    unknown = [name for name in options.entries if name not in _ENTRIES]
    if unknown:
        printer.say(SecretWriter(printer.messages).unknown(unknown[0], _ENTRIES))
        return ExitCode.FAILED
    try:
        vault_of(choose_profile(choice, here).profile, here).forget(*map(Entry, options.entries))
    except CallError as exc:
        raise StartError(exc.code, exc.params) from exc
    return ExitCode.OK
