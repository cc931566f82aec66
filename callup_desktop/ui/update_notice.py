"""Asks now and then whether there is a newer version, never while a call is sent, and tells. Main thread.

Looking has a daemon thread of its own, which neither holds a start nor the program's end.
"""

import queue
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from callup_desktop.engine.events import Event, Status
from callup_desktop.engine.pool import Spawn, daemon_thread

_FIRST = 60_000
"""Milliseconds after the start."""
_EVERY = 8 * 3_600_000
"""Milliseconds between two looks, of a computer that is awake."""
_GLANCE = 500


class UpdateNotice(QObject):
    """Waits until looking is due and nothing is sent; then `look` runs, and what it finds is told."""

    found = Signal(str)
    """The newer version."""

    def __init__(
        self,
        look: Callable[[], str],
        parent: QObject | None = None,
        *,
        first: int = _FIRST,
        every: int = _EVERY,
        spawn: Spawn = daemon_thread,
    ) -> None:
        """`look` blocks, and returns the newer version or ""."""
        super().__init__(parent)
        self._look = look
        self._every = every
        self._spawn = spawn
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._sending = True
        self._is_due = False
        self._due = self._timer(first, self._on_due)
        self._due.setSingleShot(True)
        self._glance = self._timer(_GLANCE, self._on_glance)

    def start(self) -> None:
        """Begin to wait."""
        self._due.start()

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Look if it is due and the last call is through."""
        if isinstance(event, Status):
            self._sending = event.running > 0
            self._look_if_idle()

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    @Slot()
    def _on_due(self) -> None:
        self._is_due = True
        self._look_if_idle()

    def _look_if_idle(self) -> None:
        if self._is_due and not self._sending:
            self._is_due = False
            self._spawn("updates", self._answer)
            self._glance.start()

    def _answer(self) -> None:
        """On the daemon thread, which may outlive this object's Qt side and so tells it nothing."""
        self._answers.put(self._look())

    @Slot()
    def _on_glance(self) -> None:
        try:
            version = self._answers.get_nowait()
        except queue.Empty:
            return
        self._glance.stop()
        self._due.start(self._every)
        if version:
            self.found.emit(version)
