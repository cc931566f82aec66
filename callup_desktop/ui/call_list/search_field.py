"""The field that a search is typed into. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from callup_desktop.ui.widgets.text_field import TextField


class SearchField(TextField):
    """A text field that the escape key clears."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` stands in the empty field and is read by screen readers."""
        super().__init__(parent)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears the text, if there is any."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
