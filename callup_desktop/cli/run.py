"""Runs one command: what it is given, and how an error of its start is told. Main thread."""

import argparse
import os
from collections.abc import Callable
from functools import partial

from callup_desktop.choice import Choice, ExitCode, environment_secrets, take_secrets
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import StartError, absolute, chosen_home
from callup_desktop.presentation.messages import Messages
from callup_desktop.uncaught import UncaughtErrors

RunCommand = Callable[[argparse.Namespace, Choice, Printer, Home], int]
"""What runs a command; it may raise StartError."""


def run(command: RunCommand, options: argparse.Namespace) -> int:
    """The command's exit code; an error of its start is printed."""
    printer, environ = Printer(Messages(), as_json=options.json), take_secrets(os.environ)
    with UncaughtErrors(partial(environment_secrets, environ)).told() as uncaught:
        try:
            profile = absolute(options.profile) if options.profile else None
            choice = Choice(profile, sandbox=options.sandbox, environ=environ, uncaught=uncaught)
            return int(command(options, choice, printer, chosen_home()))
        except StartError as exc:
            printer.start_error(exc)
            return ExitCode.CONFIG
