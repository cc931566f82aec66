"""M4A by content: an MP4 with an AAC or ALAC track, no video, no lock, and its index. Pure, any thread."""

import re
import struct
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings.decoder import Coding, coding_of, object_type
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.headers import Ending, Headers, OpenEndedError, rate_of
from callup_desktop.recordings.kinds import NO_SOUND
from callup_desktop.recordings.mp4_boxes import Box, Walk, box_of, header, number
from callup_desktop.recordings.mp4_fragments import Defaults, Fragments
from callup_desktop.recordings.mp4_samples import SampleTable
from callup_desktop.recordings.pages import Pages
from callup_desktop.recordings.recording import Doubt, Doubtful

_BOXES = {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"pnot", b"uuid", b"sidx"}
_IMAGES = {b"heic": "HEIC", b"heix": "HEIC", b"heif": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF"}
_LOCKED = {b"drms", b"drmi", b"enca", b"encv", b"aavd"}
_PICTURES = {b"jpeg", b"png ", b"mjpa", b"mjpb", b"mjp2", b"gif "}
_PICTURE_OBJECTS = {0x6C, 0x6D, 0x6E}
"""JPEG, PNG and JPEG 2000 where the sample entry is `mp4v`, which may be anything."""
_CODECS = {
    b"samr": "AMR",
    b"sawb": "AMR",
    b"sawp": "AMR",
    b"sevc": "EVRC",
    b"ssmv": "SMV",
    b"sqcp": "QCELP",
    b"Qclp": "QCELP",
    b"Opus": "Opus",
    b"fLaC": "FLAC",
    b"spex": "Speex",
    b"ac-3": "Dolby Digital",
    b"ec-3": "Dolby Digital Plus",
    b"ac-4": "Dolby AC-4",
    b"mlpa": "Dolby TrueHD",
    b"dtsc": "DTS",
    b"dtse": "DTS",
    b"dtsh": "DTS",
    b"dtsl": "DTS",
    b"dtsx": "DTS",
    b".mp2": "MP2",
    b".mp3": "MP3",
    b"ms\0\x02": "Microsoft ADPCM",
    b"ms\0\x11": "IMA ADPCM",
    b"ms\0\x31": "GSM",
    b"ms\0\x55": "MP3",
    b"ima4": "IMA ADPCM",
    b"agsm": "GSM",
    b"ulaw": "mu-law",
    b"alaw": "A-law",
    b"apac": "APAC",
    b"fl32": "PCM",
    b"fl64": "PCM",
    b"fpcm": "PCM",
    b"in24": "PCM",
    b"in32": "PCM",
    b"ipcm": "PCM",
    b"lpcm": "PCM",
    b"NONE": "PCM",
    b"raw ": "PCM",
    b"sowt": "PCM",
    b"twos": "PCM",
    b"MAC3": "MACE",
    b"MAC6": "MACE",
    b"mha1": "MPEG-H",
    b"mha2": "MPEG-H",
    b"mhm1": "MPEG-H",
    b"mhm2": "MPEG-H",
    b"QDM2": "QDesign",
    b"QDMC": "QDesign",
}
_VIDEO = "MP4 video"
"""Why the sound of a video cannot be taken: there is none."""
_UNKNOWN = {0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}
_LONGEST_SAMPLE = 2_048
"""Ticks of an AAC frame whose rate is doubled."""
# What iTunes writes: nothing, the samples to leave out in front and behind, and those that are left.
_GAPLESS = re.compile(rb" *%b %b %b %b" % ((rb"(?:0x)?([0-9A-F]{1,16})",) * 4), re.I)
_MOST_OF_IT = 4_096
"""Bytes of what a decoder needs: AAC has about 40."""
_MOST_LISTED = 5_000
"""Entries of a list of fragments that are added up: more make a longer promise, which is not needed to keep it."""
_ZEROS = 2_048
"""Zeros at the end of compressed sound that no coder writes: a copy that failed left them."""


@dataclass(frozen=True, slots=True)
class Track:
    """The sound track: `scale` is ticks a second, `seconds` None where only its fragments tell."""

    box: Box
    coding: Coding
    table: SampleTable
    number: int
    scale: int
    seconds: float | None
    channels: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a file whose sound is wanted: where it lies, and what it says of the sound.

    `growing` is whether fragments follow whose samples belong to the sound.
    """

    moov: Box
    track: Track
    growing: bool
    defaults: Defaults


@dataclass(frozen=True, slots=True)
class _Top:
    """What lies side by side in the file; a box may claim more than there is. `sound` are bytes in all `mdat`."""

    brand: bytes
    moov: Box | None
    mdat: Box | None
    sound: int
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
    top, moov = _indexed(walk)
    growing = walk.first(moov, b"mvex") is not None
    track = _sound_track(walk, moov, growing=growing)
    if _is_told_by_fragments(top, track, growing=growing):
        return _fragmented(walk, top, track)
    return _plain(walk, top, track)


def sound_in_video(pages: Pages) -> Index:
    """What the index of an MP4 says of its sound, whatever else is in it; raises what `read` raises.

    A video without sound that can be taken is refused as one, with its coding or the reason.
    """
    walk = Walk(pages)
    top, moov = _indexed(walk)
    growing = walk.first(moov, b"mvex") is not None
    track = _sound_track(walk, moov, growing=growing, of_video=True)
    told_by_fragments = _is_told_by_fragments(top, track, growing=growing)
    return Index(moov, track, told_by_fragments, _defaults(walk, moov, track))


def _is_told_by_fragments(top: _Top, track: Track, *, growing: bool) -> bool:
    return (top.fragmented and (growing or not track.table.ticks())) or (growing and track.seconds is None)


def _indexed(walk: Walk) -> tuple[_Top, Box]:
    """What lies side by side, and the index; raises RefusedError, or OpenEndedError without one."""
    top = _top(walk)
    if image := _IMAGES.get(top.brand):
        raise RefusedError(Refusal.UNSUPPORTED, {"kind": image})
    if top.moov is None or top.moov.end > walk.reads.size:
        if top.brand or top.mdat or top.moov:
            raise _open_ended()
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    return top, top.moov


def _open_ended() -> OpenEndedError:
    return OpenEndedError(RefusedError(Refusal.CORRUPT, {"kind": "M4A", "reason": "unfinished"}))


def _top(walk: Walk) -> _Top:
    top = _Top(b"", None, None, 0, fragmented=False)
    for box in walk.boxes(0, walk.reads.size):
        if box.name == b"ftyp":
            top = replace(top, brand=walk.raw(box, 4))
        elif box.name == b"moov" and top.moov is None:
            top = replace(top, moov=box)
        elif box.name == b"mdat":
            sound = min(box.end, walk.reads.size) - box.body
            top = replace(top, mdat=top.mdat or box, sound=top.sound + sound)
        elif box.name == b"moof":
            # Thousands may follow: they are read as the bytes pass.
            return replace(top, fragmented=True)
    return top


def _plain(walk: Walk, top: _Top, track: Track) -> Headers:
    seconds, mdat = track.seconds, top.mdat
    if seconds is None:
        raise RefusedError(Refusal.EMPTY, {"kind": "M4A"})
    if mdat is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "M4A"})
    size, span = walk.reads.size, track.table.span()
    start, end = span or (mdat.body, mdat.end)
    here = seconds * _share_here(track, mdat, size) if end > size else seconds
    # The box may claim more than there is where no sample is missing, or lie about how much it holds.
    cut = here < seconds if span else end > size
    truncated = Doubtful(Doubt.TRUNCATED, here, seconds) if cut else None
    ending = Ending.UNTOLD if cut or mdat.end > size else Ending.CLOSED
    rate = rate_of(top.sound, here)
    follow = partial(ZeroTail, start, min(end, size))
    return Headers(Format.M4A, here, track.channels, track.sample_rate, rate, ending, truncated, follow=follow)


def _share_here(track: Track, mdat: Box, size: int) -> float:
    """The share of the sound that lies before the end of the file."""
    share = track.table.share_before(size, mdat.body)
    return max(0, size - mdat.body) / (mdat.end - mdat.body) if share is None else share


def _fragmented(walk: Walk, top: _Top, track: Track) -> Headers:
    if not top.fragmented or top.moov is None:
        raise _open_ended()
    defaults = _defaults(walk, top.moov, track)
    seconds = _promised(walk, top.moov)
    earlier = track.table.ticks()
    size = walk.reads.size
    follow = partial(Fragments, track.number, track.scale, defaults, seconds, size, earlier=earlier)
    return Headers(Format.M4A, track.seconds, track.channels, track.sample_rate, None, Ending.UNTOLD, follow=follow)


def _promised(walk: Walk, moov: Box) -> float | None:
    """The seconds of all fragments, as the index says, or the list of them behind it; None where neither does."""
    promised = number(walk.raw(walk.first(moov, b"mvex", b"mehd"), 8), 4)
    scale = number(walk.raw(walk.first(moov, b"mvhd"), 16), 12)
    if scale and promised:
        return promised / scale
    listed = next(walk.boxes(moov.end, walk.reads.size), None)
    if listed is None or listed.name != b"sidx":
        return None
    entries_at = 24 if walk.raw(listed, 1)[0] == 0 else 32
    raw = walk.raw(listed, entries_at + 12 * _MOST_LISTED)
    scale, count = number(raw, 8), number(raw, entries_at - 2, 2)
    ticks = sum(number(raw, entries_at + 12 * entry + 4) for entry in range(min(count, _MOST_LISTED)))
    return ticks / scale if scale and ticks else None


def _defaults(walk: Walk, moov: Box, track: Track) -> Defaults:
    """What the index says of all samples of the track in fragments."""
    raws = (walk.raw(found, 20) for found in walk.inside(moov, b"mvex", b"trex"))
    trex = next((raw for raw in raws if number(raw, 4) == track.number), bytes(20))
    return Defaults(number(trex, 12), number(trex, 16))


# --- tracks -----------------------------------------------------------------------------------------------------------


def _sound_track(walk: Walk, moov: Box, *, growing: bool, of_video: bool = False) -> Track:
    """The first sound track that can be taken; raises RefusedError for video, locked or foreign sound, or none.

    `growing` is whether fragments may follow what the index holds. `of_video` takes the sound beside a video.
    """
    video = False
    sounds: list[tuple[Box, Coding]] = []
    for trak in walk.inside(moov, b"trak"):
        kind = walk.raw(walk.first(trak, b"mdia", b"hdlr"), 12)[8:12]
        entry = _sample_entry(walk, trak)
        if entry and entry.name in _LOCKED:
            raise RefusedError(Refusal.PROTECTED, {"kind": "M4A"})
        if kind == b"vide":
            video = video or entry is None or _moves(walk, trak, entry, growing=growing)
        elif kind == b"soun" and entry:
            sounds.append((trak, _coding(walk, entry)))
    if video and not of_video:
        raise RefusedError(Refusal.VIDEO, {"kind": _VIDEO})
    if not sounds:
        if video:
            raise RefusedError(Refusal.VIDEO, {"kind": _VIDEO, "reason": NO_SOUND})
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    tracks = (_track(walk, moov, trak, coding, growing=growing) for trak, coding in sounds if coding.name is None)
    first = next(tracks, None)
    if first is None and video:
        raise RefusedError(Refusal.VIDEO, {"kind": _VIDEO, "coding": str(sounds[0][1].name)})
    if first is None:
        raise RefusedError(Refusal.UNSUPPORTED, {"kind": f"MP4 ({sounds[0][1].name})"})
    return next((track for track in chain([first], tracks) if track.seconds is not None), first)


def _moves(walk: Walk, trak: Box, entry: Box, *, growing: bool) -> bool:
    """Whether the track is a video: neither a cover nor the pictures of chapters, which stand for a while each."""
    pictures = number(walk.raw(walk.first(trak, b"mdia", b"minf", b"stbl", b"stsz"), 12), 8)
    if not _is_picture(walk, entry):
        return growing or pictures != 1
    scale, length = scale_and_length(walk.raw(walk.first(trak, b"mdia", b"mdhd"), 32))
    return scale > 0 and length not in _UNKNOWN and pictures > max(1, length / scale)


def _is_picture(walk: Walk, entry: Box) -> bool:
    if entry.name != b"mp4v":
        return entry.name in _PICTURES
    esds = next((box for box in walk.boxes(entry.body + 78, entry.end) if box.name == b"esds"), None)
    return object_type(walk.raw(esds, 128)) in _PICTURE_OBJECTS


def _sample_entry(walk: Walk, trak: Box) -> Box | None:
    stsd = walk.first(trak, b"mdia", b"minf", b"stbl", b"stsd")
    return next(walk.boxes(stsd.body + 8, stsd.end), None) if stsd else None


def _track(walk: Walk, moov: Box, trak: Box, coding: Coding, *, growing: bool) -> Track:
    scale, length = scale_and_length(walk.raw(walk.first(trak, b"mdia", b"mdhd"), 32))
    scale = scale or coding.sample_rate
    if not scale:
        raise RefusedError(Refusal.CORRUPT, {"kind": "M4A"})
    table = SampleTable(walk, trak)
    ticks = table.ticks() if length in _UNKNOWN else length
    movie_scale, movie_length = scale_and_length(walk.raw(walk.first(moov, b"mvhd"), 32))
    media = ticks / scale if ticks and not growing else None
    seconds = _edited(walk, trak, movie_scale, scale, media) or (_gapless(walk, moov, ticks) or ticks) / scale or None
    if seconds is None and table.count and movie_scale and movie_length not in _UNKNOWN:
        seconds = movie_length / movie_scale
    number_of_track = _track_number(walk.raw(walk.first(trak, b"tkhd"), 24))
    return Track(trak, coding, table, number_of_track, scale, seconds, coding.channels, coding.sample_rate or scale)


def _track_number(raw: bytes) -> int:
    return number(raw, 20) if raw[0] == 1 else number(raw, 12)


def scale_and_length(raw: bytes) -> tuple[int, int]:
    """Ticks a second and ticks in all, of an mvhd or mdhd in either version."""
    return (number(raw, 20), number(raw, 24, 8)) if raw[0] == 1 else (number(raw, 12), number(raw, 16))


def _edited(walk: Walk, trak: Box, movie_scale: int, scale: int, media: float | None) -> float | None:
    """The seconds that the edit list plays: without the encoder's silence at both ends.

    No edit plays more than the `media` seconds from where it begins; None where their number is not known.
    """
    elst = walk.first(trak, b"edts", b"elst")
    raw = walk.raw(elst, 8 + 20 * 16)
    long = raw[0] == 1
    step = 20 if long else 12
    count = min(number(raw, 4), 16)
    lengths = [number(raw, 8 + index * step, 8 if long else 4) for index in range(count)]
    starts = [number(raw, 8 + index * step + (8 if long else 4), 8 if long else 4) for index in range(count)]
    empty = 0xFFFFFFFFFFFFFFFF if long else 0xFFFFFFFF
    edits = [(length, start) for length, start in zip(lengths, starts, strict=True) if start != empty]
    total = sum(length for length, _start in edits)
    if not movie_scale or total in _UNKNOWN:
        return None
    if media is None:
        return total / movie_scale
    return sum(min(length / movie_scale, max(0.0, media - start / scale)) for length, start in edits)


def _gapless(walk: Walk, moov: Box, ticks: int) -> int | None:
    """The ticks without the encoder's silence at both ends, where iTunes or Core Audio tell it instead of an edit."""
    for meta in walk.inside(moov, b"udta", b"meta"):
        # In MP4 four bytes stand before its boxes, in QuickTime none.
        body = meta.body if walk.raw(meta, 8)[4:] == b"hdlr" else meta.body + 4
        for item in walk.inside(Box(b"meta", body, meta.end), b"ilst", b"----"):
            if walk.raw(walk.first(item, b"name"), 12)[4:] != b"iTunSMPB":
                continue
            told = _GAPLESS.match(walk.raw(walk.first(item, b"data"), 128)[8:])
            _, before, behind, left = (int(field, 16) for field in told.groups()) if told else (0, 0, 0, 0)
            if left and abs(before + left + behind - ticks) <= _LONGEST_SAMPLE:
                return left
    return None


def sample_entry(walk: Walk, trak: Box) -> tuple[int, bytes]:
    """How many channels the sample entry of a track tells, and the box in it that a decoder needs, b"" without one."""
    entry = _sample_entry(walk, trak)
    if entry is None:
        return 0, b""
    raw = walk.raw(entry, 64)
    channels = number(raw, 40) if number(raw, 8, 2) == 2 else number(raw, 16, 2)
    found = _configuration(walk, entry)
    return channels, box_of(found.name, walk.raw(found, min(found.end - found.body, _MOST_OF_IT))) if found else b""


def _configuration(walk: Walk, entry: Box) -> Box | None:
    """The `esds` or `alac` of a sound sample entry, wherever QuickTime may have put it."""
    inner = entry.body + {1: 44, 2: 64}.get(number(walk.raw(entry, 10), 8, 2), 28)
    for box in walk.boxes(inner, entry.end):
        if box.name in {b"esds", b"alac"}:
            return Box(box.name, box.body, min(box.end, entry.end))
        if box.name == b"wave":
            return walk.first(box, b"esds") or walk.first(box, b"alac")
    return None


def _coding(walk: Walk, entry: Box) -> Coding:
    """How a sound sample entry says that its sound is coded."""
    if entry.name not in {b"mp4a", b"alac"}:
        return Coding(_CODECS.get(entry.name) or entry.name.decode("ascii", "replace").strip(), 0, 0)
    raw = walk.raw(entry, 64)
    version, channels, sample_rate = number(raw, 8, 2), number(raw, 16, 2), number(raw, 24, 2)
    inner = entry.body + {1: 44, 2: 64}.get(version, 28)
    if version == 2:
        (rate,) = struct.unpack_from(">d", raw, 32)
        sample_rate, channels = int(rate) if 0 < rate < 2**32 else 0, number(raw, 40)
    for box in walk.boxes(inner, entry.end):
        if box.name == b"esds":
            return coding_of(walk.raw(box, 128), channels, sample_rate)
        if box.name == b"wave":
            return coding_of(walk.raw(walk.first(box, b"esds"), 128), channels, sample_rate)
        if box.name == b"alac":
            cookie = walk.raw(box, 28)
            return Coding(None, cookie[13] or channels, number(cookie, 24) or sample_rate)
    return Coding(None, channels, sample_rate)


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
