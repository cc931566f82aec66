"""The fragments of an M4A that tells its length piece by piece, added up as the bytes pass. Belongs to the probe."""

from collections.abc import Iterator
from dataclasses import replace

from callup_desktop.recordings.headers import Headers, rate_of
from callup_desktop.recordings.mp4_boxes import Box, Held, Walk, header, number
from callup_desktop.recordings.recording import Doubt, Doubtful

_LONGEST_MOOF = 4 * 1024 * 1024
_MOST_BOXES = 5_000_000


class Fragments:
    """Adds up the fragments while the bytes pass; a recorder that writes them need not know the length."""

    def __init__(
        self, track: int, scale: int, default: int, promised: float | None, size: int, *, earlier: int = 0
    ) -> None:
        """Follow one track. `scale` ticks are a second; `default` ticks a sample where a fragment does not say.

        `promised` is what the index says of all fragments, in seconds; `size` that of the file in bytes; `earlier` the
        ticks of the samples that lie before the first fragment.
        """
        self._track = track
        self._scale = scale
        self._default = default
        self._promised = promised
        self._size = size
        self._next = 0
        self._held = b""
        self._ticks = earlier
        self._whole_ticks = earlier
        self._clock: int | None = None
        """What the recorder's clock showed where the sound begins."""
        self._last_sound = range(0)
        """Where the bytes of the last `mdat` lie."""
        self._sound = 0
        self._left = _MOST_BOXES
        self._cut = False

    def feed(self, data: bytes, offset: int) -> None:
        """Follow the chain of boxes, keeping only headers and `moof` boxes."""
        data, offset = self._held + data, offset - len(self._held)
        end = offset + len(data)
        while self._next < end:
            raw = data[self._next - offset : self._next - offset + 16]
            if len(raw) < 16 and end < self._size:
                break
            box = header(raw, self._next, self._size)
            self._left -= 1
            if box is None or self._left < 0:
                self._next = self._size
                break
            if box.name == b"moof" and end < min(box.end, self._size) and box.end - box.body <= _LONGEST_MOOF:
                break
            self._take(box, data[box.body - offset : box.end - offset] if box.name == b"moof" else b"")
            self._next = box.end
        self._held = data[self._next - offset :] if self._next < end else b""

    def _take(self, box: Box, body: bytes) -> None:
        self._cut = box.end > self._size
        if box.name == b"moof" and not self._cut and box.end - box.body <= _LONGEST_MOOF:
            self._ticks = self._end_of(body)
            if self._follows_its_sound(body):
                self._whole_ticks = self._ticks
        elif box.name == b"mdat" and not self._cut:
            self._last_sound = range(box.body, box.end)
            self._whole_ticks = self._ticks
            self._sound += box.end - box.body

    def _end_of(self, moof: bytes) -> int:
        """The tick at which the fragment's sound ends; a fragment that does not say when it begins follows the last."""
        end = self._ticks
        for walk, traf, tfhd in self._parts_of(moof):
            begin = end
            if tfdt := walk.first(traf, b"tfdt"):
                raw = walk.raw(tfdt, 12)
                shown = number(raw, 4, 8) if raw[0] == 1 else number(raw, 4)
                self._clock = shown - end if self._clock is None else self._clock
                begin = shown - self._clock
            default = _default_of(tfhd, self._default)
            end = max(end, begin + sum(_ticks_of(moof, trun, default) for trun in walk.inside(traf, b"trun")))
        return end

    def _follows_its_sound(self, moof: bytes) -> bool:
        """Whether the sound lies in the `mdat` before the `moof`, as QuickTime writes it."""
        for walk, traf, tfhd in self._parts_of(moof):
            trun = walk.raw(walk.first(traf, b"trun"), 12)
            offset = int.from_bytes(trun[8:12], "big", signed=True) if number(trun, 1, 3) & 0x1 else 0
            if number(tfhd, 1, 3) & 0x1 and number(tfhd, 8, 8) + offset in self._last_sound:
                return True
        return False

    def _parts_of(self, moof: bytes) -> Iterator[tuple[Walk, Box, bytes]]:
        """The parts of a fragment that belong to the track, each with how it begins."""
        walk = Walk(Held(moof))
        for traf in walk.inside(Box(b"moof", 0, len(moof)), b"traf"):
            tfhd = walk.raw(walk.first(traf, b"tfhd"), 32)
            if number(tfhd, 4) == self._track:
                yield walk, traf, tfhd

    def finish(self, headers: Headers) -> Headers:
        """The headers with the duration of all whole fragments, and where the sound breaks off."""
        here = self._whole_ticks / self._scale
        should_be = max(self._ticks / self._scale, self._promised or 0.0)
        cut = self._cut or self._ticks > self._whole_ticks
        early = self._promised is not None and here < self._promised - 0.5
        truncated = Doubtful(Doubt.TRUNCATED, here, should_be if should_be > here else None) if cut or early else None
        return replace(headers, duration_seconds=here, bit_rate=rate_of(self._sound, here), truncated=truncated)


def _default_of(tfhd: bytes, default: int) -> int:
    flags = number(tfhd, 1, 3)
    at = 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    return number(tfhd, at) if flags & 0x8 else default


def _ticks_of(moof: bytes, trun: Box, default: int) -> int:
    """The ticks of one run of samples; a count that its own bytes cannot hold is cut to them."""
    raw = moof[trun.body : trun.end]
    flags, count = number(raw, 1, 3), number(raw, 4)
    if not flags & 0x100:
        return count * default
    at = 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    step = 4 * (flags >> 8 & 0xF).bit_count()
    count = min(count, max(0, len(raw) - at) // step)
    return sum(number(raw, at + index * step) for index in range(count))
