"""One home has one owner: the lock. Any thread of one process."""

from filelock import FileLock, Timeout

from callup_desktop.config.paths import Home


class InstanceLock:
    """The lock on a home. The operating system drops it with the process, however that ends."""

    def __init__(self, home: Home) -> None:
        self._lock = FileLock(home.owner_lock)

    def take(self) -> bool:
        """Whether this process owns the home now."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def give_up(self) -> None:
        """Let another process own it."""
        self._lock.release()
