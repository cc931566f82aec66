"""QThreads for the engine and its pool; each runs one function. They are made and joined on the main thread."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QThread

_BEHIND = 5
"""How much nicer than the window's thread a worker is, as nice(1) counts."""


class Worker(QThread):
    """A named QThread that runs one function. Keep it until it ends: Qt aborts if a running QThread is destroyed."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._work = work

    def run(self) -> None:
        """Run the function, on the new thread."""
        _yield_to_the_window()
        self._work()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, at most `timeout` seconds."""
        if timeout is None:
            self.wait()
        else:
            self.wait(int(timeout * 1000))


class Workers:
    """Starts workers, and keeps them."""

    def __init__(self) -> None:
        self._started: list[Worker] = []

    def spawn(self, name: str, work: Callable[[], None]) -> Worker:
        """A started worker."""
        self._started = [worker for worker in self._started if worker.isRunning()]
        self._started.append(spawn_worker(name, work))
        return self._started[-1]

    def still_run(self) -> bool:
        """Whether one of them does not end, as a keyring or a disk does not answer."""
        return any(worker.isRunning() for worker in self._started)


def spawn_worker(name: str, work: Callable[[], None]) -> Worker:
    """A started worker."""
    worker = Worker(name, work)
    worker.start()
    return worker


def _yield_to_the_window() -> None:
    """Let the window's thread go first where both want the processor, on a system that does not see to that itself.

    Windows raises the thread that owns a window at each of its messages (Microsoft, "Priority Boosts"), and macOS gives
    the main thread the highest quality of service (Apple, "Energy Efficiency Guide for Mac Apps"). On Linux the nice
    value is a thread's own (sched(7)), and a nicer thread still gets a share of every processor.
    """
    if sys.platform == "linux":
        me = threading.get_native_id()
        # What runs the program may forbid it; then the threads are equals.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, me, os.getpriority(os.PRIO_PROCESS, me) + _BEHIND)
