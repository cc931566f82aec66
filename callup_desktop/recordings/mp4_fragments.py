"""The fragments of an M4A that tells its length piece by piece, added up as the bytes pass. Belongs to the probe."""

import struct
from collections import deque
from dataclasses import dataclass, replace
from typing import NamedTuple

from callup_desktop.recordings.headers import Headers, rate_of
from callup_desktop.recordings.mp4_boxes import Box, header
from callup_desktop.recordings.recording import Doubt, Doubtful

_LONGEST_MOOF = 4 * 1024 * 1024
_MOST_INSIDE = 4_000
_HEADER = struct.Struct(">I4s")
_FLAGS_AND_COUNT = struct.Struct(">II")
_FEW = 10_000
_BYTES_OF_A_BOX = 48
"""No recording has more boxes side by side than one for so many bytes of the file, beyond a few."""
_READ = 100_000
_BYTES_OF_A_READ = 1_024
"""The boxes inside of fragments that are read: one for so many bytes of the file, beyond those of five hours in
fragments of a second. Of all behind them only the last few are read; their clock tells what was passed over."""
_LAST = 16
"""More fragments than lie behind the last one of any track."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the index says of each sample of a track where a fragment does not: its ticks and its bytes."""

    ticks: int = 0
    size: int = 0


class Run(NamedTuple):
    """One `trun`: where its sound begins and ends, None where nothing tells; how many samples, and their ticks."""

    begin: int | None
    end: int | None
    samples: int
    ticks: int
    sizes: tuple[int, ...] | None
    """The bytes of each sample, None where they are the usual ones."""
    lengths: tuple[int, ...] | None
    """The ticks of each sample, None where they are the usual ones."""
    usual: Defaults


class Part(NamedTuple):
    """One `traf` of a track: when it begins by the recorder's clock, None where it does not say, and its runs."""

    clock: int | None
    base: int | None
    """Where its sound is counted from, if it says so itself."""
    runs: tuple[Run, ...]


class _Length(NamedTuple):
    """Ticks: as the recorder's clock tells, with its pauses, and those of all samples together."""

    clocked: int
    summed: int


