"""The probe's answers as values: a Recording that may be sent, or why not. Immutable, any thread."""

from dataclasses import dataclass
from enum import StrEnum

from callup_desktop.files.errors import Params
from callup_desktop.recordings.formats import Format

MAX_SIZE = 1024**3
"""The largest recording taken, inclusive: 1 GiB (docs/contract.md, "What is accepted")."""


class Doubt(StrEnum):
    """What the rep is asked about before a recording is sent anyway."""

    TRUNCATED = "truncated"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One doubt with the params its sentence needs (seconds for `stops_at` and `should_be`)."""

    doubt: Doubt
    stops_at: float | None = None
    should_be: float | None = None

    @property
    def params(self) -> Params:
        """What fills the sentence."""
        told = {"stops_at": self.stops_at, "should_be": self.should_be}
        return {name: seconds for name, seconds in told.items() if seconds is not None}


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that may be sent: what its headers say and the checksums of its bytes (base64)."""

    format: Format
    size: int
    duration_seconds: float | None
    channels: int | None
    sample_rate: int | None
    bit_rate: int | None
    warnings: tuple[Doubtful, ...]
    crc64nvme: str
    crc32: str


class ProbeStoppedError(Exception):
    """Raised when `cancelled()` turned true while the bytes were read."""
