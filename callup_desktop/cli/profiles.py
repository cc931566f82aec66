"""`callup profile`: import a profile once its preview was read, list those imported, choose among them. Main thread."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from callup_desktop.cli.output import Printer
from callup_desktop.compose import Choice, ExitCode
from callup_desktop.config.paths import Home
from callup_desktop.config.profile import ProfileError
from callup_desktop.config.profiles import ProfileChange, ProfileStore
from callup_desktop.engine.errors import CallError
from callup_desktop.instance.client import StartError, absolute, bad_profile, home_unwritable
from callup_desktop.presentation.profile_import import ImportPreviewWriter
from callup_desktop.services.connection import ProfileImport

AddCommand = Callable[..., argparse.ArgumentParser]


def add_profile_commands(commands: Any, add_command: AddCommand) -> None:
    """Put `profile import`, `profile list` and `profile use` among the commands."""
    text = "import a profile, or choose among those imported"
    nested = commands.add_parser("profile", help=text, description=text).add_subparsers(required=True, metavar="WHAT")
    taking = add_command(nested, "import", _import, "show what a .callup file would change; with --yes, import it")
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--yes", action="store_true", help="import it; without this only the preview is printed")
    taking.add_argument("--with-keys", action="store_true", help="give the stored keys to the new servers, too")
    using = add_command(nested, "use", _use, "make an imported profile the active one again")
    using.add_argument("id", metavar="ID", help="as `callup profile list` shows it")
    for command in (taking, using):
        command.add_argument("--with-calls", action="store_true", help="send the waiting calls to its servers, too")
    add_command(nested, "list", _list, "show the imported profiles")


def _import(options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    work = ProfileImport(here)
    try:
        change = work.preview(absolute(options.file))
    except ProfileError as exc:
        raise bad_profile(exc) from exc
    _show(printer, change, imported=options.yes)
    if not options.yes:
        printer.say(ImportPreviewWriter(printer.messages).not_yet())
        return ExitCode.FAILED
    try:
        work.adopt(change, with_keys=options.with_keys, with_calls=options.with_calls)
    except OSError as exc:
        raise home_unwritable(exc) from exc
    except CallError as exc:
        raise StartError(exc.code, exc.params) from exc
    return ExitCode.OK


def _show(printer: Printer, change: ProfileChange, *, imported: bool) -> None:
    preview = ImportPreviewWriter(printer.messages).preview(change)
    if printer.as_json:
        printer.values({"identity": change.new.identity, "imported": imported, "preview": list(preview.lines)})
        return
    for line in preview.lines:
        printer.line(line)


def _list(_options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    for kept in ProfileStore(here).kept():
        destination = kept.profile.destination
        if printer.as_json:
            values = {"id": kept.short_identity, "name": kept.profile.name, "active": kept.active}
            printer.values({**values, "storage": destination.storage, "bucket": destination.bucket})
        else:
            sign = "*" if kept.active else " "
            printer.line(
                f"{sign} {kept.short_identity}  {kept.profile.name}  {destination.bucket} · {destination.storage}"
            )
    return ExitCode.OK


def _use(options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    try:
        found = ProfileStore(here).use(options.id, with_calls=options.with_calls)
    except ProfileError as exc:
        raise bad_profile(exc) from exc
    except OSError as exc:
        raise home_unwritable(exc) from exc
    if found is None:
        printer.say(ImportPreviewWriter(printer.messages).not_imported(options.id))
        return ExitCode.FAILED
    return ExitCode.OK
