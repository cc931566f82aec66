"""MP3 by content: a chain of layer III frames, and what a Xing, Info or VBRI header tells of it. Pure, any thread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

from callup_desktop.recordings import tags
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.headers import Ending, Headers, rate_of
from callup_desktop.recordings.pages import BLOCK, Pages
from callup_desktop.recordings.recording import Doubt, Doubtful

SEARCHED = 256 * 1024
"""How far the first frame is searched for: zeros or rubbish before it are legal."""
_CHAIN = 5
"""Consecutive frames that no other file has by chance."""
_SHORTEST_FRAME = 24
_LOST = 4_096
"""Bytes without a frame at the end that are more than an unknown tag."""
_TRIES = 2_000
"""Places that may look like a frame before the search gives up: rubbish has 24 in 256 KiB."""
_BYTES_OF_A_TRY = 256
"""Bytes for each place that is tried where frames are lost: rubbish has 40 times as many between two."""
_LONGEST_FRAME = 1_441
_ALIKE_AFTER = 256
"""Frames after which is seen whether all others in a block are alike."""
_TAG_HEAD = 64
_HEADER = 4
_TOTAL_WITHIN = 192

# Layer III of MPEG 1, 2 and 2.5, with or without a checksum; FF FE (UTF-16) is layer I, FF F1 and FF F9 (AAC) none.
_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
_PADDING = b"\x00\x55\xaa"
_PADDED = 16
"""Bytes of one padding that no sound ends with by chance."""
_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame header; `size` in bytes, `samples` of each channel."""

    version: int
    sample_rate: int
    channels: int
    kbits: int
    size: int
    samples: int
    side_at: int
    """Where the side information begins: behind the checksum, if there is one."""

    @property
    def side_size(self) -> int:
        """The bytes of the side information."""
        if self.version == 3:
            return 17 if self.channels == 1 else 32
        return 9 if self.channels == 1 else 17

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self.samples / self.sample_rate

    def goes_with(self, other: "_Frame") -> bool:
        """Whether both can be of one recording."""
        return (self.version, self.sample_rate) == (other.version, other.sample_rate)


@dataclass(frozen=True, slots=True)
class _Total:
    """What a Xing, Info or VBRI header says of all frames; None where it does not."""

    frames: int | None
    size: int | None


@dataclass(frozen=True, slots=True)
class _Joined:
    """The recordings of other sample rates that lie before the one that passes."""

    frames: int = 0
    seconds: float = 0.0

    def and_then(self, frames: int, like: _Frame) -> "_Joined":
        """With these frames behind."""
        return _Joined(self.frames + frames, self.seconds + frames * like.seconds)


def read(pages: Pages, start: int, end: int) -> Headers | None:
    """The headers of the MP3 between the offsets, or None if there is none."""
    at = _first_frame(pages, start, end)
    if at is None:
        return None
    first = _frame(pages.at(at, 4))
    if first is None:
        return None
    total = _total(pages.at(at, _TOTAL_WITHIN), first)
    return _judged(first, total, at, end)


def _judged(first: _Frame, total: _Total | None, at: int, end: int) -> Headers:
    size = end - at
    seconds, ending = size * 8 / (first.kbits * 1000), Ending.UNTOLD
    if total and total.frames and total.size == size and total.frames * _SHORTEST_FRAME <= size:
        seconds, ending = total.frames * first.samples / first.sample_rate, Ending.CLOSED
    bit_rate = _bit_rate(first, size, seconds)
    follow = partial(FrameCounter, first, total, at, end)
    return Headers(Format.MP3, seconds, first.channels, first.sample_rate, bit_rate, ending, follow=follow)


def _bit_rate(first: _Frame, size: int, seconds: float) -> int | None:
    """What was measured; what the first frame says where that is nearly the same (a constant rate)."""
    rate, nominal = rate_of(size, seconds), first.kbits * 1000
    return nominal if rate is not None and abs(rate - nominal) < nominal / 50 else rate


