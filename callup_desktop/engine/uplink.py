"""What is known of the network: whether calls get through, and how fast the uplink is. Engine thread."""

from datetime import datetime

from callup_desktop.engine.parts import MIB


class Uplink:
    """Reachability as the last call saw it, and bytes a second as the last uploads measured them."""

    def __init__(self, now: datetime) -> None:
        """Online until a call says otherwise; the rate is unknown."""
        self.online = True
        self.since = now
        self.rate: float | None = None
        self._started: float | None = None
        self._acknowledged = 0

    def see(self, now: datetime, *, online: bool) -> bool:
        """Note what a call proved; whether that is news."""
        if online == self.online:
            return False
        self.online, self.since = online, now
        return True

    def request_starts(self, moment: float) -> None:
        """A part leaves; the first one starts a measurement (monotonic seconds)."""
        if self._started is None:
            self._started, self._acknowledged = moment, 0

    def acknowledged(self, size: int) -> None:
        """The store has `size` more bytes."""
        self._acknowledged += size

    def all_idle(self, moment: float) -> bool:
        """No request runs: what was acknowledged since the first one tells the rate; whether it was enough to tell."""
        started, size, self._started = self._started, self._acknowledged, None
        if started is None or size < MIB or moment <= started:
            return False
        measured = size / (moment - started)
        self.rate = measured if self.rate is None else (self.rate + measured) / 2
        return True
