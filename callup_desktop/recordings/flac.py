"""FLAC by content: STREAMINFO, and the last frame, which tells whether the end is there. Pure, any thread."""

import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings import tags
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.headers import Ending, Headers, rate_of
from callup_desktop.recordings.pages import BLOCK, Pages
from callup_desktop.recordings.recording import Doubt, Doubtful

_MOST_BLOCKS = 1_000
_TAILS = (BLOCK, 4 * BLOCK, 32 * BLOCK)
"""How far from the end the last frame is searched for; the longest frame there can be is about 2 MiB."""
_LONGEST_HEADER = 16
_SHORTEST_FRAME = 10
_TAG_HEAD = 64
_SHORTEST_BLOCK = 16
_CHECKED = 4
"""Frames at the end whose checksum is tried where their numbers tell nothing."""
_MOST_SYNCS = 5_000
"""Places of one tail that may look like a frame: sound has a few in 64 KiB."""
# A block size that is not reserved, and one of the eleven ways to lay out channels.
_SYNC = re.compile(rb"\xff[\xf8\xf9][\x10-\xff][\x00-\xaf]", re.S)


@dataclass(frozen=True, slots=True)
class _Stream:
    """STREAMINFO, and where the first frame lies; `total` in samples of one channel, 0 if unknown."""

    sound: int
    block_size: int
    sample_rate: int
    channels: int
    total: int
    fixed: bool
    """Whether all blocks but the last have one size."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame header: where it lies in the file, and its samples; `unit` samples are what its number counts."""

    at: int
    number: int
    samples: int
    variable: bool
    unit: int = 1
    odd: bool = False
    """Whether its number tells nothing: it does not follow from that of the frame before."""

    @property
    def first_sample(self) -> int:
        """Its first sample, as its number tells."""
        return self.number * self.unit

    @property
    def end(self) -> int:
        """The sample after its last one."""
        return self.first_sample + self.samples

    def counting(self, unit: int) -> "_Frame":
        """The frame as one of a stream whose numbers count so many samples, if it does not say itself that it does."""
        return self if self.variable else replace(self, unit=unit)


def is_flac(head: bytes) -> bool:
    """Whether the bytes begin a FLAC stream."""
    return head[:4] == b"fLaC"


def read(pages: Pages, start: int) -> Headers:
    """The headers of the FLAC at `start`; raises RefusedError."""
    stream = _stream(pages.at(start + 4, 38), _sound(pages, start + 4))
    end = tags.sound_end(pages, stream.sound)
    if end <= stream.sound:
        raise RefusedError(Refusal.CORRUPT if stream.total else Refusal.EMPTY, {"kind": "FLAC"})
    at_end = _last_frame(pages, end, stream)
    last = at_end or _last_frame_inside(pages, end, stream)
    begin = _begin(pages, stream, last)
    here = (last.end if at_end else last.first_sample) - begin
    if last.odd and stream.total:
        here = stream.total
    whole = at_end is not None and (here >= stream.total or last.end == stream.total or _is_end(last, here, stream))
    seconds = here / stream.sample_rate
    return Headers(
        Format.FLAC,
        seconds,
        stream.channels,
        stream.sample_rate,
        rate_of(pages.size, seconds),
        Ending.CLOSED if stream.total in {here, last.end} else Ending.UNTOLD,
        None if whole else _cut(stream, here),
        follow=partial(LastFrame, last, begin, end, stream) if at_end else None,
    )


def _is_end(last: _Frame, here: int, stream: _Stream) -> bool:
    """Whether nothing can follow the frame, so that the total is wrong: it is shorter than all others, or that close.

    Where all blocks have one size, only the last one may be smaller; no frame has less than 16 samples.
    """
    return stream.total - here < _SHORTEST_BLOCK or (stream.fixed and last.samples < stream.block_size)


def _cut(stream: _Stream, samples: int) -> Doubtful:
    """The doubt about a stream of which only so many samples are here."""
    should_be = stream.total / stream.sample_rate if stream.total > samples else None
    return Doubtful(Doubt.TRUNCATED, samples / stream.sample_rate, should_be)


