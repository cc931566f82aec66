"""A file browser's stand-in: a small window in the upper left corner of the screen, from which a drag of files begins.

python -m tests.ui.drag_source FILE...
"""

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

SIDE = 40
"""The window's width and height."""


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class DragSource(QWidget):
    """A press of the mouse begins the drag; it says on the standard output when it is in view and what became of it."""

    def __init__(self, files: list[str]) -> None:
        super().__init__()
        self._files = files
        self.setWindowFlags(Qt.WindowType.X11BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
        self.setGeometry(0, 0, SIDE, SIDE)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that a hand may begin."""
        super().showEvent(event)
        _tell("shown")

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Drag until the button is let go; what a file browser does with a moved file, it does not do."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(file) for file in self._files])
        drag = QDrag(self)
        drag.setMimeData(data)
        done = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.MoveAction)
        _tell(f"{done.name}")


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    source = DragSource(sys.argv[1:])
    source.show()
    sys.exit(application.exec())
