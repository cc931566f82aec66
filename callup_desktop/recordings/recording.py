"""The probe's answers as values: a Recording that may be sent, or why not. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_SIZE = 1024**3
"""The largest recording taken, inclusive: 1 GiB (CONTRACT.md)."""


class Format(StrEnum):
    """The four formats that the pipeline takes; the value is the key's extension."""

    MP3 = "mp3"
    WAV = "wav"
    M4A = "m4a"
    FLAC = "flac"


class Refusal(StrEnum):
    """Why a file is not taken; the sentence is made from it in `ui/texts.py` (FAILURES.md 1 to 19)."""

    UNSUPPORTED = "unsupported_type"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    CORRUPT = "corrupt"
    VIDEO = "video"
    PROTECTED = "protected"
    WEB_PAGE = "web_page"
    NOT_FOUND = "not_found"
    NO_PERMISSION = "no_permission"
    NOT_A_FILE = "not_a_file"
    LINK_LOOP = "link_loop"
    UNREADABLE = "unreadable"


class Wait(StrEnum):
    """Why a file is not ready yet, though it may be soon."""

    UNFINISHED = "unfinished"
    LOCKED = "locked"
    ONLINE_ONLY = "online_only"
    DRIVE_GONE = "drive_gone"


class Doubt(StrEnum):
    """What the rep is asked about before a recording is sent anyway."""

    TRUNCATED = "truncated"
    SILENT = "silent"


Facts = Mapping[str, str | int | float]
"""What a sentence is filled in with: `kind`, `size`, `limit`, `stops_at`, `should_be`, `folder`, ..."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One doubt with the facts its sentence needs (seconds for `stops_at` and `should_be`)."""

    doubt: Doubt
    stops_at: float | None = None
    should_be: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that may be sent: what its headers say and the checksums of its bytes (base64)."""

    format: Format
    size: int
    duration_seconds: float | None
    channels: int | None
    sample_rate: int | None
    bit_rate: int | None
    warnings: tuple[Warned, ...]
    crc64nvme: str
    crc32: str


class RefusedError(Exception):
    """Raised when a file can never be sent as it is; `facts` fill its sentence."""

    def __init__(self, code: Refusal, facts: Facts | None = None) -> None:
        """Keep the code and the facts."""
        super().__init__(code)
        self.code = code
        self.facts: Facts = facts or {}


class NotReadyError(Exception):
    """Raised when a file may be taken later by itself (a recorder writes, another program locks it)."""

    def __init__(self, code: Wait, facts: Facts | None = None) -> None:
        """Keep the code and the facts."""
        super().__init__(code)
        self.code = code
        self.facts: Facts = facts or {}


class ProbeStoppedError(Exception):
    """Raised when `cancelled()` turned true while the bytes were read."""
