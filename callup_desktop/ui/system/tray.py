"""The icon in the system's tray, where there is a tray: opens the window, pauses, quits, notifies. Main thread."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.icons import app_icon


class Tray(QObject):
    """Hidden where the system has no tray; asked anew each time, because trays come and go."""

    open_asked = Signal()
    pause_asked = Signal()
    resume_asked = Signal()
    quit_asked = Signal()

    def __init__(self, window: QWidget) -> None:
        """Show the icon as long as the window lives."""
        super().__init__(window)
        self._menu = QMenu(window)
        for text, signal in (
            (self.tr("Open CallUp"), self.open_asked),
            (self.tr("Pause all"), self.pause_asked),
            (self.tr("Resume all"), self.resume_asked),
            (self.tr("Quit"), self.quit_asked),
        ):
            action = QAction(text, self._menu)
            action.triggered.connect(signal)
            self._menu.addAction(action)
        self._attention = False
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.open_asked)
        if self.available:
            self._icon.show()

    @property
    def available(self) -> bool:
        """Whether there is a tray at this moment."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_state(self, text: str, *, attention: bool) -> None:
        """Say how the queue stands; another icon where something needs the rep."""
        # A tray is another process: it hears only what is new.
        if text != self._icon.toolTip():
            self._icon.setToolTip(text)
        if attention != self._attention:
            self._attention = attention
            self._icon.setIcon(app_icon(attention=attention))

    def notify(self, notification: Notification) -> None:
        """Show a notification, where there is a tray."""
        if self.available:
            signs = {Tone.BAD: QSystemTrayIcon.MessageIcon.Warning}
            sign = signs.get(notification.tone, QSystemTrayIcon.MessageIcon.Information)
            self._icon.showMessage(notification.title, notification.text, sign)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_asked.emit()