def _first_frame(pages: Pages, start: int, end: int) -> int | None:
    """Where a chain of frames begins; a shorter chain counts only if it fills the file or says how long it is."""
    if _chained(pages, start, end, fills=True) or _tells_total(pages, start):
        return start
    tried = 0
    limit = min(end, start + SEARCHED)
    # One byte less than a block, so that a sync on the seam is seen.
    for block_at in range(start, limit, BLOCK - 1):
        block = pages.at(block_at, min(BLOCK, limit - block_at))
        for found in _SYNC.finditer(block):
            tried += 1
            if tried > _TRIES:
                return None
            if _chained(pages, block_at + found.start(), end, fills=False):
                return block_at + found.start()
    return None


def _chained(pages: Pages, at: int, end: int, *, fills: bool) -> bool:
    """Whether five frames follow each other, the last one cut or not, or (`fills`) fewer up to the very end."""
    first = frame = _frame(pages.at(at, 4))
    for number in range(1, _CHAIN + 1):
        if frame is None or first is None or not frame.goes_with(first):
            return False
        at += frame.size
        if at >= end:
            return number == _CHAIN or (fills and at == end)
        frame = _frame(pages.at(at, 4))
    return True


def _tells_total(pages: Pages, at: int) -> bool:
    frame = _frame(pages.at(at, 4))
    return frame is not None and _total(pages.at(at, _TOTAL_WITHIN), frame) is not None


def _frame(raw: bytes) -> _Frame | None:
    if len(raw) < 4 or raw[0] != 0xFF or raw[1] & 0xE6 != 0xE2:
        return None
    version = raw[1] >> 3 & 3
    bit_rate, rate = raw[2] >> 4, raw[2] >> 2 & 3
    if version == 1 or bit_rate in {0, 15} or rate == 3:
        return None
    kbits = _KBITS[3 if version == 3 else 2][bit_rate]
    sample_rate = _RATES[version][rate]
    samples = 1152 if version == 3 else 576
    size = samples * kbits * 125 // sample_rate + (raw[2] >> 1 & 1)
    side_at = _HEADER if raw[1] & 1 else _HEADER + 2
    return _Frame(version, sample_rate, 1 if raw[3] >> 6 == 3 else 2, kbits, size, samples, side_at)


def _total(raw: bytes, first: _Frame) -> _Total | None:
    for at in (_HEADER + first.side_size, _HEADER + first.side_size + 2):
        if raw[at : at + 4] in {b"Xing", b"Info"}:
            return _xing(raw[at + 4 : at + 16])
    if raw[36:40] == b"VBRI" and len(raw) >= 54:
        return _Total(_known(raw[50:54]), _known(raw[46:50]))
    return None


def _xing(raw: bytes) -> _Total:
    flags = int.from_bytes(raw[:4], "big")
    fields = [_known(raw[at : at + 4]) for at in (4, 8) if len(raw) >= at + 4]
    frames = fields.pop(0) if flags & 1 and fields else None
    size = fields.pop(0) if flags & 2 and fields else None
    return _Total(frames, size)


def _known(raw: bytes) -> int | None:
    """The number, None for that of a writer that could not come back for it."""
    return None if raw == b"\xff" * 4 else int.from_bytes(raw, "big")


def _lacks_only_padding(raw: bytes) -> bool:
    """Whether the frame that the bytes begin ends where its sound ends, or has none and ends in padding.

    A frame that sounds and ends in padding is more likely cut: frames in the middle of a recording look like it.
    """
    frame = _frame(raw)
    if frame is None or len(raw) < frame.side_at + frame.side_size:
        return False
    earlier, bits = _side(raw[frame.side_at :], frame)
    rest = raw[frame.side_at + frame.side_size :]
    if bits:
        return len(rest) == (bits + 7) // 8 - earlier
    end = rest[-_PADDED:]
    return not end or (end[0] in _PADDING and end.count(end[:1]) == len(end))


