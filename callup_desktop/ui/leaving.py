"""The end of the program: the engine stops first; the program leaves after its last word. Main thread."""

import os

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event, Stopped
from callup_desktop.ui.main_window import MainWindow

_PATIENCE = 15_000
"""Milliseconds after which the process may end by force, as every fact is on disk."""


class Leaving(QObject):
    """Turns the rep's wish to quit into: stop the engine, wait for Stopped, quit."""

    def __init__(self, window: MainWindow, commands: Commands) -> None:
        """Wait for the window's word; keep this object as long as it lives."""
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._force = QTimer(self)
        self._force.setSingleShot(True)
        self._force.timeout.connect(self._leave_by_force)
        window.quit_asked.connect(self.leave)

    @Slot()
    def leave(self) -> None:
        """Stop the engine; the program ends when it has."""
        self._force.start(_PATIENCE)
        self._commands.stop()

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Quit on the engine's last word; one that could not go on is shown by the window instead."""
        if isinstance(event, Stopped) and (event.trouble is None or self._force.isActive()):
            self._force.stop()
            QCoreApplication.quit()

    @Slot()
    def _leave_by_force(self) -> None:
        os._exit(0)
