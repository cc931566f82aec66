"""Recordings of which only the first bytes are here, or that lie in memory: no other verdict than on disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.recordings.probe import JUDGED, HeldFile, format_of_head, inspect_whole, probe_whole
from callup_desktop.recordings.recording import Recording
from tests.recordings.shelf import Shelf
from tests.recordings.studio import Studio, id3

_FAR = 8 * JUDGED


def on_disk(data: bytes) -> Recording | str:
    """The desktop's verdict on an old file with these bytes: the recording, or the code of its refusal."""
    try:
        return Shelf(data).probe()
    except (RefusedError, NotReadyError) as exc:
        return str(exc.code)


def test_bytes_in_memory_are_judged_as_the_same_bytes_on_disk(corpus: dict[str, Path]) -> None:
    for name, path in corpus.items():
        data = path.read_bytes()
        try:
            judged: Recording | str = probe_whole(HeldFile(data))
        except RefusedError as exc:
            judged = str(exc.code)
        assert judged == on_disk(data), name


def test_headers_alone_never_refuse_what_every_byte_accepts(corpus: dict[str, Path]) -> None:
    for name, path in corpus.items():
        data = path.read_bytes()
        whole = on_disk(data)
        if isinstance(whole, Recording):
            assert inspect_whole(HeldFile(data))[0] is whole.format, name


def test_the_first_bytes_never_contradict_the_whole(corpus: dict[str, Path]) -> None:
    judged = 0
    for name, path in corpus.items():
        data = path.read_bytes()
        whole = on_disk(data)
        for size in range(JUDGED, max(JUDGED, min(len(data), _FAR)) + 1, JUDGED):
            try:
                seen = format_of_head(data[:size])
            except RefusedError:
                assert isinstance(whole, str), name
                judged += 1
                break
            if seen is not None and isinstance(whole, Recording):
                assert seen is whole.format, name
                judged += 1
    assert judged > 20


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
