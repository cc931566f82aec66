"""The sound of a video is sent as an M4A: not decoded, not written anywhere, the same bytes each time."""

import hashlib
import os
import struct
from array import array
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.files.source import Source, Span
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.open_source import open_source
from callup_desktop.recordings.probe import probe
from callup_desktop.recordings.recording import Doubt, Recording, SoundOf, VideoPolicy
from callup_desktop.recordings.sound_source import SoundSource
from callup_desktop.recordings.verdict import ProbeOutcome
from callup_desktop.recordings.video_sound import VideoSound, sound_of
from tests.recordings.shelf import Shelf
from tests.recordings.studio import Studio, box, sequence
from tests.recordings.tools import ffprobe, run

_FRAGMENTS = ("-c:a", "aac", "-g", "2", "-movflags")
_VIDEOS = {
    "zoom.mp4": ("-c:a", "aac"),
    "teams.mp4": ("-c:a", "aac", "-movflags", "+faststart"),
    "stereo.mp4": ("-c:a", "aac", "-ar", "44100", "-ac", "2"),
    "phone.mov": ("-c:a", "aac"),
    "screen.mov": ("-c:a", "alac"),
    "obs.mp4": (*_FRAGMENTS, "frag_keyframe+empty_moov"),
    "meet.mp4": (*_FRAGMENTS, "dash"),
    "killed.mp4": (*_FRAGMENTS, "frag_keyframe"),
    "sound-first.mp4": ("-map", "1", "-map", "0", "-c:a", "aac"),
}


def _video(studio: Studio, name: str) -> bytes:
    return studio.video(name.rsplit(".", maxsplit=1)[-1], *_VIDEOS[name])


def _sound(data: bytes) -> VideoSound:
    return sound_of(Shelf(data), len(data))


def _all(sound: VideoSound) -> bytes:
    return sound.read_at(0, sound.size)


def _heard(path: Path) -> bytes:
    return run("ffmpeg", "-v", "error", "-i", path, "-map", "a:0", "-f", "s16le", "-")


def _probed(path: Path) -> Recording:
    return probe(path, cancelled=lambda: False, progress=lambda *_: None, video=VideoPolicy.SOUND)


def _kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.mark.parametrize("name", _VIDEOS)
def test_what_is_heard_in_the_sound_is_what_is_heard_in_the_video(name: str, studio: Studio, tmp_path: Path) -> None:
    data = _video(studio, name)
    video = _kept(tmp_path, name, data)
    sound = _kept(tmp_path, "sound.m4a", _all(_sound(data)))

    recording, opinion = _probed(video), ffprobe(sound)

    assert _heard(sound) == _heard(video) != b""
    assert opinion is not None
    assert recording.duration_seconds == pytest.approx(opinion.duration, abs=0.001)
    assert (recording.channels, recording.sample_rate) == (opinion.channels, opinion.sample_rate)
    assert (recording.format, recording.warnings) == (Format.M4A, ())
    assert recording.size == sound.stat().st_size
    assert recording.sound_of == SoundOf(len(data))
    assert _probed(sound) == replace(recording, sound_of=None)


@pytest.mark.parametrize("name", _VIDEOS)
@pytest.mark.parametrize("piece", [1, 777, 4_096])
def test_pieces_of_any_size_make_the_same_bytes_each_time(name: str, piece: int, studio: Studio) -> None:
    data = _video(studio, name)
    sound = _sound(data)

    pieces = b"".join(sound.read_at(at, piece) for at in range(0, sound.size + 5, piece))

    assert pieces == _all(_sound(data)) == _all(sound)


def test_the_sound_of_a_video_is_pinned_so_that_an_upload_goes_on_under_a_later_version(studio: Studio) -> None:
    """Whoever changes the bytes breaks uploads that are under way: they begin again."""
    assert [name for name, _raw in sequence(_all(_sound(_video(studio, "zoom.mp4"))))] == [b"ftyp", b"moov", b"mdat"]
    digest = hashlib.sha256(_all(_sound(_by_hand()))).hexdigest()

    assert digest == "21763f51850b6b7b92923f6d1e7cac3efb8763be1326657e402f1806d8daa0a4"


