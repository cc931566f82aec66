"""What is learnt while the bytes pass does not depend on the pieces in which they come."""

from dataclasses import replace

import pytest

from callup_desktop.recordings.headers import Headers
from tests.recordings.robust import seeds
from tests.recordings.shelf import headers_of
from tests.recordings.studio import Studio, chunk, pcm_form, riff

_KINDS = (
    "mp3",
    "mp3 bare",
    "mp3 tagged",
    "wav",
    "wav mp3",
    "m4a",
    "m4a fragmented",
    "m4a dash",
    "m4a growing",
    "flac",
    "flac says less",
)


def _passed(data: bytes, piece: int) -> Headers:
    headers = headers_of(data)
    if headers.follow is None:
        return headers
    follower = headers.follow()
    for offset in range(0, len(data), piece):
        follower.feed(data[offset : offset + piece], offset)
    return replace(follower.finish(headers), follow=None)


@pytest.fixture(scope="module")
def good(studio: Studio) -> dict[str, bytes]:
    return seeds(studio)


@pytest.mark.parametrize("piece", [1, 3, 7, 250, 4_099])
@pytest.mark.parametrize("kind", _KINDS)
def test_pieces_of_any_size_tell_the_same(kind: str, piece: int, good: dict[str, bytes]) -> None:
    data = good[kind]

    assert _passed(data, piece) == _passed(data, len(data))


@pytest.mark.parametrize("kind", ["mp3", "mp3 bare", "m4a fragmented", "m4a dash", "m4a growing"])
def test_pieces_of_any_size_tell_the_same_of_a_damaged_recording(kind: str, good: dict[str, bytes]) -> None:
    data = bytearray(good[kind])
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    cut = bytes(data[: len(data) * 4 // 5])

    assert {repr(_passed(cut, piece)) for piece in (1, 5, 333)} == {repr(_passed(cut, len(cut)))}


@pytest.mark.parametrize("piece", [1, 5, 4_095, 16_384])
def test_a_word_is_heard_wherever_the_pieces_end(piece: int) -> None:
    sound = bytearray(40_000)
    sound[16_400:16_402] = b"\x00\x40"

    passed = _passed(riff(pcm_form(), chunk(b"data", bytes(sound))), piece)

    assert not passed.silent


def test_an_mp3_goes_on_behind_rubbish_in_the_middle(studio: Studio) -> None:
    frames = studio.lame("-t", "-b", "64", rate=8_000)[: 20 * 576]

    passed = _passed(frames + b"\xff\xe3\x10rubbish\xff" * 300 + frames, 500)

    assert passed.duration_seconds == pytest.approx(40 * 0.072)
