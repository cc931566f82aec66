"""Keeps the computer from sleeping while calls are sent. Owns a QThread, because asking the system may block."""

import queue
from contextlib import ExitStack

from PySide6.QtCore import QObject, QThread
from wakepy import keep


class KeepAwake(QThread):
    """Holds the system awake while told so; where the system offers no way, nothing happens."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Asleep; `start` it, and `stop` it before the program ends."""
        super().__init__(parent)
        self.setObjectName("keep awake")
        self._wishes: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._awake = False

    def set_awake(self, *, awake: bool) -> None:
        """Keep awake, or no more; returns at once."""
        if awake != self._awake:
            self._awake = awake
            self._wishes.put(awake)

    def stop(self) -> None:
        """Let the computer sleep; returns when the thread is gone."""
        self._wishes.put(None)
        self.wait()

    def run(self) -> None:
        """Follow the wishes. One thread enters and leaves, as some systems count by thread."""
        with ExitStack() as held:
            while (request := self._wishes.get()) is not None:
                held.close()
                if request:
                    held.enter_context(keep.running(on_fail="pass"))
