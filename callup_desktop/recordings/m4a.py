"""M4A by content: an MP4 with one AAC or ALAC track, no video, no lock, and its index. Pure, any thread."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings.boxes import Box, Walk, header, number
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.fragments import Fragments
from callup_desktop.recordings.headers import Ending, Headers, OpenEndedError, rate_of
from callup_desktop.recordings.pages import BLOCK, Pages
from callup_desktop.recordings.recording import Doubt, Doubtful

_BOXES = {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"pnot", b"uuid", b"sidx"}
_IMAGES = {b"heic": "HEIC", b"heix": "HEIC", b"heif": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF"}
_LOCKED = {b"drms", b"drmi", b"enca", b"encv", b"aavd"}
_CHAPTER_PICTURES = {b"jpeg", b"png ", b"mjpa"}
_CODECS = {
    b"samr": "AMR",
    b"sawb": "AMR",
    b"Opus": "Opus",
    b"fLaC": "FLAC",
    b"ac-3": "Dolby Digital",
    b"ec-3": "Dolby Digital Plus",
    b"ac-4": "Dolby AC-4",
    b".mp3": "MP3",
    b"lpcm": "PCM",
    b"sowt": "PCM",
    b"twos": "PCM",
    b"ipcm": "PCM",
    b"mha1": "MPEG-H",
    b"QDM2": "QDesign",
}
_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_UNKNOWN = {0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}
_MOST_SAMPLES = 10_000_000
_ZEROS = 2_048
"""Zeros at the end of compressed sound that no coder writes: a copy that failed left them."""


@dataclass(frozen=True, slots=True)
class _Track:
    """The sound track: `scale` is ticks a second, `seconds` None where only its fragments tell."""

    box: Box
    number: int
    scale: int
    seconds: float | None
    channels: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class _Top:
    """What lies side by side in the file; a box may claim more than there is."""

    brand: bytes
    moov: Box | None
    mdat: Box | None
    fragmented: bool


def is_mp4(pages: Pages) -> bool:
    """Whether the file begins with an `ftyp` box, or with two boxes as older recorders write them."""
    first = header(pages.at(0, 16), 0, pages.size)
    if first is None or first.name not in _BOXES:
        return False
    return first.name == b"ftyp" or pages.at(first.end + 4, 4) in _BOXES


def read(pages: Pages) -> Headers:
    """The headers of the M4A; raises RefusedError, or OpenEndedError where the index is missing."""
    walk = Walk(pages)
    top = _top(walk)
    if image := _IMAGES.get(top.brand):
        raise RefusedError(Refusal.UNSUPPORTED, {"kind": image})
    if top.moov is None or top.moov.end > pages.size:
        if top.brand or top.mdat or top.moov:
            raise _open_ended()
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    track = _sound_track(walk, top.moov)
    if top.fragmented or (track.seconds is None and walk.first(top.moov, b"mvex")):
        return _fragmented(walk, top, track)
    return _plain(walk, top, track)


def _open_ended() -> OpenEndedError:
    return OpenEndedError(RefusedError(Refusal.CORRUPT, {"kind": "M4A", "reason": "unfinished"}))


def _top(walk: Walk) -> _Top:
    top = _Top(b"", None, None, fragmented=False)
    for box in walk.boxes(0, walk.reads.size):
        if box.name == b"ftyp":
            top = replace(top, brand=walk.raw(box, 4))
        elif box.name == b"moov" and top.moov is None:
            top = replace(top, moov=box)
        elif box.name == b"mdat" and top.mdat is None:
            top = replace(top, mdat=box)
        elif box.name == b"moof":
            # Thousands may follow: they are read as the bytes pass.
            return replace(top, fragmented=True)
    return top


def _plain(walk: Walk, top: _Top, track: _Track) -> Headers:
    seconds, mdat = track.seconds, top.mdat
    if seconds is None:
        raise RefusedError(Refusal.EMPTY, {"kind": "M4A"})
    if mdat is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "M4A"})
    here, size = seconds, mdat.end - mdat.body
    if mdat.end > walk.reads.size:
        size = max(0, walk.reads.size - mdat.body)
        here = seconds * _share_of_samples(walk, track, size, mdat)
    truncated = Doubtful(Doubt.TRUNCATED, here, seconds) if mdat.end > walk.reads.size else None
    ending = Ending.UNTOLD if truncated else Ending.CLOSED
    rate = rate_of(size, here)
    follow = partial(ZeroTail, mdat.body, mdat.body + size)
    return Headers(Format.M4A, here, track.channels, track.sample_rate, rate, ending, truncated, follow=follow)


def _share_of_samples(walk: Walk, track: _Track, here: int, mdat: Box) -> float:
    """The share of the samples that lie in the first bytes of the cut `mdat`; they are of one duration each."""
    stsz = walk.first(track.box, b"mdia", b"minf", b"stbl", b"stsz")
    raw = walk.raw(stsz, 12)
    count = min(number(raw, 8), (stsz.end - stsz.body - 12) // 4) if stsz else 0
    if stsz is None or number(raw, 4) or not 0 < count <= _MOST_SAMPLES:
        return here / (mdat.end - mdat.body)
    passed = whole = 0
    for at in range(stsz.body + 12, stsz.body + 12 + 4 * count, BLOCK):
        sizes = walk.reads.at(at, min(BLOCK, stsz.body + 12 + 4 * count - at))
        for (size,) in struct.iter_unpack(">I", sizes[: len(sizes) // 4 * 4]):
            passed += size
            if passed > here:
                return whole / count
            whole += 1
    return whole / count


def _fragmented(walk: Walk, top: _Top, track: _Track) -> Headers:
    if not top.fragmented or top.moov is None:
        raise _open_ended()
    trex = next(
        (raw for raw in _raws(walk, top.moov, 16, b"mvex", b"trex") if number(raw, 4) == track.number), bytes(16)
    )
    promised = number(walk.raw(walk.first(top.moov, b"mvex", b"mehd"), 8), 4)
    scale = number(walk.raw(walk.first(top.moov, b"mvhd"), 16), 12)
    seconds = promised / scale if scale and promised else None
    follow = partial(Fragments, track.number, track.scale, number(trex, 12), seconds, walk.reads.size)
    return Headers(Format.M4A, track.seconds, track.channels, track.sample_rate, None, Ending.UNTOLD, follow=follow)


def _raws(walk: Walk, box: Box, length: int, *names: bytes) -> Iterator[bytes]:
    return (walk.raw(found, length) for found in walk.inside(box, *names))


# --- tracks -----------------------------------------------------------------------------------------------------------


def _sound_track(walk: Walk, moov: Box) -> _Track:
    """The first sound track; raises RefusedError for video, locked or foreign sound, or none."""
    movie_scale = _scale_and_length(walk.raw(walk.first(moov, b"mvhd"), 32))[0]
    sound: _Track | None = None
    for trak in walk.inside(moov, b"trak"):
        kind = walk.raw(walk.first(trak, b"mdia", b"hdlr"), 12)[8:12]
        entry = _sample_entry(walk, trak)
        codec = entry.name if entry else b""
        if codec in _LOCKED:
            raise RefusedError(Refusal.PROTECTED, {"kind": "M4A"})
        if kind == b"vide" and codec not in _CHAPTER_PICTURES:
            raise RefusedError(Refusal.VIDEO, {"kind": "MP4 video"})
        if kind == b"soun" and entry and sound is None:
            sound = _track(walk, trak, entry, movie_scale)
    if sound is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    return sound


def _sample_entry(walk: Walk, trak: Box) -> Box | None:
    stsd = walk.first(trak, b"mdia", b"minf", b"stbl", b"stsd")
    return next(walk.boxes(stsd.body + 8, stsd.end), None) if stsd else None


def _track(walk: Walk, trak: Box, entry: Box, movie_scale: int) -> _Track:
    if entry.name not in {b"mp4a", b"alac"}:
        codec = _CODECS.get(entry.name) or entry.name.decode("ascii", "replace").strip()
        raise RefusedError(Refusal.UNSUPPORTED, {"kind": f"MP4 ({codec})"})
    scale, length = _scale_and_length(walk.raw(walk.first(trak, b"mdia", b"mdhd"), 32))
    if not scale:
        raise RefusedError(Refusal.CORRUPT, {"kind": "M4A"})
    seconds = _edited(walk, trak, movie_scale) or (None if length in _UNKNOWN else length / scale)
    number_of_track = _track_number(walk.raw(walk.first(trak, b"tkhd"), 24))
    channels, sample_rate = _form(walk, entry)
    return _Track(trak, number_of_track, scale, seconds, channels, sample_rate or scale)


def _track_number(raw: bytes) -> int:
    return number(raw, 20) if raw[0] == 1 else number(raw, 12)


def _scale_and_length(raw: bytes) -> tuple[int, int]:
    """Ticks a second and ticks in all, of an mvhd or mdhd in either version."""
    return (number(raw, 20), number(raw, 24, 8)) if raw[0] == 1 else (number(raw, 12), number(raw, 16))


def _edited(walk: Walk, trak: Box, movie_scale: int) -> float | None:
    """The seconds that the edit list plays: without the encoder's silence at both ends."""
    elst = walk.first(trak, b"edts", b"elst")
    raw = walk.raw(elst, 8 + 20 * 16)
    long = raw[0] == 1
    step = 20 if long else 12
    count = min(number(raw, 4), 16)
    lengths = [number(raw, 8 + index * step, 8 if long else 4) for index in range(count)]
    starts = [number(raw, 8 + index * step + (8 if long else 4), 8 if long else 4) for index in range(count)]
    empty = 0xFFFFFFFFFFFFFFFF if long else 0xFFFFFFFF
    total = sum(length for length, start in zip(lengths, starts, strict=True) if start != empty)
    return total / movie_scale if movie_scale and total not in _UNKNOWN else None


