"""The models of the lists: live calls from the view state, sent calls in pages from the engine. Main thread."""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.events import SentPage
from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import CallRow, RowWriter, leads, matches, sent_key
from callup_desktop.presentation.view_state import Change, ViewState
from callup_desktop.ui.widgets.plain_text import plain_tip

ROW = int(Qt.ItemDataRole.UserRole)
"""The role of the CallRow."""
PAGE = 100
"""Sent calls in one page."""
_MOST_READ = 3000
"""Sent calls that are kept in memory; more are read again when they come into view."""
_MANY = 100
"""Jobs that are looked for together rather than one by one."""
_NO_PARENT = QModelIndex()
_ROLES = [ROW, int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)]

Index = QModelIndex | QPersistentModelIndex
Accepts = Callable[[Job], bool]


class Key(NamedTuple):
    """Where a live call stands: its group, then the order in which it was added."""

    group: int
    number: int
    job_id: str


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

    def read_between(self, first: int, last: int) -> Iterator[Job]:
        """The jobs of these rows that are read, from top to bottom; requests nothing."""
        raise NotImplementedError

    def place_of(self, job_id: str) -> int:
        """The number of a job's row, -1 if it is not in this list."""
        raise NotImplementedError

    def places_of(self, job_ids: Collection[str]) -> list[int]:
        """The numbers of these jobs' rows, of those that are in this list, from top to bottom."""
        return sorted(place for job_id in job_ids if (place := self.place_of(job_id)) >= 0)

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
    """Calls that are not sent: those whose bytes are on their way first, else in the order they were added."""

    def __init__(
        self, state: ViewState, rows: RowWriter, accepting: Callable[[], Accepts], parent: QObject | None = None
    ) -> None:
        """`accepting` returns what decides now which jobs are in the list; `reload` when its answers change."""
        super().__init__(state, rows, parent)
        self._accepting = accepting
        self._keys: list[Key] = []
        self._key_of: dict[str, Key] = {}
        self._misplaced: dict[str, None] = {}
        self._is_held = False

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """The number of calls in the list."""
        return 0 if parent.isValid() else len(self._keys)

    def job_at(self, place: int) -> Job | None:
        """See CallsModel."""
        return self._state.jobs.get(self._keys[place].job_id) if 0 <= place < len(self._keys) else None

    def read_between(self, first: int, last: int) -> Iterator[Job]:
        """See CallsModel."""
        known = self._state.jobs
        return (job for key in self._keys[first : last + 1] if (job := known.get(key.job_id)) is not None)

    def place_of(self, job_id: str) -> int:
        """See CallsModel."""
        key = self._key_of.get(job_id)
        return -1 if key is None else bisect_left(self._keys, key)

    def places_of(self, job_ids: Collection[str]) -> list[int]:
        """See CallsModel; walks once over the list, not once for each of thousands of jobs."""
        if len(job_ids) < _MANY:
            return super().places_of(job_ids)
        wanted = frozenset(job_ids)
        return [place for place, key in enumerate(self._keys) if key.job_id in wanted]

    def reload(self) -> None:
        """Read all jobs from the view state."""
        self.beginResetModel()
        self._written.clear()
        self._misplaced.clear()
        accepts = self._accepting()
        self._keys = sorted(self._key(job) for job in self._state.jobs.values() if accepts(job))
        self._key_of = {key.job_id: key for key in self._keys}
        self.endResetModel()

    def apply(self, changes: Iterable[Change]) -> None:
        """Add, remove, move and refresh the rows of these changes."""
        touched: dict[str, None] = {}
        for change in changes:
            touched |= dict.fromkeys((*change.touched, *change.arrived, *change.left))
        jobs = {job_id: job for job_id in touched if (job := self._state.jobs.get(job_id)) is not None}
        accepts = self._accepting()
        shown = {job_id: self._key(job) for job_id, job in jobs.items() if accepts(job)}
        self._remove([job_id for job_id in touched if job_id in self._key_of and job_id not in shown])
        staying = [job_id for job_id in shown if job_id in self._key_of]
        self._insert(sorted(key for job_id, key in shown.items() if job_id not in self._key_of))
        self._misplaced |= dict.fromkeys(job_id for job_id in staying if shown[job_id] != self._key_of[job_id])
        self.refresh(staying)
        self._put_in_order()

    @Slot(object)
    def on_pointed_at(self, is_pointed_at: bool) -> None:  # noqa: FBT001 - a signal's payload
        """While the mouse is over the list no row moves to another place."""
        self._is_held = is_pointed_at
        self._put_in_order()

    def _key(self, job: Job) -> Key:
        return Key(0 if leads(job) else 1, self._state.numbers[job.id], job.id)

    def _remove(self, job_ids: list[str]) -> None:
        for first, last in contiguous((self.place_of(job_id) for job_id in job_ids), last_first=True):
            self.beginRemoveRows(QModelIndex(), first, last)
            for key in self._keys[first : last + 1]:
                self._written.pop(key.job_id, None)
                self._misplaced.pop(key.job_id, None)
                del self._key_of[key.job_id]
            del self._keys[first : last + 1]
            self.endRemoveRows()

    def _insert(self, keys: list[Key]) -> None:
        """Insert these keys, which are in order; those that come to stand side by side at once."""
        while keys:
            place = bisect_left(self._keys, keys[-1])
            first = next((at for at, key in enumerate(keys) if bisect_left(self._keys, key) == place), 0)
            together = keys[first:]
            self.beginInsertRows(QModelIndex(), place, place + len(together) - 1)
            self._keys[place:place] = together
            self._key_of |= {key.job_id: key for key in together}
            self.endInsertRows()
            del keys[first:]

    def _put_in_order(self) -> None:
        if self._is_held or not self._misplaced:
            return
        moving, self._misplaced = self._misplaced, {}
        # A move of rows would leave a selection of several rows wrong; Qt keeps it over a change of the layout.
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        followed = [self._keys[index.row()].job_id for index in before]
        for job_id in moving:
            job = self._state.jobs.get(job_id)
            if job is None:
                # It is gone, and leaves the list with the change that says so.
                continue
            del self._keys[self.place_of(job_id)]
            key = self._key_of[job_id] = self._key(job)
            insort(self._keys, key)
        self.changePersistentIndexList(before, [self.index(self.place_of(job_id), 0) for job_id in followed])
        self.layoutChanged.emit()


