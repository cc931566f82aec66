"""What a scroll area shows: as low as the texts are that wrap at its width. Main thread."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


class ScrolledContent(QWidget):
    """The content of a resizable scroll area.

    Qt would keep it as high as at its smallest width, where texts have the most lines, and scroll without need.
    """

    def minimumSizeHint(self) -> QSize:
        """No least height where the height follows from the width."""
        size, layout = super().minimumSizeHint(), self.layout()
        return QSize(size.width(), 0) if layout is not None and layout.hasHeightForWidth() else size
