"""`callup probe`: judges recordings without sending them. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import absolute
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.recordings.verdict import verdict_of


def probe(options: argparse.Namespace, _choice: Choice, printer: Printer, _here: Home) -> int:
    """Print a verdict on each file; the exit code says whether all would be taken."""
    code = ExitCode.OK
    for file in options.files:
        verdict = verdict_of(absolute(file), video=VideoPolicy.SOUND)
        printer.values(verdict.as_json())
        if verdict.code and not options.json:
            printer.error(file, verdict.code, printer.messages.of_code(verdict.code, verdict.params))
        if verdict.verdict == "refused":
            code = ExitCode.FAILED
    return code
