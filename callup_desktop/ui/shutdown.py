"""The end of the program: the engine stops first; the program leaves after its last word. Main thread."""

import os
import signal
from types import FrameType

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event, Stopped
from callup_desktop.ui.main_window import MainWindow

_FORCE_AFTER = 15_000
"""Milliseconds after which the process may end by force, as every fact is on disk."""
_SIGNAL_INTERVAL = 250
"""Milliseconds between two moments in which Python may hear a signal; Qt's loop alone gives it none."""
RESTART = 3
"""What the event loop ends with where the program is to begin again with another profile."""


class Shutdown(QObject):
    """Turns the rep's wish to quit into: stop the engine, wait for Stopped, quit."""

    def __init__(self, window: MainWindow, commands: Commands) -> None:
        """Wait for the window's word; keep this object as long as it lives."""
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._code = 0
        self._waker = QTimer(self)
        self._waker.setInterval(_SIGNAL_INTERVAL)
        self._waker.timeout.connect(self._on_wake)
        self._force = QTimer(self)
        self._force.setSingleShot(True)
        self._force.timeout.connect(self._leave_by_force)
        window.quit_asked.connect(self.leave)
        window.restart_asked.connect(self.restart)

    def follow_signals(self) -> None:
        """From now on Ctrl-C and SIGTERM stop the engine in good order, too."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        self._waker.start()

    @Slot()
    def _on_wake(self) -> None:
        """Nothing: that Python runs at all is what lets it hear a signal."""

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._window.close_policy.leave()

    @Slot()
    def restart(self) -> None:
        """Stop the engine; the program begins again when it has."""
        self._code = RESTART
        self._window.close_policy.leave()

    @Slot()
    def leave(self) -> None:
        """Stop the engine; the program ends when it has."""
        self._force.start(_FORCE_AFTER)
        self._commands.stop()

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Quit on the engine's last word; one that could not go on is shown by the window instead."""
        if isinstance(event, Stopped) and (event.trouble is None or self._force.isActive()):
            self._force.stop()
            self._waker.stop()
            # Left to the garbage collector, the window may be destroyed on a thread that is not its own.
            self._window.deleteLater()
            QCoreApplication.exit(self._code)

    @Slot()
    def _leave_by_force(self) -> None:
        os._exit(0)
