"""The formats that the pipeline takes: the one table that every other place reads. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """A format; the value is what documents, messages and keys call it (docs/contract.md)."""

    MP3 = "mp3"
    WAV = "wav"
    M4A = "m4a"
    FLAC = "flac"


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """What belongs to a format: the object's content type, and how files of it are named."""

    content_type: str
    suffix: str


FORMATS: Mapping[Format, FormatInfo] = {
    Format.MP3: FormatInfo("audio/mpeg", ".mp3"),
    Format.WAV: FormatInfo("audio/wav", ".wav"),
    Format.M4A: FormatInfo("audio/mp4", ".m4a"),
    Format.FLAC: FormatInfo("audio/flac", ".flac"),
}

SUFFIXES = frozenset(info.suffix for info in FORMATS.values())
"""What recordings are called, in lower case."""

VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov"})
"""What videos are called whose sound can be taken, in lower case."""
