"""The icon in the system's tray: opens the window, pauses, quits, notifies. Main thread."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.timers import repeating
from callup_desktop.ui.widgets.icons import app_icon

_LOOK_INTERVAL = 2000
"""Milliseconds between two looks for a tray: at sign-in the desktop brings it seconds after the programs."""


class Tray(QObject):
    """The icon and its menu, wherever there is a tray; trays come and go while the program runs."""

    open_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    quit_requested = Signal()
    availability_changed = Signal(object)
    """Whether there is a tray now (bool)."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._menu = QMenu(window)
        for text, signal in (
            (self.tr("Open CallUp"), self.open_requested),
            (self.tr("Pause all"), self.pause_requested),
            (self.tr("Resume all"), self.resume_requested),
            (self.tr("Quit"), self.quit_requested),
        ):
            action = QAction(text, self._menu)
            action.triggered.connect(signal)
            self._menu.addAction(action)
        self._text = ""
        self._attention = False
        self._was_available = self.available
        self._icon = self._make_icon()
        self._looking = repeating(self, _LOOK_INTERVAL, self.look)
        self._looking.start()

    def _make_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(app_icon(attention=self._attention), self)
        icon.setToolTip(self._text)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._on_activated)
        icon.messageClicked.connect(self.open_requested)
        if self._was_available:
            icon.show()
        return icon

    @property
    def available(self) -> bool:
        """Whether there is a tray at this moment."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @Slot()
    def look(self) -> None:
        """Put the icon into a tray that came since the last look; say so, and where it went."""
        if self.available is self._was_available:
            return
        self._was_available = not self._was_available
        if self._was_available:
            # Qt chooses the kind of tray when an icon is made.
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = self._make_icon()
        self.availability_changed.emit(self._was_available)

    def show_state(self, text: str, *, attention: bool) -> None:
        """Show the state of the queue as a tool tip; `attention` changes the icon."""
        # A tray is another process, so only changes are sent to it.
        if text != self._text:
            self._text = text
            self._icon.setToolTip(text)
        if attention != self._attention:
            self._attention = attention
            self._icon.setIcon(app_icon(attention=attention))

    def notify(self, notification: Notification) -> None:
        """Show a notification, if there is a tray."""
        if self.available:
            icons = {Tone.BAD: QSystemTrayIcon.MessageIcon.Warning}
            icon = icons.get(notification.tone, QSystemTrayIcon.MessageIcon.Information)
            self._icon.showMessage(notification.title, notification.text, icon)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_requested.emit()
