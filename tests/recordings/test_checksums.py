"""The checksums are those that S3 computes; a large file tells its progress, can be stopped, and costs no memory."""

import base64
import random
import tracemalloc
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from awscrt import checksums as independent

from callup_desktop.recordings import checksums
from callup_desktop.recordings.probe import CHUNK, probe
from callup_desktop.recordings.recording import MAX_SIZE, PIECE, ProbeStoppedError
from callup_desktop.recordings.verdict import verdict_of
from tests.recordings.shelf import PATH, Shelf
from tests.recordings.studio import chunk, pcm_form, riff


def _crc64nvme(data: bytes) -> int:
    """The slow way, bit by bit, as the NVMe specification writes it."""
    crc = 0xFFFFFFFFFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x9A6C9329AC4BC9B5 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFFFFFFFFFF


def _wav(size: int) -> bytes:
    return riff(pcm_form(), chunk(b"data", b"\x10\x20\x30\x40" * (size // 4)))


def test_the_reference_agrees_with_the_published_check_value() -> None:
    assert _crc64nvme(b"123456789") == 0xAE8B14860A799888


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 63, 127, 128, 129, 255, 256, 1_000, 4_097, 1_000_003])
def test_another_library_finds_the_same(size: int) -> None:
    data = random.Random(size).randbytes(size + 3)

    for begin in range(3):
        part = memoryview(data)[begin : begin + size]
        assert checksums.crc64nvme(part) == independent.crc64nvme(part)
        assert checksums.crc64nvme(part, 2**63 + begin) == independent.crc64nvme(part, 2**63 + begin)


@pytest.mark.parametrize("size", [0, 1, 1_000, 524_288, 16 * 1024 * 1024, MAX_SIZE])
def test_another_library_joins_them_to_the_same(size: int) -> None:
    # Nothing has no checksum but this one.
    first, second, crc32 = 0xAE8B14860A799888, 0x123456789ABCDEF0 if size else 0, 0x12345678 if size else 0

    assert checksums.combine_crc64nvme(first, second, size) == independent.combine_crc64nvme(first, second, size)
    assert checksums.combine_crc32(0xCBF43926, crc32, size) == independent.combine_crc32(0xCBF43926, crc32, size)


def test_checksums_of_the_whole_file_are_base64_of_big_endian_bytes() -> None:
    data = _wav(4_000)

    recording = Shelf(data).probe(wants_crc32=lambda: True)

    assert base64.b64decode(recording.crc64nvme) == _crc64nvme(data).to_bytes(8, "big")
    assert base64.b64decode(recording.crc32) == zlib.crc32(data).to_bytes(4, "big")


def test_a_file_of_several_chunks_has_the_checksum_of_all_of_it() -> None:
    data = _wav(2 * CHUNK + 4_000)

    assert base64.b64decode(Shelf(data).probe().crc64nvme) == _crc64nvme(data).to_bytes(8, "big")


def test_every_piece_has_the_checksum_of_its_own_bytes() -> None:
    data = _wav(2 * CHUNK + 4_000)

    recording = Shelf(data).probe()

    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    assert recording.piece_crc64nvmes == b"".join(_crc64nvme(piece).to_bytes(8, "big") for piece in pieces)
    assert recording.crc64nvmes_of(CHUNK, CHUNK) == recording.piece_crc64nvmes[16:32]
    assert recording.crc64nvmes_of(2 * CHUNK, len(data) - 2 * CHUNK) == recording.piece_crc64nvmes[32:]
    assert recording.crc64nvmes_of(CHUNK, 4_000) == recording.crc64nvmes_of(4_000, CHUNK) == b""


def test_the_costly_checksum_is_computed_only_for_a_store_that_lacks_the_cheap_one() -> None:
    assert Shelf(_wav(4_000)).probe().crc32 == ""


def test_progress_is_absolute_grows_and_ends_with_the_size() -> None:
    shelf, told = Shelf(_wav(3 * CHUNK)), list[tuple[int, int]]()

    probe(PATH, cancelled=lambda: False, progress=lambda *step: told.append(step), machine=shelf.machine)

    assert told[-1] == (len(shelf.data), len(shelf.data))
    assert all(earlier < later for earlier, later in pairwise(told))
    assert len(told) == 4


def test_a_probe_that_is_stopped_reads_no_further_chunk() -> None:
    shelf = Shelf(_wav(40 * CHUNK))

    with pytest.raises(ProbeStoppedError):
        shelf.probe(cancelled=lambda: len(shelf.reads) >= 5)
    assert len(shelf.reads) == 5
    assert shelf.opened == 0


def test_a_gibibyte_is_taken_in_constant_memory_and_one_byte_more_is_not(tmp_path: Path) -> None:
    """A sparse file: the last byte that docs/contract.md allows, and the first that it does not."""
    path = tmp_path / "long.wav"
    header = pcm_form(8_000, 1, 8) + b"data" + (MAX_SIZE - 44).to_bytes(4, "little")
    path.write_bytes(b"RIFF" + (MAX_SIZE - 8).to_bytes(4, "little") + b"WAVE" + header)
    with path.open("r+b") as file:
        file.truncate(MAX_SIZE)
    tracemalloc.start()
    taken = probe(path, cancelled=lambda: False, progress=lambda _done, _size: None)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    with path.open("r+b") as file:
        file.truncate(MAX_SIZE + 1)
    refused = verdict_of(path)

    assert taken.size == MAX_SIZE
    assert peak < 8 * CHUNK
    assert (refused.verdict, refused.code) == ("refused", "too_large")
    assert refused.params == {"size": MAX_SIZE + 1, "limit": MAX_SIZE}
