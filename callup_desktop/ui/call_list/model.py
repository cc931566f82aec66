"""The models of the lists: live calls from the view state, sent calls in pages from the engine. Main thread."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from callup_desktop.engine.events import SentPage
from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import CallRow, RowWriter
from callup_desktop.presentation.view_state import Change, ViewState
from callup_desktop.ui.widgets.plain_text import plain_tip

ROW = int(Qt.ItemDataRole.UserRole)
"""The role of the CallRow."""
PAGE = 100
"""Sent calls in one page."""
_NO_PARENT = QModelIndex()
_ROLES = [ROW, int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)]

Index = QModelIndex | QPersistentModelIndex


class CallsModel(QAbstractListModel):
    """One list of calls; a row is written when it comes into view, and kept until its job changes."""

    def __init__(self, state: ViewState, rows: RowWriter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._rows = rows
        self._written: dict[str, CallRow] = {}

    def job_at(self, place: int) -> Job | None:
        """The job in a row of the list, None if it is not read yet."""
        raise NotImplementedError

    def place_of(self, job_id: str) -> int:
        """The number of a job's row, -1 if it is not in this list."""
        raise NotImplementedError

    def row_at(self, place: int) -> CallRow | None:
        """What a row shows, None if its job is not read yet."""
        job = self.job_at(place)
        if job is None:
            return None
        row = self._written.get(job.id)
        if row is None:
            row = self._written[job.id] = self._rows.row(job, self._state)
        return row

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The CallRow, its name, its text for a screen reader, or its tool tip."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case _ if role == ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.accessible_text
            case Qt.ItemDataRole.ToolTipRole:
                job = self.job_at(index.row())
                return plain_tip(self._rows.tip(job)) if job is not None else None
        return None

    def refresh(self, job_ids: Iterable[str]) -> None:
        """Write these rows again when they are next in view; sends one dataChanged for all of them."""
        places = []
        for job_id in job_ids:
            self._written.pop(job_id, None)
            if (place := self.place_of(job_id)) >= 0:
                places.append(place)
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), 0), _ROLES)


class LiveModel(CallsModel):
    """Calls that are not sent, in the order they were added."""

    def __init__(
        self, state: ViewState, rows: RowWriter, accepts: Callable[[Job], bool], parent: QObject | None = None
    ) -> None:
        """`accepts` decides which jobs are in the list; `reload` when its answers change."""
        super().__init__(state, rows, parent)
        self._accepts = accepts
        self._ids: list[str] = []
        self._places: dict[str, int] = {}

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """The number of calls in the list."""
        return 0 if parent.isValid() else len(self._ids)

    def job_at(self, place: int) -> Job | None:
        """See CallsModel."""
        return self._state.jobs.get(self._ids[place]) if 0 <= place < len(self._ids) else None

    def place_of(self, job_id: str) -> int:
        """See CallsModel."""
        return self._places.get(job_id, -1)

    def reload(self) -> None:
        """Read all jobs from the view state."""
        self.beginResetModel()
        self._written.clear()
        self._ids = [job.id for job in self._state.jobs.values() if self._accepts(job)]
        self._number()
        self.endResetModel()

    def apply(self, changes: Iterable[Change]) -> None:
        """Add, remove and refresh the rows of these changes."""
        touched: dict[str, None] = {}
        for change in changes:
            touched |= dict.fromkeys((*change.touched, *change.arrived, *change.left))
        shown = {job_id: (job := self._state.jobs.get(job_id)) is not None and self._accepts(job) for job_id in touched}
        self._remove([self._places[job_id] for job_id in touched if job_id in self._places and not shown[job_id]])
        staying = [job_id for job_id in touched if job_id in self._places]
        self._append([job_id for job_id in touched if shown[job_id] and job_id not in self._places])
        self.refresh(staying)

    def _remove(self, places: list[int]) -> None:
        for first, last in contiguous(places, last_first=True):
            self.beginRemoveRows(QModelIndex(), first, last)
            for job_id in self._ids[first : last + 1]:
                self._written.pop(job_id, None)
            del self._ids[first : last + 1]
            self._number()
            self.endRemoveRows()

    def _append(self, job_ids: list[str]) -> None:
        if not job_ids:
            return
        first = len(self._ids)
        self.beginInsertRows(QModelIndex(), first, first + len(job_ids) - 1)
        self._ids += job_ids
        self._places |= {job_id: first + index for index, job_id in enumerate(job_ids)}
        self.endInsertRows()

    def _number(self) -> None:
        self._places = {job_id: place for place, job_id in enumerate(self._ids)}


