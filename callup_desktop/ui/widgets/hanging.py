"""Places a line in a column by its text: the frame of a quiet button hangs out to the left. Main thread."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QBoxLayout, QWidget, QWidgetItem

from callup_desktop.ui.widgets.button import quiet_side


class HangingItem(QWidgetItem):
    """A widget whose left edge lies further left than its column, by the side of a quiet button."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._by = quiet_side(widget)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """See QLayoutItem."""
        super().setGeometry(rect.adjusted(-self._by, 0, 0, 0))


def add_hanging(column: QBoxLayout, widget: QWidget) -> None:
    """Add the widget to the column; the margin there has to be as wide as the side of a quiet button."""
    column.addChildWidget(widget)
    column.addItem(HangingItem(widget))
