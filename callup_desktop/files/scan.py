"""Finds recordings among dropped files and in dropped folders. Any thread; blocks as long as the disk does."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a scan found: a dropped file, a folder, or a file in a folder that is named like a recording or not."""

    FILE = "file"
    FOLDER = "folder"
    RECORDING = "recording"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ScanEntry:
    """One path that a scan found."""

    path: Path
    kind: Kind


@dataclass(frozen=True, slots=True)
class Selection:
    """How the recordings in folders are named.

    `suffixes` are in lower case. `better` gives the name of the file that is taken in the place of the named one, where
    it lies beside it; "" where there is no such thing. `follows_links` off leaves out the links in a folder.
    """

    suffixes: frozenset[str]
    better: Callable[[str], str] = lambda _name: ""
    follows_links: bool = True


def scan(paths: Iterable[Path], selection: Selection) -> Iterator[ScanEntry]:
    """Yields every dropped file as FILE and the content of every dropped folder; never raises.

    A dropped file is yielded whatever it is: the probe judges it. In a folder, the selection decides between
    RECORDING and OTHER. Folders are searched in the order of names; each is yielded before its content, so that the
    caller can stop between two of them. Hidden entries are skipped. A folder that links back into itself is searched
    once. A folder that cannot be read is yielded as OTHER.
    """
    for path in paths:
        if _is_folder(path):
            yield from _scan_folder(path, selection)
        else:
            yield ScanEntry(path, Kind.FILE)


def _scan_folder(top: Path, selection: Selection) -> Iterator[ScanEntry]:
    yield ScanEntry(top, Kind.FOLDER)
    seen: set[tuple[int, int]] = set()
    # Folders may lie within each other by the thousand, deeper than calls may.
    under_way = [_content(top, selection, seen)]
    while under_way:
        entry = next(under_way[-1], None)
        if entry is None:
            under_way.pop()
            continue
        yield entry
        if entry.kind is Kind.FOLDER:
            under_way.append(_content(entry.path, selection, seen))


def _content(folder: Path, selection: Selection, seen: set[tuple[int, int]]) -> Iterator[ScanEntry]:
    """What is in the folder itself."""
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
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith(".") or (not selection.follows_links and entry.is_symlink()):
            continue
        if _is_folder(entry):
            yield ScanEntry(entry, Kind.FOLDER)
        else:
            wanted = entry.suffix.lower() in selection.suffixes and selection.better(entry.name) not in names
            yield ScanEntry(entry, Kind.RECORDING if wanted else Kind.OTHER)


def _is_folder(path: Path) -> bool:
    """Whether the path leads to a folder; False where it cannot be looked at, so that the probe says why."""
    try:
        return path.is_dir()
    except OSError:
        return False