def _begin(pages: Pages, stream: _Stream, last: _Frame) -> int:
    """The first sample that is here: a part of a stream keeps the numbers that its frames had in the whole."""
    first = _frame(pages.at(stream.sound, _LONGEST_HEADER), stream.sound, stream)
    begin = replace(first, unit=last.unit).first_sample if first else 0
    return begin if begin <= last.first_sample else 0


def _stream(raw: bytes, sound: int) -> _Stream:
    if len(raw) < 38 or raw[0] & 0x7F != 0 or int.from_bytes(raw[1:4], "big") < 34:
        raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})
    packed = int.from_bytes(raw[14:22], "big")
    sample_rate = packed >> 44
    if not sample_rate:
        raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})
    # The smallest and the largest block stand there; they differ where sizes vary, or only the last block is smaller.
    least, block_size = int.from_bytes(raw[4:6], "big"), int.from_bytes(raw[6:8], "big")
    fixed = least == block_size > 0
    return _Stream(sound, block_size, sample_rate, (packed >> 41 & 7) + 1, packed & 0xFFFFFFFFF, fixed)


def _sound(pages: Pages, at: int) -> int:
    """Where the first frame lies, behind all metadata blocks."""
    for _ in range(_MOST_BLOCKS):
        head = pages.at(at, 4)
        if len(head) < 4 or head[0] == 0xFF:
            break
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            return at
    raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})


def _last_frame(pages: Pages, end: int, stream: _Stream) -> _Frame | None:
    for length in _TAILS:
        start = max(stream.sound, end - length)
        tail = pages.at(start, end - start) if length <= BLOCK else pages.run(start, end - start)
        last = _believed(tail, start, stream)
        if last or start == stream.sound:
            return last
    return None


def _last_frame_inside(pages: Pages, end: int, stream: _Stream) -> _Frame:
    """The last frame before a long end without any (a copy that failed leaves zeros); RefusedError without one."""
    sound = stream.sound
    while end - sound > BLOCK:
        middle = (sound + end) // 2
        if _believed(pages.at(middle, BLOCK), middle, stream):
            sound = middle
        else:
            end = middle
    last = _believed(pages.at(sound, BLOCK), sound, stream)
    if last is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})
    return last


def _believed(tail: bytes, start: int, stream: _Stream) -> _Frame | None:
    """The last frame that begins in the bytes, which lie at `start` of the file.

    It goes on where another one ended: a frame's own bytes may look like a header. A frame that stands alone is
    believed if it is the first one, or if the total allows it.
    """
    places = (match.start() for match in islice(_SYNC.finditer(tail), _MOST_SYNCS))
    found = (_frame(tail[at : at + _LONGEST_HEADER], start + at, stream) for at in places)
    frames = [frame for frame in found if frame]
    if not frames:
        return None
    # Numbers count blocks, as long as the stream or its frames say; those of old encoders (Flake) count samples.
    block_size = stream.block_size or frames[0].samples
    for unit in (block_size, frames[0].samples, 1):
        if last := _last_that_follows([frame.counting(unit) for frame in frames]):
            return last
    if last := _last_that_follows([replace(frame, unit=block_size) for frame in frames]):
        return last
    if last := next((frame for frame in frames[:0:-1][:_CHECKED] if _crc16(tail[frame.at - start :]) == 0), None):
        return replace(last, odd=True)
    if len(frames) > _CHECKED:
        return replace(frames[-1], odd=True)
    alone = (frame.counting(block_size) for frame in frames)
    return next((frame for frame in alone if _stands_alone(frame, stream)), None)


def _last_that_follows(frames: list[_Frame]) -> _Frame | None:
    """The last frame that begins with the sample at which one of the few before it ends."""
    for index in range(len(frames) - 1, 0, -1):
        if any(frames[index].first_sample == earlier.end for earlier in frames[max(0, index - 3) : index]):
            return frames[index]
    return None


