"""Writes a recording that takes a while to send: `python -m installers.long_recording FILE.wav SECONDS`."""

import random
import sys
import wave
from pathlib import Path

_RATE = 44_100


def write(file: Path, seconds: int) -> None:
    """Stereo noise, 176,400 bytes a second; noise, as silence would be asked about."""
    noise = random.Random(seconds)  # noqa: S311 - the same bytes at every run
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(2)
        recording.setsampwidth(2)
        recording.setframerate(_RATE)
        for _ in range(seconds):
            recording.writeframes(noise.randbytes(4 * _RATE))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
