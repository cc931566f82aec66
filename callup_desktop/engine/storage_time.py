"""The moment of a call: by the storage's clock where that is known, as a laptop's may be years off. Any thread."""

from datetime import datetime, timedelta

from callup_desktop.engine.ports import Clock, Store

_LONGEST_QUEUE = timedelta(days=90)
"""A call waits no longer than this; an older moment was noted by a clock that has been set right since."""
_AHEAD = timedelta(minutes=5)
"""A moment further ahead was noted by a clock that has been set right since."""


class StorageTime:
    """This computer's clock, corrected by what the storage's last answer told."""

    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store

    def now(self) -> datetime:
        """The moment by the storage's clock, as far as it is known."""
        return self._clock.now() + self._store.clock_offset()

    def moment_of(self, submitted_at: datetime) -> datetime:
        """When a call was sent of which nothing is created yet: as noted here, or now where that may be wrong."""
        now, is_wrong = self.now(), self._store.clock_offset() != timedelta(0)
        if is_wrong or not now - _LONGEST_QUEUE <= submitted_at <= now + _AHEAD:
            return now
        return submitted_at
