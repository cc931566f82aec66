"""The window of a computer that is not connected yet: it asks for the `.callup` file. Main thread."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from callup_desktop.presentation.connection_check import ConnectionWork
from callup_desktop.presentation.messages import Messages
from callup_desktop.ui.connection_page import ConnectionPage
from callup_desktop.ui.shutdown import RESTART
from callup_desktop.ui.widgets.icons import app_icon


class FirstStart(QMainWindow):
    """Ends the event loop with RESTART once a profile was imported, with 0 where it is closed without."""

    def __init__(self, messages: Messages, work: ConnectionWork) -> None:
        """Show the connection page with nothing but the import."""
        super().__init__()
        self._ended = False
        self.page = ConnectionPage(messages, work, None, "", self)
        self.page.close_button.hide()
        self.page.restart_asked.connect(self._on_restart)
        self.setWindowTitle(self.tr("CallUp Desktop"))
        self.setWindowIcon(app_icon())
        self.setCentralWidget(self.page)
        self.setAcceptDrops(True)
        self.resize(self.page.sizeHint())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped instead of chosen."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.page.take_file(Path(files[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not now."""
        self._end(0)
        super().closeEvent(event)

    @Slot()
    def come_forward(self) -> None:
        """A second start means this window."""
        self.showNormal()
        self.raise_()
        self.activateWindow()

    @Slot()
    def _on_restart(self) -> None:
        self._end(RESTART)

    def _end(self, code: int) -> None:
        # Once: a second exit would end whichever event loop runs next.
        if self._ended:
            return
        self._ended = True
        self.page.stop()
        # Left to the garbage collector, it may be destroyed on a thread that is not its own.
        self.deleteLater()
        QCoreApplication.exit(code)
