"""Lengths that a recorder has left wrong are found in the sound itself, and told where they mislead players."""

import struct

import pytest

from callup_desktop.recordings.mp4_boxes import Held, Walk
from callup_desktop.recordings.mp4_samples import SampleTable
from callup_desktop.recordings.recording import HEADER_LAGS, Doubt, Doubtful
from callup_desktop.recordings.verdict import ProbeOutcome
from tests.recordings.shelf import Shelf, headers_of
from tests.recordings.studio import (
    Studio,
    ape,
    box,
    boxes,
    chunk,
    id3,
    m4a,
    pcm_form,
    riff,
    sequence,
    sizes_of_wav,
    sound_entry,
)

_SECOND = 32_000
_SOUND = bytes(range(1, 251)) * 1_280
"""Ten seconds."""
_WAV = riff(pcm_form(), chunk(b"data", _SOUND))


# --- WAV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("riff_size", [36 + 4 * _SECOND, 36 + 10 * _SECOND, 36, 0])
def test_a_header_that_lags_behind_the_sound_is_told(riff_size: int) -> None:
    lagging = sizes_of_wav(_WAV, riff_size, 4 * _SECOND)

    recording = Shelf(lagging).probe()

    assert recording.warnings == (Doubtful(Doubt.TRUNCATED, 4.0, 10.0, HEADER_LAGS),)
    assert recording.warnings[0].params["reason"] == HEADER_LAGS
    assert recording.duration_seconds == 4
    assert Shelf(lagging, age=10).verdict_of().verdict is ProbeOutcome.UNFINISHED


def test_a_header_that_lags_by_all_of_the_sound_is_a_placeholder() -> None:
    recording = Shelf(sizes_of_wav(_WAV, 37, 1)).probe()

    assert (recording.duration_seconds, recording.warnings) == (10, ())


@pytest.mark.parametrize("size", [0x80000024, 0x7FFFFFFF, 0xFFFFFF00])
def test_a_size_that_no_recording_has_is_a_placeholder(size: int) -> None:
    recording = Shelf(sizes_of_wav(_WAV, size, size)).probe()

    assert (recording.duration_seconds, recording.warnings) == (10, ())
    assert Shelf(sizes_of_wav(_WAV, size, size), age=10).verdict_of().verdict is ProbeOutcome.UNFINISHED


@pytest.mark.parametrize("name", [b"RF64", b"BW64"])
@pytest.mark.parametrize("size", [0, 1 << 48, (1 << 63) - 1, (1 << 64) - 1])
def test_a_long_size_that_no_file_has_is_a_placeholder(name: bytes, size: int) -> None:
    told = chunk(b"ds64", struct.pack("<QQQI", size, size, 0, 0))
    data = sizes_of_wav(riff(told, pcm_form(), chunk(b"data", _SOUND), name=name), 0xFFFFFFFF, 0xFFFFFFFF)

    recording = Shelf(data).probe()

    assert (recording.duration_seconds, recording.warnings) == (10, ())
    assert Shelf(data, age=10).verdict_of().verdict is ProbeOutcome.UNFINISHED


@pytest.mark.parametrize(
    "behind",
    [id3(b"x" * 9_000), ape() * 99, bytes(9_000), b"\x90" * 4_000, chunk(b"LIST", b"\x90" * 9_001), b"<?xml ?>" * 999],
    ids=["id3", "ape", "zeros", "little", "chunk", "xml"],
)
def test_what_is_no_sound_behind_the_data_is_no_lag(behind: bytes) -> None:
    for data in (_WAV, _WAV + b"\0", riff(pcm_form(bits=8), chunk(b"data", _SOUND[:-1]))[:-1]):
        assert Shelf(data + behind).probe().warnings == ()


@pytest.mark.parametrize("excess", [8, 36, 44, 50, 58])
def test_a_data_size_that_counts_its_own_header_or_the_shortest_one_is_no_cut(excess: int) -> None:
    fact = chunk(b"fact", bytes(4))
    data = riff(pcm_form()[:4] + struct.pack("<I", 18) + pcm_form()[8:] + bytes(2), fact, chunk(b"data", _SOUND))
    assert data.index(_SOUND) == 58

    recording = Shelf(sizes_of_wav(data, len(data) - 8 + excess, len(_SOUND) + excess)).probe()

    assert (recording.duration_seconds, recording.warnings) == (10, ())


# --- M4A: the index ---------------------------------------------------------------------------------------------------


def _told(*, media: int, movie: int, scale: int = 1_000, more: bytes = b"", behind: bytes = b"") -> bytes:
    """The least M4A with these lengths in its `mdhd` and `mvhd`."""
    whole = m4a(sound_entry(b"mp4a"), more=more)
    told = struct.pack(">II", 1_000, 10_000)
    mvhd, mdhd = whole.index(told), whole.rindex(told)
    data = whole[:mvhd] + struct.pack(">II", 1_000, movie) + whole[mvhd + 8 : mdhd]
    return data + struct.pack(">II", scale, media) + whole[mdhd + 8 :] + behind


_SIZES = box(b"stsz", struct.pack(">III", 0, 50, 10))


