"""The sample table of an MP4's track: how long its samples last, and where in the file they lie. Pure, any thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from callup_desktop.recordings.mp4_boxes import Box, Walk, number
from callup_desktop.recordings.pages import BLOCK

_MOST = 10_000_000
"""Entries of one table that are looked at: a day of sound has fewer."""
_MOST_DURATIONS = 1_000_000
"""The same of durations: most recordings have one for all samples, some one for each."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Entries of `step` bytes, of which `count` are there, from the position `at` on."""

    at: int
    step: int
    count: int


class SampleTable:
    """What a track's `stbl` holds, read a block at a time, and only where it is asked for."""

    def __init__(self, walk: Walk, track: Box) -> None:
        """Find the tables."""
        self._walk = walk
        boxes: dict[bytes, Box] = {}
        if outer := walk.first(track, b"mdia", b"minf", b"stbl"):
            for box in walk.boxes(outer.body, outer.end):
                boxes.setdefault(box.name, Box(box.name, box.body, min(box.end, outer.end)))
        sizes = boxes.get(b"stsz")
        self._size_of_each = number(walk.raw(sizes, 8), 4)
        self._sizes = self._table(sizes, 12, 4)
        self._durations = self._table(boxes.get(b"stts"), 8, 8)
        self._runs = self._table(boxes.get(b"stsc"), 8, 12)
        self._offsets = self._table(boxes.get(b"stco"), 8, 4) or self._table(boxes.get(b"co64"), 8, 8)
        self.count = number(walk.raw(sizes, 12), 8) if self._size_of_each else self._sizes.count if self._sizes else 0
        """How many samples there are."""

    def ticks(self) -> int:
        """How long all samples last together."""
        runs = islice(self._entries(self._durations), _MOST_DURATIONS)
        return sum(number(run, 0) * number(run, 4) for run in runs)

    def span(self) -> tuple[int, int] | None:
        """Where the first sample begins and the last one ends; None where the table does not say."""
        offsets, runs = self._offsets, self._runs
        if not offsets or not runs or not self.count:
            return None
        start, last = (number(self._entry(offsets, index), 0, offsets.step) for index in (0, offsets.count - 1))
        samples = min(number(self._entry(runs, runs.count - 1), 4), self.count)
        if self._size_of_each:
            return start, last + samples * self._size_of_each
        return start, last + sum(number(size, 0) for size in self._entries(self._sizes, self.count - samples))

    def share_before(self, size: int, start: int) -> float | None:
        """The share of the samples that end before the file does; None without a sample.

        `start` is where they begin if the table does not say. Each is taken to be as long as the others.
        """
        sizes = self._entries(self._sizes)
        whole = seen = 0
        for offset, most in self._chunks(start):
            samples = min(most, self.count - seen)
            if self._size_of_each:
                whole += min(samples, max(0, size - offset) // self._size_of_each)
            else:
                for entry in islice(sizes, samples):
                    offset += number(entry, 0)
                    whole += offset <= size
            seen += samples
        return whole / seen if seen else None

    def _chunks(self, start: int) -> Iterator[tuple[int, int]]:
        """Where each chunk begins, and its samples: as many as the run says to which it belongs."""
        if not self._offsets or not self._runs:
            yield start, self.count
            return
        runs = ((number(run, 0), number(run, 4)) for run in self._entries(self._runs))
        samples, following = next(runs, (1, 0))[1], next(runs, None)
        for index, offset in enumerate(self._entries(self._offsets), 1):
            while following and index >= following[0]:
                samples, following = following[1], next(runs, None)
            yield number(offset, 0, self._offsets.step), samples

    def _table(self, box: Box | None, head: int, step: int) -> _Table | None:
        """The table behind the `head` bytes that a box begins with; None where it is missing or empty."""
        if box is None:
            return None
        count = min(number(self._walk.raw(box, head), head - 4), max(0, box.end - box.body - head) // step, _MOST)
        return _Table(box.body + head, step, count) if count else None

    def _entry(self, table: _Table, index: int) -> bytes:
        return self._walk.reads.at(table.at + index * table.step, table.step)

    def _entries(self, table: _Table | None, first: int = 0) -> Iterator[bytes]:
        """The entries from one on, fewer where the file ends before."""
        if table is None:
            return
        step, end = table.step, table.at + table.count * table.step
        for at in range(table.at + first * step, end, BLOCK // step * step):
            block = self._walk.reads.at(at, min(BLOCK // step * step, end - at))
            yield from (block[place : place + step] for place in range(0, len(block) - step + 1, step))
