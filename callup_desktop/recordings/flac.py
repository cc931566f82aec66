"""FLAC by content: STREAMINFO, and the last frame, which tells whether the end is there. Pure, any thread."""

import re
from dataclasses import dataclass, replace
from functools import partial

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
# A block size that is not reserved, and one of the eleven ways to lay out channels.
_SYNC = re.compile(rb"\xff[\xf8\xf9][\x10-\xff][\x00-\xaf]", re.S)


@dataclass(frozen=True, slots=True)
class _Stream:
    """STREAMINFO; `total` in samples of one channel, 0 if unknown."""

    block_size: int
    sample_rate: int
    channels: int
    total: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame header: where it lies in the file, and its samples."""

    at: int
    first_sample: int
    samples: int

    @property
    def end(self) -> int:
        """The sample after its last one."""
        return self.first_sample + self.samples


def is_flac(head: bytes) -> bool:
    """Whether the bytes begin a FLAC stream."""
    return head[:4] == b"fLaC"


def read(pages: Pages, start: int) -> Headers:
    """The headers of the FLAC at `start`; raises RefusedError."""
    stream = _stream(pages.at(start + 4, 38))
    sound = _sound(pages, start + 4)
    end = tags.sound_end(pages, sound)
    if end <= sound:
        raise RefusedError(Refusal.CORRUPT if stream.total else Refusal.EMPTY, {"kind": "FLAC"})
    last = _last_frame(pages, sound, end, stream)
    should_be = stream.total / stream.sample_rate if stream.total else None
    follow = None
    if last is not None:
        follow = partial(LastFrame, last, end, stream)
        truncated = Doubtful(Doubt.TRUNCATED, last.end / stream.sample_rate, should_be)
    else:
        last = _last_frame_inside(pages, sound, end, stream)
        truncated = Doubtful(Doubt.TRUNCATED, last.first_sample / stream.sample_rate, should_be)
    whole = follow is not None and last.end >= stream.total
    here = last.end / stream.sample_rate if whole else truncated.stops_at
    return Headers(
        Format.FLAC,
        here,
        stream.channels,
        stream.sample_rate,
        rate_of(pages.size, here),
        Ending.CLOSED if last.end == stream.total else Ending.UNTOLD,
        None if whole else truncated,
        follow=follow,
    )


def _stream(raw: bytes) -> _Stream:
    if len(raw) < 38 or raw[0] & 0x7F != 0 or int.from_bytes(raw[1:4], "big") < 34:
        raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})
    packed = int.from_bytes(raw[14:22], "big")
    sample_rate = packed >> 44
    if not sample_rate:
        raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})
    block_size = int.from_bytes(raw[4:6], "big")
    return _Stream(block_size, sample_rate, (packed >> 41 & 7) + 1, packed & 0xFFFFFFFFF)


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


def _last_frame(pages: Pages, sound: int, end: int, stream: _Stream) -> _Frame | None:
    for length in _TAILS:
        start = max(sound, end - length)
        tail = pages.at(start, end - start) if length <= BLOCK else pages.run(start, end - start)
        frames = _frames(tail, start, stream)
        if frames or start == sound:
            return _believed(frames)
    return None


def _last_frame_inside(pages: Pages, sound: int, end: int, stream: _Stream) -> _Frame:
    """The last frame before a long end without any (a copy that failed leaves zeros); RefusedError without one."""
    while end - sound > BLOCK:
        middle = (sound + end) // 2
        if _frames(pages.at(middle, BLOCK), middle, stream):
            sound = middle
        else:
            end = middle
    last = _believed(_frames(pages.at(sound, BLOCK), sound, stream))
    if last is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "FLAC"})
    return last


def _believed(frames: list[_Frame]) -> _Frame | None:
    """The last frame that goes on where the one before it ended: a frame's own bytes may look like a header."""
    for index in range(len(frames) - 1, 0, -1):
        if any(frames[index].first_sample == earlier.end for earlier in frames[max(0, index - 3) : index]):
            return frames[index]
    return frames[0] if frames else None


def _frames(tail: bytes, start: int, stream: _Stream) -> list[_Frame]:
    """The frames that begin in the bytes, which lie at `start` of the file."""
    places = (match.start() for match in _SYNC.finditer(tail))
    found = (_frame(tail[at : at + _LONGEST_HEADER], start + at, stream) for at in places)
    return [frame for frame in found if frame and (not stream.total or frame.end <= stream.total)]


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
    variable = bool(raw[1] & 1)
    return _Frame(place, number if variable else number * stream.block_size, samples)


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


def _crc16(data: bytearray) -> int:
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFF00) ^ _CRC16[crc >> 8 ^ byte]
    return crc


class LastFrame:
    """Keeps the last frame while the bytes pass, and sees by its CRC-16 whether all of it is there.

    A checksum over a whole frame with its own CRC is zero, and stays so over zeros that a disk or a tool puts behind.
    """

    def __init__(self, frame: _Frame, end: int, stream: _Stream) -> None:
        """Keep from the frame's header up to the end of the sound; at most the longest tail."""
        self._frame = frame
        self._end = end
        self._stream = stream
        self._held = bytearray()

    def feed(self, data: bytes, offset: int) -> None:
        """Keep what belongs to the frame."""
        start = max(self._frame.at, offset)
        self._held += data[start - offset : max(start, self._end) - offset]

    def finish(self, headers: Headers) -> Headers:
        """The headers, cut before the frame if it is not whole."""
        if _crc16(self._held) == 0:
            return headers
        here = self._frame.first_sample / self._stream.sample_rate
        should_be = self._stream.total / self._stream.sample_rate if self._stream.total else None
        return replace(headers, duration_seconds=here, truncated=Doubtful(Doubt.TRUNCATED, here, should_be))
