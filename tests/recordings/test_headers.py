"""Headers that no encoder at hand writes, made by hand as their specifications say."""

import re
import struct
from collections.abc import Callable

import pytest

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.headers import Ending, Headers, OpenEndedError
from callup_desktop.recordings.mp4_boxes import Box, Held, Walk
from callup_desktop.recordings.mp4_fragments import Defaults, Fragments
from callup_desktop.recordings.pages import BLOCK
from callup_desktop.recordings.recording import Doubt, Doubtful
from tests.recordings.shelf import Shelf, headers_of
from tests.recordings.studio import Studio, box, boxes, chunk, esds, gapless, m4a, pcm_form, riff, sound_entry
from tests.recordings.tools import ffprobe


def _refusal(data: bytes) -> tuple[Refusal, object]:
    with pytest.raises(RefusedError) as caught:
        headers_of(data)
    return caught.value.code, caught.value.params.get("kind")


def _form(headers: Headers) -> tuple[int, int]:
    return headers.channels, headers.sample_rate


def _bits(*fields: tuple[int, int]) -> bytes:
    """Numbers of this many bits, one behind the other."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    return int(text.ljust(len(text) + -len(text) % 8, "0"), 2).to_bytes((len(text) + 7) // 8, "big")


_PLAIN = _bits((2, 5), (8, 4), (1, 4), (0, 3))
_SBR = _bits((5, 5), (7, 4), (2, 4), (4, 4), (2, 5), (0, 3))
_SBR_BEHIND = _bits((2, 5), (8, 4), (1, 4), (0, 3), (0x2B7, 11), (5, 5), (1, 1), (5, 4))
_NO_SBR_BEHIND = _bits((2, 5), (8, 4), (1, 4), (0, 3), (0x2B7, 11), (5, 5), (0, 1))
_PARAMETRIC_STEREO = _bits((29, 5), (7, 4), (1, 4), (4, 4), (2, 5), (0, 3))
_RATE_IN_FULL = _bits((2, 5), (15, 4), (11_111, 24), (1, 4), (0, 3))
_EIGHT_CHANNELS = _bits((2, 5), (3, 4), (7, 4), (0, 3))
_LATER_KIND = _bits((31, 5), (7, 6), (8, 4), (1, 4))
_RESERVED_RATE = _bits((2, 5), (13, 4), (1, 4), (0, 3))


@pytest.mark.parametrize(
    ("configuration", "form"),
    [
        (_PLAIN, (1, 16_000)),
        (_SBR, (2, 44_100)),
        (_SBR_BEHIND, (1, 32_000)),
        (_NO_SBR_BEHIND, (1, 16_000)),
        (_PARAMETRIC_STEREO, (2, 44_100)),
        (_RATE_IN_FULL, (1, 11_111)),
        (_EIGHT_CHANNELS, (8, 48_000)),
        (_LATER_KIND, (1, 16_000)),
        (_RESERVED_RATE, (1, 16_000)),
        (b"", (1, 16_000)),
    ],
    ids=["plain", "sbr", "sbr behind", "no sbr", "ps", "rate", "7.1", "later", "reserved", "none"],
)
def test_the_decoders_configuration_counts_more_than_the_sample_entry(
    configuration: bytes, form: tuple[int, int]
) -> None:
    assert _form(headers_of(m4a(sound_entry(b"mp4a", inside=esds(configuration))))) == form


@pytest.mark.parametrize("configuration", [_SBR, _SBR_BEHIND, _PARAMETRIC_STEREO], ids=["sbr", "sbr behind", "ps"])
def test_ffprobe_reads_the_same_sbr_configurations(configuration: bytes, studio: Studio) -> None:
    whole = studio.ffmpeg("m4a", "-t", "1")
    at = whole.index(b"\x05\x80\x80\x80\x05") + 5
    patched = whole[:at] + configuration.ljust(5, b"\0") + whole[at + 5 :]
    path = studio.folder / "sbr.m4a"
    path.write_bytes(patched)

    opinion = ffprobe(path)

    assert opinion is not None
    assert headers_of(patched).sample_rate == opinion.sample_rate


def test_other_descriptors_around_the_configuration_are_stepped_over() -> None:
    odd = b"\x06\x01\x02" + b"\x03\x19\0\1\xa0\0\2\0\3" + b"\x04\x11\x40\x15" + bytes(11) + b"\x05\x02" + _PLAIN
    entry = sound_entry(b"mp4a", 8_000, 2, box(b"esds", bytes(4) + odd))

    assert _form(headers_of(m4a(entry))) == (1, 16_000)


def test_quicktimes_second_sound_description_tells_its_rate_as_a_double() -> None:
    fields = struct.pack(">6xH HHI HHHHI", 1, 2, 0, 0, 3, 16, 0xFFFE, 0, 0x10000)
    second = struct.pack(">IdI", 72, 22_050.0, 2) + bytes(20)

    assert _form(headers_of(m4a(box(b"mp4a", fields + second)))) == (2, 22_050)


def test_a_rate_that_does_not_fit_the_sample_entry_comes_from_the_alac_cookie() -> None:
    cookie = bytes(4) + struct.pack(">IBBBBBBHIII", 4096, 0, 24, 40, 10, 14, 2, 255, 0, 0, 96_000)
    entry = sound_entry(b"alac", 0, 1, box(b"alac", cookie))

    assert _form(headers_of(m4a(entry))) == (2, 96_000)


def test_silence_that_an_edit_puts_before_the_sound_does_not_lengthen_it() -> None:
    assert headers_of(m4a(sound_entry(b"mp4a"), moved=True)).duration_seconds == 10


@pytest.mark.parametrize(("length", "start", "here"), [(99_999, 0, 10), (8_000, 9_500, 0.5), (5_000, 99_999, 10)])
def test_an_edit_plays_no_more_than_there_is(length: int, start: int, here: float) -> None:
    moved = m4a(sound_entry(b"mp4a"), moved=True)
    edit = struct.pack(">IiI", 10_000, 0, 0x10000)

    edited = moved.replace(edit, struct.pack(">IiI", length, start, 0x10000))

    assert headers_of(edited).duration_seconds == here


def test_a_cut_m4a_of_samples_of_one_size_stops_by_its_bytes() -> None:
    stsz = box(b"stsz", struct.pack(">III", 0, 5, 100))
    whole = m4a(sound_entry(b"mp4a"), more=stsz)

    assert headers_of(whole[:-250]).duration_seconds == 5


def test_a_cut_m4a_whose_sample_sizes_are_wrong_stops_at_most_at_its_end() -> None:
    stsz = box(b"stsz", struct.pack(">III4I", 0, 0, 4, 1, 1, 1, 1))
    whole = m4a(sound_entry(b"mp4a"), more=stsz)

    assert headers_of(whole[:-250]).duration_seconds == 10


def _tabled(table: Callable[[int], bytes], samples: bytes, behind: bytes = b"") -> bytes:
    """The least M4A whose table says where its samples lie: `table` is told where they begin."""
    begin = m4a(sound_entry(b"mp4a"), samples=samples, more=table(0)).rindex(b"mdat") + 4
    return m4a(sound_entry(b"mp4a"), samples=samples, more=table(begin)) + behind


def _sizes(*sizes: int) -> bytes:
    return box(b"stsz", struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes))


def _runs(*runs: tuple[int, int]) -> bytes:
    """From which chunk on there are so many samples in each."""
    return box(b"stsc", struct.pack(">II", 0, len(runs)) + b"".join(struct.pack(">III", *run, 1) for run in runs))


def _chunks(*offsets: int, name: bytes = b"stco") -> bytes:
    form = "I" if name == b"stco" else "Q"
    return box(name, struct.pack(f">II{len(offsets)}{form}", 0, len(offsets), *offsets))


@pytest.mark.parametrize("name", [b"stco", b"co64"])
def test_a_cut_m4a_stops_after_the_last_sample_that_is_here_wherever_its_chunks_lie(name: bytes) -> None:
    def table(begin: int) -> bytes:
        return (
            _sizes(100, 100, 100, 100, 100)
            + _runs((1, 1), (2, 2))
            + _chunks(begin, begin + 150, begin + 400, name=name)
        )

    whole = _tabled(table, b"sound" * 120)

    assert headers_of(whole).truncated is None
    assert headers_of(whole[:-1]).truncated == Doubtful(Doubt.TRUNCATED, 8.0, 10.0)
    assert headers_of(whole[:-201]).duration_seconds == 6
    assert headers_of(whole[:-500]).duration_seconds == 2
    assert Shelf(whole[:-501]).verdict_of().code == Refusal.CORRUPT


def test_a_cut_m4a_of_samples_of_one_size_stops_after_the_last_one_that_is_here() -> None:
    def table(begin: int) -> bytes:
        return box(b"stsz", struct.pack(">III", 0, 50, 10)) + _runs((1, 4)) + _chunks(begin, begin + 200, begin + 400)

    whole = _tabled(table, b"sound" * 100)

    assert headers_of(whole).truncated is None
    assert headers_of(whole[:-120]).duration_seconds == 7


def test_sound_in_a_second_box_may_be_cut_too() -> None:
    def table(begin: int) -> bytes:
        return _sizes(300, 200) + _runs((1, 1)) + _chunks(begin, begin + 308)

    whole = _tabled(table, b"s" * 300, box(b"mdat", b"t" * 200))

    assert headers_of(whole).truncated is None
    assert headers_of(whole[:-1]).truncated == Doubtful(Doubt.TRUNCATED, 5.0, 10.0)


def test_a_last_chunk_of_fewer_samples_than_its_run_says_is_not_cut() -> None:
    def table(begin: int) -> bytes:
        return _sizes(100, 100, 100, 100) + _runs((1, 3)) + _chunks(begin, begin + 300)

    assert headers_of(_tabled(table, b"sound" * 80)).truncated is None


def test_a_table_that_points_behind_the_file_tells_that_its_end_is_missing() -> None:
    def table(begin: int) -> bytes:
        return _sizes(100, 100) + _runs((1, 1)) + _chunks(begin, begin + 9_000)

    assert headers_of(_tabled(table, b"sound" * 40)).truncated == Doubtful(Doubt.TRUNCATED, 5.0, 10.0)


def test_other_sound_that_is_missing_behind_the_sound_is_not_missed() -> None:
    def table(begin: int) -> bytes:
        return _sizes(100, 100) + _runs((1, 2)) + _chunks(begin)

    headers = headers_of(_tabled(table, b"sound" * 100)[:-250])

    assert (headers.truncated, headers.duration_seconds, headers.ending) == (None, 10, Ending.UNTOLD)


def test_zeros_behind_the_sound_are_not_taken_for_sound_that_was_never_copied() -> None:
    def table(begin: int) -> bytes:
        return _sizes(100, 100) + _runs((1, 2)) + _chunks(begin)

    assert Shelf(_tabled(table, b"sound" * 40 + bytes(9_000))).probe().warnings == ()


def _without_edits(studio: Studio) -> tuple[bytes, bytes]:
    """An M4A up to its index, and the track in it."""
    whole = studio.ffmpeg("m4a").replace(b"edts", b"free")
    at = whole.rindex(b"moov") - 4
    return whole[:at], boxes(whole[at + 8 :])[b"trak"]


@pytest.mark.parametrize(
    "form",
    [
        " 00000000 {:08x} {:08x} {:016x} 00000000 00000000",
        "00000000 {:08X} {:08X} {:016X}",
        " 00000000 {:X} {:X} {:08X} 00000000",
        " 0x00000000 0x{:08X} 0x{:08X} 0x{:016X}",
    ],
)
def test_what_itunes_says_counts_however_its_numbers_are_written(form: str, studio: Studio) -> None:
    front, track = _without_edits(studio)
    bare = headers_of(front + box(b"moov", track)).duration_seconds
    assert bare
    left = round(bare * 16_000) - 3_136
    usual = gapless(2_112, 1_024, left)
    at = usual.index(b" 00000000")
    told = usual[:at] + form.format(2_112, 1_024, left).encode().ljust(len(usual) - at)

    assert headers_of(front + box(b"moov", track + told)).duration_seconds == left / 16_000


@pytest.mark.parametrize("full", [True, False], ids=["mp4", "quicktime"])
def test_what_itunes_says_of_the_encoders_silence_counts_where_no_edit_tells(studio: Studio, *, full: bool) -> None:
    front, track = _without_edits(studio)
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1_000, 0) + bytes(80))
    bare = headers_of(front + box(b"moov", mvhd + track)).duration_seconds
    assert bare
    told = gapless(2_112, 1_024, round(bare * 16_000) - 3_136, full=full)

    assert headers_of(front + box(b"moov", mvhd + track + told)).duration_seconds == pytest.approx(
        bare - 3_136 / 16_000
    )


@pytest.mark.parametrize("left", [0, 1_000, 1 << 60])
def test_what_itunes_says_of_another_length_does_not_count(left: int, studio: Studio) -> None:
    front, track = _without_edits(studio)
    bare = headers_of(front + box(b"moov", track)).duration_seconds

    assert headers_of(front + box(b"moov", track + gapless(2_112, 1_024, left))).duration_seconds == bare


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (sound_entry(b"mp4a", inside=esds(_PLAIN, object_type=0x6B)), "MP3"),
        (sound_entry(b"mp4a", inside=esds(_PLAIN, object_type=0x69)), "MP3"),
        (sound_entry(b"mp4a", inside=esds(b"", object_type=0xA5)), "Dolby Digital"),
        (sound_entry(b"mp4a", inside=esds(_bits((31, 5), (2, 6), (8, 4), (1, 4)))), "MP3"),
        (sound_entry(b"mp4a", inside=esds(_bits((8, 5), (11, 4), (1, 4)))), "CELP"),
        (sound_entry(b"mp4a", inside=esds(_bits((31, 5), (10, 6), (8, 4), (1, 4)))), "xHE-AAC"),
        (sound_entry(b"mp4a", inside=esds(_bits((31, 5), (4, 6), (8, 4), (1, 4)))), "MPEG-4 ALS"),
        (sound_entry(b"mp4a", inside=esds(b"", object_type=0xDD)), "Vorbis"),
        (sound_entry(b"mp4a", inside=esds(b"", object_type=0xA9)), "DTS"),
        (sound_entry(b"mp4a", inside=esds(b"", object_type=0x20)), "codec 0x20"),
        (sound_entry(b"ms\0\x55"), "MP3"),
        (sound_entry(b".mp2"), "MP2"),
        (sound_entry(b"apac"), "APAC"),
        (sound_entry(b"ulaw"), "mu-law"),
        (sound_entry(b"dtsc"), "DTS"),
    ],
    ids=[
        "mp3",
        "mp3 of mpeg 2",
        "ac-3",
        "mp3 on mp4",
        "celp",
        "usac",
        "als",
        "vorbis",
        "dts",
        "unknown",
        "mp3 in quicktime",
        "mp2 in quicktime",
        "apac",
        "mu-law",
        "dts of its own",
    ],
)
def test_an_entry_that_may_be_aac_is_named_for_what_it_holds(entry: bytes, kind: str) -> None:
    assert _refusal(m4a(entry)) == (Refusal.UNSUPPORTED, f"MP4 ({kind})")


@pytest.mark.parametrize("object_type", [0x40, 0x66, 0x67, 0x68, 0, 0xFF])
def test_all_object_types_of_aac_are_taken(object_type: int) -> None:
    entry = sound_entry(b"mp4a", inside=esds(_PLAIN, object_type=object_type))

    assert headers_of(m4a(entry)).format is Format.M4A


def _with_track(whole: bytes, *tracks: bytes, first: bool = False) -> bytes:
    """The M4A with more tracks in its index."""
    start, end = whole.index(b"moov") - 4, whole.index(b"mdat") - 4
    own = boxes(whole[start + 8 : end])
    before, behind = (b"".join(tracks), b"") if first else (b"", b"".join(tracks))
    return whole[:start] + box(b"moov", own[b"mvhd"] + before + own[b"trak"] + behind) + whole[end:]


def _track_of(whole: bytes) -> bytes:
    return boxes(boxes(whole)[b"moov"][8:])[b"trak"]


def _pictures(name: bytes, count: int) -> bytes:
    """A track of ten seconds with so many pictures."""
    stsz = box(b"stsz", struct.pack(">III", 0, 9, count))
    return _track_of(m4a(box(name, bytes(78)), more=stsz)).replace(b"soun", b"vide")


def test_one_picture_is_a_cover_and_pictures_in_a_row_are_a_video() -> None:
    whole = m4a(sound_entry(b"mp4a"))

    for name, count in ((b"jpeg", 1), (b"jpeg", 10), (b"png ", 7), (b"avc1", 1), (b"mp4v", 1)):
        assert headers_of(_with_track(whole, _pictures(name, count))).duration_seconds == 10
    for name, count in ((b"jpeg", 11), (b"mjpa", 250), (b"avc1", 2), (b"avc1", 0), (b"mp4v", 2)):
        assert _refusal(_with_track(whole, _pictures(name, count))) == (Refusal.VIDEO, "MP4 video")


def test_one_picture_in_the_index_of_a_recording_that_goes_on_in_fragments_is_no_cover() -> None:
    whole = m4a(sound_entry(b"mp4a"))

    assert _refusal(_with_track(whole, _pictures(b"avc1", 1), box(b"mvex", b"")))[0] is Refusal.VIDEO


def test_a_video_track_that_says_nothing_of_its_pictures_is_a_video() -> None:
    track = _pictures(b"avc1", 1).replace(b"stsd", b"free")

    assert _refusal(_with_track(m4a(sound_entry(b"mp4a")), track))[0] is Refusal.VIDEO


def test_a_lock_counts_more_than_a_video_and_a_video_more_than_foreign_sound() -> None:
    foreign, video, locked = (sound_entry(b"samr"), _pictures(b"avc1", 9), _track_of(m4a(sound_entry(b"drms"))))

    assert _refusal(_with_track(m4a(foreign), video)) == (Refusal.VIDEO, "MP4 video")
    assert _refusal(_with_track(m4a(foreign), video, locked))[0] is Refusal.PROTECTED


def test_the_first_track_that_can_be_taken_and_sounds_is_the_recording() -> None:
    foreign = _track_of(m4a(sound_entry(b"ec-3")))
    empty = _track_of(m4a(sound_entry(b"mp4a"))).replace(
        struct.pack(">II", 1_000, 10_000), struct.pack(">II", 1_000, 0)
    )

    headers = headers_of(_with_track(m4a(sound_entry(b"mp4a", 8_000)), foreign, empty, first=True))

    assert (headers.duration_seconds, headers.sample_rate) == (10, 8_000)


@pytest.mark.parametrize(
    ("name", "kind"), [(b"samr", "AMR"), (b"Opus", "Opus"), (b"ac-3", "Dolby Digital"), (b"zz\0z", "zz\0z")]
)
def test_another_coding_in_an_mp4_is_named(name: bytes, kind: str) -> None:
    assert _refusal(m4a(sound_entry(name))) == (Refusal.UNSUPPORTED, f"MP4 ({kind})")


def test_an_index_without_sound_in_the_file_is_corrupt() -> None:
    whole = m4a(sound_entry(b"mp4a"))

    assert _refusal(whole[: whole.index(b"mdat") - 4])[0] is Refusal.CORRUPT


def test_an_mp4_of_empty_boxes_is_corrupt() -> None:
    assert _refusal(box(b"wide", b"") + box(b"free", bytes(50)))[0] is Refusal.CORRUPT


def test_an_old_recording_without_a_type_box_that_was_cut_waits_for_its_recorder() -> None:
    whole = m4a(sound_entry(b"mp4a"))
    sound = whole[whole.index(b"mdat") - 4 :]

    with pytest.raises(OpenEndedError):
        headers_of(box(b"wide", b"") + sound)


def test_chapter_pictures_do_not_make_a_video() -> None:
    """A podcast's chapters are a video track of still pictures."""
    whole = m4a(sound_entry(b"mp4a"))
    picture = whole[whole.index(b"trak") - 4 : whole.index(b"mdat") - 4]
    picture = picture.replace(b"soun", b"vide").replace(b"mp4a", b"jpeg")
    start, end = whole.index(b"moov") - 4, whole.index(b"mdat") - 4
    both = whole[:start] + box(b"moov", whole[start + 8 : end] + picture) + whole[end:]

    assert headers_of(both).format is Format.M4A
    assert _refusal(both.replace(b"jpeg", b"avc1")) == (Refusal.VIDEO, "MP4 video")


