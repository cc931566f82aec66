"""Checks from time to time whether there is a newer version, never while a call is sent. Main thread.

The check itself blocks on a daemon thread of its own, which holds up neither the start nor the end of the program.
"""

import queue
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.engine.events import Event, Status
from callup_desktop.engine.pool import Spawn, daemon_thread
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.ui.timers import repeating, single_shot

_FIRST_CHECK_DELAY = 60_000
"""Milliseconds after the start: the first calls come first."""
_CHECK_INTERVAL = 8 * 3_600_000
"""Milliseconds between two checks while the computer is awake: about one in a working day."""
_POLL_INTERVAL = 500
"""Milliseconds between two looks for the answer of the daemon thread, which may outlive this object."""


class UpdateNotice(QObject):
    """Waits until a check is due and no call is sent, then checks and reports a newer version."""

    found = Signal(str)
    """The newer version."""

    def __init__(
        self,
        check: Callable[[], str],
        parent: QObject | None = None,
        *,
        first: int = _FIRST_CHECK_DELAY,
        every: int = _CHECK_INTERVAL,
        spawn: Spawn = daemon_thread,
    ) -> None:
        """`check` blocks and returns the newer version or ""; `first` and `every` are in milliseconds."""
        super().__init__(parent)
        self._check = check
        self._every = every
        self._spawn = spawn
        self._owner = ThreadOwner()
        self._owner.claim()
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        # The engine has not reported yet whether it sends.
        self._sending = True
        self._is_due = False
        self._due = single_shot(self, first, self._on_due)
        self._poll = repeating(self, _POLL_INTERVAL, self._on_poll)

    def start(self) -> None:
        """Wait for the first check."""
        self._due.start()

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Check if it is due and the last call is sent. Main thread only."""
        self._owner.check()
        if isinstance(event, Status):
            self._sending = event.running > 0
            self._check_if_idle()

    @Slot()
    def _on_due(self) -> None:
        self._is_due = True
        self._check_if_idle()

    def _check_if_idle(self) -> None:
        if self._is_due and not self._sending:
            self._is_due = False
            self._spawn("updates", self._answer)
            self._poll.start()

    def _answer(self) -> None:
        """Runs on the daemon thread; it emits no signal, because this object may be gone by then."""
        self._answers.put(self._check())

    @Slot()
    def _on_poll(self) -> None:
        try:
            version = self._answers.get_nowait()
        except queue.Empty:
            return
        self._poll.stop()
        self._due.start(self._every)
        if version:
            self.found.emit(version)