def _lasting(*runs: tuple[int, int]) -> bytes:
    return box(b"stts", struct.pack(">II", 0, len(runs)) + b"".join(struct.pack(">II", *run) for run in runs))


@pytest.mark.parametrize("media", [0, 0xFFFFFFFF])
def test_an_m4a_without_its_length_goes_by_its_table_and_then_by_the_movie(media: int) -> None:
    assert headers_of(_told(media=media, movie=7_000, more=_SIZES + _lasting((10, 900)))).duration_seconds == 9
    assert headers_of(_told(media=media, movie=7_000, more=_SIZES)).duration_seconds == 7
    assert headers_of(_told(media=media, movie=7_000, more=_SIZES + _lasting((10, 0)))).duration_seconds == 7
    assert Shelf(_told(media=media, movie=0, more=_SIZES)).verdict_of().code == "empty"
    assert Shelf(_told(media=media, movie=7_000)).verdict_of().code == "empty"


def test_an_m4a_without_a_time_scale_goes_by_its_sample_rate() -> None:
    assert headers_of(_told(media=80_000, movie=0, scale=0)).duration_seconds == 5


# --- M4A: the sample table --------------------------------------------------------------------------------------------


def _table(*parts: bytes) -> SampleTable:
    track = box(b"mdia", box(b"minf", box(b"stbl", b"".join(parts))))
    walk = Walk(Held(box(b"trak", track)))
    return SampleTable(walk, next(walk.boxes(0, walk.reads.size)))


def _runs(*runs: tuple[int, int]) -> bytes:
    return box(b"stsc", struct.pack(">II", 0, len(runs)) + b"".join(struct.pack(">III", *run, 1) for run in runs))


def _offsets(*offsets: int) -> bytes:
    return box(b"stco", struct.pack(f">II{len(offsets)}I", 0, len(offsets), *offsets))


@pytest.mark.parametrize(("bits", "packed"), [(4, b"\x12\x34\x50"), (8, b"\1\2\3\4\5"), (16, b"\0\1\0\2\0\3\0\4\0\5")])
def test_sizes_may_be_packed(bits: int, packed: bytes) -> None:
    table = _table(box(b"stz2", struct.pack(">III", 0, bits, 5) + packed), _runs((1, 2)), _offsets(100, 200, 300))

    assert list(table.sizes()) == [1, 2, 3, 4, 5]
    assert list(table.sizes(3)) == [4, 5]
    assert table.span() == (100, 305)
    assert table.share_before(207, 0) == 4 / 5


def test_the_chunk_that_lies_furthest_need_not_be_the_last() -> None:
    sizes = box(b"stsz", struct.pack(">III5I", 0, 0, 5, 1, 2, 3, 4, 5))
    table = _table(sizes, _runs((1, 2), (3, 1)), _offsets(100, 900, 300))

    assert table.span() == (100, 907)
    assert table.share_before(906, 0) == 4 / 5
    assert [(part.offset, part.samples) for part in table.chunks(0)] == [(100, 2), (900, 2), (300, 1)]


def test_a_table_of_more_samples_than_it_holds_counts_those_that_are_there() -> None:
    table = _table(box(b"stsz", struct.pack(">III2I", 0, 0, 9, 1, 2)), _runs((1, 9)), _offsets(100))

    assert (table.count, table.span(), table.share_before(101, 0)) == (2, (100, 103), 1 / 2)


