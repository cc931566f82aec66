"""`callup secrets`: keep, show by name, or remove what a profile needs to sign in. Main thread."""

import argparse
import getpass
import sys

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.compose import choose_profile, vault_of
from callup_desktop.config.paths import Home
from callup_desktop.config.profiles import ChosenProfile
from callup_desktop.engine.errors import CallError
from callup_desktop.instance.client import StartError
from callup_desktop.presentation.secret_words import SecretWriter
from callup_desktop.services.connection import ConnectionService
from callup_desktop.services.gateway_tokens import open_any_secrets
from callup_desktop.services.secret_entry import TYPED_ENTRIES, Entry
from callup_desktop.services.secrets import LONGEST_SECRET, SecretMalformedError, SecretTooLongError, Vault

_MOST_TYPED = 2 * LONGEST_SECRET
"""Characters that are read of a value, so that one which is too long is seen to be that, whatever stdin is."""


def set_secret(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Keep a value that is typed, or read from stdin; the exit code. Raises StartError."""
    words = SecretWriter(printer.messages)
    chosen = choose_profile(choice, here)
    # Never an argument: every user of the computer can read those.
    value = getpass.getpass(f"{options.entry}: ") if sys.stdin.isatty() else sys.stdin.read(_MOST_TYPED)
    try:
        kept = _connection(chosen, vault_of(chosen.profile, here), here).save({options.entry: value})
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


def show_secrets(_options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print where the keyring keeps the values, which are kept, and the end of the access key; the exit code.

    Raises StartError.
    """
    chosen = choose_profile(choice, here)
    vault = vault_of(chosen.profile, here)
    try:
        kept = _connection(chosen, vault, here).stored()
    except CallError as exc:
        raise StartError(exc.code, exc.params) from exc
    if printer.as_json:
        printer.values({"service": vault.service, **{name: name in kept for name in TYPED_ENTRIES}})
        return ExitCode.OK
    printer.line(f"{'service':<18} {vault.service}")
    for name in TYPED_ENTRIES:
        end = kept.get(name, "")
        printer.line(f"{name:<18} {'kept' if name in kept else 'not set'}{f', ends in {end}' if end else ''}")
    return ExitCode.OK


def remove_secrets(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Remove values; the exit code. Raises StartError."""
    unknown = [name for name in options.entries if name not in TYPED_ENTRIES]
    if unknown:
        printer.say(SecretWriter(printer.messages).unknown(unknown[0], TYPED_ENTRIES))
        return ExitCode.FAILED
    try:
        vault_of(choose_profile(choice, here).profile, here).forget(*map(Entry, options.entries))
    except CallError as exc:
        raise StartError(exc.code, exc.params) from exc
    return ExitCode.OK


def _connection(chosen: ChosenProfile, vault: Vault, here: Home) -> ConnectionService:
    return ConnectionService(here, chosen.profile, vault, open_any_secrets(chosen.profile, chosen.path, vault))
