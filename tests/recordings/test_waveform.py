"""The small picture of a recording: loud where it is loud, and made from a few reads."""

import math
import struct
import wave
from array import array
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from callup_desktop.files.access import FILE_SYSTEM, DiskFile
from callup_desktop.recordings.silence import mulaw
from callup_desktop.recordings.waveform import BARS, waveform_of

RATE = 8000
SECONDS = 24


def tone(second: int) -> list[float]:
    """Loud in every second second of the first half, silent in the rest."""
    loud = 0.8 if second < SECONDS // 2 and second % 2 else 0.0
    return [loud * math.sin(at / 5) for at in range(RATE)]


VALUES = [value for second in range(SECONDS) for value in tone(second)]


def pcm(path: Path, width: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(RATE)
        limit = 2 ** (8 * width - 1) - 1
        whole = [round(value * limit) for value in VALUES]
        if width == 1:
            file.writeframes(bytes(value + 128 for value in whole))
        else:
            file.writeframes(b"".join(value.to_bytes(width, "little", signed=True) for value in whole))
    return path


def other(path: Path, codec: int, data: bytes, width: int) -> Path:
    """A WAV of another coding than the standard library writes."""
    form = struct.pack("<HHIIHH", codec, 1, RATE, RATE * width, width, 8 * width)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return path


def floats(path: Path) -> Path:
    return other(path, 3, array("f", VALUES).tobytes(), 4)


def telephone(path: Path) -> Path:
    codes = {mulaw(code): code for code in range(256)}
    nearest = {value: codes[min(codes, key=lambda known: abs(known - value * 2**15))] for value in set(VALUES)}
    return other(path, 7, bytes(nearest[value] for value in VALUES), 1)


@pytest.mark.parametrize("make", [*(partial(pcm, width=width) for width in (1, 2, 3, 4)), floats, telephone])
def test_loud_and_silent_seconds_are_seen_in_every_coding(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    bars = waveform_of(make(tmp_path / "call.wav"))

    assert len(bars) == BARS
    for second in range(SECONDS):
        first, behind = second * BARS // SECONDS, (second + 1) * BARS // SECONDS
        loud = max(tone(second)) > 0
        assert all((0.7 < bar <= 1) if loud else bar < 0.02 for bar in bars[first:behind]), second


def test_a_large_recording_is_seen_by_a_few_reads(tmp_path: Path) -> None:
    reads: list[int] = []

    class Counted(DiskFile):
        def read_at(self, offset: int, length: int) -> bytes:
            reads.append(length)
            return super().read_at(offset, length)

    with wave.open(str(tmp_path / "large.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"\x00\x20" * 8_000_000)

    bars = waveform_of(tmp_path / "large.wav", machine=replace(FILE_SYSTEM, open=Counted))

    assert len(set(bars)) == 1
    assert sum(reads) < 1_500_000


def test_what_has_no_samples_to_see_has_no_waveform(tmp_path: Path) -> None:
    (tmp_path / "call.mp3").write_bytes(b"ID3" + bytes(5000))
    (tmp_path / "cut.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVE")

    assert waveform_of(tmp_path / "call.mp3") == ()
    assert waveform_of(tmp_path / "cut.wav") == ()
    assert waveform_of(tmp_path / "gone.wav") == ()


def test_a_file_in_the_cloud_is_not_fetched_for_its_picture(tmp_path: Path) -> None:
    path = pcm(tmp_path / "call.wav", 2)
    opened: list[Path] = []
    away = replace(
        FILE_SYSTEM,
        look=lambda path: replace(FILE_SYSTEM.look(path), online_only=True),
        open=lambda path: opened.append(path) or DiskFile(path),  # type: ignore[func-returns-value]  # None leads on
    )

    assert waveform_of(path, machine=away) == ()
    assert opened == []
