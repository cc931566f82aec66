"""What a file is that is none of the four formats, by its first bytes. Pure, any thread."""

import re
from collections.abc import Callable
from itertools import islice

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings.pages import BLOCK, Pages

_LOOKED = 4_096

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "PDF"),
    (0, b"caff\x00", "CAF"),
    (0, b"riff\x2e\x91\xcf\x11", "W64"),
    (0, b"RIFX", "big-endian WAV"),
    (0, b"#!AMR", "AMR"),
    (0, b"#!SILK", "SILK"),
    (0, b"\x02#!SILK", "SILK"),
    (0, b".snd\x00", "AU"),
    (0, b"FLV\x01", "FLV"),
    (0, b"MThd\x00", "MIDI"),
    (0, b"wvpk", "WavPack"),
    (0, b"MPCK", "Musepack"),
    (0, b"MP+", "Musepack"),
    (0, b"MAC \x96\x0f", "Monkey's Audio"),
    (0, b"MAC \x7c\x0f", "Monkey's Audio"),
    (0, b"TTA1", "TTA"),
    (0, b"DSD ", "DSF"),
    (0, b"FRM8", "DSDIFF"),
    (0, b"ADIF", "raw AAC"),
    (0, b"Creative Voice File", "VOC"),
    (0, b"MS_VOICE", "DVF"),
    (0, b".SoX", "SoX"),
    (0, b"XoS.", "SoX"),
    (0, b"\x7f\xfe\x80\x01", "DTS"),
    (0, b"#!iLBC", "iLBC"),
    (0, b"#!EVRC", "EVRC"),
    (0, b"#!SMV", "SMV"),
    (0, b"#!SPEEX", "Speex"),
    (0, b"NIST_1A\n", "NIST SPHERE"),
    (0, b"MMMD", "SMAF"),
    (0, b"\x64\xa3\x01\x00", "IRCAM"),
    (0, b"\x64\xa3\x02\x00", "IRCAM"),
    (0, b"\x89PNG\r\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF8", "GIF"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"8BPS", "Photoshop"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office or Outlook"),
    (0, b"{\\rtf", "RTF"),
    (0, b"\x1f\x8b\x08", "GZIP"),
    (0, b"BZh", "BZIP2"),
    (0, b"\xfd7zXZ\x00", "XZ"),
    (0, b"(\xb5/\xfd", "ZSTD"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "RAR"),
    (257, b"ustar", "TAR"),
    (0, b"SQLite format 3\x00", "SQLite"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (0, b"\x00\x05\x16\x07", "macOS side"),
    (0, b"\x00\x05\x16\x00", "macOS side"),
    (0, b"bplist00", "property list"),
)
_VIDEOS: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x00\x01\xba", "MPEG video"),
    (b"\x00\x00\x01\xb3", "MPEG video"),
    (b".RMF", "RealMedia"),
)
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_EBML = b"\x1a\x45\xdf\xa3"
_MATROSKA_VIDEO = re.compile(rb"V_(?:VP[89]|AV1|MPEG|THEORA|MS/)")
_RIFF_KINDS = {b"WEBP": "WebP", b"RMID": "MIDI", b"QLCM": "QCP", b"CDDA": "CD track"}
_OGG_KINDS = (
    (b"OpusHead", "Ogg Opus"),
    (b"\x01vorbis", "Ogg Vorbis"),
    (b"Speex   ", "Ogg Speex"),
    (b"\x7fFLAC", "Ogg FLAC"),
)
_ZIP_KINDS = (
    (b"word/", "Word (DOCX)"),
    (b"xl/", "Excel (XLSX)"),
    (b"ppt/", "PowerPoint (PPTX)"),
    (b"mimetypeapplication/vnd.oasis", "OpenDocument"),
    (b"mimetypeapplication/epub", "EPUB"),
    (b"META-INF/", "JAR"),
)
_WEB_PAGE = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title)\b", re.I | re.S
)
_JSON = re.compile(rb'\s*(\{\s*["}]|\[\s*[\[{"\d\]-])')
"""A settings file begins with a bracket too, but a name stands in it."""
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_AAC_RATES = 13
_SYNC = re.compile(rb"\xff[\xe0-\xff]|\x56[\xe0-\xff]")
_CHAIN = 5
"""Frames in a row that no rubbish has by chance, wherever it is looked for them."""
_CHAIN_AT_START = 3
_TRIES = 2_000
"""Places that may look like a frame before the search gives up."""
_CONTROLS = frozenset({*range(32), 127} - {*b"\t\n\r\f\x1b"})
_TEXT_WITHOUT_DOUBT = 512
_FEW_LETTERS = 4
"""No text but blank lines is of so few different letters; silence in a telephone's coding is."""
_LONGEST_FREE_FRAME = 8_192


