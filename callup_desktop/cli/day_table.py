"""The tables of `callup reconcile`, for people. Main thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table

from callup_desktop.calls.reconciliation import DayReport, Difference, FallenCall, Stage
from callup_desktop.cli.output import Printer
from callup_desktop.cli.table import show
from callup_desktop.presentation.reconciliation import ReconciliationConsole, ReconciliationWriter
from callup_desktop.standard_streams import printable


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """A day's report, and the first of its differences."""

    report: DayReport
    fallen: Sequence[FallenCall]


def print_days(days: Iterable[ComparedDay], printer: Printer) -> None:
    """How far the calls of each day got; then those that fall out, and what each kind of difference means."""
    compared = tuple(days)
    if not compared:
        return
    words, console = ReconciliationWriter(), ReconciliationConsole()
    show(_stages(compared, words, console))
    if not any(day.fallen for day in compared):
        return
    printer.line("")
    show(_fallen(compared, words, console))
    for day in compared:
        if hidden := sum(day.report.differences.values()) - len(day.fallen):
            printer.line(f"{day.report.day.isoformat()}: {words.more(hidden)}")
    printer.line("")
    for difference in Difference:
        if any(difference in day.report.differences for day in compared):
            printer.line(f"{words.difference(difference)}: {words.advice(difference)}")


def _stages(days: Iterable[ComparedDay], words: ReconciliationWriter, console: ReconciliationConsole) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(console.day(), no_wrap=True)
    for stage in Stage:
        table.add_column(words.stage(stage).lower(), justify="right", no_wrap=True)
    table.add_column(words.under_way().lower(), justify="right", no_wrap=True)
    table.add_column(console.result(), overflow="fold")
    for day in days:
        counts = (*(day.report.stages[stage] for stage in Stage), day.report.under_way)
        table.add_row(day.report.day.isoformat(), *map(str, counts), words.verdict(day.report))
    return table


def _fallen(days: Iterable[ComparedDay], words: ReconciliationWriter, console: ReconciliationConsole) -> Table:
    table = Table(box=None, pad_edge=False)
    for title, is_whole in console.columns():
        table.add_column(title, no_wrap=is_whole, overflow="fold")
    for call in (call for day in days for call in day.fallen):
        cells = (
            call.day.isoformat(),
            call.call_id or call.s3_key,
            words.difference(call.difference),
            f"{call.since:%Y-%m-%d %H:%M}",
            call.sent_by or "",
            words.detail(call),
        )
        table.add_row(*map(printable, cells))
    return table
