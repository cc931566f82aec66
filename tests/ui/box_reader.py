"""Runs `callup-desktop` in this process and plays the rep who reads why it cannot start, copies it, and closes that.

    python -m tests.ui.box_reader [ARGUMENT...]

Writes what stands in the dialog as one JSON line, and exits as the program does. Main thread.
"""

import json
import sys

from PySide6.QtCore import QMetaObject, QObject, Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from callup_desktop.app import main
from callup_desktop.ui.start_error import StartErrorDialog


class BoxReader(QObject):
    """Waits in the event loop, whichever runs first, until the dialog is on the screen."""

    def wait(self) -> None:
        """Look when the event loop comes to it; there needs to be no application yet."""
        QMetaObject.invokeMethod(self, "look", Qt.ConnectionType.QueuedConnection)

    @Slot()
    def look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, StartErrorDialog) or not dialog.windowHandle().isExposed():
            self.wait()
            return
        QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
        seen = {
            "copied": QApplication.clipboard().text(),
            "platform": QApplication.platformName(),
            "title": dialog.windowTitle(),
            "text": dialog.sentence.text(),
            "button": dialog.close_button.text(),
        }
        sys.stdout.write(json.dumps(seen) + "\n")
        QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)


if __name__ == "__main__":
    reader = BoxReader()
    reader.wait()
    sys.exit(main(sys.argv[1:]))
