"""A network drive is asked seldom: this many reads a file for the headers, whatever its size; then each byte once."""

from collections.abc import Callable

import pytest

from callup_desktop.recordings.pages import BLOCK
from callup_desktop.recordings.probe import CHUNK
from tests.recordings.shelf import Shelf
from tests.recordings.studio import Studio, chunk, id3, pcm_form, riff

_HOUR = 3_600 * 16_000


def _long_wav(_studio: Studio) -> bytes:
    return riff(pcm_form(bits=8), chunk(b"data", b"\x90" * _HOUR))


def _long_mp3(studio: Studio) -> bytes:
    return studio.lame("-t", "-b", "64", rate=8_000)[:57_600] * 100


def _long_m4a(studio: Studio) -> bytes:
    return studio.ffmpeg("m4a", "-af", "aloop=40:134000", "-b:a", "24k")


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda studio: studio.lame("-b", "64", rate=8_000), 2),
        (lambda studio: studio.wav(8_000).read_bytes(), 1),
        (lambda studio: studio.ffmpeg("m4a", "-b:a", "24k"), 1),
        (lambda studio: studio.flac(rate=8_000, channels=1), 2),
        (_long_wav, 1),
        (_long_mp3, 2),
        (_long_m4a, 3),
        (lambda studio: id3(bytes(600_000)) + studio.lame("-b", "64"), 3),
        (lambda studio: studio.flac("-P", "300000"), 3),
        (lambda _studio: b"%PDF-1.7" + bytes(5_000_000), 1),
    ],
    ids=["mp3", "wav", "m4a", "flac", "hour of wav", "hour of mp3", "long m4a", "mp3 with cover", "flac padded", "pdf"],
)
def test_headers_take_a_few_reads_of_one_block(make: Callable[[Studio], bytes], most: int, studio: Studio) -> None:
    shelf = Shelf(make(studio))

    if shelf.data[:4] == b"%PDF":
        assert shelf.verdict_of().code == "unsupported_type"
    else:
        assert shelf.inspect().duration_seconds

    assert len(shelf.reads) <= most
    assert all(length <= BLOCK for _offset, length in shelf.reads)


def test_a_probe_reads_every_byte_once_besides_the_headers(studio: Studio) -> None:
    shelf = Shelf(_long_mp3(studio))
    shelf.inspect()
    headers = len(shelf.reads)
    shelf.reads.clear()

    shelf.probe()

    assert [offset for offset, _length in shelf.reads[headers:]] == list(range(0, len(shelf.data), CHUNK))


@pytest.mark.parametrize(
    "data",
    [
        b"ID3\x04\0\0\0\0\0\0" * 700_000,
        riff(*[chunk(b"JUNK", b"")] * 800_000),
        b"\0\0\0\x10ftypM4A \0\0\0\0" + b"\0\0\0\x08free" * 800_000,
        b"fLaC\0\0\0\x22" + bytes(10) + (16_000 << 44).to_bytes(8, "big") + bytes(16) + b"\x01\0\0\0" * 1_600_000,
        b"\xff\xfb\x90\x04" * 200_000,
        b"\xff" * 800_000,
        b"APETAGEX" * 100_000,
    ],
    ids=["tags", "chunks", "boxes", "blocks", "syncs", "ones", "ape"],
)
def test_a_file_made_to_keep_the_probe_busy_takes_few_reads(data: bytes) -> None:
    shelf = Shelf(data)

    shelf.verdict_of()

    assert len(shelf.reads) < 60
