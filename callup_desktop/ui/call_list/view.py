"""The view of one list of calls: selection, keys, mouse, context menu. Main thread."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QToolTip, QWidget

from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import Action, ActionRequest, RowWriter, actions_of, is_unsent_draft, toggled
from callup_desktop.ui.call_list.delegate import CallDelegate, RowButton, RowLook
from callup_desktop.ui.call_list.model import CallsModel, Index, contiguous
from callup_desktop.ui.call_list.row_buttons import RowButtons
from callup_desktop.ui.call_list.uniform_list import UniformList
from callup_desktop.ui.widgets.scroll_bar import ScrollBar


class CallsView(UniformList):
    """Shows one list; sends what the rep requests and carries out nothing itself."""

    action_requested = Signal(object)
    """An ActionRequest."""
    selected = Signal()
    opened = Signal()
    """The rep pressed Enter or clicked twice on the selected calls."""
    pointed_at = Signal(object)
    """Whether the mouse is over the list (bool)."""

    def __init__(
        self, model: CallsModel, rows: RowWriter, name: str, parent: QWidget | None = None, *, stage_at: float = 0.515
    ) -> None:
        """`name` is for screen readers; `stage_at` is the share of the width where a row's stage begins."""
        super().__init__(parent)
        self._calls = model
        self._rows = rows
        self._was_narrow = False
        self._pointed_place = -1
        self.setAccessibleName(name)
        self.setModel(model)
        self._delegate = CallDelegate(self, stage_at=stage_at)
        self.setItemDelegate(self._delegate)
        self._buttons = RowButtons(self, model, self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setVerticalScrollBar(ScrollBar(self))
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(self._on_double_clicked)

    # --- selection ------------------------------------------------------------------------------------------------

    def selected_count(self) -> int:
        """How many calls are selected, read or not."""
        return sum(last - first + 1 for first, last in self._selected_ranges())

    def selected_jobs(self) -> tuple[Job, ...]:
        """The selected calls that are read, from top to bottom."""
        ranges = self._selected_ranges()
        return tuple(job for first, last in ranges for job in self._calls.read_between(first, last))

    def _selected_ranges(self) -> list[tuple[int, int]]:
        return sorted((part.top(), part.bottom()) for part in self.selectionModel().selection().toList())

    def _jobs_to_act_on(self) -> tuple[Job, ...]:
        """The selected calls; none where some of them are not read, so that no action reaches only a part of them."""
        jobs = self.selected_jobs()
        return jobs if len(jobs) == self.selected_count() else ()

    def select(self, job_ids: tuple[str, ...]) -> None:
        """Select exactly these calls and scroll to the first of them."""
        places = sorted(place for job_id in job_ids if (place := self._calls.place_of(job_id)) >= 0)
        self.clearSelection()
        if not places:
            return
        wanted = QItemSelection()
        for first, last in contiguous(places, last_first=False):
            wanted.select(self._calls.index(first, 0), self._calls.index(last, 0))
        model = self.selectionModel()
        model.setCurrentIndex(self._calls.index(places[0], 0), model.SelectionFlag.NoUpdate)
        model.select(wanted, model.SelectionFlag.ClearAndSelect)
        self.scrollTo(self._calls.index(places[-1], 0))
        self.scrollTo(self._calls.index(places[0], 0))

    def selectAll(self) -> None:  # noqa: N802 - Qt's name
        """Select every call as one range; Qt would ask for each row, of which there may be a hundred thousand."""
        last = self._calls.rowCount() - 1
        if last >= 0:
            everything = QItemSelection(self._calls.index(0, 0), self._calls.index(last, 0))
            self.selectionModel().select(everything, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def contains(self, job_id: str) -> bool:
        """Whether the call is in the list."""
        return self._calls.place_of(job_id) >= 0

    def draft_after(self, job_ids: Collection[str]) -> str:
        """The first draft below these calls that nobody has sent yet, else the first one in the list, else ""."""
        start = max((self._calls.place_of(job_id) for job_id in job_ids), default=-1) + 1
        end = self._calls.rowCount()
        for first, last in ((start, end - 1), (0, start - 1)):
            for job in self._calls.read_between(first, last):
                if is_unsent_draft(job) and job.id not in job_ids:
                    return job.id
        return ""

    def reset(self) -> None:
        """Send `selected`: Qt drops the selection without a word."""
        super().reset()
        self.selected.emit()

    def visible_ids(self) -> tuple[str, ...]:
        """The calls in view."""
        return tuple(job.id for place in self.rows_in_view() if (job := self._calls.job_at(place)) is not None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - Qt's name
        """Send `selected`."""
        super().selectionChanged(selected, deselected)
        self.selected.emit()

    def dataChanged(self, first: Index, last: Index, _roles: Sequence[int] = ()) -> None:  # noqa: N802 - Qt's name
        """Repaint the rows in view. Qt would lay out the whole list again, but no row changes its height."""
        if QAccessible.isActive():
            super().dataChanged(first, last)
            return
        area = self.visualRect(first).united(self.visualRect(last))
        self.viewport().update(area.intersected(self.viewport().rect()))

    # --- keys -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses or resumes, Delete removes, Enter opens, the left and right keys walk the row's buttons."""
        match event.key():
            case Qt.Key.Key_Space:
                self._on_space()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._request(Action.REMOVE, self._jobs_to_act_on())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._on_enter()
            case Qt.Key.Key_Right | Qt.Key.Key_Left:
                self._buttons.move_focus(1 if event.key() == Qt.Key.Key_Right else -1)
            case _:
                self._buttons.clear_focus()
                super().keyPressEvent(event)

    def _on_space(self) -> None:
        if self._buttons.focused is not None:
            self._activate(self._buttons.focused)
        elif (request := toggled(self._jobs_to_act_on())) is not None:
            self.action_requested.emit(request)

    def _on_enter(self) -> None:
        if self._buttons.focused is not None:
            self._activate(self._buttons.focused)
        else:
            self.opened.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the keyboard focus from the row's button."""
        self._buttons.clear_focus()
        super().focusOutEvent(event)

    # --- mouse ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the row's button; the selection stays. Elsewhere a press selects."""
        if event.button() is Qt.MouseButton.LeftButton and self._buttons.press(event.position().toPoint()):
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Activate the row's button if it was pressed, too."""
        if self._buttons.pressed is None:
            super().mouseReleaseEvent(event)
            return
        button = self._buttons.release(event.position().toPoint())
        if button is not None:
            self._activate(button)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the button under the mouse."""
        if self._buttons.pressed is None:
            self._point_at(event.position().toPoint())
            super().mouseMoveEvent(event)

    def _point_at(self, point: QPoint | None) -> None:
        """The mouse is at this point of the viewport, None outside of it."""
        before, self._pointed_place = self._pointed_place, -1 if point is None else self.indexAt(point).row()
        for place in {before, self._pointed_place} if before != self._pointed_place else ():
            self.viewport().update(self.row_rect(place))
        self._buttons.hover(point)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Say that the mouse is over the list."""
        super().enterEvent(event)
        self.pointed_at.emit(True)  # noqa: FBT003 - a signal's payload

    def leaveEvent(self, event: QEvent) -> None:
        """No button is under the mouse, nor anything else of the list."""
        self.pointed_at.emit(False)  # noqa: FBT003 - a signal's payload
        self._point_at(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the name of the button under the mouse as its tool tip."""
        hovered = self._buttons.hovered
        row = self._calls.row_at(hovered.row) if hovered is not None else None
        if not isinstance(event, QHelpEvent) or event.type() is not QEvent.Type.ToolTip or not hovered or row is None:
            return super().viewportEvent(event)
        QToolTip.showText(event.globalPos(), self._rows.label(row.buttons[hovered.button]), self)
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show every action of the selected calls."""
        jobs = self._jobs_to_act_on()
        if not jobs:
            return
        menu = self.menu_for(jobs)
        point = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        menu.popup(point)

    def menu_for(self, jobs: tuple[Job, ...]) -> QMenu:
        """The context menu of these calls; it is deleted when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in Action:
            if any(action in actions_of(job) for job in jobs):
                entry = menu.addAction(self._rows.label(action))
                entry.setData(action)
        menu.triggered.connect(self._on_menu)
        return menu

    @Slot(QAction)
    def _on_menu(self, entry: QAction) -> None:
        self._request(Action(str(entry.data())), self._jobs_to_act_on())

    @Slot(QModelIndex)
    def _on_double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()

    # --- requests -------------------------------------------------------------------------------------------------

    def _activate(self, button: RowButton) -> None:
        row = self._calls.row_at(button.row)
        job = self._calls.job_at(button.row)
        if row is not None and job is not None and button.button < len(row.buttons):
            self._request(row.buttons[button.button], (job,))

    def _request(self, action: Action, jobs: tuple[Job, ...]) -> None:
        ids = tuple(job.id for job in jobs if action in actions_of(job))
        if ids:
            self.action_requested.emit(ActionRequest(action, ids))

    # --- layout ---------------------------------------------------------------------------------------------------

    def paint_row(self, painter: QPainter, place: int) -> None:
        """See UniformList."""
        index = self._calls.index(place, 0)
        look = RowLook(
            place,
            chosen=self.selectionModel().isSelected(index),
            hovered=place == self._pointed_place,
            current=self.hasFocus() and place == self.currentIndex().row(),
        )
        self._delegate.paint_row(painter, self.row_rect(place), self._calls.row_at(place), look)

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Remember whether the rows are laid out as narrow ones: a list is filled before it is first shown."""
        self._was_narrow = self._delegate.narrow
        super().doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the rows again if they change between narrow and wide."""
        if self._delegate.narrow != self._was_narrow:
            self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)