def test_a_cut_download_whose_sound_runs_to_its_end_is_told_by_packed_sizes(studio: Studio) -> None:
    whole = studio.ffmpeg("m4a", "-movflags", "+faststart", rate=8_000)
    at = whole.index(b"stsz")
    count = int.from_bytes(whole[at + 12 : at + 16], "big")
    sizes = struct.unpack_from(f">{count}I", whole, at + 16)
    packed = struct.pack(f">III{count}H", 0, 16, count, *sizes).ljust(12 + 4 * count, b"\0")
    data = whole[:at] + b"stz2" + packed + whole[at + 16 + 4 * count :]
    place = data.index(b"mdat") - 4
    data = data[:place] + bytes(4) + data[place + 4 :]

    assert Shelf(data).probe().warnings == ()
    (warned,) = Shelf(data[: len(data) * 2 // 3]).probe().warnings
    assert warned.stops_at == pytest.approx(5.5, abs=0.5)


# --- M4A: fragments ---------------------------------------------------------------------------------------------------


def _reordered(studio: Studio, order: str) -> bytes:
    """A recording in fragments whose writer put them and their sound in another order."""
    whole = studio.ffmpeg("m4a", "-movflags", "frag_keyframe+empty_moov", "-frag_duration", "1000000", rate=44_100)
    pieces = [(name, raw) for name, raw in sequence(whole) if name in {b"moof", b"mdat"}]
    pairs = [(pieces[at][1], pieces[at + 1][1]) for at in range(0, len(pieces), 2)]
    parts = boxes(whole)
    made = parts[b"ftyp"] + parts[b"moov"]
    sounds = b"".join(sound[8:] for _, sound in pairs)
    told = sum(len(fragment) for fragment, _ in pairs)
    first = len(made) + 8 + (told if order == "fragments first" else 0)
    fragments, at = b"", first
    for fragment, sound in pairs:
        base, offset = fragment.index(b"tfhd"), fragment.index(b"trun") + 12
        flags = int.from_bytes(fragment[base + 5 : base + 8], "big")
        begun = (len(made) if order == "fragments first" else len(made) + 8 + len(sounds)) + len(fragments)
        assert flags & 0x20001 == 0x20000 or flags & 1
        if flags & 1:
            moved = fragment[: base + 12] + at.to_bytes(8, "big") + fragment[base + 20 : offset] + bytes(4)
        else:
            moved = fragment[:offset] + (at - begun).to_bytes(4, "big", signed=True)
        fragments += moved + fragment[offset + 4 :]
        at += len(sound) - 8
    sound = box(b"mdat", sounds)
    return made + (fragments + sound if order == "fragments first" else sound + fragments)


@pytest.mark.parametrize("order", ["fragments first", "sound first"])
def test_a_fragment_is_whole_when_its_sound_is_there_wherever_its_writer_put_it(order: str, studio: Studio) -> None:
    whole = _reordered(studio, order)
    recording = Shelf(whole).probe()

    assert recording.duration_seconds == pytest.approx(8.55, abs=0.05)
    assert recording.warnings == ()
    if order == "fragments first":
        (warned,) = Shelf(whole[: len(whole) // 2]).probe().warnings
        assert warned.stops_at is not None
        assert 2 < warned.stops_at < 5
        assert warned.should_be == pytest.approx(8.55, abs=0.05)


def _in_pairs(studio: Studio) -> tuple[bytes, list[bytes]]:
    """What stands before the fragments of a recording, and each with its sound; they may stand in any order."""
    flags = "frag_keyframe+empty_moov+default_base_moof"
    whole = studio.ffmpeg("m4a", "-movflags", flags, "-frag_duration", "1000000", rate=44_100)
    pieces = [(name, raw) for name, raw in sequence(whole) if name in {b"moof", b"mdat"}]
    parts = boxes(whole)
    pairs = [pieces[at][1] + pieces[at + 1][1] for at in range(0, len(pieces), 2)]
    return parts[b"ftyp"] + parts[b"moov"], pairs


def _by_clock(fragment: bytes, clock: int) -> bytes:
    at = fragment.index(b"tfdt") + 8
    return fragment[:at] + clock.to_bytes(8, "big") + fragment[at + 8 :]


@pytest.mark.parametrize(
    "order", [[8, 7, 6, 5, 4, 3, 2, 1, 0], [1, 0, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 4, 3, 5, 6, 7, 8]]
)
def test_fragments_that_follow_in_another_order_than_they_sound_are_as_long(order: list[int], studio: Studio) -> None:
    front, pairs = _in_pairs(studio)
    assert len(pairs) == len(order)

    recording = Shelf(front + b"".join(pairs[place] for place in order)).probe()

    assert (recording.warnings, recording.duration_seconds) == (
        (),
        Shelf(front + b"".join(pairs)).probe().duration_seconds,
    )


@pytest.mark.parametrize("clock", [lambda _: 0, lambda at: 9_000_000 * (at < 3)], ids=["stands still", "starts again"])
def test_a_clock_that_tells_nothing_does_not_make_a_recording_shorter_or_longer(clock: object, studio: Studio) -> None:
    assert callable(clock)
    front, pairs = _in_pairs(studio)

    recording = Shelf(front + b"".join(_by_clock(pair, clock(at)) for at, pair in enumerate(pairs))).probe()

    assert recording.warnings == ()
    assert recording.duration_seconds == Shelf(front + b"".join(pairs)).probe().duration_seconds


@pytest.mark.parametrize("between", [b"", id3(b"\x90" * 70_000)], ids=["at once", "behind a tag"])
@pytest.mark.parametrize("total", [("-t",), ()], ids=["no total", "total"])
def test_calls_of_other_sample_rates_joined_to_an_mp3_are_all_counted(
    total: tuple[str, ...], between: bytes, studio: Studio
) -> None:
    calls = [studio.lame(*total, "-b", "64", rate=rate, channels=1) for rate in (44_100, 16_000, 32_000)]

    recording = Shelf(between.join(calls)).probe()

    alone = sum(Shelf(call).probe().duration_seconds or 0 for call in calls)
    assert recording.warnings == ()
    assert recording.duration_seconds == pytest.approx(alone, abs=0.1)


def test_the_last_of_joined_calls_is_cut_where_its_download_stopped(studio: Studio) -> None:
    first, second = (studio.lame("-t", "-b", "64", rate=rate, channels=1) for rate in (44_100, 16_000))

    recording = Shelf(first + second[: len(second) // 2 + 50]).probe()

    assert [warned.doubt for warned in recording.warnings] == [Doubt.TRUNCATED]
    assert recording.warnings[0].stops_at == pytest.approx(
        (Shelf(first).probe().duration_seconds or 0) + (Shelf(second).probe().duration_seconds or 0) / 2, abs=0.1
    )