class Fragments:
    """Adds up the fragments while the bytes pass; a recorder that writes them need not know the length."""

    def __init__(
        self, track: int, scale: int, defaults: Defaults, promised: float | None, size: int, *, earlier: int = 0
    ) -> None:
        """Follow one track. `scale` ticks are a second.

        `promised` is what the index says of all fragments, in seconds; `size` that of the file in bytes; `earlier` the
        ticks of the samples that lie before the first fragment.
        """
        self._track = track
        self._scale = scale
        self._defaults = defaults
        self._promised = promised
        self._size = size
        self._next = 0
        self._held = b""
        self._length = self._whole = _Length(earlier, earlier)
        """That of all fragments, and up to the last one whose sound is here."""
        self._clock: int | None = None
        """What the recorder's clock showed where the sound begins."""
        self._last_clock: int | None = None
        self._astray = False
        """Whether the clock stood still or went back: then it tells nothing of the length."""
        self._last_sound = range(0)
        """Where the bytes of the last `mdat` lie."""
        self._next_is_sound = False
        """Whether the last fragment does not tell where its sound lies: then it is in the `mdat` behind it."""
        self._sound = 0
        self._read_sound = 0
        """The bytes of sound up to the last fragment that was read."""
        self._left = size // _BYTES_OF_A_BOX + _FEW
        self._unread = size // _BYTES_OF_A_READ + _READ
        """How many boxes inside of fragments may still be read."""
        self._passed: deque[tuple[int, bytes]] = deque(maxlen=_LAST)
        """The last fragments that were not read: where each lies, and its body."""
        self._cut = False

    def feed(self, data: bytes, offset: int) -> None:
        """Follow the chain of boxes, keeping only headers and `moof` boxes."""
        data, offset = self._held + data, offset - len(self._held)
        end, size_of_file = offset + len(data), self._size
        at, left, last = self._next - offset, self._left, len(data) - 16
        while at < len(data):
            if at > last and end < size_of_file:
                break
            left -= 1
            size, name = _HEADER.unpack_from(data, at) if at + 8 <= len(data) else (0, b"")
            box_end = at + size
            if size < 8 or left < 0 or offset + box_end > size_of_file or (name == b"moof" and size > _LONGEST_MOOF):
                # None of these is in the middle of a recording of many fragments.
                box = header(data[at : at + 16], offset + at, size_of_file)
                if box is None or left < 0:
                    at = size_of_file - offset
                    break
                is_short = box.name == b"moof" and box.end - box.body <= _LONGEST_MOOF
                if is_short and end < min(box.end, size_of_file):
                    break
                box_end = box.end - offset
                self._take_odd(box, offset + at, data[box.body - offset : box_end] if is_short else b"")
            elif name == b"mdat":
                self._take_sound(offset + at + 8, offset + box_end)
            elif name == b"moof":
                if box_end > len(data):
                    break
                self._take_fragment(offset + at, data[at + 8 : box_end])
            else:
                self._cut = False
            at = box_end
        self._next, self._left = offset + at, left
        self._held = data[at:] if at < len(data) else b""

    def _take_odd(self, box: Box, begin: int, moof: bytes) -> None:
        """Take a box that tells its size otherwise, is larger than others, or ends behind the file."""
        self._cut = box.end > self._size
        if box.name == b"mdat" and not self._cut:
            self._take_sound(box.body, box.end)
        elif moof and not self._cut:
            self._take_fragment(begin, moof)

    def _take_sound(self, begin: int, end: int) -> None:
        self._cut = False
        self._last_sound = range(begin, end)
        self._whole = self._length if self._next_is_sound else self._whole
        self._next_is_sound = False
        self._sound += end - begin

    def _take_fragment(self, begin: int, body: bytes) -> None:
        self._cut = False
        if self._unread <= 0:
            self._passed.append((begin, body))
            return
        parts, walked = parts_of(body, self._track, begin, self._defaults)
        self._unread -= walked + 1
        self._add(parts)
        self._read_sound = self._sound

    def _add(self, parts: list[Part]) -> None:
        """Count a fragment; one that does not say when it begins follows the last."""
        end, summed = self._length
        for part in parts:
            begin, ticks = end, sum(run.ticks for run in part.runs)
            if part.clock is not None:
                self._clock = part.clock - end if self._clock is None else self._clock
                begin = part.clock - self._clock
                self._astray = self._astray or (self._last_clock is not None and part.clock <= self._last_clock)
                self._last_clock = part.clock if ticks else self._last_clock
            end, summed = max(end, begin + ticks), summed + ticks
        self._length = _Length(end, summed)
        ends = [run.end for part in parts for run in part.runs if run.samples]
        told = [place for place in ends if place is not None]
        self._next_is_sound = len(told) < len(ends) and not self._lies_before(parts)
        if not self._next_is_sound and all(place <= self._size for place in told):
            self._whole = self._length

    def _lies_before(self, parts: list[Part]) -> bool:
        """Whether the sound lies in the `mdat` before the `moof`, as QuickTime writes it."""
        begins = [run.begin for part in parts if part.base is not None for run in part.runs[:1]]
        return any(begin in self._last_sound for begin in begins if begin is not None)

    def _count_passed(self) -> None:
        """Count the fragments that were not read: by the clock of the last ones, else by the bytes of their sound."""
        before = self._length
        if self._read_sound:
            clocked, summed = (ticks * self._sound // self._read_sound for ticks in before)
            self._length = self._whole = _Length(clocked, summed)
        for begin, body in self._passed:
            parts, _walked = parts_of(body, self._track, begin, self._defaults)
            told = [part.clock for part in parts if part.clock is not None]
            if told and self._clock is not None and not self._astray and told[0] - self._clock >= before.clocked:
                before = self._length = _Length(told[0] - self._clock, before.summed)
                self._whole = min(self._whole, before)
                self._add(parts)
            if self._next_is_sound and not self._cut:
                self._whole, self._next_is_sound = self._length, False

    def finish(self, headers: Headers) -> Headers:
        """The headers with the duration of all whole fragments, and where the sound breaks off."""
        if self._passed:
            self._count_passed()
        whole, ticks = (length.summed if self._astray else length.clocked for length in (self._whole, self._length))
        here = whole / self._scale
        should_be = max(ticks / self._scale, self._promised or 0.0)
        cut = self._cut or ticks > whole
        early = self._promised is not None and here < self._promised - 0.5
        truncated = Doubtful(Doubt.TRUNCATED, here, should_be if should_be > here else None) if cut or early else None
        return replace(headers, duration_seconds=here, bit_rate=rate_of(self._sound, here), truncated=truncated)


def parts_of(moof: bytes, track: int, moof_at: int, defaults: Defaults) -> tuple[list[Part], int]:
    """The parts of a fragment that belong to the track, and how many boxes were walked over.

    `moof` is the body of the box that lies at `moof_at`. This runs for each of a hundred thousand fragments.
    """
    parts: list[Part] = []
    base: int | None = moof_at
    outer = _boxes(moof, 0, len(moof), _MOST_INSIDE)
    walked = len(outer)
    for name, at, end in outer:
        if name != b"traf":
            continue
        inner = _boxes(moof, at, end, _MOST_INSIDE - walked)
        walked += len(inner)
        part, base = _part(moof, inner, track, moof_at, base, defaults)
        if part:
            parts.append(part)
    return parts, walked


_Place = tuple[bytes, int, int]
"""A box: its name, and where its body begins and ends."""


def _boxes(data: bytes, at: int, end: int, most: int) -> list[_Place]:
    """Boxes side by side; none reaches beyond the end, and none has a size of 64 bits."""
    found: list[_Place] = []
    while at + 8 <= end and len(found) < most:
        size, name = _HEADER.unpack_from(data, at)
        size = size or end - at
        if size < 8:
            break
        found.append((name, at + 8, min(at + size, end)))
        at += size
    return found


def _part(
    moof: bytes, inner: list[_Place], track: int, moof_at: int, base: int | None, usual: Defaults
) -> tuple[Part | None, int | None]:
    """The part, None where it is of another track, and where the sound of the next one begins if nothing says so."""
    clock: int | None = None
    own: int | None = None
    ours = False
    at: int | None = None
    runs: list[Run] = []
    for name, body, end in inner:
        if name == b"trun" and end - body >= 8:
            runs.append(_run(moof, body, end, base, at, usual))
            at = runs[-1].end
        elif name == b"tfdt":
            clock = int.from_bytes(moof[body + 4 : body + (12 if moof[body : body + 1] == b"\1" else 8)], "big")
        elif name == b"tfhd":
            flags = int.from_bytes(moof[body : body + 4], "big")
            ours = int.from_bytes(moof[body + 4 : body + 8], "big") == track
            if flags & (_BASE | _TICKS | _SIZE):
                own, usual = _told(moof, body + 8, flags, usual)
            base = own if own is not None else moof_at if flags & _FROM_MOOF else base
    return Part(clock, own, tuple(runs)) if ours else None, at if runs else base


_BASE, _DESCRIPTION, _TICKS, _SIZE, _FROM_MOOF = 0x1, 0x2, 0x8, 0x10, 0x20000


def _told(moof: bytes, at: int, flags: int, usual: Defaults) -> tuple[int | None, Defaults]:
    """What a `tfhd` tells behind its track: where its sound is counted from, and what is usual for its samples."""
    fields: dict[int, int] = {}
    for flag in (_BASE, _DESCRIPTION, _TICKS, _SIZE):
        if flags & flag:
            length = 8 if flag == _BASE else 4
            fields[flag] = int.from_bytes(moof[at : at + length], "big")
            at += length
    return fields.get(_BASE), Defaults(fields.get(_TICKS, usual.ticks), fields.get(_SIZE, usual.size))


def _run(moof: bytes, body: int, end: int, base: int | None, at: int | None, usual: Defaults) -> Run:
    """One run of samples; a count that its own bytes cannot hold is cut to them."""
    flags, samples = _FLAGS_AND_COUNT.unpack_from(moof, body)
    place = body + 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    columns = (flags >> 8 & 0xF).bit_count()
    table: tuple[int, ...] = ()
    if columns:
        samples = min(samples, max(0, end - place) // (4 * columns))
        table = struct.unpack_from(f">{columns * samples}I", moof, place) if samples else ()
    lengths = table[::columns] if flags & 0x100 else None
    ticks = samples * usual.ticks if lengths is None else sum(lengths)
    sizes = table[1 if flags & 0x100 else 0 :: columns] if flags & 0x200 else None
    size = samples * usual.size if sizes is None else sum(sizes)
    if base is not None and flags & 0x1:
        at = base + int.from_bytes(moof[body + 8 : body + 12], "big", signed=True)
    return Run(at, at + size if at is not None and size else None, samples, ticks, sizes, lengths, usual)
