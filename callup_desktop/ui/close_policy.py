"""What closing and quitting mean: close hides or minimises, quit asks while calls are sent. Main thread."""

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.question_box import QuestionBox
from callup_desktop.ui.system.tray import Tray


class ClosePolicy(QObject):
    """Hides the window, asks, or quits; notifies the rep while the window is not in front."""

    quit_confirmed = Signal()
    """The program ends; the window is hidden."""

    def __init__(
        self, window: QWidget, tray: Tray, preferences: PreferencesFile, show_badge: Callable[[int], None]
    ) -> None:
        """`show_badge` puts a number on the program's icon."""
        super().__init__(window)
        self._window = window
        self._tray = tray
        self._preferences = preferences
        self._unsent = 0
        self._drafts = 0
        self._badge = 0
        self._show_badge = show_badge
        self.has_quit = False
        self._is_hidden = False
        tray.quit_requested.connect(self.quit)
        tray.availability_changed.connect(self._on_tray_changed)

    def show_state(self, text: str, *, unsent: int, needs_rep: int, drafts: int = 0) -> None:
        """Show the queue in the tray, and the number of calls that need the rep on the icon."""
        self._unsent = unsent
        self._drafts = drafts
        self._tray.show_state(text, attention=needs_rep > 0)
        if needs_rep != self._badge:
            self._badge = needs_rep
            self._show_badge(needs_rep)

    @Slot(object)
    def notify(self, notification: Notification) -> None:
        """Show a notification, unless the window is in front or the rep wants none; the task bar has no words."""
        if not self._preferences.now.notify or self._window.isActiveWindow():
            return
        if self._tray.available:
            self._tray.notify(notification)
        else:
            QApplication.alert(self._window)

    def close(self) -> bool:
        """The rep closed the window: hide it in the tray or the task bar; returns whether it may close now."""
        if self.has_quit:
            return True
        if self._tray.available:
            self._hide()
        elif self._preferences.now.minimise_explained:
            self._window.showMinimized()
        else:
            self._explain_minimising()
        return False

    def _explain_minimising(self) -> None:
        box = QuestionBox(
            self.tr("CallUp stays in the task bar."),
            self.tr("Closing the window minimises it, and uploads go on. To end CallUp, choose Quit."),
            go_on=self.tr("Quit"),
            stay=self.tr("Minimise"),
            parent=self._window,
        )
        box.setIcon(QMessageBox.Icon.Information)
        box.accepted.connect(self.quit)
        box.rejected.connect(self._on_minimising_explained)
        box.open()

    @Slot()
    def _on_minimising_explained(self) -> None:
        self._remember(minimise_explained=True)
        self._window.showMinimized()

    def _remember(self, **explained: bool) -> None:
        # A disk that is full keeps nobody from closing the window; the next time it is explained again.
        with suppress(OSError):
            self._preferences.change(**explained)

    @Slot()
    def quit(self) -> None:
        """Quit; ask first while calls are being sent, or drafts wait for the rep."""
        if self._unsent == 0 and self._drafts:
            self._remind()
            return
        if self._unsent == 0:
            self.quit_now()
            return
        text = self.tr("1 recording is still being sent.")
        if self._unsent > 1:
            text = self.tr("%n recordings are still being sent.", "", self._unsent)
        more = self.tr("Keep sending in the background, or quit and continue next time?")
        box = QuestionBox(
            self.tr("Quit CallUp?"),
            f"{text}\n{more}",
            go_on=self.tr("Quit, continue next time"),
            stay=self.tr("Keep sending"),
            parent=self._window,
        )
        box.accepted.connect(self.quit_now)
        box.rejected.connect(self._on_keep_sending)
        box.open()

    def _remind(self) -> None:
        text = self.tr("1 recording is not sent yet. It stays on the list.")
        if self._drafts > 1:
            text = self.tr("%n recordings are not sent yet. They stay on the list.", "", self._drafts)
        box = QuestionBox(
            self.tr("Quit CallUp?"), text, go_on=self.tr("Quit"), stay=self.tr("Stay"), parent=self._window
        )
        box.accepted.connect(self.quit_now)
        box.open()

    @Slot()
    def quit_now(self) -> None:
        """Quit without asking; once."""
        if not self.has_quit:
            self.has_quit = True
            self._window.hide()
            self.quit_confirmed.emit()

    @Slot()
    def _on_keep_sending(self) -> None:
        if self._tray.available:
            self._hide()
        else:
            self._window.showMinimized()

    @Slot(object)
    def _on_tray_changed(self, available: object) -> None:
        # Without its icon a hidden window could not be reached.
        if self._is_hidden and not available and not self.has_quit and not self._window.isVisible():
            self._window.showMinimized()

    def _hide(self) -> None:
        self._is_hidden = True
        self._window.hide()
        if not self._preferences.now.close_explained:
            self._remember(close_explained=True)
            text = self.tr("Uploads go on in the background. Click this icon to come back; choose Quit to end.")
            self._tray.notify(Notification(Tone.PLAIN, self.tr("CallUp is still here"), text))
