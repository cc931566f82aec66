"""The icon in the system's tray: opens the window, pauses, quits, notifies. Main thread."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.icons import app_icon


class Tray(QObject):
    """The icon and its menu; hidden where the system has no tray. Trays come and go, so it asks each time."""

    open_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    quit_requested = Signal()

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
        self._attention = False
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.open_requested)
        if self.available:
            self._icon.show()

    @property
    def available(self) -> bool:
        """Whether there is a tray at this moment."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_state(self, text: str, *, attention: bool) -> None:
        """Show the state of the queue as a tool tip; `attention` changes the icon."""
        # A tray is another process, so only changes are sent to it.
        if text != self._icon.toolTip():
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
