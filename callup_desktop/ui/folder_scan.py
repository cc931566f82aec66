"""What was dropped, looked at off the main thread: files as they are, folders walked for recordings. Owns a QThread."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from callup_desktop.recordings.formats import SUFFIXES

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class ScannedFiles:
    """Some of the files; `last` with the totals of all folders: recordings found, other files left out."""

    paths: tuple[Path, ...]
    last: bool = False
    folders: int = 0
    from_folders: int = 0
    left_out: int = 0


class FolderScan(QThread):
    """Walks one drop. A file is always taken (the probe says what is wrong); in a folder only recordings are."""

    found = Signal(object)

    def __init__(self, paths: tuple[Path, ...], parent: QObject | None = None) -> None:
        """Walk these, files and folders."""
        super().__init__(parent)
        self._paths = paths
        self._folders = self._from_folders = self._left_out = 0

    def run(self) -> None:
        """Report files in chunks, then the totals; ends early when interruption is requested."""
        chunk: list[Path] = []
        for path in self._files():
            chunk.append(path)
            if len(chunk) >= _CHUNK:
                self.found.emit(ScannedFiles(tuple(chunk)))
                chunk = []
            if self.isInterruptionRequested():
                return
        self.found.emit(
            ScannedFiles(
                tuple(chunk),
                last=True,
                folders=self._folders,
                from_folders=self._from_folders,
                left_out=self._left_out,
            )
        )

    def _files(self) -> Iterator[Path]:
        for path in self._paths:
            if _is_folder(path):
                self._folders += 1
                yield from self._recordings(path, set())
            else:
                yield path

    def _recordings(self, folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
        """Recordings below the folder in the order of names; hidden files are passed over, link loops end."""
        try:
            known = folder.stat()
            entries = sorted(folder.iterdir())
        except OSError:
            self._left_out += 1
            return
        if (known.st_dev, known.st_ino) in seen and known.st_ino:
            return
        seen.add((known.st_dev, known.st_ino))
        for entry in entries:
            if entry.name.startswith(".") or self.isInterruptionRequested():
                continue
            if _is_folder(entry):
                yield from self._recordings(entry, seen)
            elif entry.suffix.lower() in SUFFIXES:
                self._from_folders += 1
                yield entry
            else:
                self._left_out += 1


def _is_folder(path: Path) -> bool:
    """Whether to walk it; what cannot be asked is left to the probe, which says why."""
    try:
        return path.is_dir()
    except OSError:
        return False
