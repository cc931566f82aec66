"""The probe's verdict on one file as a value that a front end prints. Any thread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from callup_desktop.files.access import FILE_SYSTEM, FileSystem
from callup_desktop.files.errors import NotReadyError, Params, RefusedError
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.probe import probe
from callup_desktop.recordings.recording import Recording, VideoPolicy


class ProbeOutcome(StrEnum):
    """What the rep may do: send it, send it anyway, wait, or nothing."""

    OK = "ok"
    WARNING = "warning"
    UNFINISHED = "unfinished"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the probe found; `code` and `params` make the sentence, both empty where all is well."""

    file: str
    verdict: ProbeOutcome
    code: str | None = None
    params: Params = field(default_factory=dict)
    format: Format | None = None
    duration_seconds: float | None = None
    size: int | None = None
    crc64nvme: str | None = None

    def as_json(self) -> dict[str, str | int | float | None]:
        """The line that `callup probe` prints; seconds with three decimals."""
        seconds = self.duration_seconds
        return {
            "file": self.file,
            "verdict": self.verdict.value,
            "code": self.code,
            "format": self.format.value if self.format else None,
            "duration_seconds": None if seconds is None else round(seconds, 3),
            "size": self.size,
            "crc64nvme": self.crc64nvme,
        }


def verdict_of(
    path: Path,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _size: None,
    machine: FileSystem = FILE_SYSTEM,
    video: VideoPolicy = VideoPolicy.REFUSE,
) -> Verdict:
    """The verdict on the file; raises only ProbeStoppedError."""
    try:
        recording = probe(path, cancelled=cancelled, progress=progress, machine=machine, video=video)
    except RefusedError as exc:
        return Verdict(str(path), ProbeOutcome.REFUSED, exc.code.value, exc.params, size=_size(path, machine))
    except NotReadyError as exc:
        return Verdict(str(path), ProbeOutcome.UNFINISHED, exc.code.value, exc.params, size=_size(path, machine))
    return _accepted(path, recording)


def _accepted(path: Path, recording: Recording) -> Verdict:
    doubt = recording.warnings[0] if recording.warnings else None
    return Verdict(
        str(path),
        ProbeOutcome.WARNING if doubt else ProbeOutcome.OK,
        doubt.doubt.value if doubt else None,
        doubt.params if doubt else {},
        recording.format,
        recording.duration_seconds,
        recording.size,
        recording.crc64nvme,
    )


def _size(path: Path, machine: FileSystem) -> int | None:
    """The size of an ordinary file, None where there is none or it cannot be told."""
    try:
        state = machine.look(path)
    except (OSError, ValueError):
        return None
    return None if state.kind else state.size