def _by_hand(*, samples: int = 150, gap: int = 0, coding: bytes = b"mp4a", config: bytes = b"esds") -> bytes:
    """A video whose samples of sound lie with pictures between them, two to a chunk."""
    sizes = [10 + at % 7 for at in range(samples)]
    entry = struct.pack(">6xH8xHHHHI", 1, 2, 16, 0, 0, 16_000 << 16)
    decoder = box(config, bytes(4) + b"\x03\x19\0\1\0\x04\x11\x40\x15" + bytes(11) + b"\x05\x02\x14\x08")

    def moov(begin: int) -> bytes:
        offsets, at = [], begin
        for first in range(0, samples, 2):
            offsets.append(at)
            at += sum(sizes[first : first + 2]) + gap
        stbl = (
            box(b"stsd", struct.pack(">II", 0, 1) + box(coding, entry + decoder)),
            box(b"stts", struct.pack(">IIII", 0, 1, samples, 1_024)),
            box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 2, 1)),
            box(b"stsz", struct.pack(f">III{samples}I", 0, 0, samples, *sizes)),
            box(b"stco", struct.pack(f">II{len(offsets)}I", 0, len(offsets), *offsets)),
        )
        return box(b"moov", _mvhd() + _trak(b"soun", b"".join(stbl)) + _trak(b"vide", _pictures()))

    kind = box(b"ftyp", b"isom" + bytes(4))
    begin = len(kind) + len(moov(0)) + 8
    chunks = b"".join(
        b"".join(bytes([at % 250 + 1]) * sizes[at] for at in range(first, min(first + 2, samples))) + b"P" * gap
        for first in range(0, samples, 2)
    )
    return kind + moov(begin) + box(b"mdat", chunks)


def _mvhd() -> bytes:
    return box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 16_000, 150 * 1_024) + bytes(80))


def _trak(kind: bytes, stbl: bytes) -> bytes:
    mdhd = box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, 16_000, 150 * 1_024))
    media = box(b"mdia", mdhd + box(b"hdlr", bytes(8) + kind + bytes(12)) + box(b"minf", box(b"stbl", stbl)))
    return box(b"trak", box(b"tkhd", bytes(12) + struct.pack(">I", 1) + bytes(8)) + media)


def _pictures() -> bytes:
    sizes = box(b"stsz", struct.pack(">III", 0, 0, 9) + bytes(36))
    return box(b"stsd", struct.pack(">II", 0, 1) + box(b"avc1", bytes(78))) + sizes


@pytest.mark.parametrize("gap", [0, 100, 20_000])
def test_pictures_between_the_sound_are_stepped_over_and_hardly_read(gap: int) -> None:
    data = _by_hand(gap=gap)
    shelf = Shelf(data)
    sound = sound_of(shelf, len(data))
    shelf.reads.clear()

    whole = _all(sound)

    expected = b"".join(bytes([at % 250 + 1]) * (10 + at % 7) for at in range(150))
    assert whole.endswith(b"mdat" + expected)
    assert len(shelf.reads) == {0: 1, 100: 1, 20_000: 75}[gap]
    assert sum(length for _offset, length in shelf.reads) < len(expected) + 75 * min(gap, 1_000) + 1


