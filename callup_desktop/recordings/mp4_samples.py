"""The sample table of an MP4's track: how long its samples last, and where in the file they lie. Pure, any thread."""

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from operator import mul

from callup_desktop.recordings.mp4_boxes import Box, Reads, Walk, number
from callup_desktop.recordings.pages import BLOCK

_MOST = 10_000_000
"""Entries of one table that are looked at: a day of sound has fewer."""
_BYTES_OF_A_SAMPLE = 12
_BYTES_OF_A_CHUNK = 256
"""No recording has more samples and chunks than one for so many bytes of the file, beyond a few."""
_FEW = 10_000
_HALVES = [(byte >> 4, byte & 15) for byte in range(256)]
_AT_ONCE = 65_536
"""Samples that are added up at a time."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Entries of `step` bytes, of which `count` are there, from the position `at` on."""

    at: int
    step: int
    count: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Samples that follow each other: where the first one begins, and how many they are."""

    offset: int
    samples: int


class SampleTable:
    """What a track's `stbl` holds, read a block at a time, and only where it is asked for."""

    def __init__(self, walk: Walk, track: Box) -> None:
        """Find the tables."""
        self._reads: Reads = walk.reads
        self._most_chunks = walk.reads.size // _BYTES_OF_A_CHUNK + _FEW
        boxes: dict[bytes, Box] = {}
        if outer := walk.first(track, b"mdia", b"minf", b"stbl"):
            for box in walk.boxes(outer.body, outer.end):
                boxes.setdefault(box.name, Box(box.name, box.body, min(box.end, outer.end)))
        sizes, packed = boxes.get(b"stsz"), boxes.get(b"stz2")
        self.size_of_each = number(walk.raw(sizes, 8), 4)
        self._bits = 32 if sizes else walk.raw(packed, 8)[7]
        self._sizes = self._table(walk, sizes, 12, 4) or self._packed_sizes(walk, packed)
        self._durations = self._table(walk, boxes.get(b"stts"), 8, 8)
        self._runs = self._table(walk, boxes.get(b"stsc"), 8, 12)
        self._offsets = self._table(walk, boxes.get(b"stco"), 8, 4) or self._table(walk, boxes.get(b"co64"), 8, 8)
        told = number(walk.raw(sizes or packed, 12), 8)
        self.count = told if self.size_of_each else min(told, self._sizes.count) if self._sizes else 0
        """How many samples there are."""

    def ticks(self) -> int:
        """How long all samples last together; 0 where the table does not say."""
        ticks = sum(sum(map(mul, block[0::2], block[1::2])) for block in self._blocks(self._durations))
        # A sample that lasts less than a tick was not measured.
        return ticks if ticks >= self.count else 0

    def durations(self) -> Iterator[tuple[int, int]]:
        """Runs of samples that last equally long: how many there are, and the ticks of each."""
        for block in self._blocks(self._durations):
            yield from zip(block[0::2], block[1::2], strict=False)

    @property
    def tells_places(self) -> bool:
        """Whether it says where the samples lie."""
        return self._offsets is not None and self._runs is not None

    def span(self) -> tuple[int, int] | None:
        """Where the first sample begins and the furthest one ends; None where the table does not say."""
        if not self._offsets or not self._runs or not self.count:
            return None
        start, (furthest, index) = self._offset(0), self._furthest()
        before = self._samples_before(index)
        here = min(self._samples_before(index + 1), self.count) - before
        if self.size_of_each:
            return start, furthest + max(0, here) * self.size_of_each
        return start, furthest + sum(islice(self.sizes(before), max(0, here)))

    def share_before(self, size: int, start: int) -> float | None:
        """The share of the samples that end before the file does; None without a sample, or with too many chunks.

        `start` is where they begin if the table does not say. Each is taken to be as long as the others.
        """
        sizes = self.sizes()
        whole = seen = 0
        if self._offsets and self._offsets.count > self._most_chunks:
            return None
        for chunk in self.chunks(start):
            room = size - chunk.offset
            if self.size_of_each:
                whole += min(chunk.samples, max(0, room) // self.size_of_each)
            else:
                whole += _fitting(sizes, chunk.samples, room)
            seen += chunk.samples
        return whole / seen if seen else None

    def chunks(self, start: int) -> Iterator[Chunk]:
        """The chunks in the order of their samples: as many in each as the run says to which it belongs.

        `start` is where all samples lie if the table does not say.
        """
        if not self._offsets or not self._runs:
            yield Chunk(start, self.count)
            return
        left = self.count
        runs = self._runs_of_chunks()
        samples, following = next(runs, (1, 0))[1], next(runs, None)
        for index, offset in enumerate(self._all_offsets(), 1):
            while following and index >= following[0]:
                samples, following = following[1], next(runs, None)
            yield Chunk(offset, min(samples, left))
            left -= min(samples, left)

    def sizes(self, first: int = 0) -> Iterator[int]:
        """The size of each sample from one on, where they have sizes of their own."""
        if self._bits == 4:
            bytes_ = chain.from_iterable(self._raw_blocks(self._sizes))
            return islice(chain.from_iterable(map(_HALVES.__getitem__, bytes_)), first, self.count)
        blocks = self._blocks(self._sizes, first)
        return islice(chain.from_iterable(blocks), max(0, self.count - first))

    def _furthest(self) -> tuple[int, int]:
        """The offset of the chunk that lies behind all others, and its index."""
        best, index, seen = -1, 0, 0
        for block in self._blocks(self._offsets):
            highest = max(block)
            if highest >= best:
                best, index = highest, seen + len(block) - 1 - block[::-1].index(highest)
            seen += len(block)
        return best, index

    def _samples_before(self, chunk: int) -> int:
        """The samples of all chunks before one."""
        seen, (first, samples) = 0, (1, 0)
        for following, more in self._runs_of_chunks():
            if following > chunk:
                break
            seen += max(0, following - first) * samples
            first, samples = following, more
        return seen + max(0, chunk + 1 - first) * samples

    def _runs_of_chunks(self) -> Iterator[tuple[int, int]]:
        """From which chunk on, counted from one, there are so many samples in each."""
        runs = (zip(block[0::3], block[1::3], strict=False) for block in self._blocks(self._runs))
        return islice(chain.from_iterable(runs), self._most_chunks)

    def _offset(self, index: int) -> int:
        return next(islice(self._all_offsets(), index, None), 0)

    def _all_offsets(self) -> Iterator[int]:
        return chain.from_iterable(self._blocks(self._offsets))

    def _packed_sizes(self, walk: Walk, box: Box | None) -> _Table | None:
        """A table of sizes in 4, 8 or 16 bits; its `count` is that of the samples, in 4 bits two of them a byte."""
        if box is None or self._bits not in {4, 8, 16}:
            return None
        room = max(0, min(box.end, self._reads.size) - box.body - 12) * 8 // self._bits
        count = min(number(walk.raw(box, 12), 8), room, _MOST)
        return _Table(box.body + 12, max(1, self._bits // 8), count) if count else None

    def _table(self, walk: Walk, box: Box | None, head: int, step: int) -> _Table | None:
        """The table behind the `head` bytes that a box begins with; None where it is missing or empty."""
        if box is None:
            return None
        room = max(0, min(box.end, self._reads.size) - box.body - head) // step
        count = min(number(walk.raw(box, head), head - 4), room, _MOST, self._reads.size // _BYTES_OF_A_SAMPLE + _FEW)
        return _Table(box.body + head, step, count) if count else None

    def _blocks(self, table: _Table | None, first: int = 0) -> "Iterator[array[int]]":
        """The numbers of the entries from one on, block by block; an entry of 8 bytes is one number, of 12 three."""
        code = "B" if table and table.step == 1 else "H" if table and table.step == 2 else "I"
        if table is not None and table is self._offsets and table.step == 8:
            code = "Q"
        for raw in self._raw_blocks(table, first):
            block = array(code, raw)
            if sys.byteorder == "little":
                block.byteswap()
            yield block

    def _raw_blocks(self, table: _Table | None, first: int = 0) -> Iterator[bytes]:
        """The bytes of whole entries, fewer where the file ends before."""
        if table is None:
            return
        step, end = table.step, min(table.at + table.count * table.step, self._reads.size)
        for at in range(table.at + first * step, end, BLOCK // step * step):
            block = self._reads.at(at, min(BLOCK // step * step, end - at))
            yield block[: len(block) // step * step]


def _fitting(sizes: Iterator[int], samples: int, room: int) -> int:
    """How many of the next samples end within the room."""
    fitting = begin = 0
    for first in range(0, samples, _AT_ONCE):
        ends = list(accumulate(islice(sizes, min(_AT_ONCE, samples - first)), initial=begin))[1:]
        if not ends:
            break
        fitting, begin = fitting + bisect_right(ends, room), ends[-1]
    return fitting
