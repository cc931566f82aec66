"""Runs one command: what it is given, and how an error of its start is told. Main thread."""

import argparse
import os
from collections.abc import Callable

from callup_desktop.choice import Choice, ExitCode, take_secrets
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import StartError, absolute, chosen_home
from callup_desktop.presentation.messages import Messages

RunCommand = Callable[[argparse.Namespace, Choice, Printer, Home], int]
"""What runs a command; it may raise StartError."""


def run(command: RunCommand, options: argparse.Namespace) -> int:
    """The command's exit code; an error of its start is printed."""
    printer = Printer(Messages(), as_json=options.json)
    try:
        profile = absolute(options.profile) if options.profile else None
        choice = Choice(profile, sandbox=options.sandbox, environ=take_secrets(os.environ))
        return int(command(options, choice, printer, chosen_home()))
    except StartError as exc:
        printer.start_error(exc)
        return ExitCode.CONFIG
