"""QThreads for the engine and its pool: each runs one function to its end. Made and joined on the main thread."""

from collections.abc import Callable

from PySide6.QtCore import QThread


class Worker(QThread):
    """One named QThread; its owner keeps it, because a QThread destroyed while it runs aborts the process."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        """Not started yet."""
        super().__init__()
        self.setObjectName(name)
        self._work = work

    def run(self) -> None:
        """Do the work, on the new thread."""
        self._work()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it ended, or `timeout` seconds."""
        if timeout is None:
            self.wait()
        else:
            self.wait(int(timeout * 1000))


def spawn_worker(name: str, work: Callable[[], None]) -> Worker:
    """A started worker."""
    worker = Worker(name, work)
    worker.start()
    return worker
