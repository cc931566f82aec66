"""QThreads for the engine and its pool; each runs one function. They are made and joined on the main thread."""

from collections.abc import Callable

from PySide6.QtCore import QThread


class Worker(QThread):
    """A named QThread that runs one function. Keep it until it ends: Qt aborts if a running QThread is destroyed."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._work = work

    def run(self) -> None:
        """Run the function, on the new thread."""
        self._work()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, at most `timeout` seconds."""
        if timeout is None:
            self.wait()
        else:
            self.wait(int(timeout * 1000))


def spawn_worker(name: str, work: Callable[[], None]) -> Worker:
    """A started worker."""
    worker = Worker(name, work)
    worker.start()
    return worker
