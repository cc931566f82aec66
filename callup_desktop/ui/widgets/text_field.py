"""The text field of the window. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, rounded


class TextField(QLineEdit):
    """A line of text in a rounded frame; the frame is red while the value is not accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrong = False
        self.setFrame(False)
        side = em(self, 0.6)
        self.setTextMargins(side, 0, side, 0)
        self._make_transparent()

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as not accepted, or remove the mark."""
        if wrong != self._wrong:
            self._wrong = wrong
            self.update()

    def sizeHint(self) -> QSize:
        """Tall enough for a mouse."""
        return QSize(em(self, 12), em(self, 2.2))

    def minimumSizeHint(self) -> QSize:
        """Only the width shrinks."""
        return QSize(em(self, 6), em(self, 2.2))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Repaint the frame."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, then the text over it."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, em(self, CORNER), fill=colours.field, line=colours.bad if self._wrong else colours.frame)
        if self.hasFocus():
            focus_ring(painter, rect, em(self, CORNER), colours.bad if self._wrong else colours.accent)
        painter.end()
        super().paintEvent(event)

    def _make_transparent(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