@pytest.mark.parametrize(("brand", "kind"), [(b"avif", "AVIF"), (b"mif1", "HEIC")])
def test_a_picture_in_the_same_container_is_named(brand: bytes, kind: str) -> None:
    assert _refusal(box(b"ftyp", brand + bytes(4)) + box(b"meta", bytes(9))) == (Refusal.UNSUPPORTED, kind)


def test_a_wav_that_says_mp3_and_holds_none_is_corrupt() -> None:
    assert _refusal(riff(pcm_form(codec=0x55), chunk(b"data", b"\x10" * 9_000)))[0] is Refusal.CORRUPT


def test_a_wav_whose_block_size_was_left_out_goes_by_its_bits() -> None:
    form = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 2, 8_000, 0, 0, 16))

    assert headers_of(riff(form, chunk(b"data", b"\x10" * 32_000))).duration_seconds == 1.0


@pytest.mark.parametrize("bits", [0, 2_000])
def test_a_wav_with_impossible_samples_is_corrupt(bits: int) -> None:
    form = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8_000, 0, 0, bits))

    assert _refusal(riff(form, chunk(b"data", b"\x10" * 32_000)))[0] is Refusal.CORRUPT


@pytest.mark.parametrize("rest", [b"INFOx", b"x"])
def test_a_wav_whose_writer_left_a_padding_byte_out_is_read(rest: bytes) -> None:
    """ffprobe reads none of it."""
    unpadded = riff(pcm_form(), chunk(b"LIST", rest)[:-1], chunk(b"data", b"\x10" * 32_000))

    assert headers_of(unpadded).duration_seconds == 1


