"""The probe's answers as values: a Recording that may be sent, or why not. Immutable, any thread."""

from dataclasses import dataclass, field
from enum import StrEnum

from callup_desktop.files.errors import Params
from callup_desktop.recordings.formats import Format

MAX_SIZE = 1024**3
"""The largest recording taken, inclusive: 1 GiB (docs/contract.md, "What is accepted")."""

PIECE = 512 * 1024
"""Bytes of a recording that a checksum of its own is kept of while the program runs."""
CRC64_BYTES = 8

HEADER_LAGS = "header_lags"
"""A recorder has written its header for the last time before its sound: players stop where the header says."""


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
    reason: str | None = None
    """HEADER_LAGS where all sound is there, but the headers tell of less."""

    @property
    def params(self) -> Params:
        """What fills the sentence."""
        told = {"stops_at": self.stops_at, "should_be": self.should_be, "reason": self.reason}
        return {name: value for name, value in told.items() if value is not None}


class VideoPolicy(StrEnum):
    """What is done with a video: its sound is sent, or it is refused."""

    SOUND = "sound"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class SoundOf:
    """The video whose sound a recording is: its size, and the sound that its recorder saved beside it, if it did."""

    size: int
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that may be sent: what its headers say and the checksums of its bytes (base64).

    `crc32` is "" unless the probe was asked for it. `piece_crc64nvmes` are the CRC64NVME of each `PIECE` in order, 8
    bytes each; no journal keeps them, and they are b"" where the probe ran in an earlier process.
    """

    format: Format
    size: int
    duration_seconds: float | None
    channels: int | None
    sample_rate: int | None
    bit_rate: int | None
    warnings: tuple[Doubtful, ...]
    crc64nvme: str
    crc32: str = ""
    sound_of: SoundOf | None = None
    """None where the file itself is the recording; else what is sent is put together from a video as it is read."""
    same_channels: bool = False
    """Whether it is stereo whose channels are the same; False where that cannot be seen without decoding."""
    piece_crc64nvmes: bytes = field(default=b"", compare=False, repr=False)

    def crc64nvmes_of(self, offset: int, length: int) -> bytes:
        """Those of the pieces that make up these bytes; b"" where they are not known or no whole pieces."""
        return crc64nvmes_between(self.piece_crc64nvmes, self.size, offset, length)


def crc64nvmes_between(piece_crc64nvmes: bytes, size: int, offset: int, length: int) -> bytes:
    """Those of the pieces of a recording of `size` that make up these bytes; b"" as `Recording.crc64nvmes_of`."""
    end = offset + length
    if offset % PIECE or (end % PIECE and end != size):
        return b""
    return piece_crc64nvmes[offset // PIECE * CRC64_BYTES : -(-end // PIECE) * CRC64_BYTES]


class ProbeStoppedError(Exception):
    """Raised when `cancelled()` turned true while the bytes were read."""
