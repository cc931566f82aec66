"""A file made to keep the probe busy is given up; the finest recording that a writer makes is not."""

import struct

import pytest

from tests.recordings.shelf import Shelf
from tests.recordings.studio import box, m4a, sound_entry

_MB = 1024 * 1024
_FRAME = bytes.fromhex("fffb9004") + bytes(413)


def _fragment(at: int | None, samples: int = 1, size: int = 60) -> bytes:
    """As fine as a writer makes it: one sample, its time (None where it does not say) and its size."""
    tfhd = box(b"tfhd", struct.pack(">II", 0x20000, 1))
    trun = box(b"trun", struct.pack(">IIIII", 0x301, samples, 100, 100, size))
    tfdt = b"" if at is None else box(b"tfdt", struct.pack(">II", 0, at))
    body = box(b"mfhd", bytes(8)) + box(b"traf", tfhd + tfdt + trun)
    return box(b"moof", body) + box(b"mdat", b"s" * size)


def _head() -> bytes:
    whole = m4a(sound_entry(b"mp4a"))
    start, end = whole.index(b"moov") - 4, whole.rindex(b"mdat") - 4
    return whole[:start] + box(b"moov", whole[start + 8 : end] + box(b"mvex", b""))


def test_the_search_for_lost_mp3_frames_among_false_syncs_ends() -> None:
    lost = _FRAME * 10 + b"\xff\xfb\x90\x04" * (2 * _MB) + _FRAME * 1_000

    recording = Shelf(lost).probe()

    assert recording.duration_seconds == pytest.approx(11 * 1_152 / 44_100, abs=0.03)
    assert [warned.doubt for warned in recording.warnings] == ["truncated"]


def test_mp3_frames_behind_megabytes_of_rubbish_are_found() -> None:
    """A cover of a megabyte in the middle of a recording, with as many false syncs as chance puts there."""
    rubbish = (bytes(11_000) + b"\xff\xfb\x90\x04") * 100

    recording = Shelf(_FRAME * 1_000 + rubbish + _FRAME * 1_000).probe()

    assert recording.duration_seconds == pytest.approx(2_000 * 1_152 / 44_100, abs=0.1)


def test_the_walk_over_millions_of_empty_boxes_ends() -> None:
    boxes = box(b"free", b"") * _MB

    before, behind = _fragment(0), _fragment(100)

    assert Shelf(_head() + before + boxes + behind).probe().duration_seconds == pytest.approx(0.1)
    assert Shelf(_head() + before + boxes[:80_000] + behind).probe().duration_seconds == pytest.approx(0.2)


@pytest.mark.parametrize("inside", [box(b"traf", b""), box(b"trun", b"")])
def test_the_walk_over_millions_of_empty_boxes_in_fragments_ends(inside: bytes) -> None:
    moof = box(b"moof", inside * 3_000)

    assert Shelf(_head() + _fragment(0) + moof * 50 + _fragment(100)).probe().duration_seconds == pytest.approx(0.2)


def test_fragments_of_one_sample_each_are_all_counted() -> None:
    count = 60_000

    recording = Shelf(_head() + b"".join(_fragment(at * 100) for at in range(count))).probe()

    assert recording.duration_seconds == count / 10
    assert recording.warnings == ()


def test_fragments_that_are_passed_over_count_by_the_clock_of_the_last_ones() -> None:
    """A gap in the middle, where the recorder was paused, and a picture's fragment behind the last one."""
    count, gap = 60_000, 50_000
    at = [number * 100 + (gap if number > count // 2 else 0) for number in range(count)]
    other = _fragment(0).replace(struct.pack(">II", 0x20000, 1), struct.pack(">II", 0x20000, 2))

    recording = Shelf(_head() + b"".join(map(_fragment, at)) + other).probe()

    assert recording.duration_seconds == (count * 100 + gap) / 1_000


def test_fragments_that_are_passed_over_count_by_their_bytes_where_there_is_no_clock() -> None:
    count = 60_000

    recording = Shelf(_head() + _fragment(None) * count).probe()

    assert recording.duration_seconds == pytest.approx(count / 10, rel=0.001)
    assert recording.warnings == ()


@pytest.mark.parametrize("at", [None, 59_999 * 100])
def test_the_last_of_many_fragments_is_missed_where_its_sound_is_not_here(at: int | None) -> None:
    many = b"".join(_fragment(None if at is None else number * 100) for number in range(59_999))

    recording = Shelf(_head() + many + _fragment(at)[:-30]).probe()

    assert [warned.doubt for warned in recording.warnings] == ["truncated"]
    assert recording.duration_seconds == pytest.approx(5_999.9, abs=0.2 if at else 6)


def test_frames_at_a_constant_rate_are_counted_as_others_are_up_to_where_the_rate_changes() -> None:
    finer = bytes.fromhex("fffb5004") + bytes(204)
    alike = _FRAME * 5_003

    recording = Shelf(alike + finer * 700 + _FRAME * 3 + alike).probe()

    assert recording.duration_seconds == pytest.approx((2 * 5_003 + 703) * 1_152 / 44_100)


def test_a_table_of_a_chunk_for_each_byte_is_cut_by_its_bytes() -> None:
    count = 60_000
    sizes = box(b"stsz", struct.pack(">III", 0, 0, count) + struct.pack(">I", 9) * count)
    runs = box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1))
    offsets = box(b"stco", struct.pack(">II", 0, count) + struct.pack(">I", 0xFFFFFF00) * count)

    (warned,) = Shelf(m4a(sound_entry(b"mp4a"), more=sizes + runs + offsets)[:-250]).probe().warnings

    assert warned.stops_at == pytest.approx(5)
