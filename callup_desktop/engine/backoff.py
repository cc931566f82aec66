"""How long a job waits before it is tried again. A policy is a value, so tests hand in one without waiting."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

LONGEST_RETRY_AFTER = 3600.0
"""Seconds; a server that asks for more is asked again after this."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Exponential growth from `first` to `cap` seconds; no wait is shorter than the share `least` of its ceiling."""

    first: float
    cap: float
    factor: float = 2.0
    least: float = 0.0

    def ceiling(self, attempts: int) -> float:
        """The longest wait after this many failures in a row, in seconds."""
        return min(self.cap, self.first * self.factor ** min(attempts, 30))


NETWORK = Curve(first=1.0, cap=60.0)
SERVER = Curve(first=1.0, cap=900.0)
FILE = Curve(first=5.0, cap=60.0)
ACCOUNT = Curve(first=5.0, cap=3600.0, factor=4.0, least=0.5)
"""Seconds first, because keys that are seconds old, and a store's passing refusals, look like a refusal that lasts."""
SIGN_IN = Curve(first=5.0, cap=60.0, least=0.5)
KEYRING = Curve(first=60.0, cap=300.0, least=0.5)
"""A keyring may ask the rep at each try."""
FULL = Curve(first=5.0, cap=300.0, factor=4.0, least=0.5)
NAME = Curve(first=2.5, cap=15.0, least=0.5)
"""A name that a network does not know may be known in a moment, once its tunnel stands."""
PORTAL = Curve(first=2.5, cap=2.5, least=0.5)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Full jitter: anywhere between nothing and the ceiling, so that many laptops do not come back at once."""

    draw: Callable[[float, float], float] = field(default=random.SystemRandom().uniform)

    def wait(self, curve: Curve, attempts: int, retry_after: float | None = None) -> float:
        """Seconds until the next try; what the server asked for comes first, with jitter on top."""
        ceiling = curve.ceiling(attempts)
        if retry_after is not None:
            retry_after = min(retry_after, LONGEST_RETRY_AFTER)
            return retry_after + self.draw(0.0, min(ceiling, 1.0 + retry_after / 10))
        return self.draw(ceiling * curve.least, ceiling)

    def spread(self, seconds: float) -> float:
        """A short random delay, for everything that becomes due at once."""
        return self.draw(0.0, seconds)
