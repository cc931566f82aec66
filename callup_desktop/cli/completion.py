"""`callup completion`: what a shell reads so that it completes commands and options. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home
from callup_desktop.resource_files import RESOURCES


def completion(options: argparse.Namespace, _choice: Choice, printer: Printer, _here: Home) -> int:
    """Print the script for one shell; the exit code."""
    for line in (RESOURCES / "completions" / f"callup.{options.shell}").read_text(encoding="utf-8").splitlines():
        printer.line(line)
    return ExitCode.OK