def test_a_wav_with_a_form_of_a_few_bytes_is_corrupt() -> None:
    assert _refusal(riff(chunk(b"fmt ", b"\1\0\1\0"), chunk(b"data", bytes(90))))[0] is Refusal.CORRUPT


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"BM" + bytes(60), "BMP"),
        (b"OggS" + bytes(24) + b"Unheard", "Ogg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"FORM\0\0\0\x108SVX", "IFF"),
        (b"FLV\1\5" + bytes(90), "FLV video"),
        (b"OggS" + bytes(24) + b"\x80theora", "Ogg video"),
        (bytes(4) + b"G" + (bytes(191) + b"G") * 5, "MPEG-TS video"),
        (b"\xff\xf1\x50\x40\x01\x1f\xfc\0", "raw AAC"),
        (b"E" + b"\xff\xf1\x50\x40\x01\x1f\xfc\0" * 5, "raw AAC"),
        (b"E" + b"\xff\xf1\x50\x40\x01\x1f\xfc\0" * 4, "unknown"),
        (b"NIST_1A\n   1024\n" + bytes(90), "NIST SPHERE"),
        (b"\xff" * 4_000, "unknown"),
        (b"Adss" * 9, "text"),
        (b"\xe8\xe9" * 20, "unknown"),
    ],
    ids=[
        "bmp",
        "ogg",
        "webp",
        "iff",
        "flv",
        "theora",
        "m2ts",
        "one frame of aac",
        "five",
        "four",
        "nist",
        "quiet",
        "words",
        "letters",
    ],
)
def test_other_kinds_are_named(data: bytes, kind: str) -> None:
    assert _refusal(data)[1] == kind


