"""How running calls of one job are told to end. Shared by the engine thread and pool threads."""

import threading

from callup_desktop.engine.errors import Cancelled


class CancelToken:
    """Tells every running call of one job to end soon."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """From now on `check` raises."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise Cancelled if the job was paused, cancelled or stopped."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Wait, but end at once with Cancelled."""
        if self._event.wait(seconds):
            raise Cancelled
