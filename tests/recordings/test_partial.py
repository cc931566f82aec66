"""Recordings of which only the first bytes are here. The whole corpus is judged by them in `test_corpus`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callup_desktop.files.errors import RefusedError
from callup_desktop.recordings.probe import JUDGED, format_of_head
from tests.recordings.studio import Studio, id3

_FAR = 8 * JUDGED


def test_a_format_is_seen_behind_a_long_tag_once_the_sound_is_here(studio: Studio) -> None:
    tagged = id3(bytes(600_000)) + studio.lame("-b", "128") * 4

    assert format_of_head(tagged[:JUDGED]) is None
    assert format_of_head(tagged[: 600_000 + JUDGED]) is None
    assert format_of_head(tagged[: 600_100 + JUDGED]) == "mp3"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ", b"<!DOCTYPE html><html>", b"PK\x03\x04word/", b"plain words, no sound. "]
)
def test_other_content_is_refused_before_any_of_it_would_be_stored(content: bytes) -> None:
    with pytest.raises(RefusedError):
        format_of_head(content * 100_000)


@given(st.binary(min_size=0, max_size=2 * JUDGED))
def test_any_bytes_get_a_verdict(head: bytes) -> None:
    try:
        format_of_head(head * (1 + _FAR // (len(head) + 1)))
    except RefusedError as exc:
        assert exc.code  # noqa: PT017 - either outcome is right