def _stands_alone(frame: _Frame, stream: _Stream) -> bool:
    return frame.at == stream.sound or not stream.total or frame.end <= stream.total


def _frame(raw: bytes, place: int, stream: _Stream) -> _Frame | None:
    """The frame header that the bytes are, if its CRC-8 and its channels hold."""
    if len(raw) < 6 or raw[3] & 1:
        return None
    channels = raw[3] >> 4
    if (channels + 1 if channels < 8 else 2) != stream.channels:
        return None
    number, at = _coded_number(raw, 4)
    block, rate = raw[2] >> 4, raw[2] & 15
    extra = {6: 1, 7: 2}.get(block, 0)
    samples = int.from_bytes(raw[at : at + extra], "big") + 1 if extra else _SAMPLES.get(block, 0)
    at += extra + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if number is None or rate == 15 or not samples or len(raw) <= at or _crc8(raw[:at]) != raw[at]:
        return None
    return _Frame(place, number, samples, bool(raw[1] & 1))


_SAMPLES = {1: 192} | {code: 576 << code - 2 for code in range(2, 6)} | {code: 256 << code - 8 for code in range(8, 16)}


def _coded_number(raw: bytes, at: int) -> tuple[int | None, int]:
    """A number coded as UTF-8 is, up to 36 bits, and where it ends."""
    lead = raw[at]
    if lead < 0x80:
        return lead, at + 1
    more = 7 - (lead ^ 0xFF).bit_length() if lead < 0xFF else 0
    following = raw[at + 1 : at + 1 + more]
    if not 1 <= more <= 6 or len(following) < more or any(byte & 0xC0 != 0x80 for byte in following):
        return None, at
    number = lead & (0x3F >> more)
    for byte in following:
        number = number << 6 | byte & 0x3F
    return number, at + 1 + more


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    top, mask = 1 << bits - 1, (1 << bits) - 1
    rows = []
    for byte in range(256):
        crc = byte << bits - 8
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & mask
        rows.append(crc)
    return tuple(rows)


_CRC8 = _table(0x07, 8)
_CRC16 = _table(0x8005, 16)


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = _CRC8[crc ^ byte]
    return crc


def _crc16(data: bytes | bytearray) -> int:
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFF00) ^ _CRC16[crc >> 8 ^ byte]
    return crc


class LastFrame:
    """Keeps the last frame while the bytes pass, and sees by its CRC-16 whether all of it is there.

    A checksum over a whole frame with its own CRC is zero, and stays so over zeros that a disk or a tool puts behind.
    """

    def __init__(self, frame: _Frame, begin: int, end: int, stream: _Stream) -> None:
        """Keep from the frame's header up to the end of the sound, at most the longest tail; `begin` is a sample."""
        self._frame = frame
        self._begin = begin
        self._end = end
        self._stream = stream
        self._held = bytearray()

    def feed(self, data: bytes, offset: int) -> None:
        """Keep what belongs to the frame."""
        start = max(self._frame.at, offset)
        self._held += data[start - offset : max(start, self._end) - offset]

    def finish(self, headers: Headers) -> Headers:
        """The headers, cut before the frame if it is not whole."""
        if _crc16(self._held) == 0 or self._ends_before_tag():
            return headers
        odd = self._frame.odd and self._stream.total
        truncated = _cut(self._stream, self._stream.total if odd else self._frame.first_sample - self._begin)
        return replace(headers, duration_seconds=truncated.stops_at, truncated=truncated)

    def _ends_before_tag(self) -> bool:
        """Whether the frame is whole and a tag of another format follows, which does not say where it begins."""
        crc = 0
        for at, byte in enumerate(self._held, 1):
            crc = (crc << 8 & 0xFF00) ^ _CRC16[crc >> 8 ^ byte]
            if crc == 0 and at >= _SHORTEST_FRAME and tags.may_be_tag(bytes(self._held[at : at + _TAG_HEAD])):
                return True
        return False
