"""How fast the uplink is, as the last uploads measured it. Engine thread."""

from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import MIB, UNKNOWN_RATE


class Uplink:
    """Bytes a second over stretches in which requests run; `rate` is None while it was never measured."""

    def __init__(self, pace: Pace) -> None:
        """`pace` holds the bandwidth limit."""
        self._pace = pace
        self.rate: float | None = None
        self._started: float | None = None
        self._acknowledged = 0

    @property
    def expected(self) -> float | None:
        """Bytes a second that the next upload may count on, the bandwidth limit included; None while unknown."""
        limit = self._pace.limit
        return self.rate if limit is None else min(self.rate or UNKNOWN_RATE, limit)

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
