"""Where well-known recorders keep their recordings. Any thread; looks at the disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TEAMS_FOLDERS = ("Recordings", "Aufzeichnungen")
"""What Teams calls its folder in OneDrive, in the languages of this program."""


@dataclass(frozen=True, slots=True)
class RecorderFolder:
    """The folder of one recorder."""

    recorder: str
    path: Path


def recorder_folders(home: Path, documents: Path) -> tuple[RecorderFolder, ...]:
    """The folders that there are on this computer; `documents` may be elsewhere than in `home`."""
    places = (
        RecorderFolder("Zoom", documents / "Zoom"),
        *(RecorderFolder("Teams", drive / name) for drive in _onedrives(home) for name in _TEAMS_FOLDERS),
    )
    return tuple(place for place in places if _is_folder(place.path))


def _onedrives(home: Path) -> Iterator[Path]:
    for parent in (home, home / "Library" / "CloudStorage"):
        try:
            yield from sorted(parent.glob("OneDrive*"))
        except OSError:
            continue


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
