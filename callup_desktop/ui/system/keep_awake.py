"""Keeps the computer awake while calls are sent, on a QThread of its own, because the system may block."""

import queue
from contextlib import ExitStack

from PySide6.QtCore import QObject, QThread


class KeepAwake(QThread):
    """Keeps the system awake, where it offers a way. Start it, and stop it before the program ends."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keep awake")
        self._requests: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._awake = False

    def set_awake(self, *, awake: bool) -> None:
        """Keep the computer awake, or let it sleep; returns at once."""
        if awake != self._awake:
            self._awake = awake
            self._requests.put(awake)

    def stop(self) -> None:
        """Let the computer sleep; returns when the thread is gone."""
        self._requests.put(None)
        self.wait()

    def run(self) -> None:
        """Carry out the requests on one thread, because some systems count by thread."""
        with ExitStack() as held:
            while (request := self._requests.get()) is not None:
                held.close()
                if request:
                    # A window that sends nothing never needs it.
                    from wakepy import keep

                    held.enter_context(keep.running(on_fail="pass"))
