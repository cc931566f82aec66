"""`callup profile`: import a profile once its preview was read, list those imported, choose among them. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.compose import policy_of_this_computer
from callup_desktop.config.destination import AnyDestination, GatewayDestination
from callup_desktop.config.paths import Home
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.profiles import ProfileChange, ProfileStore
from callup_desktop.engine.errors import CallError
from callup_desktop.instance.client import StartError, absolute, bad_profile, home_unwritable
from callup_desktop.presentation.profile_import import ImportPreviewWriter
from callup_desktop.services.connection import ProfileImport


def import_profile(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print what the file would change, and import it if that was asked for; the exit code. Raises StartError."""
    work = ProfileImport(here, choice.environ, policy_of_this_computer().profile_values())
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


def list_profiles(_options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    """Print the imported profiles; the exit code. Raises StartError."""
    for kept in ProfileStore(here, policy_of_this_computer().profile_values()).kept():
        destination = kept.profile.destination
        if printer.as_json:
            printer.values(
                {"id": kept.short_identity, "name": kept.profile.name, "active": kept.active, **_place_of(destination)}
            )
        else:
            sign = "*" if kept.active else " "
            place = " · ".join(reversed(_place_of(destination).values()))
            printer.line(f"{sign} {kept.short_identity}  {kept.profile.name}  {place}")
    return ExitCode.OK


def _place_of(destination: AnyDestination) -> dict[str, str]:
    if isinstance(destination, GatewayDestination):
        return {"gateway": destination.gateway}
    return {"storage": destination.storage, "bucket": destination.bucket}


def use_profile(options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    """Make an imported profile the active one; the exit code. Raises StartError."""
    try:
        found = ProfileStore(here, policy_of_this_computer().profile_values()).use(
            options.id, with_calls=options.with_calls
        )
    except ProfileError as exc:
        raise bad_profile(exc) from exc
    except OSError as exc:
        raise home_unwritable(exc) from exc
    if found is None:
        printer.say(ImportPreviewWriter(printer.messages).not_imported(options.id))
        return ExitCode.FAILED
    return ExitCode.OK
