"""`callup list`: the queue and the last sent calls. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.cli.owner import asked
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import OwnerClient
from callup_desktop.instance.messages import CallStatus, Request


def list_calls(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print every live call and the newest sent ones; the exit code. Raises StartError."""
    calls = asked(choice, here, printer, _listed)
    if options.json:
        for status in calls:
            printer.values(status.as_json())
        return ExitCode.OK
    # Scripts ask for JSON, and wait for no drawing.
    from callup_desktop.cli.table import print_table

    print_table(calls, printer)
    return ExitCode.OK


def _listed(owner: OwnerClient) -> tuple[CallStatus, ...]:
    reply = owner.ask(Request(verb="list"))
    calls = list(reply.calls)
    while reply.more:
        reply = owner.ask(Request(verb="more"))
        calls += reply.calls
    return tuple(calls)
