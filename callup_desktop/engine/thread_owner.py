"""Which thread a value belongs to, checked in debug runs (Python without -O). Any thread."""

import threading


class ThreadOwner:
    """Remembers the thread that claimed it, and refuses every other one in debug runs."""

    def __init__(self) -> None:
        self._ident: int | None = None

    def claim(self) -> None:
        """From now on it belongs to the calling thread."""
        self._ident = threading.get_ident()

    def check(self) -> None:
        """Raise RuntimeError on another thread than the owner's; before a claim every thread may pass."""
        if __debug__ and self._ident not in {None, threading.get_ident()}:
            raise RuntimeError(f"called on thread {threading.current_thread().name!r}, which does not own this value")