def refuse_known(pages: Pages, start: int) -> None:
    """Raise RefusedError where the first bytes, or those behind leading tags, belong to a known other format."""
    for at in sorted({0, start}):
        head = pages.at(at, _LOOKED)
        if video := _video(head):
            raise RefusedError(Refusal.VIDEO, {"kind": video})
        if kind := _kind(head):
            raise RefusedError(Refusal.UNSUPPORTED, {"kind": kind})


def refuse(pages: Pages, start: int) -> RefusedError:
    """Why a file without any recording's mark is refused."""
    if _all_zeros(pages):
        return RefusedError(Refusal.EMPTY, {"kind": "zeros"})
    if coding := _coding_of_frames(pages, start):
        return RefusedError(Refusal.UNSUPPORTED, {"kind": coding})
    text = _text(pages.at(0, _LOOKED))
    if text is None:
        return RefusedError(Refusal.CORRUPT, {"kind": "MP3" if start else "unknown"})
    if _WEB_PAGE.match(text.lstrip()):
        return RefusedError(Refusal.WEB_PAGE, {"kind": "web page"})
    return RefusedError(Refusal.UNSUPPORTED, {"kind": _text_kind(text.lstrip())})


def _kind(head: bytes) -> str | None:
    for at, mark, kind in _SIGNATURES:
        if head[at : at + len(mark)] == mark:
            return kind
    if head[:4] == b"OggS":
        return next((kind for mark, kind in _OGG_KINDS if head[28 : 28 + len(mark)] == mark), "Ogg")
    if head[:4] == b"FORM":
        return "AIFF" if head[8:12] in {b"AIFF", b"AIFC"} else "IFF"
    if head[:16] == _ASF:
        return "WMA"
    if head[:4] == _EBML:
        return _matroska(head)
    if head[:4] == b"RIFF":
        return _RIFF_KINDS.get(head[8:12], "RIFF")
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
        return next((kind for mark, kind in _ZIP_KINDS if mark in head), "ZIP")
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP"
    # Before its mark stands how long the header is.
    if head[1:4] in {b"dss", b"ds2", b"enc"} and head[0] < 0x20:
        return "DSS"
    return None


def _video(head: bytes) -> str | None:
    for mark, kind in _VIDEOS:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "AVI video"
    if head[:16] == _ASF and _ASF_VIDEO in head:
        return "WMV video"
    if head[:4] == b"OggS" and b"\x80theora" in head[28:36]:
        return "Ogg video"
    if head[:4] == b"FLV\x01" and int.from_bytes(head[4:5], "big") & 1:
        return "FLV video"
    if head[:4] == _EBML and _MATROSKA_VIDEO.search(head):
        return f"{_matroska(head)} video"
    # Packets of 188 bytes each begin with 0x47; a camera puts four bytes of time before each.
    if any(head[first : 5 * step : step] == b"G" * 5 for first, step in ((0, 188), (4, 192))):
        return "MPEG-TS video"
    return None


def _matroska(head: bytes) -> str:
    return "WebM" if b"webm" in head[:64] else "Matroska"