@pytest.mark.parametrize("name", _VIDEOS)
def test_the_original_is_only_read_and_nothing_else_is_written(name: str, studio: Studio, tmp_path: Path) -> None:
    data = _video(studio, name)
    path = _kept(tmp_path, name, data)
    path.chmod(0o400)
    before = path.stat()

    recording = _probed(path)
    with open_source(path, recording) as source:
        read = bytes(source.read(Span(1, 0, recording.size)))

    assert read == _all(_sound(data))
    assert [found.name for found in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == data
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_file_that_is_the_recording_itself_is_sent_as_it_is(studio: Studio, tmp_path: Path) -> None:
    path = _kept(tmp_path, "call.m4a", studio.ffmpeg("m4a"))

    recording = _probed(path)

    assert recording.sound_of is None
    with open_source(path, recording) as source:
        assert type(source) is Source


def test_a_video_that_lost_its_sound_while_it_was_sent_has_changed(studio: Studio, tmp_path: Path) -> None:
    path = _kept(tmp_path, "meeting.mp4", _video(studio, "zoom.mp4"))
    with SoundSource(path) as source:
        path.write_bytes(b"\0" * 500)

        with pytest.raises(Exception, match="no sound") as caught:
            source.read(Span(1, 0, 100))

    assert type(caught.value).__name__ == "FileChangedError"


def test_progress_and_cancel_are_those_of_any_recording(studio: Studio, tmp_path: Path) -> None:
    path = _kept(tmp_path, "meeting.mp4", _video(studio, "zoom.mp4"))
    told: list[tuple[int, int]] = []

    recording = probe(
        path, cancelled=lambda: False, progress=lambda done, size: told.append((done, size)), video=VideoPolicy.SOUND
    )

    assert told[-1] == (recording.size, recording.size)


@pytest.mark.parametrize("name", ["teams.mp4", "obs.mp4"])
def test_the_sound_of_a_cut_video_is_asked_about(name: str, studio: Studio) -> None:
    data = _video(studio, name)

    cut = Shelf(data[: len(data) * 2 // 3]).verdict_of_sound()

    assert (cut.verdict, cut.code, cut.format) == (ProbeOutcome.WARNING, Doubt.TRUNCATED, Format.M4A)
    assert cut.duration_seconds is not None
    assert 0 < cut.duration_seconds < float(cut.params["should_be"])


@pytest.mark.parametrize(("name", "there"), [(b"moof", 12), (b"moof", 100), (b"mdat", 12)])
def test_a_video_that_ends_within_a_fragment_is_cut_even_where_no_sound_is_missing(
    name: bytes, there: int, studio: Studio
) -> None:
    data = _video(studio, "obs.mp4")
    begins = data.rindex(name, 0, data.rindex(b"mfra")) - 4

    assert Shelf(data).verdict_of_sound().verdict is ProbeOutcome.OK
    assert Shelf(data[: begins + there]).verdict_of_sound().code == Doubt.TRUNCATED


def test_a_video_that_is_still_copied_waits(studio: Studio) -> None:
    data = _video(studio, "zoom.mp4")

    assert Shelf(data[: len(data) // 2], age=20).verdict_of_sound().verdict is ProbeOutcome.UNFINISHED


def test_a_fragmented_video_that_has_just_begun_waits(studio: Studio) -> None:
    data = _video(studio, "obs.mp4")
    begun = data[: data.index(b"moof") - 4]

    assert Shelf(begun, age=20).verdict_of_sound().verdict is ProbeOutcome.UNFINISHED
    assert Shelf(begun).verdict_of_sound().params["reason"] == "no_sound"


def test_the_policy_decides(studio: Studio) -> None:
    shelf = Shelf(_video(studio, "zoom.mp4"))

    assert shelf.verdict_of_sound().verdict is ProbeOutcome.OK
    assert (shelf.verdict_of().code, shelf.verdict_of().params) == (Refusal.VIDEO, {"kind": "MP4 video"})


@pytest.mark.parametrize(
    ("options", "coding"),
    [(("-c:a", "ac3"), "Dolby Digital"), (("-c:a", "libmp3lame"), "MP3"), (("-c:a", "libopus"), "Opus")],
)
def test_a_video_whose_sound_is_of_another_coding_is_named(
    options: tuple[str, ...], coding: str, studio: Studio
) -> None:
    verdict = Shelf(studio.video("mp4", "-ar", "48000", *options)).verdict_of_sound()

    assert (verdict.code, verdict.params["coding"]) == (Refusal.VIDEO, coding)


def test_a_video_without_sound_says_so(studio: Studio) -> None:
    verdict = Shelf(studio.video("mp4", "-an")).verdict_of_sound()

    assert (verdict.code, verdict.params["reason"]) == (Refusal.VIDEO, "no_sound")


def test_a_video_of_another_container_is_refused_as_before(studio: Studio) -> None:
    assert Shelf(studio.video("mkv", "-c:a", "aac")).verdict_of_sound().params == {"kind": "Matroska video"}


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("video1234567890.mp4", "audio1234567890.m4a"),
        ("zoom_0.mp4", "audio_only.m4a"),
        ("zoom_1.mp4", "audio_only_1.m4a"),
        ("GMT20261126-203000_Recording_1920x1080.mp4", "GMT20261126-203000_Recording.m4a"),
    ],
)
def test_the_sound_that_zoom_saved_beside_a_video_is_offered(
    name: str, beside: str, studio: Studio, tmp_path: Path
) -> None:
    path = _kept(tmp_path, name, _video(studio, "zoom.mp4"))
    refuse = partial(probe, path, cancelled=lambda: False, progress=lambda *_: None)
    alone = _probed(path)
    assert alone.sound_of == SoundOf(path.stat().st_size)

    _kept(tmp_path, beside, b"the sound")

    assert _probed(path).sound_of == SoundOf(path.stat().st_size, beside)
    with pytest.raises(RefusedError) as caught:
        refuse()
    assert caught.value.params["beside"] == beside


def test_a_video_may_be_larger_than_a_recording_if_its_sound_is_not(studio: Studio, tmp_path: Path) -> None:
    data = _video(studio, "zoom.mp4")
    large = 1 << 30
    path = _kept(tmp_path, "long.mp4", data + struct.pack(">I4s", large, b"free"))
    os.truncate(path, len(data) + large)
    os.utime(path, (1_700_000_000, 1_700_000_000))

    recording = _probed(path)

    assert recording.size == _sound(data).size
    sound = _kept(tmp_path, "long.m4a", studio.ffmpeg("m4a") + struct.pack(">I4s", large, b"free"))
    os.truncate(sound, large + 50_000)
    with pytest.raises(RefusedError) as caught:
        _probed(sound)
    assert caught.value.code is Refusal.TOO_LARGE


def test_an_edit_that_leaves_out_the_front_is_kept(studio: Studio) -> None:
    """An encoder warms up for 1,024 samples, which no player lets anyone hear."""
    sound = _all(_sound(_video(studio, "zoom.mp4")))
    edit = sound[sound.index(b"elst") + 4 :][:20]

    assert int.from_bytes(edit[12:16], "big") == 1_024


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b"esds", b"free"),
        lambda data: data.replace(b"stco", b"free"),
        lambda data: data.replace(struct.pack(">III", 0, 0, 150), struct.pack(">III", 0, 1 << 30, 150)),
    ],
    ids=["no decoder", "no places", "huge samples"],
)
def test_an_index_that_makes_no_sense_is_no_sound(damage: object) -> None:
    assert callable(damage)

    assert Shelf(damage(_by_hand())).verdict_of_sound().verdict is not ProbeOutcome.OK


