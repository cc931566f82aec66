"""WAV by content: RIFF, RF64 and BW64 chunks, PCM, float, a-law, mu-law and MP3 inside. Pure, any thread."""

import struct
from dataclasses import dataclass, replace
from functools import partial

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings import mp3, tags
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.headers import Ending, Headers, OpenEndedError, Pcm
from callup_desktop.recordings.pages import Pages
from callup_desktop.recordings.recording import HEADER_LAGS, Doubt, Doubtful
from callup_desktop.recordings.silence import Sample, SilenceDetector

_FORMS = {b"RIFF", b"RF64", b"BW64"}
_MOST_CHUNKS = 1_000
_MOST_CHANNELS = 256
_NO_FILE = 1 << 48
"""Bytes that no file has: a writer that does not know how many there are says 2**63 - 1 or 2**64 - 1."""
_CHUNK_HEAD = 8
_SHORTEST_HEADER = 44
"""Bytes before the data where there are only the RIFF's head, a format of 16 bytes and the head of the data."""
_LAG = 4_096
"""Bytes of sound behind the data that are more than rubbish."""
_PCM, _FLOAT, _ALAW, _MULAW, _MP3, _EXTENSIBLE = 1, 3, 6, 7, 0x55, 0xFFFE
_WAVE_GUID_END = bytes.fromhex("000000001000800000aa00389b71")
_CODECS = {
    0x02: "Microsoft ADPCM",
    0x10: "OKI ADPCM",
    0x11: "IMA ADPCM",
    0x14: "G.723 ADPCM",
    0x17: "Dialogic ADPCM",
    0x20: "Yamaha ADPCM",
    0x22: "TrueSpeech",
    0x31: "GSM",
    0x40: "G.721",
    0x41: "G.728",
    0x42: "G.723.1",
    0x45: "G.726",
    0x50: "MPEG",
    0x57: "AMR",
    0x58: "AMR",
    0x64: "G.726",
    0x65: "G.722",
    0x83: "G.729",
    0x85: "G.726",
    0xFF: "AAC",
    0x111: "G.723.1",
    0x123: "G.723.1",
    0x130: "ACELP",
    0x133: "G.729",
    0x134: "G.729",
    0x140: "G.726",
    0x160: "Windows Media",
    0x161: "Windows Media",
    0x162: "Windows Media",
    0x163: "Windows Media",
    0x28F: "G.722",
    0x1500: "GSM",
    0x1501: "TrueSpeech",
    0x1600: "AAC",
    0x1601: "AAC",
    0x1602: "AAC",
    0x1610: "AAC",
    0x2000: "Dolby Digital",
    0x2001: "DTS",
    0x4143: "AAC",
    0x674F: "Ogg Vorbis",
    0x704F: "Opus",
    0x706D: "AAC",
    0x7361: "AMR",
    0x7362: "AMR",
    0x7A21: "AMR",
    0x7A22: "AMR",
    0x8180: "AAC",
    0xA106: "AAC",
    0xA109: "Speex",
    0xA10C: "G.726",
    0xA112: "G.722",
    0xA123: "G.729",
    0xF1AC: "FLAC",
}
_SAMPLES = {
    (_PCM, 1): Sample.UNSIGNED_8,
    (_PCM, 2): Sample.SIGNED_16,
    (_PCM, 3): Sample.SIGNED_24,
    (_PCM, 4): Sample.SIGNED_32,
    (_FLOAT, 4): Sample.FLOAT_32,
    (_FLOAT, 8): Sample.FLOAT_64,
    (_ALAW, 1): Sample.ALAW,
    (_MULAW, 1): Sample.MULAW,
}


@dataclass(frozen=True, slots=True)
class _Form:
    """The `fmt ` chunk."""

    codec: int
    channels: int
    sample_rate: int
    block: int


