"""`callup reconcile`: whether the calls of a day are the same everywhere, and which fall out. Main thread."""

import argparse
from datetime import date, timedelta

from callup_desktop.calls.reconciliation import FallenCall
from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.day_table import ComparedDay, print_days
from callup_desktop.cli.output import Printer
from callup_desktop.cli.servers import servers_of
from callup_desktop.compose import Connection, SystemClock, operated
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import CallError
from callup_desktop.instance.client import make_home
from callup_desktop.presentation.connection_check import CheckWriter
from callup_desktop.presentation.reconciliation import ReconciliationConsole
from callup_desktop.services.day_facts import DayReader, open_reader

MOST_SHOWN = 200
"""Differences of a day in the table for people; with --json all are told."""


def reconcile_days(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Compare each day, and print the report; the exit code. Raises StartError."""
    make_home(here)
    clock = SystemClock()
    today = clock.now().date()
    days: list[date] = sorted(set(options.days or (today - timedelta(days=1), today)))
    with (
        operated(choice, here) as connection,
        open_reader(*servers_of(connection), clock.now) as reader,
    ):
        compared = [_compared(day, reader, connection, printer) for day in days]
    told = [day for day in compared if day is not None]
    if not printer.as_json:
        print_days(told, printer)
    if len(told) < len(days):
        return ExitCode.FAILED
    return ExitCode.OK if all(day.report.agrees for day in told) else ExitCode.DIFFERENCES


def _compared(day: date, reader: DayReader, connection: Connection, printer: Printer) -> ComparedDay | None:
    """The day; None where not everything could be read, which is told."""
    fallen: list[FallenCall] = []

    def tell(call: FallenCall) -> None:
        if printer.as_json:
            printer.values(call.model_dump(mode="json"))
        elif len(fallen) < MOST_SHOWN:
            fallen.append(call)

    try:
        report = reader.report(day, tell)
    except CallError as exc:
        words, console = CheckWriter(printer.messages), ReconciliationConsole()
        sentence = f"{console.no_report(day.isoformat())} {words.of_code(exc.code, exc.params)}"
        printer.error("", exc.code, sentence, connection.redact(exc.detail), day=day.isoformat())
        return None
    if printer.as_json:
        printer.values(report.model_dump(mode="json"))
    return ComparedDay(report, fallen)
