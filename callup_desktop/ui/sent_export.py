"""Exports the sent calls that the search finds, as a table. Main thread; never blocks."""

from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import SentPage
from callup_desktop.engine.job import Job
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.presentation.sent_export import table_of
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.ui.saved_file import SavedFile

EXPORT_PAGE = 500
"""Sent calls in one page: few enough that the engine has time for uploads between two."""


class SentExport(QObject):
    """Asks where, reads page after page from the engine, then saves; one export at a time."""

    alert_raised = Signal(object)
    """An Alert: there is nothing to export, or how saving went."""

    def __init__(self, commands: Commands, state: ViewState, window: QWidget, *, page: int = EXPORT_PAGE) -> None:
        super().__init__(window)
        self._commands = commands
        self._state = state
        self._page = page
        self._search = ""
        self._order = SentOrder.NEWEST
        self._path: Path | None = None
        self._jobs: dict[str, Job] = {}
        self._file = SavedFile(window)
        self._file.chosen.connect(self._on_chosen)
        self._file.alert_raised.connect(self.alert_raised)

    def start(self, search: str, order: SentOrder) -> None:
        """Export what this search finds in this order, "" for all sent calls."""
        status = self._state.status
        if status is None or not status.sent:
            self.alert_raised.emit(Alert(Tone.PLAIN, self.tr("No calls were sent yet."), ""))
            return
        self._search, self._order = search, order
        self._file.ask(self.tr("Export sent calls"), self.tr("sent calls.csv"), self.tr("Tables (*.csv)"))

    def take(self, page: SentPage) -> None:
        """Keep a page, whoever asked for it, if it is the next one."""
        if (page.search, page.order) != (self._search, self._order):
            return
        if self._path is None or page.offset != len(self._jobs):
            return
        known = len(self._jobs)
        # A call that was sent meanwhile moves the others by one place: no call is exported twice.
        self._jobs |= {job.id: job for job in page.jobs}
        if page.jobs and len(self._jobs) > known and len(self._jobs) < page.total:
            self._commands.page_sent(len(self._jobs), self._page, self._search, self._order)
            return
        path, self._path = self._path, None
        delimiter = ";" if QLocale().decimalPoint() == "," else ","
        self._file.write(path, table_of(self._jobs.values(), self._state.call_statuses, delimiter=delimiter))
        self._jobs = {}

    def stop(self) -> None:
        """Give up what is not saved yet."""
        self._path = None
        self._file.stop()

    @Slot(object)
    def _on_chosen(self, path: Path) -> None:
        self._path, self._jobs = path, {}
        self._commands.page_sent(0, self._page, self._search, self._order)
