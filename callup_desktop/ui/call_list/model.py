"""The lists behind the tabs: live calls from the window's copies, sent calls paged from disk. Main thread."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from callup_desktop.engine.events import SentPage
from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import CallRow, RowWriter
from callup_desktop.presentation.view_state import Change, ViewState

ROW = int(Qt.ItemDataRole.UserRole)
PAGE = 100
_NOWHERE = QModelIndex()
_ROLES = [ROW, int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)]

Index = QModelIndex | QPersistentModelIndex


class CallsModel(QAbstractListModel):
    """One list of calls; rows are written when they are looked at, and kept until their job changes."""

    def __init__(self, state: ViewState, rows: RowWriter, parent: QObject | None = None) -> None:
        """Show what the state holds, in the words of `rows`."""
        super().__init__(parent)
        self._state = state
        self._rows = rows
        self._written: dict[str, CallRow] = {}

    def job_at(self, place: int) -> Job | None:
        """The job in a row, None where it is not read yet."""
        raise NotImplementedError

    def place_of(self, job_id: str) -> int:
        """The row of a job, -1 if it is not in this list."""
        raise NotImplementedError

    def row_at(self, place: int) -> CallRow | None:
        """What is painted in a row, None where it is not read yet."""
        job = self.job_at(place)
        if job is None:
            return None
        row = self._written.get(job.id)
        if row is None:
            row = self._written[job.id] = self._rows.row(job, self._state)
        return row

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The CallRow itself, its name, its sentence for a screen reader, its tip."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case _ if role == ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.spoken
            case Qt.ItemDataRole.ToolTipRole:
                job = self.job_at(index.row())
                return self._rows.tip(job) if job is not None else None
        return None

    def rewrite(self, job_ids: Iterable[str]) -> None:
        """Write these rows anew when they are looked at next; one dataChanged for all."""
        places = []
        for job_id in job_ids:
            self._written.pop(job_id, None)
            if (place := self.place_of(job_id)) >= 0:
                places.append(place)
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), 0), _ROLES)


class LiveModel(CallsModel):
    """Calls that are not sent, in the order they were added, as far as `wanted` says."""

    def __init__(
        self, state: ViewState, rows: RowWriter, wanted: Callable[[Job], bool], parent: QObject | None = None
    ) -> None:
        """Show the jobs that are wanted now; `look_again` after that changed."""
        super().__init__(state, rows, parent)
        self._wanted = wanted
        self._ids: list[str] = []
        self._places: dict[str, int] = {}

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many are shown."""
        return 0 if parent.isValid() else len(self._ids)

    def job_at(self, place: int) -> Job | None:
        """See CallsModel."""
        return self._state.jobs.get(self._ids[place]) if 0 <= place < len(self._ids) else None

    def place_of(self, job_id: str) -> int:
        """See CallsModel."""
        return self._places.get(job_id, -1)

    def look_again(self) -> None:
        """Read the copies from the start."""
        self.beginResetModel()
        self._written.clear()
        self._ids = [job.id for job in self._state.jobs.values() if self._wanted(job)]
        self._number()
        self.endResetModel()

    def take(self, changes: Iterable[Change]) -> None:
        """Follow what happened since the last tick."""
        touched: dict[str, None] = {}
        for change in changes:
            touched |= dict.fromkeys((*change.touched, *change.arrived, *change.left))
        shown = {job_id: (job := self._state.jobs.get(job_id)) is not None and self._wanted(job) for job_id in touched}
        self._take_out([self._places[job_id] for job_id in touched if job_id in self._places and not shown[job_id]])
        staying = [job_id for job_id in touched if job_id in self._places]
        self._append([job_id for job_id in touched if shown[job_id] and job_id not in self._places])
        self.rewrite(staying)

    def _take_out(self, places: list[int]) -> None:
        for first, last in runs(places, downwards=True):
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
    """Sent calls, newest first; pages are asked for as rows come into view."""

    page_wanted = Signal(object)
    """An offset (int) of which `PAGE` sent calls are needed."""

    def __init__(self, state: ViewState, rows: RowWriter, parent: QObject | None = None) -> None:
        """Empty until a page arrives."""
        super().__init__(state, rows, parent)
        self._jobs: dict[int, Job] = {}
        self._places: dict[str, int] = {}
        self._asked: set[int] = set()
        self._total = 0
        self._search = ""

    @property
    def search(self) -> str:
        """What the list is limited to."""
        return self._search

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """All that match, read or not."""
        return 0 if parent.isValid() else self._total

    def job_at(self, place: int) -> Job | None:
        """See CallsModel; a row that is not read yet is asked for."""
        job = self._jobs.get(place)
        if job is None and 0 <= place < self._total:
            self._ask(place // PAGE * PAGE)
        return job

    def place_of(self, job_id: str) -> int:
        """See CallsModel."""
        return self._places.get(job_id, -1)

    def look_again(self, search: str = "") -> None:
        """Read from disk anew, limited to the search."""
        self.beginResetModel()
        self._search = search
        self._total = 0
        self._forget_pages()
        self.endResetModel()
        self._ask(0)

    def take_page(self, page: SentPage) -> None:
        """Show a page; one for another search is dropped."""
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
        self._asked.discard(page.offset)
        if page.jobs:
            last = min(self._total, page.offset + len(page.jobs)) - 1
            self.dataChanged.emit(self.index(page.offset, 0), self.index(last, 0), _ROLES)

    def put_first(self, job: Job) -> None:
        """A call was sent just now."""
        if self._search:
            self.look_again(self._search)
            return
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._jobs = {0: job, **{place + 1: known for place, known in self._jobs.items()}}
        self._places = {known.id: place for place, known in self._jobs.items()}
        self._total += 1
        self.endInsertRows()

    def take_out(self, job_id: str) -> None:
        """A sent call was taken off the list."""
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
        self._asked.clear()

    def _ask(self, offset: int) -> None:
        if offset not in self._asked:
            self._asked.add(offset)
            self.page_wanted.emit(offset)


def runs(places: Iterable[int], *, downwards: bool) -> Iterator[tuple[int, int]]:
    """Neighbouring places as (first, last), the last run first if `downwards`."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return iter(reversed(found) if downwards else found)
