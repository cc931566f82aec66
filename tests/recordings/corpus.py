"""Every kind of file that a rep may drop, with the verdict it must get. `Corpus.write` makes them all."""

import os
import random
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from callup_desktop.files.errors import Refusal, Wait
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubt
from tests.recordings.studio import (
    Studio,
    ape,
    box,
    boxes,
    chunk,
    flac_frame,
    gapless,
    id3,
    id3v1,
    pcm_form,
    riff,
    sequence,
    sizes_of_wav,
    stream_info,
    vbri,
    with_moov,
)

OLD = 6 * 3600
"""Seconds since the last change of a file that nobody writes any more."""

Make = Callable[[Studio], bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """One file: how it is made, how old it is, and what must be said. `kind` is what a refusal names."""

    name: str
    make: Make
    format: Format | None = None
    code: Doubt | Wait | Refusal | None = None
    kind: str | None = None
    age: float = OLD

    @property
    def file(self) -> str:
        """The file's name; a name without an extension gets the one of its format."""
        return self.name if "." in self.name else f"{self.name}.{self.format or 'mp3'}"

    @property
    def good(self) -> bool:
        """Whether it is to be taken without a doubt."""
        return self.code is None


def good(name: str, form: Format, make: Make) -> Case:
    """A recording that is taken without a word."""
    return Case(name, make, form)


def doubted(name: str, form: Format, make: Make, doubt: Doubt = Doubt.TRUNCATED) -> Case:
    """A recording about which the rep is asked."""
    return Case(name, make, form, doubt)


def refused(name: str, make: Make, code: Refusal = Refusal.UNSUPPORTED, kind: str | None = None) -> Case:
    """A file that is never taken."""
    return Case(name, make, None, code, kind)


def waiting(name: str, make: Make) -> Case:
    """A file that its recorder has just written to."""
    return Case(name, make, None, Wait.UNFINISHED, age=10)


def write(cases: tuple[Case, ...], folder: Path) -> None:
    """Make the files in a new folder."""
    workshop = folder / "studio"
    workshop.mkdir(parents=True)
    studio = Studio(workshop)
    for number, case in enumerate(cases):
        path = _path_of(case, number, folder)
        path.parent.mkdir()
        path.write_bytes(case.make(studio))


def aged(cases: tuple[Case, ...], folder: Path) -> dict[str, Path]:
    """The files of the folder by the case's name, each as old as its case says.

    Only once all of them are made, for the encoders may take longer than a recorder is waited for.
    """
    made = {case.name: _path_of(case, number, folder) for number, case in enumerate(cases)}
    for case in cases:
        moment = time.time() - case.age
        os.utime(made[case.name], (moment, moment))
    return made


def _path_of(case: Case, number: int, folder: Path) -> Path:
    return folder / f"{number:03}" / case.file


# --- the pieces -------------------------------------------------------------------------------------------------------


def _lame(*options: str, rate: int = 44_100, channels: int = 2) -> Make:
    return lambda studio: studio.lame(*options, rate=rate, channels=channels)


def _ffmpeg(suffix: str, *options: str, rate: int = 16_000, channels: int = 1) -> Make:
    return lambda studio: studio.ffmpeg(suffix, *options, rate=rate, channels=channels)


def _flac(*options: str, rate: int = 44_100, channels: int = 2) -> Make:
    return lambda studio: studio.flac(*options, rate=rate, channels=channels)


def _half(make: Make) -> Make:
    def made(studio: Studio) -> bytes:
        whole = make(studio)
        return whole[: len(whole) // 2]

    return made


def _plain_mp3(studio: Studio) -> bytes:
    return studio.lame("-b", "64")


def _plain_wav(studio: Studio) -> bytes:
    return studio.wav().read_bytes()


def _plain_m4a(studio: Studio) -> bytes:
    return studio.ffmpeg("m4a", rate=44_100, channels=2)


def _fast_m4a(studio: Studio) -> bytes:
    return studio.ffmpeg("m4a", "-movflags", "+faststart", rate=44_100)


def _fragmented(studio: Studio) -> bytes:
    return studio.ffmpeg("m4a", "-movflags", "frag_keyframe+empty_moov", "-frag_duration", "1000000", rate=44_100)


def _plain_flac(studio: Studio) -> bytes:
    return studio.flac()


def _one_size(studio: Studio) -> bytes:
    """A FLAC of blocks of 1,152 samples, 16 kHz."""
    return studio.flac("-b", "1152", "--no-padding", rate=16_000, channels=1)


def _flac_by_samples(studio: Studio) -> bytes:
    """As Flake wrote: the frames are marked as those of one size, their numbers count samples."""
    front, *frames = studio.flac_frames(_one_size(studio))
    counted = [flac_frame(frame, number * 1_152) for number, frame in enumerate(frames)]
    return stream_info(front, least=576) + b"".join(counted)


def _part_of_flac(studio: Studio, first: int, end: int | None) -> bytes:
    """Some frames of a FLAC of 117 frames, as whoever joins a stream late gets them."""
    front, *frames = studio.flac_frames(_one_size(studio))
    return front + b"".join(frames[first:end])


def _bare_mp3(studio: Studio) -> bytes:
    """A variable rate, and no word about how long it is."""
    return studio.lame("-t", "-V", "5")


def _mdat_first(studio: Studio) -> bytes:
    """As old recorders write: the sound, then the index, its size in 64 bits."""
    data = bytearray(_plain_m4a(studio))
    at = data.index(b"free") - 4
    size = int.from_bytes(data[at + 8 : at + 12], "big")
    data[at : at + 16] = struct.pack(">I4sQ", 1, b"mdat", size + 8)
    return bytes(data)


def _without_edit(studio: Studio) -> bytes:
    """An M4A that does not tell what its encoder put around the sound; its index lies at its end."""
    return _plain_m4a(studio).replace(b"edts", b"free")


def _ticks_at(data: bytes) -> int:
    """Where the length of the sound stands in an M4A."""
    return data.rindex(b"mdhd") + 4 + 16


def _without_length(studio: Studio, told: bytes = bytes(4)) -> bytes:
    data = _without_edit(studio)
    at = _ticks_at(data)
    return data[:at] + told + data[at + 4 :]


def _told_by_itunes(studio: Studio, *, too_long: int = 0) -> bytes:
    data = _without_edit(studio)
    at = _ticks_at(data)
    inner, ticks = boxes(boxes(data)[b"moov"][8:]), int.from_bytes(data[at : at + 4], "big")
    told = gapless(2_112, 1_024, ticks - 3_136 + too_long)
    return with_moov(data, inner[b"mvhd"], inner[b"trak"], told)


def _foreign_track_first(studio: Studio) -> bytes:
    """As a phone records spatial sound, but with that track before the one that all players know."""
    data = _plain_m4a(studio)
    inner = boxes(boxes(data)[b"moov"][8:])
    at = inner[b"trak"].index(b"tkhd") + 4 + 15
    other = inner[b"trak"][:at] + b"\2" + inner[b"trak"][at + 1 :].replace(b"mp4a", b"apac")
    return with_moov(data, inner[b"mvhd"], other, inner[b"trak"])


def _video_behind_amr(studio: Studio) -> bytes:
    """As a phone records a video, with the track of its sound first."""
    data = studio.video("mp4", "-map", "1", "-map", "0", "-c:a", "aac")
    return with_moov(data, boxes(data)[b"moov"][8:].replace(b"mp4a", b"samr"))


def _later(studio: Studio) -> bytes:
    """Fragments by the clock of a server, which shows three hours."""
    front, *rest = _fragmented(studio).split(b"tfdt")
    hours = 3 * 3_600 * 44_100
    moved = (part[:4] + (int.from_bytes(part[4:12], "big") + hours).to_bytes(8, "big") + part[12:] for part in rest)
    return b"tfdt".join((front, *moved))


def _killed_m4a(studio: Studio) -> bytes:
    """Some samples in the index, the others in fragments that do not say when they begin."""
    return _growing(studio).replace(b"tfdt", b"free")


def _growing(studio: Studio) -> bytes:
    return studio.ffmpeg("m4a", "-movflags", "frag_keyframe", "-frag_duration", "1000000", rate=44_100)


def _killed_movie(studio: Studio, end: bytes = b"") -> bytes:
    """As QuickTime writes, until it is killed: each fragment behind the sound that it tells of."""
    made = fragment = b""
    for name, raw in sequence(_killed_m4a(studio)):
        if name == b"moof":
            fragment = raw
        elif name == b"mdat" and fragment:
            base, offset = fragment.index(b"tfhd") + 12, fragment.index(b"trun") + 12
            sound_at = (len(made) + 8).to_bytes(8, "big")
            made += raw + fragment[:base] + sound_at + fragment[base + 8 : offset] + bytes(4) + fragment[offset + 4 :]
        elif name != b"mfra":
            made += raw
    return made + end


def _entry(name: bytes) -> Make:
    """The M4A with another name for its sound's coding: what a shop's lock looks like."""

    def make(studio: Studio) -> bytes:
        data = _plain_m4a(studio)
        at = data.index(b"stsd") + 16
        return data[:at] + name + data[at + 4 :]

    return make


def _without_index(studio: Studio) -> bytes:
    parts = boxes(_plain_m4a(studio))
    return parts[b"ftyp"] + parts[b"free"] + parts[b"mdat"]


def _size_zero_mdat(studio: Studio, *options: str) -> bytes:
    """The sound runs to the end of the file, behind its index."""
    data = studio.ffmpeg("m4a", "-movflags", "+faststart", *options, rate=44_100)
    at = data.index(b"mdat") - 4
    return data[:at] + bytes(4) + data[at + 4 :]


def _longer_mdat(studio: Studio) -> bytes:
    """The box of the sound claims more than there is, its table does not."""
    data = _fast_m4a(studio)
    at = data.index(b"mdat") - 4
    size = int.from_bytes(data[at : at + 4], "big") + 5_000
    return data[:at] + size.to_bytes(4, "big") + data[at + 4 :]


def _brand(brand: bytes) -> Make:
    def make(studio: Studio) -> bytes:
        data = _plain_m4a(studio)
        return data[:8] + brand + data[12:]

    return make


def _bw64(studio: Studio) -> bytes:
    return b"BW64" + studio.ffmpeg("wav", "-rf64", "always")[4:]


def _samples(studio: Studio) -> bytes:
    data = _plain_wav(studio)
    return data[data.index(b"data") + 8 :]


def _killed(*before: bytes) -> Make:
    """A WAV whose recorder wrote the sizes of an empty one, then the sound, and never came back."""
    return lambda studio: riff(pcm_form(), *before, chunk(b"data", b"")) + _samples(studio)


def _counted_twice(make: Make, *, more: int) -> Make:
    """A WAV whose sizes count `more` bytes that are no sound, as those of the header."""

    def made(studio: Studio) -> bytes:
        data = make(studio)
        at = data.index(b"data") + 4
        size = int.from_bytes(data[at : at + 4], "little")
        return sizes_of_wav(data, len(data) - 8 + more, size + more)

    return made


def _late_speech(codec: str) -> Make:
    """A second: nothing, then from 0.26 s on something to hear."""
    sound = "if(gte(t,0.26),0.2*sin(1885*t),0)"
    source = ("-f", "lavfi", "-i", f"aevalsrc='{sound}':s=8000:d=1")
    return lambda studio: studio.generated("wav", *source, "-c:a", codec)


def _zip(*names: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


def _short(make: Make, missing: int) -> Make:
    """Without the last bytes."""
    return lambda studio: make(studio)[:-missing]


def _noise(size: int) -> bytes:
    return random.Random(5).randbytes(size)


def _dictated(mark: bytes) -> Make:
    """What a dictation device writes."""
    return lambda _: mark + bytes(2) + _noise(3_000)


def _eight_frames(studio: Studio) -> bytes:
    """Frames of 576 bytes each, nothing else."""
    return studio.lame("-t", "-b", "64", rate=8_000)[: 8 * 576]


_LOGIN = b"""\xef\xbb\xbf
<!-- sso -->
<!DOCTYPE html>
<html><head><title>Sign in</title></head><body>Please sign in to download call.mp3</body></html>
"""
_TEXT = "Notes of the call with Acme: they want the price in writing.\n" * 40
_AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50

MP3_CASES = (
    *(good(f"lame-cbr-{rate}", Format.MP3, _lame("-b", "64", rate=rate)) for rate in (8_000, 44_100)),
    good("lame-cbr-22050-mono", Format.MP3, _lame("-b", "32", rate=22_050, channels=1)),
    good("lame-cbr-32000-crc", Format.MP3, _lame("-p", "-b", "96", rate=32_000)),
    *(good(f"lame-vbr-{rate}", Format.MP3, _lame("-V", "5", rate=rate)) for rate in (11_025, 48_000)),
    good("lame-abr", Format.MP3, _lame("--abr", "56")),
    good("lame-cbr-no-info", Format.MP3, _lame("-t", "-b", "64")),
    good("lame-vbr-no-xing", Format.MP3, _bare_mp3),
    good("lame-vbr-no-xing-16000", Format.MP3, _lame("-t", "-V", "5", rate=16_000, channels=1)),
    good("ffmpeg-16000", Format.MP3, _ffmpeg("mp3")),
    good("ffmpeg-no-xing", Format.MP3, _ffmpeg("mp3", "-write_xing", "0", rate=48_000)),
    good("vbri", Format.MP3, lambda s: vbri(_bare_mp3(s), 328)),
    good("cover-of-600-kB", Format.MP3, lambda s: id3(_noise(600_000)) + _plain_mp3(s)),
    good(
        "three-id3-tags", Format.MP3, lambda s: id3(b"a") + id3(b"b" * 90_000, footer=True) + id3(b"c") + _plain_mp3(s)
    ),
    good("tags-behind", Format.MP3, lambda s: _plain_mp3(s) + ape() + id3v1()),
    good("id3-behind", Format.MP3, lambda s: _bare_mp3(s) + id3(bytes(50_000), footer=True)),
    good("ape-in-front", Format.MP3, lambda s: ape() + _bare_mp3(s) + ape(header=False)),
    good("leading-zeros", Format.MP3, lambda s: bytes(5_000) + _plain_mp3(s)),
    good("padded-tag", Format.MP3, lambda s: id3(b"x") + bytes(70_000) + _bare_mp3(s)),
    good("rubbish-in-front", Format.MP3, lambda s: b"ICY 200 OK\r\n\r\n" + _noise(3_000) + _bare_mp3(s)),
    good("two-joined", Format.MP3, lambda s: _plain_mp3(s) + _plain_mp3(s)),
    good("one-frame", Format.MP3, lambda s: _eight_frames(s)[:576]),
    good("mp3-padding-short", Format.MP3, _short(_lame("-t", "-b", "64", channels=1), 50)),
    good("mp3-padding-short-22050", Format.MP3, _short(_lame("-t", "-b", "64", rate=22_050), 50)),
    good("mp3-padding-short-crc", Format.MP3, _short(_lame("-t", "-p", "-b", "96"), 50)),
    good("mp3-padding-short-behind-vbr", Format.MP3, _short(_bare_mp3, 20)),
    good("mp3-padding-short-by-ffmpeg", Format.MP3, _short(_ffmpeg("mp3", "-write_xing", "0", rate=48_000), 50)),
    good("mp3-padding-short-before-id3v1", Format.MP3, lambda s: _bare_mp3(s)[:-20] + id3v1()),
    good("mp3-short-as-its-total-says", Format.MP3, lambda s: _total_of_what_is_here(_plain_mp3(s)[:-50])),
    good("mp3-padding-short-in-wav", Format.WAV, lambda s: _mp3_in_wav(s.lame("-t", "-b", "64")[:-50])),
    good("mp3-named.wav", Format.MP3, _plain_mp3),
    good("mp3-without-extension.", Format.MP3, _plain_mp3),
    doubted("mp3-cut", Format.MP3, _half(_plain_mp3)),
    doubted("mp3-vbr-cut", Format.MP3, _half(_lame("-V", "5"))),
    doubted("mp3-without-total-cut", Format.MP3, lambda s: _bare_mp3(s)[:20_001]),
    doubted("mp3-cut-in-its-last-side-information", Format.MP3, _short(_bare_mp3, 104 - 20)),
    doubted("mp3-with-total-padding-cut", Format.MP3, _short(_plain_mp3, 50)),
    doubted("mp3-zeros-at-the-end", Format.MP3, lambda s: s.lame("-t", "-b", "64")[:30_000] + bytes(20_000)),
)
WAV_CASES = (
    *(
        good(f"pcm-{codec}", Format.WAV, _ffmpeg("wav", "-c:a", codec, channels=2))
        for codec in (
            "pcm_u8",
            "pcm_s16le",
            "pcm_s24le",
            "pcm_s32le",
            "pcm_f32le",
            "pcm_f64le",
            "pcm_alaw",
            "pcm_mulaw",
        )
    ),
    good("wav-six-channels", Format.WAV, _ffmpeg("wav", "-ac", "6", rate=48_000)),
    good("wav-bext", Format.WAV, _ffmpeg("wav", "-write_bext", "1", "-metadata", "description=call")),
    good(
        "wav-list-behind", Format.WAV, lambda s: riff(pcm_form(), chunk(b"data", _samples(s)), chunk(b"LIST", b"INFO"))
    ),
    good(
        "wav-odd-chunk",
        Format.WAV,
        lambda s: riff(chunk(b"JUNK", b"odd"), pcm_form(), chunk(b"fact", b"\0\0\0\0"), chunk(b"data", _samples(s))),
    ),
    good("rf64", Format.WAV, _ffmpeg("wav", "-rf64", "always")),
    good("bw64", Format.WAV, _bw64),
    good("mp3-in-wav", Format.WAV, _ffmpeg("wav", "-c:a", "libmp3lame", rate=44_100)),
    good("wav-size-0", Format.WAV, lambda s: sizes_of_wav(_plain_wav(s), 0, 0)),
    good("wav-size-ffffffff", Format.WAV, lambda s: s.piped("wav")),
    good("wav-size-7fffffff", Format.WAV, lambda s: sizes_of_wav(_plain_wav(s), 0x7FFFF024, 0x7FFFF000)),
    good("rf64-open", Format.WAV, lambda s: _open_rf64(s)),
    good("wav-killed", Format.WAV, _killed()),
    good("wav-killed-by-core-audio", Format.WAV, _killed(chunk(b"JUNK", bytes(4_044)))),
    good("wav-killed-with-a-fact", Format.WAV, _killed(chunk(b"fact", bytes(4)))),
    good(
        "wav-killed-after-its-riff-size", Format.WAV, lambda s: sizes_of_wav(_plain_wav(s), len(_plain_wav(s)) - 8, 0)
    ),
    good("wav-counts-its-header", Format.WAV, _counted_twice(_plain_wav, more=44)),
    good("wav-counts-its-header-from-wave-on", Format.WAV, _counted_twice(_plain_wav, more=36)),
    good("wav-counts-the-head-of-its-chunk", Format.WAV, _counted_twice(_plain_wav, more=8)),
    good("wav-counts-a-long-header", Format.WAV, _counted_twice(_ffmpeg("wav"), more=78)),
    good("wav-counts-too-much-inside-a-right-riff", Format.WAV, lambda s: _data_too_long(s)),
    *(
        good(f"wav-late-speech-{codec}", Format.WAV, _late_speech(codec))
        for codec in (
            "pcm_u8",
            "pcm_s16le",
            "pcm_s24le",
            "pcm_s32le",
            "pcm_f32le",
            "pcm_f64le",
            "pcm_alaw",
            "pcm_mulaw",
        )
    ),
    good("wav-behind-id3", Format.WAV, lambda s: id3(b"x") + _plain_wav(s)),
    good("wav-named.mp3", Format.WAV, _plain_wav),
    doubted("wav-cut", Format.WAV, _half(_plain_wav)),
    doubted("rf64-cut", Format.WAV, _half(_ffmpeg("wav", "-rf64", "always"))),
    doubted("mp3-in-wav-cut", Format.WAV, _half(_ffmpeg("wav", "-c:a", "libmp3lame", rate=44_100))),
    doubted("wav-silent", Format.WAV, lambda s: s.sound("trim", "0", "4"), Doubt.SILENT),
    doubted(
        "wav-below-60-dBFS", Format.WAV, lambda s: s.sound("synth", "4", "sine", "300", "vol", "-62dB"), Doubt.SILENT
    ),
    good("wav-above-60-dBFS", Format.WAV, lambda s: s.sound("synth", "4", "sine", "300", "vol", "-58dB")),
    waiting("wav-still-recorded.wav", lambda s: sizes_of_wav(_plain_wav(s), 0, 0)),
    waiting("wav-just-begun.wav", lambda s: sizes_of_wav(_plain_wav(s), 0, 0)[:44]),
    refused("wav-without-sound.wav", lambda _: riff(pcm_form(), chunk(b"data", b"")), Refusal.EMPTY),
    refused(
        "wav-without-sound-but-with-words.wav",
        lambda _: riff(
            pcm_form(), chunk(b"data", b""), chunk(b"LIST", b"INFOINAM\4\0\0\0call"), chunk(b"id3 ", id3(b"x"))
        ),
        Refusal.EMPTY,
    ),
    refused("wav-header-only.wav", lambda s: sizes_of_wav(_plain_wav(s), 0, 0)[:44], Refusal.EMPTY),
    refused("wav-without-form.wav", lambda _: riff(chunk(b"data", bytes(64))), Refusal.CORRUPT),
    refused("wav-no-channels.wav", lambda s: riff(pcm_form(channels=0), chunk(b"data", _samples(s))), Refusal.CORRUPT),
    refused("wav-gsm.wav", lambda s: s.sox("wav", "-e", "gsm-full-rate", rate=8_000), kind="WAV (GSM)"),
    refused("wav-adpcm.wav", _ffmpeg("wav", "-c:a", "adpcm_ms"), kind="WAV (Microsoft ADPCM)"),
)
M4A_CASES = (
    *(good(f"aac-{rate}", Format.M4A, _ffmpeg("m4a", rate=rate)) for rate in (8_000, 16_000, 48_000)),
    good("aac-stereo", Format.M4A, _plain_m4a),
    good("aac-faststart", Format.M4A, _fast_m4a),
    good("alac", Format.M4A, _ffmpeg("m4a", "-c:a", "alac", rate=44_100, channels=2)),
    *(good(f"brand-{brand.decode().strip()}", Format.M4A, _brand(brand)) for brand in (b"isom", b"mp42", b"dash")),
    good("quicktime.mov", Format.M4A, _ffmpeg("mov", "-c:a", "aac", rate=44_100)),
    good("audio-only.mp4", Format.M4A, _ffmpeg("mp4")),
    good("fragmented", Format.M4A, _fragmented),
    good("fragmented-one", Format.M4A, _ffmpeg("m4a", "-movflags", "frag_keyframe+empty_moov")),
    good("fragmented-dash", Format.M4A, _ffmpeg("m4a", "-movflags", "dash", "-frag_duration", "1000000")),
    good("mdat-first-64-bit", Format.M4A, _mdat_first),
    good("mdat-to-the-end", Format.M4A, _size_zero_mdat),
    good("m4a-rubbish-behind", Format.M4A, lambda s: _plain_m4a(s) + b"\0\0\0\3junk" + bytes(50)),
    good("m4a-foreign-track-first", Format.M4A, _foreign_track_first),
    good(
        "m4a-dolby-first",
        Format.M4A,
        _ffmpeg("mp4", "-map", "0", "-map", "0", "-c:a:0", "ac3", "-c:a:1", "aac", rate=48_000, channels=2),
    ),
    good("m4a-without-length", Format.M4A, _without_length),
    good("m4a-of-unknown-length", Format.M4A, lambda s: _without_length(s, b"\xff" * 4)),
    good("m4a-told-by-itunes", Format.M4A, _told_by_itunes),
    good("m4a-told-wrong-by-itunes", Format.M4A, lambda s: _told_by_itunes(s, too_long=9_999)),
    good("m4a-cover-as-track", Format.M4A, lambda s: s.with_picture("mp4", "-c:v", "mjpeg")),
    good(
        "m4a-cover-as-png-track", Format.M4A, lambda s: s.with_picture("mp4", "-c:v", "png", "-map", "1", "-map", "0")
    ),
    good("m4a-cover-as-h264-track", Format.M4A, lambda s: s.with_picture("mp4", "-c:v", "libx264")),
    good("fragmented-by-a-clock", Format.M4A, _later),
    good("fragmented-behind-samples", Format.M4A, _growing),
    good("fragmented-behind-samples-without-clock", Format.M4A, _killed_m4a),
    good("movie-killed", Format.M4A, _killed_movie),
    good(
        "movie-killed-in-a-fragment",
        Format.M4A,
        lambda s: _killed_movie(s, box(b"wide", b"") + box(b"mdat", b"x" * 900)),
    ),
    good("m4a-claims-more-than-its-sound", Format.M4A, _longer_mdat),
    good("m4a-named.mp3", Format.M4A, _plain_m4a),
    doubted("m4a-faststart-cut", Format.M4A, _half(_fast_m4a)),
    doubted("m4a-mdat-to-the-end-cut", Format.M4A, _half(_size_zero_mdat)),
    doubted("m4a-claims-more-than-its-sound-cut", Format.M4A, _half(_longer_mdat)),
    doubted("alac-mdat-to-the-end-cut", Format.M4A, _half(lambda s: _size_zero_mdat(s, "-c:a", "alac"))),
    doubted("fragmented-by-a-clock-cut", Format.M4A, _half(_later)),
    doubted("movie-killed-cut", Format.M4A, _half(_killed_movie)),
    doubted("movie-killed-in-the-sound-of-a-fragment", Format.M4A, lambda s: _killed_movie(s, b"\0\0\1\0mdatx")),
    doubted("fragmented-cut", Format.M4A, _half(_fragmented)),
    waiting("m4a-still-recorded.m4a", _without_index),
    waiting("m4a-being-copied.m4a", _half(_plain_m4a)),
    refused("m4a-never-finished.m4a", _without_index, Refusal.CORRUPT),
    refused("m4a-cut.m4a", _half(_plain_m4a), Refusal.CORRUPT),
    *(refused(f"locked-{name.decode()}.m4a", _entry(name), Refusal.PROTECTED) for name in (b"drms", b"enca", b"aavd")),
    refused("video.mp4", lambda s: s.video("mp4", "-c:a", "aac"), Refusal.VIDEO, "MP4 video"),
    refused("video-fragmented.m4a", lambda s: s.video("mp4", "-movflags", "empty_moov"), Refusal.VIDEO, "MP4 video"),
    refused("video-behind-amr.3gp", _video_behind_amr, Refusal.VIDEO, "MP4 video"),
    refused("video-of-pictures.mp4", lambda s: s.video("mp4", "-c:v", "mjpeg", "-c:a", "aac"), Refusal.VIDEO),
    refused("video-of-photos.mov", lambda s: s.video("mov", "-c:v", "mjpeg", "-c:a", "aac"), Refusal.VIDEO),
    refused("mp3-in.mp4", _ffmpeg("mp4", "-c:a", "libmp3lame", rate=44_100), kind="MP4 (MP3)"),
    refused("mp3-of-22050-in.m4a", _ffmpeg("mp4", "-c:a", "libmp3lame", rate=22_050), kind="MP4 (MP3)"),
    refused("mp3-in.mov", _ffmpeg("mov", "-c:a", "libmp3lame", rate=44_100), kind="MP4 (MP3)"),
    refused("vorbis-in.mp4", _ffmpeg("mp4", "-c:a", "libvorbis", rate=44_100), kind="MP4 (Vorbis)"),
    refused("opus-in.mp4", _ffmpeg("mp4", "-c:a", "libopus", rate=48_000), kind="MP4 (Opus)"),
    refused("flac-in.mp4", _ffmpeg("mp4", "-c:a", "flac", "-strict", "-2"), kind="MP4 (FLAC)"),
    refused("photo.heic", lambda _: box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(40)), kind="HEIC"),
)
FLAC_CASES = (
    *(good(f"flac-{rate}", Format.FLAC, _flac(rate=rate, channels=1)) for rate in (8_000, 48_000)),
    good("flac-stereo", Format.FLAC, _plain_flac),
    good("flac-24-bit", Format.FLAC, _ffmpeg("flac", "-sample_fmt", "s32", rate=96_000, channels=2)),
    good("flac-small-blocks", Format.FLAC, _flac("-b", "192", rate=16_000, channels=1)),
    good("flac-by-ffmpeg", Format.FLAC, _ffmpeg("flac")),
    good("flac-unknown-total", Format.FLAC, lambda s: s.piped("flac")),
    good("flac-behind-id3", Format.FLAC, lambda s: id3(b"x" * 300) + _plain_flac(s)),
    good("flac-with-id3v1", Format.FLAC, lambda s: _plain_flac(s) + id3v1()),
    good("flac-large-padding", Format.FLAC, _flac("-P", "300000")),
    good("flac-named.m4a", Format.FLAC, _plain_flac),
    good("flac-numbered-by-samples", Format.FLAC, _flac_by_samples),
    good("flac-numbered-as-all-blocks-of-one-size", Format.FLAC, lambda s: stream_info(_one_size(s), least=576)),
    good("flac-without-block-sizes", Format.FLAC, lambda s: stream_info(_one_size(s), least=0, block=0)),
    good("flac-says-half", Format.FLAC, lambda s: stream_info(_one_size(s), total=60_000)),
    good("flac-of-one-frame-says-less", Format.FLAC, lambda s: stream_info(_part_of_flac(s, 0, 1), total=60)),
    good("flac-says-one-sample-before-id3v1", Format.FLAC, lambda s: stream_info(_plain_flac(s), total=1) + id3v1()),
    good("flac-part-of-a-stream", Format.FLAC, lambda s: stream_info(_part_of_flac(s, 40, 90), total=0)),
    good("flac-part-that-knows-its-length", Format.FLAC, lambda s: stream_info(_part_of_flac(s, 40, 90), total=57_600)),
    good("flac-end-of-a-stream", Format.FLAC, lambda s: _part_of_flac(s, 40, None)),
    doubted("flac-numbered-by-samples-cut", Format.FLAC, _half(_flac_by_samples)),
    doubted("flac-says-half-cut", Format.FLAC, lambda s: stream_info(_one_size(s), total=60_000)[:-50]),
    doubted("flac-part-of-a-stream-cut", Format.FLAC, lambda s: stream_info(_part_of_flac(s, 40, 90), total=0)[:-50]),
    doubted("flac-part-that-lacks-a-part", Format.FLAC, lambda s: _part_of_flac(s, 40, 90)),
    doubted("flac-cut", Format.FLAC, _half(_plain_flac)),
    doubted("flac-last-bytes-missing", Format.FLAC, lambda s: _plain_flac(s)[:-3]),
    doubted("flac-unknown-total-cut", Format.FLAC, lambda s: s.piped("flac")[:-100]),
    doubted("flac-zeros-at-the-end", Format.FLAC, lambda s: _plain_flac(s)[:200_000] + bytes(300_000)),
    refused("flac-no-rate.flac", lambda s: _flac_without_rate(s), Refusal.CORRUPT),
    refused("flac-only-header.flac", lambda s: _plain_flac(s)[:60], Refusal.CORRUPT),
)
FOREIGN_CASES = (
    refused("ogg-vorbis.ogg", _ffmpeg("ogg", "-c:a", "libvorbis"), kind="Ogg Vorbis"),
    refused("ogg-opus.mp3", _ffmpeg("ogg", "-c:a", "libopus", rate=48_000), kind="Ogg Opus"),
    refused("ogg-flac.flac", _ffmpeg("ogg", "-c:a", "flac"), kind="Ogg FLAC"),
    refused("wma.wma", _ffmpeg("wma"), kind="WMA"),
    refused("wmv.wma", lambda s: s.video("wmv"), Refusal.VIDEO, "WMV video"),
    refused("aiff.wav", _ffmpeg("aiff"), kind="AIFF"),
    refused("caf.m4a", _ffmpeg("caf"), kind="CAF"),
    refused("w64.wav", _ffmpeg("w64"), kind="W64"),
    refused("webm.mp3", _ffmpeg("webm", rate=48_000), kind="WebM"),
    refused("webm-video.mp3", lambda s: s.video("webm", "-c:v", "libvpx"), Refusal.VIDEO, "WebM video"),
    refused("matroska.mka", _ffmpeg("mka", "-c:a", "aac"), kind="Matroska"),
    refused("matroska-video.mp3", lambda s: s.video("mkv"), Refusal.VIDEO, "Matroska video"),
    refused("avi.wav", lambda s: s.video("avi"), Refusal.VIDEO, "AVI video"),
    refused("mpeg-ts.mp3", lambda s: s.video("ts"), Refusal.VIDEO, "MPEG-TS video"),
    refused("mpeg.mp3", lambda s: s.video("mpg", "-r", "25"), Refusal.VIDEO, "MPEG video"),
    refused("flash.mp3", _ffmpeg("flv", rate=44_100), kind="FLV"),
    refused("flash-video.mp3", lambda s: s.video("flv", "-ar", "44100"), Refusal.VIDEO, "FLV video"),
    refused("amr.m4a", lambda _: _AMR, kind="AMR"),
    refused("raw-aac.m4a", _ffmpeg("aac"), kind="raw AAC"),
    refused("raw-aac-behind-id3.mp3", lambda s: id3(b"x") + s.ffmpeg("aac"), kind="raw AAC"),
    refused("raw-aac-behind-a-stray-byte.mp3", lambda s: id3(b"x") + b"E" + s.ffmpeg("aac"), kind="raw AAC"),
    refused("raw-aac-behind-rubbish.m4a", lambda s: _noise(30_000) + s.ffmpeg("aac"), kind="raw AAC"),
    refused("raw-aac-from-the-middle.aac", lambda s: s.ffmpeg("aac")[1_001:], kind="raw AAC"),
    refused("raw-aac-in-loas.aac", _ffmpeg("latm", "-c:a", "aac"), kind="raw AAC"),
    refused("mp2.mp3", _ffmpeg("mp2"), kind="MP2"),
    refused("mp2-behind-a-stray-byte.mp3", lambda s: id3(b"x") + b"E" + s.ffmpeg("mp2"), kind="MP2"),
    refused("mp2-from-the-middle.mp3", lambda s: s.ffmpeg("mp2")[1_001:], kind="MP2"),
    *(
        refused(f"dictated-{mark.hex()}.dss", _dictated(mark), kind="DSS")
        for mark in (b"\2dss", b"\3dss", b"\6dss", b"\x0cdss", b"\3ds2", b"\7ds2")
    ),
    refused("dictated.msv", _dictated(b"MS_VOICE"), kind="DVF"),
    refused("sun.au", _ffmpeg("au"), kind="AU"),
    refused("big-endian.wav", lambda s: b"RIFX" + _plain_wav(s)[4:], kind="big-endian WAV"),
    refused("wavpack.wav", _ffmpeg("wv"), kind="WavPack"),
    refused("invoice.mp3", lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(2_000), kind="PDF"),
    refused("login.mp3", lambda _: _LOGIN, Refusal.WEB_PAGE),
    refused("login-utf16.mp3", lambda _: _LOGIN.decode("utf-8-sig").encode("utf-16"), Refusal.WEB_PAGE),
    refused("login-xhtml.wav", lambda _: b'<?xml version="1.0"?>\n<html lang="en">' + b" " * 99, Refusal.WEB_PAGE),
    refused("archive.mp3", lambda _: _zip("call.txt"), kind="ZIP"),
    refused("letter.m4a", lambda _: _zip("[Content_Types].xml", "word/document.xml"), kind="Word (DOCX)"),
    refused("sheet.m4a", lambda _: _zip("[Content_Types].xml", "xl/workbook.xml"), kind="Excel (XLSX)"),
    refused(
        "mail.msg",
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        kind="Microsoft Office or Outlook",
    ),
    refused("photo.mp3", lambda s: s.picture("jpg"), kind="JPEG"),
    refused("screenshot.mp3", lambda s: s.picture("png"), kind="PNG"),
    refused("notes.mp3", lambda _: _TEXT.encode(), kind="text"),
    refused("notes-utf16.mp3", lambda _: _TEXT.encode("utf-16"), kind="text"),
    refused("free-text.m4a", lambda _: b"The free lunch that skip the moov" * 9, kind="text"),
    refused("notes-latin1.mp3", lambda _: ("Tr\u00e8s int\u00e9ress\u00e9. " * 90).encode("latin-1"), kind="text"),
    refused("answer.mp3", lambda _: b'{"error": "signed out"}', kind="JSON"),
    refused("calls.mp3", lambda _: b'[\n  {"call": 1}\n]', kind="JSON"),
    refused("settings.mp3", lambda _: b'[project]\nname = "callup"\n', kind="text"),
    refused("list.mp3", lambda _: b"#EXTM3U\ncall.mp3\n", kind="playlist"),
    refused("._call.mp3", lambda _: b"\0\x05\x16\x07\0\x02\0\0Mac OS X" + bytes(4_000), kind="macOS side"),
    refused("nothing.mp3", lambda _: b"", Refusal.EMPTY),
    refused("zeros.mp3", lambda _: bytes(50_000), Refusal.EMPTY),
    refused("zeros.m4a", lambda _: bytes(700_000), Refusal.EMPTY),
    refused("one-zero.wav", lambda _: b"\0", Refusal.EMPTY),
    refused("free-format.mp3", lambda s: s.lame("-t", "--freeformat", "-b", "400"), kind="free-format MP3"),
    refused("free-format-22050.mp3", lambda s: s.lame("--freeformat", "-b", "64", rate=22_050), kind="free-format MP3"),
    refused("noise.mp3", lambda _: _noise(400_000), Refusal.CORRUPT, "unknown"),
    refused("noise-little.wav", lambda _: _noise(37), Refusal.CORRUPT, "unknown"),
    refused("only-a-tag.mp3", lambda _: id3(_noise(9_000)), Refusal.CORRUPT, "MP3"),
    refused("cut-in-its-tag.mp3", lambda s: (id3(_noise(9_000)) + _plain_mp3(s))[:5_000], Refusal.CORRUPT),
    refused("four-frames-of-rubbish.mp3", lambda s: _noise(900) + _eight_frames(s)[: 4 * 576], Refusal.CORRUPT),
)
CASES = (*MP3_CASES, *WAV_CASES, *M4A_CASES, *FLAC_CASES, *FOREIGN_CASES)


def _open_rf64(studio: Studio) -> bytes:
    """An RF64 whose recorder never came back to write its sizes."""
    data = bytearray(studio.ffmpeg("wav", "-rf64", "always"))
    at = data.index(b"ds64") + 8
    data[at : at + 24] = b"\xff" * 24
    return bytes(data)


def _total_of_what_is_here(data: bytes) -> bytes:
    """The MP3 with its own size in its header, as an encoder writes that does not fill its last frame."""
    at = data.index(b"Info") + 12
    return data[:at] + len(data).to_bytes(4, "big") + data[at + 4 :]


def _mp3_in_wav(data: bytes) -> bytes:
    form = chunk(b"fmt ", struct.pack("<HHIIHHHHIHHH", 0x55, 2, 44_100, 8_000, 1, 0, 12, 1, 2, 1, 1, 0))
    return riff(form, chunk(b"data", data))


def _data_too_long(studio: Studio) -> bytes:
    """The RIFF ends where the file ends, its sound claims eight bytes more."""
    data = _plain_wav(studio)
    return sizes_of_wav(data, len(data) - 8, len(data) - 36)


def _flac_without_rate(studio: Studio) -> bytes:
    data = bytearray(_plain_flac(studio))
    data[18:21] = b"\0\0" + bytes([data[20] & 0x0F])
    return bytes(data)
