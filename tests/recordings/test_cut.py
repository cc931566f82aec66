"""A recording cut at any byte is never taken for a whole one, and tells where it stops."""

import random
from collections.abc import Callable

import pytest

from callup_desktop.files.errors import Refusal
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubt
from callup_desktop.recordings.verdict import ProbeOutcome
from tests.recordings.robust import unseen
from tests.recordings.shelf import Shelf
from tests.recordings.studio import Studio, pcm_form, sizes_of_wav
from tests.recordings.tools import run

Make = Callable[[Studio], bytes]

_TELLING: dict[str, Make] = {
    "wav": lambda studio: studio.wav(8_000).read_bytes(),
    "wav in 24 bits": lambda studio: studio.ffmpeg("wav", "-c:a", "pcm_s24le", rate=8_000, channels=2),
    "rf64": lambda studio: studio.ffmpeg("wav", "-rf64", "always", rate=8_000),
    "mp3 by lame": lambda studio: studio.lame("-b", "64", rate=22_050),
    "mp3 by lame, variable": lambda studio: studio.lame("-V", "6"),
    "mp3 by ffmpeg": lambda studio: studio.ffmpeg("mp3"),
    "m4a": lambda studio: studio.ffmpeg("m4a"),
    "m4a, index first": lambda studio: studio.ffmpeg("m4a", "-movflags", "+faststart"),
    "alac, index first": lambda studio: studio.ffmpeg("m4a", "-c:a", "alac", "-movflags", "+faststart"),
    "flac": lambda studio: studio.flac(rate=16_000, channels=1),
    "flac by ffmpeg": lambda studio: studio.ffmpeg("flac"),
}
"""Recordings that say how long they are."""