def test_lyrics_behind_the_sound_are_no_sound(studio: Studio) -> None:
    whole = studio.lame("-b", "64", rate=8_000)
    words = b"LYRICSBEGIN" + b"IND00002" + b"10"

    recording = Shelf(whole + words + b"%06dLYRICS200" % len(words)).probe()

    assert recording.duration_seconds == Shelf(whole).probe().duration_seconds
    assert recording.warnings == ()


@pytest.mark.parametrize("second", [0xFE, 0xFF, 0xFC, 0xFD, 0xF1, 0xF9, 0xEA, 0xE0], ids=hex)
def test_only_layer_three_is_mp3(second: int) -> None:
    """A chain as MP3 has it, of bytes that begin UTF-16 text, MP1, MP2, AAC or nothing known."""
    chain = (bytes([0xFF, second, 0x90, 0x04]) + b"\x01" * 413) * 12

    with pytest.raises(RefusedError):
        headers_of(chain)


def test_an_encoder_that_counts_the_frame_of_the_total_itself_has_lost_nothing(studio: Studio) -> None:
    whole = studio.lame("-b", "64")
    at = whole.index(b"Info") + 8
    frames = int.from_bytes(whole[at : at + 4], "big")

    def counted(number: int) -> bytes:
        return whole[:at] + number.to_bytes(4, "big") + whole[at + 4 :]

    assert Shelf(counted(frames + 1)).probe().warnings == ()
    assert [warned.doubt for warned in Shelf(counted(frames + 2)).probe().warnings] == [Doubt.TRUNCATED]


