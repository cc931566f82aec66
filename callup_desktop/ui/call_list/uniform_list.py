"""A list whose rows all have one height: it places them by arithmetic, so its length costs nothing. Main thread."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from callup_desktop.ui.call_list.model import Index

_HINT = QAbstractItemView.ScrollHint
_MOVE = QAbstractItemView.CursorAction


class UniformList(QListView):
    """A QListView for screen readers and keys, without the layout of Qt, which asks the model for each row.

    Its model and its delegate are set before it is laid out; it scrolls by pixels, and only up and down.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row_height = 0

    # --- where rows are -------------------------------------------------------------------------------------------

    @property
    def row_height(self) -> int:
        """Pixels; the delegate says them once for all rows, whenever the list is laid out."""
        if not self._row_height:
            self._row_height = max(1, self.itemDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex()).height())
        return self._row_height

    def row_rect(self, place: int) -> QRect:
        """Where a row is in the viewport, in view or not."""
        height = self.row_height
        return QRect(0, place * height - self.verticalOffset(), self.viewport().width(), height)

    def rows_between(self, top: int, bottom: int) -> range:
        """The numbers of the rows that these pixels of the viewport touch."""
        height, offset = self.row_height, self.verticalOffset()
        first, last = (top + offset) // height, (bottom + offset) // height
        return range(max(0, first), min(self.model().rowCount() - 1, last) + 1)

    def rows_in_view(self) -> range:
        """The numbers of the rows in view."""
        return self.rows_between(0, self.viewport().height() - 1)

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """See QAbstractItemView."""
        return self.row_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """See QAbstractItemView."""
        rows = self.rows_between(point.y(), point.y()) if 0 <= point.x() < self.viewport().width() else range(0)
        return self.model().index(rows[0], 0) if rows else QModelIndex()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 - Qt's name
        """Select the rows that the rectangle touches, in view or not."""
        rows, model = self.rows_between(rect.normalized().top(), rect.normalized().bottom()), self.model()
        chosen = QItemSelection(model.index(rows[0], 0), model.index(rows[-1], 0)) if rows else QItemSelection()
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 - Qt's name
        """The part of the selection that is in view."""
        whole, region = self.viewport().rect(), QRegion()
        for part in selection.toList():
            region += self.row_rect(part.top()).united(self.row_rect(part.bottom())).intersected(whole)
        return region

    # --- scrolling ------------------------------------------------------------------------------------------------

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Ask for the height of a row again; no row is looked at."""
        self._row_height = 0
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Give the scroll bar the length of the list."""
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(self.row_height // 2)
        bar.setPageStep(room)
        bar.setRange(0, max(0, self.model().rowCount() * self.row_height - room))
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Move what is painted; Qt's own list moves nothing that it did not lay out."""
        self.viewport().scroll(dx, dy)

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = _HINT.EnsureVisible) -> None:  # noqa: N802 - Qt's name
        """See QAbstractItemView."""
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        top, room = index.row() * self.row_height, self.viewport().height()
        bottom, bar = top + self.row_height - room, self.verticalScrollBar()
        match hint:
            case _HINT.PositionAtTop:
                bar.setValue(top)
            case _HINT.PositionAtBottom:
                bar.setValue(bottom)
            case _HINT.PositionAtCenter:
                bar.setValue((top + bottom) // 2)
            case _:
                bar.setValue(top if top < bar.value() else max(bar.value(), bottom))

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """The row that a key goes to."""
        last, now = self.model().rowCount() - 1, self.currentIndex().row()
        if last < 0:
            return QModelIndex()
        page = max(1, self.viewport().height() // self.row_height - 1)
        steps = {_MOVE.MoveUp: -1, _MOVE.MoveDown: 1, _MOVE.MovePageUp: -page, _MOVE.MovePageDown: page}
        ends = {_MOVE.MoveHome: 0, _MOVE.MoveEnd: last}
        place = ends.get(action, max(0, now) + steps.get(action, 0) if now >= 0 else 0)
        return self.model().index(min(last, max(0, place)), 0)

    # --- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows of the region, and no others between them."""
        painter, region = QPainter(self.viewport()), event.region()
        area = region.boundingRect()
        for place in self.rows_between(area.top(), area.bottom()):
            if region.intersects(self.row_rect(place)):
                self.paint_row(painter, place)

    def paint_row(self, painter: QPainter, place: int) -> None:
        """Paint one row."""
        raise NotImplementedError
