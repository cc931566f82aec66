"""Writes the front of an M4A: everything before the bytes of its sound. Pure, any thread.

The same samples make the same bytes: no time, name or version is written, so that an upload goes on after a restart.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from callup_desktop.recordings.mp4_boxes import box_of

_CHUNK = 64
"""Samples that a chunk has; a player reads whole chunks."""
_LARGEST = 2**31 - 1
"""Ticks from which on numbers need 64 bits: where an edit begins has a sign."""
_UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
"""The matrix that leaves a picture as it is; there is none."""
_UNDETERMINED = 0x55C4
"""The language."""


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """What an M4A says of its sound: `scale` is ticks a second, `configuration` the box that a decoder needs."""

    coding: bytes
    channels: int
    sample_rate: int
    configuration: bytes
    scale: int
    sizes: "array[int]"
    """The bytes of each sample."""
    durations: Sequence[tuple[int, int]]
    """Runs of samples that last equally long: how many, and the ticks of each."""
    begin: int
    """The tick at which players begin: before it the encoder warms up."""
    played: int
    """The ticks that they play."""


def front_of(track: SoundTrack) -> bytes:
    """The M4A up to the first byte of its sound, which follows in the order of the samples."""
    kind = box_of(b"ftyp", b"M4A ", bytes(4), b"M4A mp42isom")
    length = len(kind) + len(_moov(track, 0)) + 8
    return kind + _moov(track, length) + (sum(track.sizes) + 8).to_bytes(4, "big") + b"mdat"


def _moov(track: SoundTrack, sound_at: int) -> bytes:
    ticks = sum(count * each for count, each in track.durations)
    mvhd = _full(
        b"mvhd",
        _times(track.scale, track.played, ticks),
        struct.pack(">IHxxQ", 0x10000, 0x100, 0),
        _UNITY,
        bytes(24),
        struct.pack(">I", 2),
        wide=ticks > _LARGEST,
    )
    return box_of(b"moov", mvhd, _trak(track, ticks, sound_at))


def _trak(track: SoundTrack, ticks: int, sound_at: int) -> bytes:
    wide = ticks > _LARGEST
    form = ">QQIIQ" if wide else ">IIIII"
    tkhd = _full(
        b"tkhd",
        struct.pack(form, 0, 0, 1, 0, track.played),
        struct.pack(">QHHHxx", 0, 0, 0, 0x100),
        _UNITY,
        bytes(8),
        flags=7,
        wide=wide,
    )
    edit = struct.pack(">QqI" if wide else ">IiI", track.played, track.begin, 0x10000)
    edts = box_of(b"edts", _full(b"elst", struct.pack(">I", 1), edit, wide=wide))
    mdhd = _full(b"mdhd", _times(track.scale, ticks, ticks), struct.pack(">HH", _UNDETERMINED, 0), wide=wide)
    hdlr = _full(b"hdlr", bytes(4), b"soun", bytes(12), b"sound\0")
    dref = _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1))
    minf = box_of(b"minf", _full(b"smhd", bytes(4)), box_of(b"dinf", dref), _stbl(track, sound_at))
    return box_of(b"trak", tkhd, edts, box_of(b"mdia", mdhd, hdlr, minf))


def _times(scale: int, length: int, ticks: int) -> bytes:
    """Neither made nor changed at any time, the ticks a second, and the length."""
    return struct.pack(">QQIQ" if ticks > _LARGEST else ">IIII", 0, 0, scale, length)


def _stbl(track: SoundTrack, sound_at: int) -> bytes:
    count = len(track.sizes)
    rate = track.sample_rate << 16 if track.sample_rate < 1 << 16 else 0
    entry = struct.pack(">6xH8xHHHHI", 1, track.channels, 16, 0, 0, rate)
    stsd = _full(b"stsd", struct.pack(">I", 1), box_of(track.coding, entry, track.configuration))
    runs = b"".join(struct.pack(">II", *run) for run in track.durations)
    stts = _full(b"stts", struct.pack(">I", len(track.durations)), runs)
    whole, rest = divmod(count, _CHUNK)
    chunks = [(1, _CHUNK)] if whole else []
    chunks += [(whole + 1, rest)] if rest else []
    stsc = _full(b"stsc", struct.pack(">I", len(chunks)), b"".join(struct.pack(">III", *chunk, 1) for chunk in chunks))
    stsz = _full(b"stsz", struct.pack(">II", 0, count), _big_endian(track.sizes))
    offsets = array("I")
    for first in range(0, count, _CHUNK):
        offsets.append(sound_at)
        sound_at += sum(track.sizes[first : first + _CHUNK])
    stco = _full(b"stco", struct.pack(">I", len(offsets)), _big_endian(offsets))
    return box_of(b"stbl", stsd, stts, stsc, stsz, stco)


def _big_endian(numbers: "array[int]") -> bytes:
    turned = array(numbers.typecode, numbers)
    if sys.byteorder == "little":
        turned.byteswap()
    return turned.tobytes()


def _full(name: bytes, *parts: bytes, flags: int = 0, wide: bool = False) -> bytes:
    """A box with a version, 1 where its numbers have 64 bits, and flags."""
    return box_of(name, struct.pack(">I", (1 << 24 if wide else 0) | flags), *parts)