@pytest.mark.parametrize("zeros", [1, BLOCK - 2, BLOCK - 1, BLOCK, 3 * BLOCK])
def test_the_first_frame_is_found_wherever_a_read_ends(zeros: int, studio: Studio) -> None:
    sound = studio.lame("-t", "-b", "64", rate=8_000)

    assert Shelf(bytes(zeros) + sound).probe().duration_seconds == Shelf(sound).probe().duration_seconds


def test_a_flac_frame_header_with_a_wrong_checksum_is_no_frame(studio: Studio) -> None:
    whole = studio.piped("flac")
    places = [match.start() for match in re.finditer(re.escape(whole[whole.index(b"\xff\xf8") :][:4]), whole)]
    last = whole[places[-1] :]
    number = last[4]
    forged = last[:4] + bytes([number + 1]) + bytes(12)

    assert number < 0x7F
    assert headers_of(whole + forged).duration_seconds == headers_of(whole).duration_seconds


def test_no_box_reaches_beyond_the_box_around_it() -> None:
    outer = box(b"traf", struct.pack(">I4s", 4_000_000, b"trun") + bytes(16))
    data = outer + bytes(5_000_000)

    (inner,) = Walk(Held(data)).inside(Box(b"traf", 8, len(outer)), b"trun")

    assert inner.end == len(outer)


