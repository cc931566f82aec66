"""`callup update`: tells whether there is a newer version. Main thread."""

import argparse
from dataclasses import replace

from callup_desktop import __version__
from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.compose import connected
from callup_desktop.config.paths import Home
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.instance.client import make_home
from callup_desktop.services.updates import UpdateAnswer, look_for_newer


def update(_options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print the newest version; the exit code says whether it is known. Raises StartError."""
    answer = UpdateAnswer(UpdateOutcome.OFF)
    if not choice.sandbox:
        make_home(here)
        with connected(choice, here) as connection:
            way = connection.secrets.way
            answer = look_for_newer(connection.profile, way, here.updates, installed=__version__)
            answer = replace(answer, detail=connection.redact(answer.detail))
    sentence = printer.messages.update(answer.outcome, answer.version)
    if answer.cause is not None:
        sentence = f"{sentence} {printer.messages.of_code(answer.cause.code, answer.cause.params)}"
    if printer.as_json:
        values = {"outcome": answer.outcome, "installed": __version__, "newest": answer.version}
        printer.values({**values, "message": sentence, "detail": answer.detail})
    else:
        printer.line(f"callup {__version__}: {sentence}")
    return ExitCode.OK if answer.known else ExitCode.FAILED
