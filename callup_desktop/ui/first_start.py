"""The window of a computer without a profile: it asks for the `.callup` file. Main thread."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from callup_desktop.presentation.connection_check import ConnectionWork
from callup_desktop.presentation.messages import Messages
from callup_desktop.ui.carried_files import files_in, split_profiles
from callup_desktop.ui.connection.page import ConnectionPage
from callup_desktop.ui.shutdown import RESTART
from callup_desktop.ui.widgets.icons import app_icon
from callup_desktop.ui.widgets.screen_fit import ScreenFit, within_screen


class FirstStart(QMainWindow):
    """Ends the event loop with RESTART after a profile was imported, with 0 if it is closed before."""

    def __init__(self, messages: Messages, work: ConnectionWork) -> None:
        super().__init__()
        self._ended = False
        self.page = ConnectionPage(messages, work, None, "", self)
        self.page.restart_requested.connect(self._on_restart)
        self.setWindowTitle(self.tr("CallUp Desktop"))
        self.setWindowIcon(app_icon())
        self.setCentralWidget(self.page)
        self.setAcceptDrops(True)
        ScreenFit(self)
        self.resize(within_screen(self, self.page.sizeHint()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask whether to import the file; the drop is a copy, so that no file browser deletes the original."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._import_one_of(files_in(event.mimeData()))

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Show the window, and ask whether to import what the command line, a second start or "Open with" brings."""
        self.come_forward()
        self._import_one_of(split_profiles(paths)[0])

    def _import_one_of(self, files: tuple[Path, ...]) -> None:
        for file in (split_profiles(files)[0] or files)[:1]:
            self.page.take_file(file)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the event loop."""
        self._end(0)
        super().closeEvent(event)

    @Slot()
    def come_forward(self) -> None:
        """Show the window in front of others, for a second start."""
        self.showNormal()
        self.raise_()
        self.activateWindow()

    @Slot()
    def _on_restart(self) -> None:
        self._end(RESTART)

    def _end(self, code: int) -> None:
        # A second exit would end the next event loop.
        if self._ended:
            return
        self._ended = True
        self.page.stop()
        # The garbage collector may run on another thread, where the window must not be destroyed.
        self.deleteLater()
        QCoreApplication.exit(code)
