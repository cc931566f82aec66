"""The end of the window: the engine stops first; the program leaves after its last word. Main thread."""

import os

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event, Stopped

_PATIENCE = 15_000
"""Milliseconds after which the process may end by force, as every fact is on disk."""


class Leaving(QObject):
    """Turns the window's close into: stop the engine, wait for Stopped, quit."""

    def __init__(self, window: QWidget, commands: Commands) -> None:
        """Watch the window; keep this object as long as it lives."""
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._stopped = False
        self._force = QTimer(self)
        self._force.setSingleShot(True)
        self._force.timeout.connect(self._leave_by_force)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back the close until the engine has stopped."""
        if watched is self._window and event.type() == QEvent.Type.Close and not self._stopped:
            event.ignore()
            self._window.hide()
            self.leave()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def leave(self) -> None:
        """Stop the engine; the program ends when it has."""
        self._force.start(_PATIENCE)
        self._commands.stop()

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Quit on the engine's last word; one that could not go on is shown by the window instead."""
        if isinstance(event, Stopped) and (event.trouble is None or self._force.isActive()):
            self._stopped = True
            self._force.stop()
            self._window.close()
            QCoreApplication.quit()

    @Slot()
    def _leave_by_force(self) -> None:
        os._exit(0)
