"""The end of the program: the engine stops, then the event loop ends. Main thread."""

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event, Stopped
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.timers import repeating, single_shot

_END_TIMEOUT = 15_000
"""Milliseconds that all may take to stop; then the process ends by force, as every fact is on disk."""
_SIGNAL_POLL_INTERVAL = 250
"""Milliseconds between two moments in which Python runs and can handle a signal; Qt's loop alone never lets it."""
RESTART = 3
"""The exit code of the event loop that means: begin again with another profile."""


class Shutdown(QObject):
    """Stops the engine when the window asks for it, and ends the event loop when the engine has stopped."""

    def __init__(self, window: MainWindow, commands: Commands) -> None:
        """Connect the events of the engine to `on_reported`."""
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._owner = ThreadOwner()
        self._owner.claim()
        self._code = 0
        self._handlers_before: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}
        self._signal_poll = repeating(self, _SIGNAL_POLL_INTERVAL, self._on_signal_poll)
        self._force = single_shot(self, _END_TIMEOUT, self._end_by_force)
        self._has_ended = False
        self._is_stopping = False
        window.close_policy.quit_confirmed.connect(self._on_quit_confirmed)
        window.quit_requested.connect(self.stop_engine)
        window.restart_requested.connect(self.restart)

    @property
    def is_ending(self) -> bool:
        """Whether the rep has quit, so that the process ends by force if it does not by itself."""
        return self._force.isActive()

    def follow_signals(self) -> None:
        """From now on, and until the engine has stopped, SIGINT and SIGTERM end the program in good order."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._handlers_before[number] = signal.signal(number, self._on_signal)
        self._signal_poll.start()

    def _leave_signals(self) -> None:
        """Give the signals back: a handler must not outlive the window that it closes."""
        self._signal_poll.stop()
        for number, before in self._handlers_before.items():
            signal.signal(number, before)
        self._handlers_before.clear()

    @Slot()
    def _on_signal_poll(self) -> None:
        """Nothing to do: Python handles a signal whenever it runs."""

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._window.close_policy.quit_now()

    @Slot()
    def restart(self) -> None:
        """End the event loop with RESTART instead of 0."""
        self._code = RESTART
        self._window.close_policy.quit_now()

    @Slot()
    def _on_quit_confirmed(self) -> None:
        """The time to end runs from the click: a keyring or a check that hangs may keep the window's threads."""
        if not self._has_ended and not self._force.isActive():
            self._force.start()

    @Slot()
    def stop_engine(self) -> None:
        """Stop the engine; the event loop ends when it has stopped."""
        self._on_quit_confirmed()
        self._is_stopping = True
        self._commands.stop()

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """End the event loop after Stopped; the window stays if the engine failed by itself. Main thread only."""
        self._owner.check()
        if isinstance(event, Stopped) and (event.trouble is None or self._is_stopping):
            self._has_ended = True
            self._force.stop()
            self._leave_signals()
            # The garbage collector may run on another thread, where the window must not be destroyed.
            self._window.deleteLater()
            QCoreApplication.exit(self._code)

    @Slot()
    def _end_by_force(self) -> None:
        os._exit(0)