def _side(raw: bytes, frame: _Frame) -> tuple[int, int]:
    """How many bytes before the frame its sound begins, and the bits of it."""
    value, left = int.from_bytes(raw[: frame.side_size], "big"), 8 * frame.side_size

    def take(count: int) -> int:
        nonlocal left
        left -= count
        return value >> left & ((1 << count) - 1)

    if frame.version == 3:
        earlier, granules, others = take(9), 2, 47
        take(5 + 4 if frame.channels == 1 else 3 + 8)
    else:
        earlier, granules, others = take(8), 1, 51
        take(frame.channels)
    bits = 0
    for _ in range(granules * frame.channels):
        bits += take(12)
        take(others)
    return earlier, bits


class FrameCounter:
    """Counts the frames while the bytes pass: the true length, whatever a header says."""

    def __init__(self, first: _Frame, total: _Total | None, start: int, end: int) -> None:
        """Expect the first frame at `start`."""
        self._first = first
        self._total = total
        self._start = start
        self._end = end
        self._like = first
        """A frame of the recording that passes: another one may be joined to the first."""
        self._frames = 0
        self._before = _Joined()
        self._next = start
        self._last_size = 0
        self._held = b""
        self._tail = b""
        """The end of the sound so far: no frame is longer."""
        self._lost_at: int | None = None
        """Where a frame should have begun, while none is found."""
        self._lost_head = b""
        """What stands there instead."""
        self._tries = (end - start) // _BYTES_OF_A_TRY + _TRIES

    def feed(self, data: bytes, offset: int) -> None:
        """Follow the chain of frames through these bytes."""
        sound = max(0, self._end - offset)
        self._tail = (self._tail + data[max(0, min(sound, len(data)) - _LONGEST_FRAME) : sound])[-_LONGEST_FRAME:]
        if self._held:
            data, offset = self._held + data, offset - len(self._held)
        data = data[: max(0, self._end - offset)]
        if self._lost_at is not None:
            more = self._lost_at + len(self._lost_head) - offset
            self._lost_head += data[more : max(more, self._lost_at + _TAG_HEAD - offset)]
        at, last = self._next - offset, len(data) - _HEADER
        sizes, frames, last_size = _sizes(self._like), self._frames, self._last_size
        is_end = offset + len(data) >= self._end
        while at <= last:
            size = sizes.get(data[at : at + 3]) if self._lost_at is None else None
            if size:
                frames += 1
                at += size
                last_size = size
                if frames % _ALIKE_AFTER == 0:
                    alike = _alike(data, at, size)
                    frames += alike
                    at += alike * size
                continue
            if self._lost_at is None:
                self._lost_at = offset + at
                self._lost_head = data[at : at + _TAG_HEAD]
            at, found, tried = _found_again(data, at, self._like, self._tries, is_end=is_end)
            self._tries -= tried
            if found is None:
                break
            self._lost_at = None
            if not found.goes_with(self._like):
                self._before = self._before.and_then(frames, self._like)
                self._like, sizes, frames = found, _sizes(found), 0
        self._frames, self._last_size = frames, last_size
        self._next = offset + at
        self._held = data[at:] if at < len(data) else b""

    def finish(self, headers: Headers) -> Headers:
        """The headers with the duration that was counted, and where the sound breaks off."""
        short = self._next > self._end and not self._is_last_frame_enough()
        cut = short or (self._lost_at is None and self._held[:1] == b"\xff")
        good_end = self._next if self._lost_at is None else self._lost_at
        size = min(good_end, self._end) - self._start
        here = self._frames - short
        whole = max(0, self._before.frames + here - (self._total is not None))
        seconds = self._before.seconds + here * self._like.seconds - (self._total is not None) * self._first.seconds
        seconds = max(0.0, seconds)
        should_be = self._should_be(whole, size)
        if should_be is None and size > 0 and self._loses(good_end, whole):
            should_be = seconds * (self._end - self._start) / size
        truncated = Doubtful(Doubt.TRUNCATED, seconds, should_be) if cut or should_be is not None else headers.truncated
        bit_rate = _bit_rate(self._first, size, seconds)
        return replace(headers, duration_seconds=seconds, bit_rate=bit_rate, truncated=truncated)

    def _loses(self, good_end: int, whole: int) -> bool:
        """Whether sound is missing behind the last frame: many bytes that are no tag, where no total says otherwise."""
        if self._end - good_end <= _LOST or tags.may_be_tag(self._lost_head.lstrip(b"\0")):
            return False
        return not (self._total and self._total.frames and self._total.frames <= whole)

    def _is_last_frame_enough(self) -> bool:
        """Whether the last frame, of which the end is missing, was written so by its encoder."""
        if self._total is not None and self._total.size is not None:
            return self._total.size == self._end - self._start
        here = self._end - (self._next - self._last_size)
        return _lacks_only_padding(self._tail[len(self._tail) - here :])

    def _should_be(self, whole: int, size: int) -> float | None:
        """The duration that the total promises, if the file holds less."""
        if self._total is None or not self._total.frames or self._total.frames <= whole:
            return None
        # Some encoders count the frame of the total itself: one frame less is no loss where all bytes are there.
        if self._total.frames == whole + 1 and self._total.size is not None and self._total.size <= size:
            return None
        return self._total.frames * self._first.seconds


