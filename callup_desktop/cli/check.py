"""`callup check`: walks the steps of a call without sending one. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.compose import checks_of, connected
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import make_home
from callup_desktop.presentation.connection_check import CheckWriter


def check(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print what each step of the connection says; the exit code says whether all hold. Raises StartError."""
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