@pytest.mark.parametrize(("jump", "taken"), [(1 << 20, True), (1 << 31, True), (1 << 33, False), (1 << 63, False)])
def test_a_clock_that_jumps_too_far_is_no_sound(jump: int, studio: Studio, *, taken: bool) -> None:
    front, *rest = _video(studio, "obs.mp4").rsplit(b"tfdt", 1)
    (last,) = rest
    jumped = front + b"tfdt" + last[:4] + jump.to_bytes(8, "big") + last[12:]

    verdict = Shelf(jumped).verdict_of_sound()

    assert (verdict.verdict is ProbeOutcome.OK) is taken
    if taken:
        assert verdict.duration_seconds == pytest.approx(jump / 16_000, abs=2)


def test_sound_that_is_told_of_many_times_over_is_refused() -> None:
    """A small file must not become a large one."""
    data = _by_hand(samples=150)
    at = data.index(b"stco") + 12
    (first,) = struct.unpack_from(">I", data, at)
    sizes = data.index(b"stsz") + 16
    large = data[:sizes] + struct.pack(">I", 100) * 150 + data[sizes + 600 :]
    again = large[:at] + struct.pack(">I", first) * 75 + large[at + 300 :]

    assert Shelf(again).verdict_of_sound().code == Refusal.CORRUPT


# --- videos made to keep the probe busy -------------------------------------------------------------------------------


def test_a_video_of_more_chunks_than_its_bytes_have_room_for_is_refused() -> None:
    assert Shelf(_by_hand(samples=18_000)).verdict_of_sound().verdict is ProbeOutcome.OK
    assert Shelf(_by_hand(samples=40_000)).verdict_of_sound().code == Refusal.CORRUPT


def test_a_video_whose_sound_jumps_to_and_fro_is_refused() -> None:
    chunks, far = 13_000, 100_000
    data = _by_hand(samples=2 * chunks)
    at = data.index(b"stco") + 12
    (first,) = struct.unpack_from(">I", data, at)
    scattered = struct.pack(">II", first, first + far) * (chunks // 2)

    verdict = Shelf(data[:at] + scattered + data[at + len(scattered) :]).verdict_of_sound()

    assert Shelf(data).verdict_of_sound().verdict is ProbeOutcome.OK
    assert verdict.code == Refusal.CORRUPT


def test_a_video_whose_fragments_are_full_of_empty_boxes_is_refused(studio: Studio) -> None:
    data = _video(studio, "obs.mp4")
    empty = box(b"moof", box(b"traf", b"") * 3_000)

    assert Shelf(data + empty * 3).verdict_of_sound().verdict is ProbeOutcome.OK
    assert Shelf(data + empty * 9).verdict_of_sound().code == Refusal.CORRUPT


@pytest.mark.parametrize("missing", [0, 1])
def test_a_chunk_of_more_samples_than_are_added_up_at_once_is_taken_up_to_its_end(missing: int) -> None:
    count = 70_000
    sizes = array("I", [2] * count)
    sizes.byteswap()

    def video(begin: int) -> bytes:
        stbl = (
            _by_hand()[_by_hand().index(b"stsd") - 4 : _by_hand().index(b"stts") - 4],
            box(b"stts", struct.pack(">IIII", 0, 1, count, 1)),
            box(b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1)),
            box(b"stsz", struct.pack(">III", 0, 0, count) + sizes.tobytes()),
            box(b"stco", struct.pack(">III", 0, 1, begin)),
        )
        index = box(b"moov", _mvhd() + _trak(b"soun", b"".join(stbl)) + _trak(b"vide", _pictures()))
        return box(b"ftyp", b"isom" + bytes(4)) + index + box(b"free", bytes(600_000))

    begin = len(video(0)) + 8
    data = (video(begin) + box(b"mdat", b"so" * count))[: begin + 2 * count - missing]

    sound = _all(_sound(data))

    assert sound.endswith(b"mdat" + b"so" * (count - missing))
    assert int.from_bytes(sound[sound.index(b"stsz") + 12 :][:4], "big") == count - missing