def _alike(data: bytes, at: int, size: int) -> int:
    """How many of the next frames begin as the last one did, which had this size: at a constant rate all do."""
    count = (len(data) - _HEADER - at) // size + 1
    head, until = data[at - size : at - size + 3], at + count * size
    alike = all(data[at + place : until : size] == head[place : place + 1] * count for place in range(3))
    return count if count > 0 and alike else 0


def _found_again(data: bytes, at: int, like: _Frame, most: int, *, is_end: bool) -> tuple[int, _Frame | None, int]:
    """Where a frame with enough others behind it begins, and it; else, and None, from where to look once more is there.

    With it comes how many places were tried; after `most` of them none is found any more. One frame behind it is
    enough where it goes with `like`; else a whole chain begins another recording. `is_end`: no more data comes.
    """
    tried = 0
    for found in _SYNC.finditer(data, at):
        if tried >= most:
            break
        tried += 1
        place = found.start()
        frame = _frame(data[place : place + _HEADER])
        if frame is None:
            continue
        familiar = frame.goes_with(like)
        follows = _follows(data, place, frame, 1 if familiar else _CHAIN - 1)
        if follows is None and (familiar or not is_end):
            return place, None, tried - 1
        if follows:
            return place, frame, tried
    return max(at, len(data) - _HEADER + 1), None, tried


def _follows(data: bytes, at: int, frame: _Frame, count: int) -> bool | None:
    """Whether so many frames that go with it follow the frame at the place; None where the data ends before."""
    sizes = _sizes(frame)
    for _ in range(count):
        at += sizes[data[at : at + 3]]
        if at + _HEADER > len(data):
            return None
        if data[at : at + 3] not in sizes:
            return False
    return True


def _sizes(like: _Frame) -> Mapping[bytes, int]:
    """The size of every frame that goes with this one, by its first three bytes."""
    return _sizes_at(like.version, like.sample_rate)


@cache
def _sizes_at(version: int, sample_rate: int) -> Mapping[bytes, int]:
    seconds = [0xE2 | version << 3, 0xE3 | version << 3]
    heads = [bytes([0xFF, second, third]) for second in seconds for third in range(256)]
    frames = {head: _frame(head + b"\0") for head in heads}
    return {head: frame.size for head, frame in frames.items() if frame and frame.sample_rate == sample_rate}