def _all_zeros(pages: Pages) -> bool:
    """Whether windows over all of the file hold nothing but zeros."""
    step = max(1, pages.size // 8)
    return not any(pages.at(at, _LOOKED).strip(b"\0") for at in [*range(0, pages.size, step), pages.size - _LOOKED])


def _coding_of_frames(pages: Pages, start: int) -> str | None:
    """The coding of frames that follow each other from `start`, or behind rubbish or the rest of a frame."""
    for frame in _FRAMES:
        if coding := _chained(pages, start, frame, _CHAIN_AT_START, fills=True):
            return coding
    places = (start + found.start() for found in islice(_SYNC.finditer(pages.at(start, BLOCK)), _TRIES))
    found = (_chained(pages, at, frame, _CHAIN, fills=False) for at in places for frame in _FRAMES)
    return next((coding for coding in found if coding), None) or _free_format(pages, start)


def _free_format(pages: Pages, at: int) -> str | None:
    """MP3 at a rate that no frame tells: the distance between two of them is that between all others."""
    head = pages.at(at, 3)
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] >> 3 & 3 == 1 or head[2] & 0xFC >= 0x0C:
        return None
    mark, size = head[:2] + bytes([head[2] & 0xFD]), 0
    for _ in range(_CHAIN):
        nearest = at + (size - 1 if size else 4)
        window = pages.at(nearest, 6 if size else _LONGEST_FREE_FRAME)
        steps = (window.find(mark[:2] + bytes([mark[2] | padding])) for padding in (0, 2))
        found = min((step for step in steps if step >= 0), default=-1)
        if found < 0:
            return None
        size, at = nearest + found - at, nearest + found
    return "free-format MP3"


def _chained(pages: Pages, at: int, frame: "_Frame", most: int, *, fills: bool) -> str | None:
    """The coding if so many frames follow each other, or (`fills`) fewer up to the very end."""
    coding = None
    for _ in range(most):
        raw = pages.at(at, _FRAME_HEADER)
        size, coding = frame(raw) if len(raw) == _FRAME_HEADER else (0, None)
        if not size:
            return None
        at += size
        if fills and at == pages.size:
            break
    return coding


def _adts_frame(raw: bytes) -> tuple[int, str | None]:
    size = (raw[3] & 3) << 11 | raw[4] << 3 | raw[5] >> 5
    sync = raw[0] == 0xFF and raw[1] & 0xF6 == 0xF0 and raw[2] >> 2 & 15 < _AAC_RATES
    return (size, "raw AAC") if sync and size >= _FRAME_HEADER else (0, None)


def _loas_frame(raw: bytes) -> tuple[int, str | None]:
    """As broadcasters wrap AAC."""
    size = (raw[1] & 0x1F) << 8 | raw[2]
    return (size + 3, "raw AAC") if raw[0] == 0x56 and raw[1] & 0xE0 == 0xE0 and size else (0, None)


_KBITS_OF_LAYER = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def _layer_frame(raw: bytes) -> tuple[int, str | None]:
    version, layer, bit_rate, rate = raw[1] >> 3 & 3, raw[1] >> 1 & 3, raw[2] >> 4, raw[2] >> 2 & 3
    kbits = _KBITS_OF_LAYER.get((min(version, 3) if version == 3 else 2, layer))
    if raw[0] != 0xFF or raw[1] < 0xE0 or version == 1 or kbits is None or bit_rate in {0, 15} or rate == 3:
        return 0, None
    sample_rate = (44_100, 48_000, 32_000)[rate] >> {3: 0, 2: 1, 0: 2}[version]
    padding = raw[2] >> 1 & 1
    if layer == 3:
        return (12_000 * kbits[bit_rate - 1] // sample_rate + padding) * 4, "MP1"
    return 144_000 * kbits[bit_rate - 1] // sample_rate + padding, "MP2"


_Frame = Callable[[bytes], tuple[int, str | None]]
"""The size and the coding of the frame that the bytes begin, 0 and None where they begin none."""
_FRAMES: tuple[_Frame, ...] = (_adts_frame, _loas_frame, _layer_frame)
_FRAME_HEADER = 7


def _text(head: bytes) -> bytes | None:
    """The bytes as UTF-8 if they are text, else None."""
    if len(head) >= _TEXT_WITHOUT_DOUBT and len(set(head)) <= _FEW_LETTERS and head.strip():
        return None
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(encoding, "ignore").encode()
            break
    try:
        # A letter may be cut where the head ends.
        words = head[:-4].decode() if len(head) > 4 else head.decode()
    except UnicodeDecodeError:
        # An older code page: enough letters, and none that steers a terminal.
        return head if len(head) >= _TEXT_WITHOUT_DOUBT and not _CONTROLS.intersection(head) else None
    return None if _CONTROLS.intersection(words.encode()) else head


def _text_kind(text: bytes) -> str:
    for mark, kind in ((b"#EXTM3U", "playlist"), (b"[playlist]", "playlist"), (b"[InternetShortcut]", "shortcut")):
        if text.startswith(mark):
            return kind
    if text.startswith(b"<?xml"):
        return "XML"
    return "JSON" if _JSON.match(text) else "text"
