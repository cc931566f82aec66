"""Tags around the sound: ID3v2 and APE before it, ID3v1, Lyrics3 and APE behind it. Pure, any thread."""

from callup_desktop.recordings.pages import Pages

_MOST_TAGS = 16
_ID3V1 = 128
_APE_HEADER = 32
_LYRICS_END = 15
_ID3_FOOTER = 10
_LETTERS = 8
"""Letters in a row that sound does not have by chance."""


def sound_start(pages: Pages) -> int:
    """Where the sound begins behind all leading tags; the file's size where a tag claims more than there is."""
    offset = 0
    for _ in range(_MOST_TAGS):
        length = _leading_tag(pages.at(offset, _APE_HEADER))
        if not length:
            break
        offset = min(offset + length, pages.size)
    return offset


def sound_end(pages: Pages, start: int) -> int:
    """Where the sound ends before all trailing tags; never before `start`."""
    end = pages.size
    for _ in range(_MOST_TAGS):
        length = _trailing_tag(pages, end)
        if not length or end - length < start:
            break
        end -= length
    return end


def may_be_tag(raw: bytes) -> bool:
    """Whether the bytes begin a tag, known or not: most begin with letters, a cover with its own mark."""
    known = raw[:3] in {b"ID3", b"TAG", b"\xff\xd8\xff"} or raw[:4] == b"\x89PNG"
    return known or (len(raw) >= _LETTERS and all(0x20 <= letter < 0x7F for letter in raw[:_LETTERS]))


def _leading_tag(head: bytes) -> int:
    if head[:3] == b"ID3" and len(head) >= 10 and head[3] < 0xFF and head[4] < 0xFF:
        footer = 10 if head[5] & 0x10 else 0
        return 10 + footer + _id3_size(head[6:10])
    if head[:8] == b"APETAGEX" and len(head) == _APE_HEADER:
        return _APE_HEADER + int.from_bytes(head[12:16], "little")
    return 0


def _id3_size(raw: bytes) -> int:
    """Seven bits a byte; a size with a high bit set was written by a program that did not know."""
    if max(raw) >= 0x80:
        return int.from_bytes(raw, "big")
    return raw[0] << 21 | raw[1] << 14 | raw[2] << 7 | raw[3]


def _trailing_tag(pages: Pages, end: int) -> int:
    if pages.at(end - _ID3V1, 3) == b"TAG":
        return _ID3V1
    footer = pages.at(end - _APE_HEADER, _APE_HEADER)
    if footer[:8] == b"APETAGEX":
        has_header = bool(footer[23] & 0x80)
        return int.from_bytes(footer[12:16], "little") + (_APE_HEADER if has_header else 0)
    footer = pages.at(end - _ID3_FOOTER, _ID3_FOOTER)
    if footer[:3] == b"3DI":
        return _id3_size(footer[6:]) + 2 * _ID3_FOOTER
    lyrics = pages.at(end - _LYRICS_END, _LYRICS_END)
    if lyrics[6:] == b"LYRICS200" and lyrics[:6].isdigit():
        return int(lyrics[:6]) + _LYRICS_END
    return 0
