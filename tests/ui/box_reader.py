"""Runs `callup-desktop` in this process and plays the rep who reads the message box that it shows, and closes it.

    python -m tests.ui.box_reader [ARGUMENT...]

Writes what stands in the box as one JSON line, and exits as the program does. Main thread.
"""

import json
import sys

from PySide6.QtCore import QMetaObject, QObject, Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from callup_desktop.app import main


class BoxReader(QObject):
    """Waits in the event loop, whichever runs first, until a message box is on the screen."""

    def wait(self) -> None:
        """Look when the event loop comes to it; there needs to be no application yet."""
        QMetaObject.invokeMethod(self, "look", Qt.ConnectionType.QueuedConnection)

    @Slot()
    def look(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox) or not box.windowHandle().isExposed():
            self.wait()
            return
        button = box.button(QMessageBox.StandardButton.Ok)
        seen = {
            "platform": QApplication.platformName(),
            "title": box.windowTitle(),
            "text": box.text(),
            "button": button.text(),
        }
        sys.stdout.write(json.dumps(seen) + "\n")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


if __name__ == "__main__":
    reader = BoxReader()
    reader.wait()
    sys.exit(main(sys.argv[1:]))
