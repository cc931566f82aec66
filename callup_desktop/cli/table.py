"""Tables for people, and that of `callup list`. Main thread."""

import sys
from collections.abc import Iterable
from typing import TextIO, cast

from rich.console import Console
from rich.table import Table

from callup_desktop.cli.output import Printer
from callup_desktop.instance.messages import CallStatus
from callup_desktop.presentation.messages import Messages
from callup_desktop.standard_streams import Output, printable

_PIPED_WIDTH = 400
"""Columns of a table where no terminal tells: one call a line."""


def print_table(calls: Iterable[CallStatus], printer: Printer) -> None:
    """The calls as a table for people, on stdout."""
    table = Table(box=None, pad_edge=False)
    table.add_column("call id", no_wrap=True)
    for title in ("file", "company"):
        table.add_column(title, overflow="fold")
    for title in ("state", "stored"):
        table.add_column(title, no_wrap=True)
    table.add_column("", overflow="fold")
    for status in calls:
        stored, reason = _stored(status, printer.messages), printer.reason(status)
        cells = (status.call_id, status.name, status.company, status.state, stored, reason)
        table.add_row(*map(printable, cells))
    show(table)


def show(table: Table) -> None:
    """A table on stdout, as wide as the terminal; its cells are printable."""
    output = Output(sys.stdout)
    # Names come from outside: brackets and colons in them are no markup.
    width = None if output.isatty() else _PIPED_WIDTH
    Console(file=cast(TextIO, output), width=width, markup=False, emoji=False).print(table)
    output.flush()


def _stored(status: CallStatus, messages: Messages) -> str:
    if not status.size:
        return ""
    part = min(1.0, status.stored / status.size)
    return f"{part:.0%} of {messages.units.size(status.size)}"