def _form(walk: Walk, entry: Box) -> tuple[int, int]:
    """Channels and sample rate of a sound sample entry."""
    raw = walk.raw(entry, 64)
    version, channels, sample_rate = number(raw, 8, 2), number(raw, 16, 2), number(raw, 24, 2)
    inner = entry.body + {1: 44, 2: 64}.get(version, 28)
    if version == 2:
        (rate,) = struct.unpack_from(">d", raw, 32)
        sample_rate, channels = int(rate) if 0 < rate < 2**32 else 0, number(raw, 40)
    for box in walk.boxes(inner, entry.end):
        if box.name == b"esds":
            return _from_esds(walk.raw(box, 128), channels, sample_rate)
        if box.name == b"wave":
            return _from_esds(walk.raw(walk.first(box, b"esds"), 128), channels, sample_rate)
        if box.name == b"alac":
            cookie = walk.raw(box, 28)
            return cookie[13] or channels, number(cookie, 24) or sample_rate
    return channels, sample_rate


def _from_esds(raw: bytes, channels: int, sample_rate: int) -> tuple[int, int]:
    """What the decoder's own configuration says, which counts more than the sample entry."""
    at = 4
    while at < len(raw):
        tag, at = raw[at], at + 1
        length = 0
        for _ in range(4):
            byte = raw[at] if at < len(raw) else 0
            length, at = length << 7 | byte & 0x7F, at + 1
            if byte < 0x80:
                break
        if tag == 3:
            flags = raw[at + 2] if at + 2 < len(raw) else 0
            at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
        elif tag == 4:
            at += 13
        elif tag == 5:
            return _from_aac(raw[at : at + length], channels, sample_rate)
        else:
            at += length
    return channels, sample_rate


