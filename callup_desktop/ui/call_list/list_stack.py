"""The card with round corners that holds the lists. Main thread."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.surface import Outline


class ListStack(QStackedWidget):
    """Shows one of the lists, and a text over it while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outline = Outline(self)
        self.empty_label = QLabel(self)
        self.empty_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.setWordWrap(True)
        self.empty_label.setTextFormat(Qt.TextFormat.PlainText)
        self.empty_label.setForegroundRole(self.empty_label.palette().ColorRole.PlaceholderText)
        self.currentChanged.connect(self._on_changed)

    def show_empty_text(self, text: str, *, shown: bool) -> None:
        """Show or hide the text over the list."""
        self.empty_label.setText(text)
        self.empty_label.setVisible(shown)
        self.empty_label.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the outline and the text over the lists."""
        super().resizeEvent(event)
        margin = em(self, 1)
        area = self.rect().adjusted(margin, margin, -margin, -margin)
        self.empty_label.setGeometry(area.x(), area.y(), area.width(), min(area.height(), em(self, 8)))
        self.empty_label.raise_()
        self._outline.setGeometry(self.rect())
        self._outline.raise_()

    @Slot(int)
    def _on_changed(self, _index: int) -> None:
        self.empty_label.raise_()
        self._outline.raise_()
