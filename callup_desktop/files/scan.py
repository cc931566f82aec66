"""Finds recordings among dropped files and in dropped folders. Any thread; blocks as long as the disk does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a scan found: a dropped file, a folder, or a file in a folder with or without the suffix of a recording."""

    FILE = "file"
    FOLDER = "folder"
    RECORDING = "recording"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ScanEntry:
    """One path that a scan found."""

    path: Path
    kind: Kind


def scan(paths: Iterable[Path], suffixes: frozenset[str]) -> Iterator[ScanEntry]:
    """Yields every dropped file as FILE and the content of every dropped folder; never raises.

    A dropped file is yielded whatever it is: the probe judges it. In a folder, the lower-case suffix decides between
    RECORDING and OTHER. Folders are searched in the order of names; each is yielded before its content, so that the
    caller can stop between two of them. Hidden entries are skipped. A folder that links back into itself is searched
    once. A folder that cannot be read is yielded as OTHER.
    """
    for path in paths:
        if _is_folder(path):
            yield from _scan_folder(path, suffixes, set())
        else:
            yield ScanEntry(path, Kind.FILE)


def _scan_folder(folder: Path, suffixes: frozenset[str], seen: set[tuple[int, int]]) -> Iterator[ScanEntry]:
    yield ScanEntry(folder, Kind.FOLDER)
    try:
        found = folder.stat()
        entries = sorted(folder.iterdir())
    except OSError:
        yield ScanEntry(folder, Kind.OTHER)
        return
    # Some file systems have no inodes and answer 0 for each.
    if found.st_ino and (found.st_dev, found.st_ino) in seen:
        return
    seen.add((found.st_dev, found.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            yield from _scan_folder(entry, suffixes, seen)
        else:
            yield ScanEntry(entry, Kind.RECORDING if entry.suffix.lower() in suffixes else Kind.OTHER)


def _is_folder(path: Path) -> bool:
    """Whether the path leads to a folder; False where it cannot be looked at, so that the probe says why."""
    try:
        return path.is_dir()
    except OSError:
        return False
