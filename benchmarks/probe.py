"""CPU seconds for the headers of 1,000 recordings, beside tinytag where it is installed: `python -m benchmarks.probe`.

tinytag trusts extensions and reads tags as well; it is here as a yardstick, not as an equal.
"""

import argparse
import importlib.util
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from callup_desktop.recordings.probe import inspect, probe
from tests.recordings.studio import Studio, id3

_ROUNDS = 3
_AGE = 3600.0
"""Seconds since the recordings were written."""


def main() -> None:
    """Make the files, measure each reader, print CPU seconds a 1,000 files and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    count: int = parser.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        files = _made(Path(folder), count)
        megabytes = sum(path.stat().st_size for path in files) / 1e6
        print(f"{count} files (MP3, WAV, M4A, FLAC), {megabytes:.0f} MB, best of {_ROUNDS} rounds, CPU seconds:")
        headers = _measured(files, inspect)
        print(f"  headers (inspect)             {headers:.3f}")
        whole = _measured(files, _probed)
        print(f"  headers and both checksums    {whole:.3f}   {megabytes / whole:.0f} MB/s")
        if importlib.util.find_spec("tinytag") is None:
            print("  tinytag is not installed: pip install tinytag")
            return
        tagged = _measured(files, _tagged)
        print(f"  tinytag                       {tagged:.3f}   tinytag / inspect = {tagged / headers:.2f}")


def _made(folder: Path, count: int) -> list[Path]:
    studio = Studio(folder)
    originals = [
        ("mp3", studio.lame("-b", "64")),
        ("wav", studio.wav(8_000).read_bytes()),
        ("m4a", studio.ffmpeg("m4a")),
        ("flac", studio.flac(rate=16_000, channels=1)),
        ("mp3", studio.lame("-t", "-V", "5")),
        ("mp3", id3(bytes(50_000)) + studio.lame("-V", "5")),
        ("m4a", studio.ffmpeg("m4a", "-movflags", "+faststart")),
        ("wav", studio.ffmpeg("wav", "-c:a", "pcm_mulaw", rate=8_000)),
    ]
    files, written = [], time.time() - _AGE
    for number in range(count):
        suffix, data = originals[number % len(originals)]
        path = folder / f"{number}.{suffix}"
        path.write_bytes(data)
        # As old as a rep's recordings are: a fresh one that does not tell its end is watched for two seconds.
        os.utime(path, (written, written))
        files.append(path)
    return files


def _probed(path: Path) -> object:
    return probe(path, cancelled=lambda: False, progress=lambda _done, _size: None)


def _tagged(path: Path) -> object:
    from tinytag import TinyTag  # type: ignore[import-not-found,unused-ignore] # for developers only

    return TinyTag.get(path)


def _measured(files: list[Path], read: Callable[[Path], object]) -> float:
    """The CPU seconds of the best round."""
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.process_time()
        for path in files:
            read(path)
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    main()