def test_a_walk_over_boxes_without_end_gives_up() -> None:
    data = box(b"free", b"") * 50_000

    assert sum(1 for _ in Walk(Held(data)).boxes(0, len(data))) < 10_000


def test_only_the_sound_tracks_fragments_make_its_length() -> None:
    def traf(track: int, samples: int) -> bytes:
        told = box(b"tfhd", struct.pack(">III", 0x8, track, 100)) + box(b"trun", struct.pack(">II", 0, samples))
        return box(b"traf", told)

    data = box(b"moof", traf(7, 900) + traf(1, 10)) + box(b"mdat", b"sound")
    fragments = Fragments(1, 1_000, Defaults(), None, len(data))

    fragments.feed(data, 0)

    assert fragments.finish(headers_of(m4a(sound_entry(b"mp4a")))).duration_seconds == 1.0


def test_fragments_by_a_clock_last_as_long_as_those_from_zero(studio: Studio) -> None:
    options = ("-movflags", "frag_keyframe+empty_moov", "-frag_duration", "1000000")
    whole = studio.ffmpeg("m4a", *options)
    front, *rest = whole.split(b"tfdt")
    later = b"tfdt".join((front, *(part[:4] + b"\0\0\0\1" + part[8:] for part in rest)))

    assert later != whole
    assert Shelf(later).probe().duration_seconds == Shelf(whole).probe().duration_seconds


