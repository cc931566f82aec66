"""The window of a computer without a profile: it asks for the `.callup` file. Main thread."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow

from callup_desktop.presentation.connection_check import ConnectionWork
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.recordings.kinds import selection_of
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.ui.carried_files import OTHER_PROFILE_SUFFIX
from callup_desktop.ui.connection.page import ConnectionPage
from callup_desktop.ui.intake import Intake
from callup_desktop.ui.shutdown import RESTART
from callup_desktop.ui.widgets.icons import app_icon
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.screen_fit import ScreenFit, within_screen

_ANSWER = 5.0
"""Line heights of an answer of two or three lines."""


class FirstStart(QMainWindow):
    """Ends the event loop with RESTART after a profile was imported, with 0 if it is closed before."""

    def __init__(self, messages: Messages, work: ConnectionWork) -> None:
        super().__init__()
        self._ended = False
        self.page = ConnectionPage(messages, work, None, "", self)
        self.page.restart_requested.connect(self._on_restart)
        self.intake = Intake(selection_of(VideoPolicy.REFUSE), self)
        self.intake.profile_found.connect(self.page.take_file)
        self.intake.files_found.connect(self._on_files_found)
        self.intake.alert_raised.connect(self._on_alert_raised)
        QShortcut(QKeySequence.StandardKey.Paste, self, self.intake.paste)
        self.setWindowTitle(self.tr("CallUp Desktop"))
        self.setWindowIcon(app_icon())
        self.setCentralWidget(self.page)
        self.setAcceptDrops(True)
        ScreenFit(self)
        # With room for what the page answers to a file.
        self.resize(within_screen(self, self.page.sizeHint() + QSize(0, em(self, _ANSWER))))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept anything: a drop without a profile is answered with a sentence."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask whether to import the file; the drop is a copy, so that no file browser deletes the original."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.intake.take_drop(event.mimeData())

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Show the window, and ask whether to import what the command line, a second start or "Open with" brings."""
        self.come_forward()
        if paths:
            self.intake.take(paths)

    @Slot(object)
    def _on_files_found(self, paths: tuple[Path, ...]) -> None:
        profile = next((path for path in paths if path.suffix.lower() == OTHER_PROFILE_SUFFIX), None)
        if profile is not None:
            self.page.take_file(profile)
        else:
            sentence = self.tr("Import the .callup file from your IT department first. Then recordings can be added.")
            self.page.show_message(Tone.WARNING, sentence)

    @Slot(object)
    def _on_alert_raised(self, alert: Alert) -> None:
        self.page.show_message(alert.tone, alert.lead)

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
        self.intake.stop()
        self.page.stop()
        # The garbage collector may run on another thread, where the window must not be destroyed.
        self.deleteLater()
        QCoreApplication.exit(code)
