"""Runs `callup-desktop` in this process and plays the rep who drops another profile on the window and imports it.

    python -m tests.ui.switching_rep PROFILE [FILE...]

Writes one JSON line for each of the two windows, quits from the second one, and exits as the program does. Main thread.
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from callup_desktop.app import main
from callup_desktop.ui.main_window import MainWindow
from tests.ui.looking_rep import LookingRep


class SwitchingRep(LookingRep):
    """Looks at the window from time to time, and does what comes next."""

    def __init__(self, profile: Path) -> None:
        super().__init__()
        self._profile = profile
        self._first: MainWindow | None = None
        self._asked = False

    @Slot()
    def look(self) -> None:
        window = next((known for known in QApplication.topLevelWidgets() if isinstance(known, MainWindow)), None)
        if window is None or window.connection is None or not window.page.lists.view.model().rowCount():
            return
        if self._first is None:
            self._first = window
            self._tell(window)
            window.take_files((self._profile,))
        elif window is self._first:
            self._answer(window)
        elif window.connection.summary is not None:
            self._tell(window)
            window.close_policy.quit_now()
            self.deleteLater()

    def _answer(self, window: MainWindow) -> None:
        dialog = window.connection.import_dialog if window.connection is not None else None
        if dialog is not None and not self._asked:
            self._asked = True
            dialog.calls.setChecked(True)
            QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)

    def _tell(self, window: MainWindow) -> None:
        model = window.page.lists.view.model()
        seen = {
            "calls": [model.index(row, 0).data() for row in range(model.rowCount())],
            "in view": window.page.isVisible(),
            "place": window.status_bar.line.place,
        }
        sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    rep = SwitchingRep(Path(sys.argv[1]))
    rep.wait()
    sys.exit(main([str(file) for file in sys.argv[2:]]))