def _fragment(samples: int, *, begin: int | None = None, base: int | None = None, parts: int = 1) -> bytes:
    """A `moof` of samples of a tenth of a second; `base` is where its sound lies, told if it is."""
    place = b"" if base is None else base.to_bytes(8, "big")
    tfhd = box(b"tfhd", struct.pack(">II", 0x9 if place else 0x8, 1) + place + struct.pack(">I", 100))
    tfdt = b"" if begin is None else box(b"tfdt", struct.pack(">II", 0, begin))
    traf = box(b"traf", tfhd + tfdt + box(b"trun", struct.pack(">IIi", 0x1, samples, 0)))
    return box(b"moof", traf * parts)


def _sum(data: bytes, *, earlier: int = 0) -> Headers:
    fragments = Fragments(1, 1_000, Defaults(), None, len(data), earlier=earlier)
    fragments.feed(data, 0)
    return fragments.finish(headers_of(m4a(sound_entry(b"mp4a"))))


def test_fragments_go_on_behind_the_samples_in_the_index_with_and_without_a_clock() -> None:
    for begins in ((None, None), (2_000, 3_000), (None, 3_000), (2_000, None), (900_000, 901_000), (0, 1_000)):
        data = b"".join(_fragment(10, begin=begin) + box(b"mdat", b"sound") for begin in begins)

        assert _sum(data, earlier=2_000).duration_seconds == 4