@pytest.mark.parametrize("name", _TELLING)
def test_a_cut_at_any_byte_is_told(name: str, studio: Studio) -> None:
    whole = _TELLING[name](studio)
    duration = Shelf(whole).verdict_of().duration_seconds
    assert duration is not None
    places = random.Random(name)
    cuts = {1, 4, 12, 44, len(whole) - 1, len(whole) - 2, len(whole) - 100, *places.choices(range(1, len(whole)), k=60)}

    for cut in sorted(cuts):
        if unseen(whole, cut):
            continue
        verdict = Shelf(whole[:cut]).verdict_of()

        assert verdict.verdict in {ProbeOutcome.WARNING, ProbeOutcome.REFUSED}, (name, cut)
        if verdict.verdict is ProbeOutcome.WARNING:
            assert verdict.code == Doubt.TRUNCATED
            stops_at = float(verdict.params["stops_at"])
            assert stops_at <= duration, (name, cut)
            assert float(verdict.params["should_be"]) == pytest.approx(duration, abs=0.05)


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [("wav", 0.001), ("mp3 by lame, variable", 0.1), ("m4a, index first", 0.1), ("flac", 0.3)],
)
def test_a_cut_recording_stops_where_a_player_stops(name: str, tolerance: float, studio: Studio) -> None:
    whole = _TELLING[name](studio)
    cut = whole[: len(whole) * 2 // 3]

    told = Shelf(cut).probe().warnings[0].stops_at

    path = studio.folder / "cut.bin"
    path.write_bytes(cut)
    assert told == pytest.approx(_played(studio, path.name), abs=tolerance)


def _played(studio: Studio, name: str) -> float:
    """The seconds that ffmpeg gets out of the file when it decodes it."""
    sound = run("ffmpeg", "-v", "quiet", "-i", studio.folder / name, "-ac", "1", "-ar", "8000", "-f", "s16le", "-")
    return len(sound) / 16_000


def test_an_mp3_that_does_not_tell_its_length_is_cut_where_its_last_frame_breaks_off(studio: Studio) -> None:
    frames = studio.lame("-t", "-b", "64", rate=8_000)[: 20 * 576]

    assert Shelf(frames).probe().warnings == ()
    for cut in (1, 2, 300, 575):
        (warned,) = Shelf(frames[:-cut]).probe().warnings
        assert warned.stops_at == pytest.approx(19 * 0.072)
        assert (warned.doubt, warned.should_be) == (Doubt.TRUNCATED, None)


def test_an_mp3_whose_last_frame_is_silent_and_lacks_padding_is_whole(studio: Studio) -> None:
    frames = studio.lame("-t", "-b", "64", rate=8_000)
    duration = Shelf(frames).probe().duration_seconds
    for missing in (1, 2, 300, 500):
        recording = Shelf(frames[:-missing]).probe()
        assert recording.warnings == ()
        assert recording.duration_seconds == duration

    # Four bytes of header and 17 say that nothing sounds.
    for missing in (576 - 20, 576 - 4, 575):
        assert [warned.doubt for warned in Shelf(frames[:-missing]).probe().warnings] == [Doubt.TRUNCATED]


def test_an_mp3_ends_well_just_where_the_sound_of_its_last_frame_ends(studio: Studio) -> None:
    whole = studio.lame("-t", "-b", "64", rate=8_000)
    frames = [whole[at : at + 576] for at in range(0, len(whole), 576)]
    # The padding of a silent frame follows what says that nothing sounds; lame's name is its beginning.
    while frames[-1][21:25] == b"LAME":
        frames.pop()
    heard = b"".join(frames)

    taken = [missing for missing in range(1, 576) if Shelf(heard[:-missing]).probe().warnings == ()]

    assert len(taken) == 1
    assert len(heard) - len(heard.rstrip(b"\xaa")) <= taken[0] < 500


def test_a_fragmented_m4a_that_is_cut_stops_after_its_last_whole_fragment(studio: Studio) -> None:
    options = ("-movflags", "frag_keyframe+empty_moov", "-frag_duration", "1000000")
    whole = studio.ffmpeg("m4a", *options, rate=44_100)

    recording = Shelf(whole[: len(whole) // 2]).probe()

    (warned,) = recording.warnings
    assert warned.stops_at is not None
    assert warned.should_be is not None
    assert 3 < warned.stops_at < warned.should_be < 6


def test_a_flac_whose_last_frame_is_damaged_ends_before_it(studio: Studio) -> None:
    whole = bytearray(studio.flac(rate=16_000, channels=1))
    whole[-4] ^= 0xFF

    (warned,) = Shelf(bytes(whole)).probe().warnings

    assert warned.stops_at is not None
    assert warned.should_be is not None
    assert 0 < warned.should_be - warned.stops_at < 0.3


def test_a_flac_whose_copy_failed_and_left_zeros_stops_where_the_zeros_begin(studio: Studio) -> None:
    whole = studio.flac()
    here = len(whole) // 2
    duration = Shelf(whole).probe().duration_seconds
    assert duration

    (warned,) = Shelf(whole[:here] + bytes(9_000_000)).probe().warnings

    assert warned.stops_at == pytest.approx(Shelf(whole[:here]).probe().warnings[0].stops_at, abs=0.2)
    assert warned.should_be == pytest.approx(duration)


@pytest.mark.parametrize("name", ["mp3 by lame", "mp3 by lame, variable", "m4a", "m4a, index first"])
def test_a_recording_whose_end_was_never_copied_but_left_as_zeros_is_told(name: str, studio: Studio) -> None:
    whole = bytearray(_TELLING[name](studio))
    duration = Shelf(bytes(whole)).verdict_of().duration_seconds
    assert duration
    end = whole.rindex(b"moov") - 4 if name == "m4a" else len(whole)
    whole[end * 2 // 3 : end] = bytes(end - end * 2 // 3)

    (warned,) = Shelf(bytes(whole)).probe().warnings

    assert warned.stops_at == pytest.approx(duration * 2 / 3, abs=0.5)
    assert warned.should_be == pytest.approx(duration, abs=0.05)


def test_an_m4a_of_which_only_the_index_was_copied_is_empty(studio: Studio) -> None:
    whole = bytearray(_TELLING["m4a, index first"](studio))
    start = whole.index(b"mdat") + 4
    whole[start:] = bytes(len(whole) - start)

    assert Shelf(bytes(whole)).verdict_of().code == Refusal.EMPTY


def test_a_flac_without_a_frame_has_no_sound_to_send(studio: Studio) -> None:
    whole = studio.piped("flac")
    sound = whole.index(b"\xff\xf8")

    verdict = Shelf(whole[:sound] + bytes(100_000)).verdict_of()

    assert (verdict.verdict, verdict.code) == (ProbeOutcome.REFUSED, Refusal.CORRUPT)


def test_a_recorder_that_died_leaves_a_wav_that_plays_to_its_end(studio: Studio) -> None:
    whole = studio.wav(8_000).read_bytes()

    for sizes in ((0, 0), (0xFFFFFFFF, 0xFFFFFFFF), (0x7FFFFFFF, 0x7FFFFFDB), (0xFFFFFFFF, 0xFFFFFFDB)):
        recording = Shelf(sizes_of_wav(whole, *sizes)).probe()
        assert recording.format is Format.WAV
        assert recording.duration_seconds == Shelf(whole).probe().duration_seconds
        assert recording.warnings == ()


@pytest.mark.parametrize("missing", [1, 2, 35, 37, 43, 45, 88])
def test_a_wav_lacks_sound_unless_it_lacks_just_the_bytes_of_its_header(missing: int, studio: Studio) -> None:
    whole = studio.wav(8_000).read_bytes()

    assert whole.index(b"data") + 8 == 44
    assert Shelf(whole[:-missing]).verdict_of().code == Doubt.TRUNCATED


def test_a_copy_of_a_killed_recording_stops_where_its_bytes_stop(studio: Studio) -> None:
    whole = studio.wav(8_000).read_bytes()
    killed = sizes_of_wav(whole, 36, 0)

    cut = Shelf(killed[: len(killed) // 2]).probe()

    assert cut.duration_seconds == pytest.approx((len(killed) // 2 - 44) / 16_000, abs=0.001)


def test_a_missing_padding_byte_is_not_missing_sound() -> None:
    odd = (
        b"RIFF" + (4 + 24 + 8 + 9).to_bytes(4, "little") + b"WAVE" + pcm_form(bits=8) + b"data\x09\0\0\0" + b"123456789"
    )

    assert Shelf(odd).verdict_of().verdict is ProbeOutcome.OK


def test_a_cut_before_the_first_sound_leaves_nothing_to_send(studio: Studio) -> None:
    cut = Shelf(studio.wav(8_000).read_bytes()[:40]).verdict_of()

    assert (cut.verdict, cut.code) == (ProbeOutcome.REFUSED, Refusal.CORRUPT)
