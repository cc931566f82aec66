"""What a container's headers say, before every byte was read. Immutable values; a Follower belongs to the probe."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from callup_desktop.files.errors import RefusedError
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubtful

if TYPE_CHECKING:
    from callup_desktop.recordings.silence import Sample


class Ending(IntEnum):
    """What the file itself tells of its end; the greater, the less it can be relied on."""

    CLOSED = 0
    """It is whole: every length in it adds up."""
    UNTOLD = 1
    """Nothing in it says where it should end, or it ends early."""
    OPEN = 2
    """Its recorder has not written the final lengths."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """Where samples lie that need no decoder: between these two offsets, and how each is written."""

    sample: "Sample"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Headers:
    """What the headers tell of a recording; `follow` makes what learns the rest from the bytes as they are read."""

    format: Format
    duration_seconds: float | None
    channels: int
    sample_rate: int
    bit_rate: int | None
    ending: Ending
    truncated: Doubtful | None = None
    silent: bool = False
    same_channels: bool = False
    follow: "Callable[[], Follower] | None" = None
    pcm: Pcm | None = None


class Follower(Protocol):
    """Sees every byte once, in order, in constant memory."""

    def feed(self, data: bytes, offset: int) -> None:
        """Take the next bytes; they lie at `offset` of the file."""
        ...

    def finish(self, headers: Headers) -> Headers:
        """The headers with what the bytes told; raises RefusedError where they hold no sound."""
        ...


class OpenEndedError(Exception):
    """Raised when a file cannot be read before its recorder finishes it (M4A without its index)."""

    def __init__(self, otherwise: RefusedError) -> None:
        """`otherwise` is what is to be said if no recorder comes back for it."""
        super().__init__(otherwise)
        self.otherwise = otherwise


def rate_of(size: int, seconds: float | None) -> int | None:
    """Bits a second, or None where the duration is unknown or nothing."""
    return round(size * 8 / seconds) if seconds else None
