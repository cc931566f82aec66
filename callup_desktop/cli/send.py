"""`callup send`, and `resume`, `retry` and `announce`, which follow calls to their end as it does. Main thread."""

import argparse

from callup_desktop.calls.metadata import Details, completed, problems_of
from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.follow import Follower, Wish, named
from callup_desktop.cli.output import Printer
from callup_desktop.compose import call_types_of
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import absolute


def send(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Send recordings and wait until they have arrived; the exit code. Raises StartError."""
    details, call_types = Details(options.company, options.email, options.type), call_types_of(choice, here)
    problems = problems_of(details, call_types)
    for file in options.files if problems else ():
        for field, problem in problems.items():
            printer.error(file, f"{field}_{problem}", printer.messages.field_problem(field, problem))
    if problems:
        return ExitCode.FAILED
    wish = Wish(completed(details, call_types), anyway=options.send_anyway, again=options.send_again)
    files = [named(absolute(file)) for file in options.files]
    return Follower(choice, here, printer, options.patience).send(files, wish)


def follow(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Let calls go on and wait until they have arrived; the exit code. Raises StartError."""
    return Follower(choice, here, printer, options.patience).command(options.verb, options.ids or None)