def _from_aac(raw: bytes, channels: int, sample_rate: int) -> tuple[int, int]:
    """AudioSpecificConfig: with SBR the rate is the doubled one, with parametric stereo there are two channels."""
    if not raw:
        return channels, sample_rate
    bits = _Bits(raw)
    kind = bits.kind()
    rate = bits.rate()
    layout = bits.take(4)
    if kind in {5, 29} or (kind == 2 and bits.tells_sbr()):
        rate = bits.rate()
    count = {**{number: number for number in range(1, 7)}, 7: 8}.get(layout, channels)
    return 2 if kind == 29 and count == 1 else count, rate or sample_rate


class _Bits:
    """Bits from the front of a few bytes; zeros behind their end."""

    def __init__(self, raw: bytes) -> None:
        self._value = int.from_bytes(raw[:16].ljust(16, b"\0"), "big")
        self._left = 128

    def take(self, count: int) -> int:
        self._left = max(0, self._left - count)
        return self._value >> self._left & ((1 << count) - 1)

    def kind(self) -> int:
        kind = self.take(5)
        return 32 + self.take(6) if kind == 31 else kind

    def tells_sbr(self) -> bool:
        """Whether the extension that old players overlook follows: a doubled rate comes next."""
        self.take(3)
        return self.take(11) == 0x2B7 and self.kind() == 5 and self.take(1) == 1

    def rate(self) -> int:
        index = self.take(4)
        if index == 15:
            return self.take(24)
        return _AAC_RATES[index] if index < len(_AAC_RATES) else 0


class ZeroTail:
    """Sees where the sound turns into nothing but zeros, while the bytes pass."""

    def __init__(self, start: int, end: int) -> None:
        """The sound lies between the offsets."""
        self._start = start
        self._end = end
        self._good_end = start

    def feed(self, data: bytes, offset: int) -> None:
        """Look for the last byte that is not zero."""
        sound = data[max(0, self._start - offset) : max(0, self._end - offset)].rstrip(b"\0")
        if sound:
            self._good_end = max(offset, self._start) + len(sound)

    def finish(self, headers: Headers) -> Headers:
        """The headers, cut where the zeros begin if they are many."""
        seconds = headers.duration_seconds
        if seconds is None or self._end - self._good_end < _ZEROS:
            return headers
        here = seconds * (self._good_end - self._start) / (self._end - self._start)
        if here == 0:
            raise RefusedError(Refusal.EMPTY, {"kind": "zeros"})
        should_be = headers.truncated.should_be if headers.truncated else seconds
        return replace(headers, duration_seconds=here, truncated=Doubtful(Doubt.TRUNCATED, here, should_be))
