"""A recording in which nothing can be heard is asked about; one word in an hour is enough to be heard."""

import struct
from array import array

import pytest

from callup_desktop.recordings.recording import Doubt
from tests.recordings.shelf import Shelf, headers_of
from tests.recordings.studio import chunk, pcm_form, riff

_SECOND = 16_000


def _coded(kind: str, level: float) -> bytes:
    """A square wave of that share of full scale, three seconds."""
    up, down = level, -level
    match kind:
        case "8":
            frames = bytes((round(128 + up * 127), round(128 + down * 127)))
        case "16":
            frames = struct.pack("<hh", round(up * 32767), round(down * 32767))
        case "24":
            frames = b"".join(round(value * 8388607).to_bytes(3, "little", signed=True) for value in (up, down))
        case "32":
            frames = struct.pack("<ii", round(up * 2147483647), round(down * 2147483647))
        case "float":
            frames = struct.pack("<ff", up, down)
        case _:
            frames = struct.pack("<dd", up, down)
    return frames * (3 * _SECOND // 2)


def _wav(kind: str, level: float) -> bytes:
    bits = {"float": 32, "double": 64}.get(kind) or int(kind)
    codec = 3 if kind in {"float", "double"} else 1
    return riff(pcm_form(bits=bits, codec=codec), chunk(b"data", _coded(kind, level)))


def _silent(data: bytes) -> bool:
    return [warned.doubt for warned in Shelf(data).probe().warnings] == [Doubt.SILENT]


@pytest.mark.parametrize("kind", ["8", "16", "24", "32", "float", "double"])
def test_digital_zero_is_silent_and_speech_is_not(kind: str) -> None:
    assert _silent(_wav(kind, 0.0))
    assert not _silent(_wav(kind, 0.1))


@pytest.mark.parametrize("kind", ["16", "24", "32", "float", "double"])
def test_the_limit_is_60_decibels_below_full_scale(kind: str) -> None:
    assert _silent(_wav(kind, 10 ** (-62 / 20)))
    assert not _silent(_wav(kind, 10 ** (-58 / 20)))


def _about(kind: str, middle: float, swing: float, *, more: float = 0.0) -> bytes:
    """Three seconds that swing about a value, as shares of full scale; in the last tenth of a second by `more`."""
    count = 3 * _SECOND // 2
    quiet, louder = (
        b"".join(_coded(kind, value)[: _width(kind)] for value in (middle + by, middle - by)) for by in (swing, more)
    )
    sound = quiet * (count - 800) + (louder if more else quiet) * 800
    bits, codec = 8 * _width(kind), 3 if kind in {"float", "double"} else 1
    return riff(pcm_form(bits=bits, codec=codec), chunk(b"data", sound))


def _width(kind: str) -> int:
    return {"float": 4, "double": 8}.get(kind) or int(kind) // 8


@pytest.mark.parametrize("kind", ["8", "16", "24", "32", "float", "double"])
@pytest.mark.parametrize("middle", [-0.05, 0.02, 0.06])
def test_a_constant_value_on_all_that_a_sound_card_records_is_not_heard_and_speech_upon_it_is(
    kind: str, middle: float
) -> None:
    assert _silent(_about(kind, middle, 0.0))
    assert _silent(_about(kind, middle, 0.0005 if kind != "8" else 0.004))
    assert not _silent(_about(kind, middle, 0.0, more=0.02))
    assert not _silent(_about(kind, 10 * middle, 0.0))


def test_the_channels_may_swing_about_values_of_their_own() -> None:
    def stereo(left: int, right: int) -> bytes:
        quiet = struct.pack("<hh", 500, -300) * _SECOND
        return riff(pcm_form(channels=2), chunk(b"data", quiet + struct.pack("<hh", left, right) * 100 + quiet))

    assert _silent(stereo(501, -299))
    assert not _silent(stereo(500, -800))
    assert not _silent(stereo(0, 0))


@pytest.mark.parametrize("quiet", [b"\x7f", b"\x81", b"\x7f\x80", b"\x80\x81", b"\x81\x7f"])
def test_the_finest_step_of_8_bits_about_the_middle_is_silence(quiet: bytes) -> None:
    silence = quiet * (2 * _SECOND // len(quiet))

    assert _silent(riff(pcm_form(bits=8), chunk(b"data", silence)))
    assert not _silent(riff(pcm_form(bits=8), chunk(b"data", silence + b"\x60\xa0" * 50 + silence)))


@pytest.mark.parametrize(("codec", "silence", "loud"), [(7, b"\xff\x7f", b"\x80"), (6, b"\xd5\x55", b"\xaa")])
def test_telephone_codings_have_their_own_silence(codec: int, silence: bytes, loud: bytes) -> None:
    def wav(frames: bytes) -> bytes:
        return riff(pcm_form(8_000, 1, 8, codec), chunk(b"data", frames))

    assert _silent(wav(silence * 8_000))
    assert not _silent(wav(silence * 8_000 + loud * 8_000))


@pytest.mark.parametrize("place", [0.0, 0.5, 0.99])
def test_one_second_of_speech_in_an_hour_is_heard(place: float) -> None:
    sound = array("h", bytes(2 * _SECOND * 3_600))
    first = int(place * len(sound))
    for sample in range(first, min(first + _SECOND, len(sound)), 2):
        sound[sample] = 3_000

    assert not _silent(riff(pcm_form(), chunk(b"data", sound.tobytes())))


def test_an_hour_of_nothing_is_silent() -> None:
    assert _silent(riff(pcm_form(), chunk(b"data", bytes(2 * _SECOND * 3_600))))


def test_a_cut_and_silent_recording_is_asked_about_for_both() -> None:
    whole = riff(pcm_form(), chunk(b"data", bytes(2 * _SECOND * 60)))

    doubts = [warned.doubt for warned in Shelf(whole[: len(whole) // 2]).probe().warnings]

    assert doubts == [Doubt.TRUNCATED, Doubt.SILENT]


def test_words_behind_the_sound_are_not_listened_to() -> None:
    assert _silent(riff(pcm_form(), chunk(b"data", bytes(40_000)), chunk(b"LIST", b"\x7f\x7f" * 20_000)))


@pytest.mark.parametrize("seconds", [0.05, 0.5])
def test_half_a_second_of_speech_in_twelve_seconds_is_heard(seconds: float) -> None:
    sound = array("h", bytes(2 * _SECOND * 12))
    for sample in range(7 * _SECOND, 7 * _SECOND + round(seconds * _SECOND), 3):
        sound[sample] = -900

    assert not _silent(riff(pcm_form(), chunk(b"data", sound.tobytes())))


def test_values_that_are_no_number_are_no_silence() -> None:
    sound = struct.pack("<f", float("nan")) + struct.pack("<f", 0.5) * 40_000

    assert not _silent(riff(pcm_form(bits=32, codec=3), chunk(b"data", sound)))


@pytest.mark.parametrize("kind", ["8", "16", "24", "32", "float", "double"])
@pytest.mark.parametrize("piece", [7, 4_096, 1 << 20])
def test_stereo_whose_channels_are_the_same_is_seen(kind: str, piece: int) -> None:
    bits = {"float": 32, "double": 64}.get(kind) or int(kind)
    width, sound = bits // 8, _coded(kind, 0.1)
    doubled = b"".join(sound[at : at + width] * 2 for at in range(0, len(sound) // 4 // width * width, width))
    other = doubled[: -2 * width] + sound[:width] + bytes(width)

    def noted(frames: bytes, channels: int = 2) -> bool:
        form = pcm_form(channels=channels, bits=bits, codec=3 if kind in {"float", "double"} else 1)
        data = riff(form, chunk(b"data", frames))
        headers = headers_of(data)
        assert headers.follow
        follower = headers.follow()
        for at in range(0, len(data), piece):
            follower.feed(data[at : at + piece], at)
        return follower.finish(headers).same_channels

    assert noted(doubled)
    assert not noted(other)
    assert not noted(doubled, channels=1)
    assert not noted((b"\x80" if kind == "8" else b"\0") * len(doubled))


def test_a_recording_with_the_same_channels_is_sent_without_a_question() -> None:
    recording = Shelf(riff(pcm_form(channels=2), chunk(b"data", b"\x01\x20\x01\x20" * 40_000))).probe()

    assert (recording.same_channels, recording.warnings) == (True, ())
