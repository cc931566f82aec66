"""The real encoders that make the corpus, and ffprobe's opinion. Debian: ffmpeg, lame, flac, sox, espeak-ng."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("ffmpeg", "lame", "flac", "sox", "espeak-ng")


class MissingToolError(Exception):
    """Raised where an encoder is not installed: without it the corpus would be silently poorer."""


def require_tools() -> None:
    """Raise MissingToolError with what to install."""
    missing = [tool for tool in (*PACKAGES, "ffprobe") if shutil.which(tool) is None]
    if missing:
        raise MissingToolError(
            f"The recordings corpus needs {', '.join(missing)}. On Debian: apt-get install {' '.join(PACKAGES)}"
        )


class ToolFailedError(Exception):
    """Raised where a tool does not take what it was given."""


def run(*command: str | Path) -> bytes:
    """What the command writes to stdout; raises ToolFailedError with what it said."""
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    if done.returncode:
        raise ToolFailedError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Opinion:
    """What ffprobe says: `duration` as the container tells it, `packets` as all its packets add up, in seconds."""

    duration: float
    packets: float
    channels: int
    sample_rate: int
    bit_rate: int


def ffprobe(path: Path) -> Opinion | None:
    """ffprobe's opinion of a recording; None where it refuses it."""
    shown = "stream=channels,sample_rate,bit_rate:format=duration,bit_rate:packet=duration_time"
    try:
        raw = run("ffprobe", "-v", "error", "-select_streams", "a:0", "-of", "json", "-show_entries", shown, path)
    except ToolFailedError:
        return None
    told = json.loads(raw)
    stream, form = told["streams"][0], told["format"]
    return Opinion(
        duration=float(form.get("duration", 0)),
        packets=sum(float(packet.get("duration_time", 0)) for packet in told["packets"]),
        channels=stream["channels"],
        sample_rate=int(stream["sample_rate"]),
        bit_rate=int(stream.get("bit_rate") or form.get("bit_rate") or 0),
    )


def packets(path: Path) -> list[tuple[int, int]]:
    """Where ffprobe finds the frames of a recording, and how long they are."""
    told = json.loads(run("ffprobe", "-v", "error", "-of", "json", "-show_entries", "packet=pos,size", path))
    return [(int(packet["pos"]), int(packet["size"])) for packet in told["packets"]]
