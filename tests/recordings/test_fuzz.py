"""Any bytes get a verdict: good recordings damaged in every way, and rubbish behind a good start."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from callup_desktop.recordings.verdict import ProbeOutcome
from tests.recordings.robust import check, check_sound, seeds, unseen, videos
from tests.recordings.studio import Studio

_thorough = settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
_MAGICS = [
    b"RIFF\xff\xff\xff\xffWAVEfmt ",
    b"RF64\xff\xff\xff\xffWAVEds64",
    b"fLaC\0\0\0\x22",
    b"\0\0\0\x20ftypM4A ",
    b"\0\0\0\x10ftypisom\0\0\0\0\0\0\1\0moov\0\0\0\x6cmvhd",
    b"ID3\x04\0\0",
    b"APETAGEX",
    b"\xff\xfb\x90\x04",
    b"\xff\xf1\x50\x80",
    b"OggS",
    b"PK\x03\x04",
    b"<!DOCTYPE html",
    b"\xff\xfe",
    b"",
]
_SIZES = [0, 1, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]


@pytest.fixture(scope="module")
def good(studio: Studio) -> dict[str, bytes]:
    return seeds(studio)


@pytest.fixture(scope="module")
def moving(studio: Studio) -> dict[str, bytes]:
    return videos(studio)


@st.composite
def _damaged(draw: st.DrawFn, good: dict[str, bytes]) -> bytes:
    """A good recording after one to six accidents, most of them near its ends, where the headers are."""
    data = bytearray(good[draw(st.sampled_from(sorted(good)))])
    for _ in range(draw(st.integers(1, 6))):
        span = draw(st.sampled_from([64, 1_024, len(data)]))
        at = draw(st.integers(0, max(0, min(span, len(data)) - 1)))
        at = at if draw(st.booleans()) else max(0, len(data) - 1 - at)
        match draw(st.sampled_from(["byte", "size", "cut", "drop", "double", "zeros", "splice"])):
            case "byte":
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "size":
                order = draw(st.sampled_from(["little", "big"]))
                data[at : at + 4] = draw(st.sampled_from(_SIZES)).to_bytes(4, "little" if order == "little" else "big")
            case "cut":
                del data[at:]
            case "drop":
                del data[at : at + draw(st.integers(1, 200))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 2_000))]
            case "zeros":
                data[at : at + 500] = bytes(500)
            case _:
                other = good[draw(st.sampled_from(sorted(good)))]
                data[at:] = other[min(at, len(other)) :]
    return bytes(data)


@_thorough
@given(draw=st.data(), age=st.sampled_from([-60.0, 0.0, 60.0, 86_400.0]))
def test_a_damaged_recording_gets_a_verdict(draw: st.DataObject, age: float, good: dict[str, bytes]) -> None:
    data = draw.draw(_damaged(good))

    verdict = check(data, age=age)

    # The same bytes, the same answer; an older file never waits where a fresh one did not.
    if verdict.verdict is not ProbeOutcome.UNFINISHED:
        assert check(data).verdict is verdict.verdict


@_thorough
@given(draw=st.data())
def test_the_sound_of_a_damaged_video_gets_a_verdict(draw: st.DataObject, moving: dict[str, bytes]) -> None:
    data = draw.draw(_damaged(moving))

    verdict = check_sound(data)

    assert check_sound(data) == verdict


@_thorough
@given(start=st.sampled_from(_MAGICS), rest=st.binary(max_size=3_000))
def test_rubbish_behind_a_good_start_gets_a_verdict(start: bytes, rest: bytes) -> None:
    check(start + rest)


@_thorough
@given(data=st.binary(min_size=1, max_size=4_000))
@example(data=b"FLV\x01")
def test_rubbish_is_never_sent(data: bytes) -> None:
    assert check(data).verdict is ProbeOutcome.REFUSED


@settings(_thorough, max_examples=60)
@given(share=st.floats(0.0, 1.0), name=st.data())
def test_no_part_of_a_recording_that_tells_its_length_passes_for_all_of_it(
    share: float, name: st.DataObject, good: dict[str, bytes]
) -> None:
    whole = good[name.draw(st.sampled_from(["mp3", "wav", "m4a", "m4a fast", "m4a to the end", "m4a alac", "flac"]))]
    cut = int(share * len(whole))

    if not unseen(whole, cut):
        assert check(whole[:cut]).verdict is not ProbeOutcome.OK