def test_fragments_that_the_index_does_not_announce_are_not_added_to_a_full_one() -> None:
    stts = box(b"stts", struct.pack(">IIII", 0, 1, 100, 100))
    whole = m4a(sound_entry(b"mp4a"), more=stts)

    recording = Shelf(whole + _fragment(10) + box(b"mdat", b"sound")).probe()

    assert (recording.duration_seconds, recording.warnings) == (10, ())


def test_parts_of_a_fragment_that_do_not_say_when_they_begin_follow_each_other() -> None:
    assert _sum(_fragment(10, parts=3) + box(b"mdat", b"sound")).duration_seconds == 3


def test_a_pause_between_fragments_counts() -> None:
    data = b"".join(_fragment(10, begin=begin) + box(b"mdat", b"sound") for begin in (50_000, 53_000))

    assert _sum(data).duration_seconds == 4


@pytest.mark.parametrize(("base", "here"), [(8, 1.0), (12, 1.0), (13, 0.0), (0, 0.0), (4_000, 0.0)])
def test_a_fragment_at_the_end_is_whole_if_its_sound_lies_in_the_box_before_it(base: int, here: float) -> None:
    headers = _sum(box(b"mdat", b"sound") + _fragment(10, base=base))

    assert headers.duration_seconds == here
    assert (headers.truncated is None) == (here > 0)


def test_fragments_that_fall_short_of_what_the_index_promises_are_cut() -> None:
    told = box(b"tfhd", struct.pack(">II", 0, 1)) + box(b"trun", struct.pack(">II", 0, 10))
    data = box(b"moof", box(b"traf", told)) + box(b"mdat", b"sound")
    fragments = Fragments(1, 1_000, Defaults(100), 5.0, len(data))

    fragments.feed(data, 0)

    warned = fragments.finish(headers_of(m4a(sound_entry(b"mp4a")))).truncated
    assert warned == Doubtful(Doubt.TRUNCATED, 1.0, 5.0)


def test_a_fragment_whose_samples_have_lengths_of_their_own_counts_those_that_are_there() -> None:
    told = box(b"tfhd", struct.pack(">II", 0, 1)) + box(b"trun", struct.pack(">IIIIII", 0x301, 9_999, 0, 250, 8, 250))
    data = box(b"moof", box(b"traf", told)) + box(b"mdat", b"sound")
    fragments = Fragments(1, 1_000, Defaults(), None, len(data))

    fragments.feed(data, 0)

    assert fragments.finish(headers_of(m4a(sound_entry(b"mp4a")))).duration_seconds == 0.25


def test_fragments_that_fall_short_of_their_list_are_cut_also_where_a_fragment_ends(studio: Studio) -> None:
    whole = studio.ffmpeg("mp4", "-movflags", "dash+global_sidx", "-frag_duration", "500000")
    cut = whole[: whole.index(b"moof", len(whole) // 2) - 4]

    seconds = Shelf(whole).probe().duration_seconds

    assert Shelf(whole).probe().warnings == ()
    (warned,) = Shelf(cut).probe().warnings
    assert warned.doubt is Doubt.TRUNCATED
    assert warned.should_be == pytest.approx(seconds, abs=0.1)