class SentModel(CallsModel):
    """Sent calls in one order; a page is requested when one of its rows comes into view."""

    page_requested = Signal(object)
    """The offset (int) of `PAGE` sent calls."""

    def __init__(self, state: ViewState, rows: RowWriter, parent: QObject | None = None) -> None:
        super().__init__(state, rows, parent)
        # By the number of calls below: where the newest stand first, it stays as it is when another call is sent.
        self._jobs: dict[int, Job] = {}
        self._ages: dict[str, int] = {}
        self._requested: set[int] = set()
        self._total = 0
        self._search = ""
        self._order = SentOrder.NEWEST

    @property
    def order(self) -> SentOrder:
        """The order of the calls in the list."""
        return self._order

    @property
    def search(self) -> str:
        """The text that the calls in the list match, "" for all calls."""
        return self._search

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """The number of matching calls, read or not."""
        return 0 if parent.isValid() else self._total

    def job_at(self, place: int) -> Job | None:
        """See CallsModel; requests the page of a row that is not read yet."""
        job = self._jobs.get(self._total - 1 - place)
        if job is None and 0 <= place < self._total:
            self._request(place // PAGE * PAGE)
        return job

    def read_between(self, first: int, last: int) -> Iterator[Job]:
        """See CallsModel."""
        oldest, newest = self._total - 1 - last, self._total - 1 - first
        ages = sorted((age for age in self._jobs if oldest <= age <= newest), reverse=True)
        return (self._jobs[age] for age in ages)

    def place_of(self, job_id: str) -> int:
        """See CallsModel."""
        age = self._ages.get(job_id)
        return -1 if age is None else self._total - 1 - age

    @Slot(object)
    def show_in(self, order: SentOrder) -> None:
        """Show the calls in this order."""
        self._order = order
        self.reload(self._search)

    def reload(self, search: str = "") -> None:
        """Read the calls again that match the search."""
        self.beginResetModel()
        self._search = search
        self._total = 0
        self._forget_pages()
        self.endResetModel()
        self._request(0)

    def take_page(self, page: SentPage) -> None:
        """Show a page; a page of an earlier search or order is dropped."""
        if (page.search, page.order) != (self._search, self._order):
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

    def insert(self, job: Job) -> None:
        """Add a call that was sent just now, if it matches the search."""
        if self._search and not matches(job, self._search):
            return
        age, known = self._age_of_new(job)
        place = self._total - age
        self.beginInsertRows(QModelIndex(), place, place)
        if age < self._total:
            self._move(age, 1)
        if known:
            self._jobs[age] = job
            self._ages[job.id] = age
        self._total += 1
        self.endInsertRows()

    def _age_of_new(self, job: Job) -> tuple[int, bool]:
        """How many calls stand below the newest one, and whether that is known: between calls that are not read no
        place is wrong, and the row is read like theirs.
        """
        if self._order in {SentOrder.NEWEST, SentOrder.OLDEST}:
            return (self._total if self._order is SentOrder.NEWEST else 0), True
        key = sent_key(job, self._order)
        below = max((age for age, other in self._jobs.items() if sent_key(other, self._order) >= key), default=-1)
        return below + 1, below + 1 == self._total or below + 1 in self._jobs

    def replace(self, job: Job) -> None:
        """Show this copy of a call, if the call is in the list; its row is repainted by `refresh`."""
        age = self._ages.get(job.id)
        if age is None:
            return
        moves = sent_key(job, self._order) != sent_key(self._jobs[age], self._order)
        self._jobs[age] = job
        if moves:
            self.reload(self._search)

    def remove(self, job_id: str) -> None:
        """Remove a call from the list, if it is in it."""
        age = self._ages.get(job_id)
        if age is None:
            return
        place = self._total - 1 - age
        self.beginRemoveRows(QModelIndex(), place, place)
        self._jobs.pop(age)
        self._move(age, -1)
        self._written.pop(job_id, None)
        self._total -= 1
        self.endRemoveRows()

    def _move(self, age: int, step: int) -> None:
        """All calls above this one have another number of calls below."""
        self._jobs = {known + step * (known >= age): job for known, job in self._jobs.items()}
        self._ages = {known.id: at for at, known in self._jobs.items()}

    def _keep(self, page: SentPage) -> None:
        newest = self._total - 1 - page.offset
        if len(self._jobs) > _MOST_READ:
            self._forget_far_from(newest)
        for index, job in enumerate(page.jobs):
            self._jobs[newest - index] = job
            self._ages[job.id] = newest - index
            self._written.pop(job.id, None)

    def _forget_far_from(self, age: int) -> None:
        """Keep what is near; the rest is read again when it comes into view."""
        self._jobs = {known: job for known, job in self._jobs.items() if abs(known - age) < _MOST_READ // 2}
        self._ages = {job.id: known for known, job in self._jobs.items()}
        self._written = {job_id: row for job_id, row in self._written.items() if job_id in self._ages}

    def _forget_pages(self) -> None:
        self._written.clear()
        self._jobs.clear()
        self._ages.clear()
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
