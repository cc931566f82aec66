"""The buttons in the rows of one list: which one the mouse or the keyboard is on. Main thread."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractItemView

from callup_desktop.ui.call_list.delegate import CallDelegate, RowButton
from callup_desktop.ui.call_list.model import CallsModel


class RowButtons:
    """Follows mouse and keyboard over the row buttons of a view; the delegate paints what it finds."""

    def __init__(self, view: QAbstractItemView, model: CallsModel, delegate: CallDelegate) -> None:
        self._view = view
        self._model = model
        self._delegate = delegate

    # --- keyboard -------------------------------------------------------------------------------------------------

    @property
    def focused(self) -> RowButton | None:
        """The button with the keyboard focus."""
        return self._delegate.focused

    def move_focus(self, step: int) -> None:
        """Focus the next (1) or previous (-1) button of the current row; no button beyond the last one."""
        place = self._view.currentIndex().row()
        row = self._model.row_at(place)
        if row is None or not row.buttons:
            return
        focused = self.focused
        start = -1 if step > 0 else len(row.buttons)
        button = (focused.button if focused is not None and focused.row == place else start) + step
        self._focus(RowButton(place, button) if 0 <= button < len(row.buttons) else None)

    def clear_focus(self) -> None:
        """Focus no button."""
        self._focus(None)

    def _focus(self, button: RowButton | None) -> None:
        if button != self._delegate.focused:
            self._delegate.focused = button
            self._view.viewport().update()

    # --- mouse ----------------------------------------------------------------------------------------------------

    @property
    def hovered(self) -> RowButton | None:
        """The button under the mouse."""
        return self._delegate.hovered

    @property
    def pressed(self) -> RowButton | None:
        """The button on which the mouse was pressed and not released yet."""
        return self._delegate.pressed

    def hover(self, point: QPoint | None) -> None:
        """The mouse is at this point of the viewport, None outside of it."""
        before, self._delegate.hovered = self._delegate.hovered, None if point is None else self._button_at(point)
        if before != self._delegate.hovered:
            self._repaint(before)
            self._repaint(self._delegate.hovered)

    def press(self, point: QPoint) -> bool:
        """The mouse is pressed at this point; returns whether a button is there."""
        self.hover(point)
        self._delegate.pressed = self._delegate.hovered
        self._repaint(self._delegate.pressed)
        return self._delegate.pressed is not None

    def release(self, point: QPoint) -> RowButton | None:
        """The mouse is released at this point; returns the button if it was pressed there, too."""
        pressed, self._delegate.pressed = self._delegate.pressed, None
        self._repaint(pressed)
        self.hover(point)
        return pressed if pressed == self._delegate.hovered else None

    def _button_at(self, point: QPoint) -> RowButton | None:
        index = self._view.indexAt(point)
        row = self._model.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        button = self._delegate.button_at(row, self._view.visualRect(index), point)
        return RowButton(index.row(), button) if button >= 0 else None

    def _repaint(self, button: RowButton | None) -> None:
        if button is not None:
            self._view.viewport().update(self._view.visualRect(self._model.index(button.row, 0)))