class SentModel(CallsModel):
    """Sent calls, newest first; a page is requested when one of its rows comes into view."""

    page_requested = Signal(object)
    """The offset (int) of `PAGE` sent calls."""

    def __init__(self, state: ViewState, rows: RowWriter, parent: QObject | None = None) -> None:
        super().__init__(state, rows, parent)
        self._jobs: dict[int, Job] = {}
        self._places: dict[str, int] = {}
        self._requested: set[int] = set()
        self._total = 0
        self._search = ""

    @property
    def search(self) -> str:
        """The text that the calls in the list match, "" for all calls."""
        return self._search

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """The number of matching calls, read or not."""
        return 0 if parent.isValid() else self._total

    def job_at(self, place: int) -> Job | None:
        """See CallsModel; requests the page of a row that is not read yet."""
        job = self._jobs.get(place)
        if job is None and 0 <= place < self._total:
            self._request(place // PAGE * PAGE)
        return job

    def place_of(self, job_id: str) -> int:
        """See CallsModel."""
        return self._places.get(job_id, -1)

    def reload(self, search: str = "") -> None:
        """Read the calls again that match the search."""
        self.beginResetModel()
        self._search = search
        self._total = 0
        self._forget_pages()
        self.endResetModel()
        self._request(0)

    def take_page(self, page: SentPage) -> None:
        """Show a page; a page of an earlier search is dropped."""
        if page.search != self._search:
            return
        if page.total != self._total:
            self.beginResetModel()
            self._forget_pages()
            self._total = page.total
            self._keep(page)
            self.endResetModel()
            return
        self._keep(page)
        self._requested.discard(page.offset)
        if page.jobs:
            last = min(self._total, page.offset + len(page.jobs)) - 1
            self.dataChanged.emit(self.index(page.offset, 0), self.index(last, 0), _ROLES)

    def prepend(self, job: Job) -> None:
        """Add a call that was sent just now."""
        if self._search:
            self.reload(self._search)
            return
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._jobs = {0: job, **{place + 1: known for place, known in self._jobs.items()}}
        self._places = {known.id: place for place, known in self._jobs.items()}
        self._total += 1
        self.endInsertRows()

    def remove(self, job_id: str) -> None:
        """Remove a call from the list, if it is in it."""
        place = self._places.get(job_id)
        if place is None:
            return
        self.beginRemoveRows(QModelIndex(), place, place)
        self._jobs.pop(place)
        self._jobs = {known - (known > place): job for known, job in self._jobs.items()}
        self._places = {known.id: at for at, known in self._jobs.items()}
        self._total -= 1
        self.endRemoveRows()

    def _keep(self, page: SentPage) -> None:
        for index, job in enumerate(page.jobs):
            self._jobs[page.offset + index] = job
            self._places[job.id] = page.offset + index
            self._written.pop(job.id, None)

    def _forget_pages(self) -> None:
        self._written.clear()
        self._jobs.clear()
        self._places.clear()
        self._requested.clear()

    def _request(self, offset: int) -> None:
        if offset not in self._requested:
            self._requested.add(offset)
            self.page_requested.emit(offset)


def contiguous(places: Iterable[int], *, last_first: bool) -> Iterator[tuple[int, int]]:
    """The ranges (first, last) of neighbouring places, in ascending order or with the last range first."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return iter(reversed(found) if last_first else found)
