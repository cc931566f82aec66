"""Parts and the upload plan: how a recording is cut, which parts are missing. Pure values, any thread."""

from collections.abc import Iterable
from dataclasses import dataclass

from callup_desktop.files.source import Span

MIB = 1024 * 1024
MULTIPART_FROM = 100 * MIB
SMALLEST_PART = 5 * MIB
LARGEST_PART = 16 * MIB
"""Larger ones were no faster on a discarding sink, and a third slower on a real server that works part by part."""
SECONDS_A_PART = 4.0
SECONDS_A_PUT = 10.0
UNKNOWN_RATE = 1_000_000.0
"""Bytes a second that an unmeasured uplink counts as (docs/architecture.md, "The upload plan")."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part that the store acknowledged; `checksum` is base64 of the upload's algorithm, "" if it has none."""

    number: int
    size: int
    etag: str
    checksum: str = ""


def plan_part_size(size: int, uplink: float | None) -> int:
    """Bytes a part for a recording of `size` at `uplink` bytes a second (None: unmeasured); 0 is one PutObject."""
    rate = uplink or UNKNOWN_RATE
    if size < MULTIPART_FROM and size <= rate * SECONDS_A_PUT:
        return 0
    whole_mib = int(rate * SECONDS_A_PART) // MIB * MIB
    return max(SMALLEST_PART, min(LARGEST_PART, whole_mib))


def part_count(size: int, part_size: int) -> int:
    """How many parts a recording has."""
    return -(-size // part_size)


def spans(size: int, part_size: int) -> tuple[Span, ...]:
    """All parts of a recording, in order; only the last may be smaller."""
    return tuple(
        Span(index + 1, offset, min(part_size, size - offset)) for index, offset in enumerate(range(0, size, part_size))
    )


def missing(size: int, part_size: int, stored: Iterable[Part]) -> tuple[Span, ...]:
    """The spans that the store does not hold, or holds in another size."""
    held = {part.number: part.size for part in stored}
    return tuple(span for span in spans(size, part_size) if held.get(span.number) != span.size)
