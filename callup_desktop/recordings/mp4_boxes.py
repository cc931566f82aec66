"""The boxes of an ISO file (MP4, M4A), walked without trusting a length. Pure, any thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

_MOST = 4_000


class Reads(Protocol):
    """Bytes by position: a file's pages, or a box held in memory."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset, fewer only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset, fewer only at the end."""
        return self.data[max(0, offset) : max(0, offset) + max(0, length)]


@dataclass(frozen=True, slots=True)
class Box:
    """One box: `body` and `end` are positions; `end` is what the box claims and may lie behind the file's end."""

    name: bytes
    body: int
    end: int


def header(raw: bytes, at: int, outer_end: int) -> Box | None:
    """The box whose first 16 bytes are `raw`, or None where there is none. A size of 0 means: up to the end."""
    if len(raw) < 8:
        return None
    size, name, body = int.from_bytes(raw[:4], "big"), raw[4:8], at + 8
    if size == 1 and len(raw) >= 16:
        size, body = int.from_bytes(raw[8:16], "big"), at + 16
    end = at + size if size else outer_end
    return Box(name, body, end) if end >= body else None


class Walk:
    """Walks boxes of one file and gives up after thousands, however they are nested."""

    def __init__(self, reads: Reads) -> None:
        """Walk these bytes."""
        self.reads = reads
        self.left = _MOST
        """The boxes that may still be walked over."""

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """The boxes side by side between two positions."""
        at = start
        while at < min(end, self.reads.size) and self.left > 0:
            self.left -= 1
            box = header(self.reads.at(at, 16), at, end)
            if box is None:
                return
            yield box
            at = box.end

    def inside(self, box: Box, *names: bytes) -> Iterator[Box]:
        """The boxes that the path of names leads to inside a box; none reaches beyond the box around it."""
        for claimed in self.boxes(box.body, box.end):
            if claimed.name != names[0]:
                continue
            inner = Box(claimed.name, claimed.body, min(claimed.end, box.end))
            if len(names) == 1:
                yield inner
            else:
                yield from self.inside(inner, *names[1:])

    def first(self, box: Box, *names: bytes) -> Box | None:
        """The first box that the path leads to."""
        return next(self.inside(box, *names), None)

    def raw(self, box: Box | None, length: int) -> bytes:
        """The first bytes of a box's body, padded with zeros where there are fewer."""
        if box is None:
            return bytes(length)
        return self.reads.at(box.body, min(length, box.end - box.body)).ljust(length, b"\0")


def number(raw: bytes, at: int, length: int = 4) -> int:
    """An unsigned big-endian number."""
    return int.from_bytes(raw[at : at + length], "big")


def box_of(name: bytes, *parts: bytes) -> bytes:
    """A box of these bytes."""
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + name + body
