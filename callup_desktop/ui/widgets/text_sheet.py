"""A long text that is read and copied, not written: in a card with round corners. Main thread."""

from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.scroll_bar import ScrollBar
from callup_desktop.ui.widgets.surface import Outline


class TextSheet(QWidget):
    """Shows the text; `editor` is where the keyboard goes."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None, *, font: QFont | None = None) -> None:
        """`name` is for screen readers."""
        super().__init__(parent)
        self.editor = QPlainTextEdit(text, self)
        self.editor.setReadOnly(True)
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(name)
        self.editor.setFrameShape(QFrame.Shape.NoFrame)
        self.editor.setVerticalScrollBar(ScrollBar(self.editor))
        self.editor.document().setDocumentMargin(em(self, 0.8))
        if font is not None:
            self.editor.setFont(font)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.editor)
        self._outline = Outline(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the outline over the text."""
        super().resizeEvent(event)
        self._outline.setGeometry(self.rect())
        self._outline.raise_()
