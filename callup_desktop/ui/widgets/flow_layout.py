"""A layout that places widgets side by side and wraps them into lines. Main thread."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from callup_desktop.ui.widgets.button import Button


class FlowLayout(QLayout):
    """Widgets wrap like words; lines are aligned to the left, or to the right with `to_right`.

    At the left a line that begins with a quiet button is aligned by its text, so that the button hangs out.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int, line_spacing: int | None = None, to_right: bool = False
    ) -> None:
        """`spacing` is in pixels, between widgets, and between lines unless those have a `line_spacing`."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setSpacing(spacing)
        self._line_gap = spacing if line_spacing is None else line_spacing
        self._to_right = to_right
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """See QLayout."""
        self._items.append(item)

    def count(self) -> int:
        """See QLayout."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name; None ends its iteration
        """See QLayout."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name; None ends its iteration
        """See QLayout."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """The layout takes all width that there is."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """True: a narrower layout has more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines."""
        margins = self.contentsMargins()
        lines = self._lines(width - margins.left() - margins.right())
        return self._height_of(lines) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        """The size of a single line."""
        items = self._visible_items()
        width = sum(item.sizeHint().width() for item in items) + self._gap * max(0, len(items) - 1)
        return QSize(width, max((item.sizeHint().height() for item in items), default=0)).grownBy(
            self.contentsMargins()
        )

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest and the tallest widget fit."""
        items = self._visible_items()
        return QSize(
            max((item.minimumSize().width() for item in items), default=0),
            max((item.minimumSize().height() for item in items), default=0),
        ).grownBy(self.contentsMargins())

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """Place every widget; widgets are centred in the height of their line."""
        super().setGeometry(rect)
        rect = rect.marginsRemoved(self.contentsMargins())
        lines = self._lines(rect.width())
        top = rect.top() + max(0, (rect.height() - self._height_of(lines)) // 2)
        for items, height in lines:
            width = sum(item.sizeHint().width() for item in items) + self._gap * (len(items) - 1)
            left = rect.right() + 1 - width if self._to_right else rect.left() - _hang_of(items[0])
            for item in items:
                size = item.sizeHint().boundedTo(QSize(rect.width(), height))
                item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self._gap
            top += height + self._line_gap

    def _height_of(self, lines: list[tuple[list[QLayoutItem], int]]) -> int:
        return sum(height for _items, height in lines) + self._line_gap * max(0, len(lines) - 1)

    def _visible_items(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[tuple[list[QLayoutItem], int]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._visible_items():
            wide = item.sizeHint().width()
            if lines and used + self._gap + wide <= width:
                lines[-1].append(item)
                used += self._gap + wide
            else:
                lines.append([item])
                used = wide
        return [(line, max(item.sizeHint().height() for item in line)) for line in lines]


def _hang_of(item: QLayoutItem) -> int:
    widget = item.widget()
    return widget.hang if isinstance(widget, Button) else 0
