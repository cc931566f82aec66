"""A list of calls under the hand: selection, row buttons by mouse and by key, context menu. Main thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QStackedWidget, QToolTip, QWidget

from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import Action, RowWriter, actions_of, toggled
from callup_desktop.ui.call_list.delegate import CallDelegate, Pointed
from callup_desktop.ui.call_list.model import CallsModel, Index, runs
from callup_desktop.ui.widgets.controls import Outline
from callup_desktop.ui.widgets.scroll_bar import ScrollBar


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """What the rep wants done with these calls."""

    action: Action
    ids: tuple[str, ...]


class CallsCard(QStackedWidget):
    """The lists in a card with round corners; one of them is in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """No list yet."""
        super().__init__(parent)
        self._outline = Outline(self)
        self.currentChanged.connect(self._on_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The corners lie over everything."""
        super().resizeEvent(event)
        self._outline.setGeometry(self.rect())
        self._outline.raise_()

    @Slot(int)
    def _on_changed(self, _index: int) -> None:
        self._outline.raise_()


class CallsView(QListView):
    """One list; tells what is asked for and what is selected, does nothing by itself."""

    action_requested = Signal(object)
    """An ActionRequest."""
    selected = Signal()
    opened = Signal()
    """Enter or a double click: show me this call."""

    def __init__(
        self, model: CallsModel, rows: RowWriter, name: str, parent: QWidget | None = None, *, stage_at: float = 0.515
    ) -> None:
        """Show the model; `name` is what a screen reader calls the list, `stage_at` where a row's stage begins."""
        super().__init__(parent)
        self._calls = model
        self._rows = rows
        self._pressed_on_button = False
        self._laid_narrow = False
        self.setAccessibleName(name)
        self.setModel(model)
        self._delegate = CallDelegate(self, stage_at=stage_at)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setVerticalScrollBar(ScrollBar(self))
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(self._on_double_clicked)

    # --- what is selected -----------------------------------------------------------------------------------------

    def selected_jobs(self) -> tuple[Job, ...]:
        """The selected calls, from top to bottom."""
        chosen = self.selectionModel().selection()
        ranges = sorted((part.top(), part.bottom()) for part in chosen.toList())
        places = (place for first, last in ranges for place in range(first, last + 1))
        return tuple(job for place in places if (job := self._calls.job_at(place)) is not None)

    def select(self, job_ids: tuple[str, ...]) -> None:
        """Select exactly these calls and show the first of them."""
        places = sorted(place for job_id in job_ids if (place := self._calls.place_of(job_id)) >= 0)
        self.clearSelection()
        if not places:
            return
        wanted = QItemSelection()
        for first, last in runs(places, downwards=False):
            wanted.select(self._calls.index(first, 0), self._calls.index(last, 0))
        model = self.selectionModel()
        model.setCurrentIndex(self._calls.index(places[0], 0), model.SelectionFlag.NoUpdate)
        model.select(wanted, model.SelectionFlag.ClearAndSelect)
        self.scrollTo(self._calls.index(places[-1], 0))
        self.scrollTo(self._calls.index(places[0], 0))

    def visible_ids(self) -> tuple[str, ...]:
        """The calls in view."""
        height = max(1, self.sizeHintForRow(0))
        first = max(0, self.verticalOffset() // height)
        last = min(self._calls.rowCount() - 1, first + self.viewport().height() // height + 1)
        return tuple(job.id for place in range(first, last + 1) if (job := self._calls.job_at(place)) is not None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - Qt's name
        """Tell the window."""
        super().selectionChanged(selected, deselected)
        self.selected.emit()

    def dataChanged(self, first: Index, last: Index, _roles: Sequence[int] = ()) -> None:  # noqa: N802 - Qt's name
        """Repaint the rows. Qt would lay out the whole list anew, though a row never changes its height."""
        if QAccessible.isActive():
            super().dataChanged(first, last)
            return
        area = self.visualRect(first).united(self.visualRect(last))
        self.viewport().update(area.intersected(self.viewport().rect()))

    # --- keys -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses, Delete removes, Enter opens, left and right walk the row's buttons."""
        match event.key():
            case Qt.Key.Key_Space:
                self._on_space()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._wish(Action.REMOVE, self.selected_jobs())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._on_enter()
            case Qt.Key.Key_Right | Qt.Key.Key_Left:
                self._aim(1 if event.key() == Qt.Key.Key_Right else -1)
            case _:
                self._aim_at(None)
                super().keyPressEvent(event)

    def _on_space(self) -> None:
        if self._delegate.aimed is not None:
            self._press(self._delegate.aimed)
            return
        found = toggled(self.selected_jobs())
        if found is not None:
            self.action_requested.emit(ActionRequest(*found))

    def _on_enter(self) -> None:
        if self._delegate.aimed is not None:
            self._press(self._delegate.aimed)
        else:
            self.opened.emit()

    def _aim(self, step: int) -> None:
        place = self.currentIndex().row()
        row = self._calls.row_at(place)
        if row is None or not row.buttons:
            return
        aimed = self._delegate.aimed
        now = aimed.button if aimed is not None and aimed.row == place else -1 if step > 0 else len(row.buttons)
        button = now + step
        self._aim_at(Pointed(place, button) if 0 <= button < len(row.buttons) else None)

    def _aim_at(self, aimed: Pointed | None) -> None:
        if aimed == self._delegate.aimed:
            return
        self._delegate.aimed = aimed
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went elsewhere."""
        self._aim_at(None)
        super().focusOutEvent(event)

    # --- mouse ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a row's button leaves the selection as it is."""
        pointed = self._button_under(event.position().toPoint())
        self._pressed_on_button = pointed is not None and event.button() is Qt.MouseButton.LeftButton
        if pointed is not None and self._pressed_on_button:
            self._hover(Pointed(pointed.row, pointed.button, pressed=True))
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A button counts when it is let go where it was pressed."""
        if not self._pressed_on_button:
            super().mouseReleaseEvent(event)
            return
        self._pressed_on_button = False
        pressed, pointed = self._delegate.hovered, self._button_under(event.position().toPoint())
        self._hover(pointed)
        if (
            pointed is not None
            and pressed is not None
            and (pressed.row, pressed.button) == (pointed.row, pointed.button)
        ):
            self._press(pointed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the button under the mouse and name it."""
        if self._pressed_on_button:
            return
        self._hover(self._button_under(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse went elsewhere."""
        self._hover(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Everything that can be done with the selected calls."""
        jobs = self.selected_jobs()
        if not jobs:
            return
        menu = self.menu_for(jobs)
        point = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        menu.popup(point)

    def menu_for(self, jobs: tuple[Job, ...]) -> QMenu:
        """The context menu of these calls; it goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in Action:
            if any(action in actions_of(job) for job in jobs):
                entry = menu.addAction(self._rows.label(action))
                entry.setData(action)
        menu.triggered.connect(self._on_menu)
        return menu

    @Slot(object)
    def _on_menu(self, entry: object) -> None:
        data = entry.data() if hasattr(entry, "data") else None
        self._wish(Action(str(data)), self.selected_jobs())

    @Slot(QModelIndex)
    def _on_double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()

    def _button_under(self, point: QPoint) -> Pointed | None:
        index = self.indexAt(point)
        row = self._calls.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        button = self._delegate.button_at(row, self.visualRect(index), point)
        return Pointed(index.row(), button) if button >= 0 else None

    def _hover(self, pointed: Pointed | None) -> None:
        before = self._delegate.hovered
        if pointed == before:
            return
        self._delegate.hovered = pointed
        for known in (before, pointed):
            if known is not None:
                self.viewport().update(self.visualRect(self._calls.index(known.row, 0)))

    def viewportEvent(self, event: QEvent) -> bool:
        """A row's button tells what it does."""
        pointed = self._delegate.hovered
        row = self._calls.row_at(pointed.row) if pointed is not None else None
        if (
            event.type() is not QEvent.Type.ToolTip
            or not isinstance(event, QHelpEvent)
            or row is None
            or pointed is None
        ):
            return super().viewportEvent(event)
        QToolTip.showText(event.globalPos(), self._rows.label(row.buttons[pointed.button]), self)
        return True

    def _press(self, pointed: Pointed) -> None:
        row = self._calls.row_at(pointed.row)
        job = self._calls.job_at(pointed.row)
        if row is not None and job is not None and pointed.button < len(row.buttons):
            self._wish(row.buttons[pointed.button], (job,))

    def _wish(self, action: Action, jobs: tuple[Job, ...]) -> None:
        ids = tuple(job.id for job in jobs if action in actions_of(job))
        if ids:
            self.action_requested.emit(ActionRequest(action, ids))

    # --- looks ----------------------------------------------------------------------------------------------------

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Remember for which width the rows have their height: a list is filled before it is first shown."""
        self._laid_narrow = self._delegate.narrow
        super().doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows change their height where the list becomes narrow."""
        if self._delegate.narrow != self._laid_narrow:
            self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)