@dataclass(frozen=True, slots=True)
class _Chunks:
    """Where the chunks lie: the WAV's own offset, and the data's offset and declared size."""

    form: _Form
    start: int
    data_at: int
    declared: int
    riff_end: int
    long_size: int | None


def is_wav(head: bytes) -> bool:
    """Whether the first 12 bytes are those of a WAV."""
    return head[:4] in _FORMS and head[8:12] == b"WAVE"


def read(pages: Pages, start: int) -> Headers:
    """The headers of the WAV at `start`; raises RefusedError."""
    chunks = _chunks(pages, start)
    form = chunks.form
    here = pages.size - chunks.data_at
    declared, opened = _declared(pages, chunks, here)
    lags = not opened and _goes_on(pages, chunks, declared)
    if lags and declared < form.block:
        declared, opened, lags = here, True, False
    size = min(declared, here)
    if size == 0:
        empty = RefusedError(Refusal.EMPTY, {"kind": "WAV"})
        raise OpenEndedError(empty) if opened else empty
    told = Ending.CLOSED if _adds_up(chunks, declared, pages.size) else Ending.UNTOLD
    ending = Ending.OPEN if opened or lags else told
    if form.codec == _MP3:
        return _mp3_inside(pages, chunks, here if lags else size, ending)
    seconds = size // form.block / form.sample_rate
    truncated = None
    if declared > here and not _counts_its_header(chunks, declared - here, pages.size):
        truncated = Doubtful(Doubt.TRUNCATED, seconds, declared // form.block / form.sample_rate)
    elif lags:
        truncated = Doubtful(Doubt.TRUNCATED, seconds, here // form.block / form.sample_rate, HEADER_LAGS)
    sample = _SAMPLES.get((form.codec, form.block // form.channels))
    return Headers(
        Format.WAV,
        seconds,
        form.channels,
        form.sample_rate,
        form.block * form.sample_rate * 8,
        ending,
        truncated,
        follow=partial(SilenceDetector, sample, chunks.data_at, chunks.data_at + size, stereo=form.channels == 2)
        if sample
        else None,
        pcm=Pcm(sample, chunks.data_at, chunks.data_at + size) if sample else None,
    )


def _mp3_inside(pages: Pages, chunks: _Chunks, size: int, ending: Ending) -> Headers:
    inside = mp3.read(pages, chunks.data_at, chunks.data_at + size)
    if inside is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "WAV"})
    return replace(inside, format=Format.WAV, ending=max(ending, inside.ending))


def _adds_up(chunks: _Chunks, declared: int, size: int) -> bool:
    """Whether the file ends where its header says, to the padding byte; a recorder's header may lag behind."""
    return chunks.data_at + declared <= size and (chunks.long_size is not None or abs(size - chunks.riff_end) <= 1)


def _declared(pages: Pages, chunks: _Chunks, here: int) -> tuple[int, bool]:
    """The data's size as meant, and whether its recorder has yet to write it."""
    declared = chunks.declared
    if declared == 0xFFFFFFFF and chunks.long_size and chunks.long_size < _NO_FILE:
        return chunks.long_size, False
    if declared == 0 and _nothing_but_chunks(pages, chunks):
        return 0, False
    # Writers that cannot seek back leave 0, 0xFFFFFFFF (or a little less) or about 0x7FFFF000 to 0x80000000.
    if declared == 0 or 0x7FFFF000 <= declared <= 0x80001000 or 0xFFFFF000 <= declared <= 0xFFFFFFFF:
        return here, True
    return declared, False


def _nothing_but_chunks(pages: Pages, chunks: _Chunks) -> bool:
    """Whether the empty data is meant: its RIFF ends with the file, and all behind it are chunks with a name."""
    if abs(pages.size - chunks.riff_end) > 1:
        return False
    return abs(pages.size - _behind_chunks(pages, chunks.data_at)) <= 1


def _goes_on(pages: Pages, chunks: _Chunks, declared: int) -> bool:
    """Whether sound follows the data: neither chunks, nor a tag, nor zeros."""
    end = chunks.data_at + declared
    # A writer may leave the padding byte out, or put one where none belongs.
    behind = next((found for at in (end, end + 1) if (found := _behind_chunks(pages, at)) > at), end)
    head = pages.at(behind, _LAG)
    if len(head) < _LAG:
        return False
    return not tags.may_be_tag(head.lstrip(b"\0")) and bool(
        head.strip(b"\0") or pages.at(pages.size - _LAG, _LAG).strip(b"\0")
    )


def _behind_chunks(pages: Pages, offset: int) -> int:
    """Where the chunks with a name end that begin at the offset."""
    for _ in range(_MOST_CHUNKS):
        head = pages.at(offset, 8)
        size = int.from_bytes(head[4:], "little")
        if len(head) < 8 or not all(0x20 <= letter < 0x7F for letter in head[:4]) or offset + size > pages.size:
            break
        offset += 8 + size + (size & 1)
    return offset


def _counts_its_header(chunks: _Chunks, missing: int, size: int) -> bool:
    """Whether the bytes that the data claims too much are those of its header: then no sound is missing.

    Some writers put the size of the whole file there, that of the RIFF, or that of the chunk with its own head; others
    the same for the shortest header, whichever theirs is. A RIFF that ends with the file vouches too.
    """
    header = chunks.data_at - chunks.start
    counted = {header, header - _CHUNK_HEAD, _SHORTEST_HEADER, _SHORTEST_HEADER - _CHUNK_HEAD, _CHUNK_HEAD}
    return missing in counted or (missing < header and 0 <= size - chunks.riff_end <= 1)


def _chunks(pages: Pages, start: int) -> _Chunks:
    riff_end = start + 8 + int.from_bytes(pages.at(start + 4, 4), "little")
    form: _Form | None = None
    long_size: int | None = None
    offset = start + 12
    for _ in range(_MOST_CHUNKS):
        head = pages.at(offset, 8)
        if len(head) < 8:
            break
        name, size = head[:4], int.from_bytes(head[4:], "little")
        body = offset + 8
        if name == b"ds64":
            long_size = int.from_bytes(pages.at(body + 8, 8), "little")
        elif name == b"fmt ":
            form = _form(pages.at(body, min(size, 40)))
        elif name == b"data":
            if form is None:
                break
            return _Chunks(form, start, body, size, riff_end, long_size)
        offset = body + size
        # A writer may have left the padding byte out.
        if size & 1 and pages.at(offset, 4) not in {b"fmt ", b"data"}:
            offset += 1
    raise RefusedError(Refusal.CORRUPT, {"kind": "WAV"})


def _form(raw: bytes) -> _Form:
    if len(raw) < 14:
        raise RefusedError(Refusal.CORRUPT, {"kind": "WAV"})
    codec, channels, sample_rate, _byte_rate, block = struct.unpack_from("<HHIIH", raw)
    bits = int.from_bytes(raw[14:16], "little")
    if codec == _EXTENSIBLE and raw[26:40] == _WAVE_GUID_END:
        codec = int.from_bytes(raw[24:26], "little")
    if codec not in {_PCM, _FLOAT, _ALAW, _MULAW, _MP3}:
        raise RefusedError(Refusal.UNSUPPORTED, {"kind": f"WAV ({_CODECS.get(codec, f'codec {codec:#x}')})"})
    if not 0 < channels <= _MOST_CHANNELS or not sample_rate:
        raise RefusedError(Refusal.CORRUPT, {"kind": "WAV"})
    # Some writers leave the block size out or wrong; what the bits need decides.
    needed = channels * ((bits + 7) // 8)
    if codec != _MP3 and block != needed:
        block = needed or block
    if codec != _MP3 and (not block or block % channels or block // channels > 8):
        raise RefusedError(Refusal.CORRUPT, {"kind": "WAV"})
    return _Form(codec, channels, sample_rate, block)
