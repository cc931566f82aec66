"""How long a job waits before it is tried again. A policy is a value, so tests hand in one without waiting."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from callup_desktop.engine.errors import Code


@dataclass(frozen=True, slots=True)
class Curve:
    """Exponential growth from `first` to `cap` seconds."""

    first: float
    cap: float

    def ceiling(self, attempts: int) -> float:
        """The longest wait after so many failures in a row, in seconds."""
        return min(self.cap, self.first * 2.0 ** min(attempts, 30))


NETWORK = Curve(first=1.0, cap=60.0)
SERVER = Curve(first=2.0, cap=900.0)
FILE = Curve(first=5.0, cap=60.0)

CURVES: Mapping[Code, Curve] = {
    Code.STORAGE_BUSY: SERVER,
    Code.STILL_STORED: SERVER,
    Code.DRIVE_GONE: FILE,
    Code.FILE_LOCKED: FILE,
    Code.ONLINE_ONLY: FILE,
}

HOUR = 3600.0
PROBES: Mapping[Code, float] = {
    Code.CAPTIVE_PORTAL: 2.5,
    Code.SIGN_IN: 60.0,
    Code.NO_CREDENTIALS: 60.0,
    Code.PROXY_LOGIN: 60.0,
    Code.PROXY_BLOCKS: 60.0,
    Code.TLS_UNTRUSTED: 60.0,
    # A keyring may ask the rep at each try.
    Code.KEYRING_LOCKED: 300.0,
}
"""Seconds after which trouble of the account that may end without an admin is tried again; an hour for all other."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Full jitter: anywhere between nothing and the ceiling, so that many laptops do not come back at once."""

    draw: Callable[[float, float], float] = field(default=random.SystemRandom().uniform)

    def wait(self, code: Code, attempts: int, retry_after: float | None) -> float:
        """Seconds until the next try; what the server asked for, within an hour, comes first, with jitter on top."""
        ceiling = CURVES.get(code, NETWORK).ceiling(attempts)
        if retry_after is not None:
            retry_after = min(retry_after, HOUR)
            return retry_after + self.draw(0.0, min(ceiling, 1.0 + retry_after / 10))
        return self.draw(0.0, ceiling)

    def probe(self, code: Code) -> float:
        """Seconds until trouble of the account is tried again, spread over many laptops."""
        longest = PROBES.get(code, HOUR)
        return self.draw(longest / 2, longest)

    def spread(self, seconds: float) -> float:
        """A short random delay, for everything that becomes due at once."""
        return self.draw(0.0, seconds)
