"""The text field of the window. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDragEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from callup_desktop.ui.carried_files import carries_files, clipboard_carries_files
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, rounded


class TextField(QLineEdit):
    """A line of text in a rounded frame; the frame is red while the value is not accepted.

    Files are no text: a drag of files goes to what lies below the field, pasted ones are sent on.
    """

    files_pasted = Signal()
    """The rep pasted, and the clipboard carries files."""

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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leave files to the window."""
        if carries_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send pasted files on."""
        if event.matches(QKeySequence.StandardKey.Paste) and clipboard_carries_files():
            self.files_pasted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu of a text; its entry for pasting sends files on, as the key does."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paste = menu.findChild(QAction, "edit-paste")
        if paste is not None and clipboard_carries_files():
            paste.triggered.disconnect()
            paste.triggered.connect(self.files_pasted)
            paste.setEnabled(True)
        menu.popup(event.globalPos())

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
