"""What must hold for any bytes at all; the Hypothesis tests and the atheris target share it."""

import json
import math

from callup_desktop.files.errors import Refusal, Wait
from callup_desktop.recordings.recording import Doubt
from callup_desktop.recordings.verdict import ProbeOutcome, Verdict
from tests.recordings.shelf import Shelf
from tests.recordings.studio import (
    Studio,
    boxes,
    chunk,
    gapless,
    id3,
    pcm_form,
    riff,
    sizes_of_wav,
    stream_info,
    vbri,
    with_moov,
)

_CODES = {*Doubt, *Refusal, *Wait}


def seeds(studio: Studio) -> dict[str, bytes]:
    """Small good recordings of every container, to be damaged."""
    short = ("-t", "0.6")
    bare = studio.lame("-t", "-V", "9", rate=8_000)[:3_000]
    wav = studio.ffmpeg("wav", *short)
    flac, front = studio.ffmpeg("flac", *short), chunk(b"JUNK", bytes(60))
    fast = studio.ffmpeg("m4a", *short, "-movflags", "+faststart")
    at = fast.index(b"mdat") - 4
    unedited = studio.ffmpeg("m4a", *short).replace(b"edts", b"free")
    inner = boxes(boxes(unedited)[b"moov"][8:])
    return {
        "mp3": studio.ffmpeg("mp3", *short),
        "mp3 bare": bare,
        "mp3 vbri": vbri(bare, 12),
        "mp3 tagged": id3(b"cover" * 20) + bare + b"TAG" + bytes(125),
        "wav": wav,
        "wav open": sizes_of_wav(wav, 0, 0),
        "wav killed": riff(pcm_form(), front, chunk(b"data", b"")) + wav[78:],
        "wav mp3": studio.ffmpeg("wav", *short, "-c:a", "libmp3lame"),
        "wav extensible": studio.ffmpeg("wav", *short, "-c:a", "pcm_s24le"),
        "rf64": studio.ffmpeg("wav", *short, "-rf64", "always"),
        "m4a": studio.ffmpeg("m4a", *short),
        "m4a fast": fast,
        "m4a to the end": fast[:at] + bytes(4) + fast[at + 4 :],
        "m4a told by itunes": with_moov(unedited, inner[b"mvhd"], inner[b"trak"], gapless(2_112, 576, 7_500)),
        "m4a with cover": studio.with_picture("mp4", *short, "-c:v", "mjpeg"),
        "m4a growing": studio.ffmpeg("m4a", *short, "-movflags", "frag_keyframe", "-frag_duration", "200000"),
        "m4a alac": studio.ffmpeg("m4a", *short, "-c:a", "alac"),
        "m4a fragmented": studio.ffmpeg("m4a", *short, "-movflags", "frag_keyframe+empty_moov"),
        "m4a dash": studio.ffmpeg("m4a", *short, "-movflags", "dash", "-frag_duration", "200000"),
        "mov": studio.ffmpeg("mov", *short, "-c:a", "aac"),
        "flac": flac,
        "flac says less": stream_info(flac, least=16, total=2_000),
        "flac unknown total": studio.piped("flac", *short),
        "aac": studio.ffmpeg("aac", *short),
        "ogg": studio.ffmpeg("ogg", *short, "-c:a", "libvorbis"),
    }


def unseen(whole: bytes, cut: int) -> bool:
    """Whether a cut there takes nothing that anyone can miss.

    A FLAC's last checksum may end with a zero. A WAV that lacks as many bytes as its header has, or as the head of a
    chunk, looks like one whose writer counted them as sound.
    """
    header = whole.index(b"data") + 8 if whole[8:12] == b"WAVE" else 0
    return not whole[cut:].strip(b"\0") or (header > 0 and len(whole) - cut in {header, header - 8, 8})


def videos(studio: Studio) -> dict[str, bytes]:
    """Small videos whose sound is taken, to be damaged."""
    fragments = ("-c:a", "aac", "-g", "2", "-movflags")
    return {
        "mp4": studio.video("mp4", "-c:a", "aac"),
        "mov": studio.video("mov", "-c:a", "aac", "-movflags", "+faststart"),
        "fragmented": studio.video("mp4", *fragments, "frag_keyframe+empty_moov"),
        "growing": studio.video("mp4", *fragments, "frag_keyframe"),
    }


def check(data: bytes, *, age: float = 86_400.0) -> Verdict:
    """The verdict on the bytes, after checking that it is one: sane figures, few reads, nothing left open."""
    shelf = Shelf(data, age=age)
    verdict = _checked(shelf, shelf.verdict_of())

    assert len(shelf.reads) < 100
    assert verdict.size == len(data)
    return verdict


def check_sound(data: bytes) -> Verdict:
    """The verdict where the sound of a video is taken, after checking that it is one."""
    shelf = Shelf(data)
    verdict = _checked(shelf, shelf.verdict_of_sound())

    assert len(shelf.reads) < 1_000
    return verdict


def _checked(shelf: Shelf, verdict: Verdict) -> Verdict:
    assert shelf.opened == 0
    assert json.loads(json.dumps(verdict.as_json()))["verdict"] in set(ProbeOutcome)
    assert (verdict.verdict is ProbeOutcome.OK) == (verdict.code is None)
    assert verdict.code is None or verdict.code in _CODES
    taken = verdict.verdict in {ProbeOutcome.OK, ProbeOutcome.WARNING}
    assert taken == (verdict.format is not None) == (verdict.crc64nvme is not None)
    seconds = verdict.duration_seconds
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)
    assert taken == (seconds is not None)
    return verdict
