"""Scans dropped files and folders on a QThread of its own; results come as signals."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from callup_desktop.files.scan import Kind, Selection, scan

_CHUNK = 200
"""Files in one signal: few enough that the window stays smooth while it adds them."""


@dataclass(frozen=True, slots=True)
class ScannedFiles:
    """Some of the files; the `last` one has the totals: folders, recordings found in them, other files left out."""

    paths: tuple[Path, ...]
    last: bool = False
    folders: int = 0
    from_folders: int = 0
    left_out: int = 0


class FolderScan(QThread):
    """Scans one drop; a dropped file is always reported, a file in a folder only if it is named like a recording."""

    found = Signal(object)
    """A ScannedFiles."""

    def __init__(self, paths: tuple[Path, ...], selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._paths = paths

    def run(self) -> None:
        """Report files in chunks, then the totals; ends early and without totals once interruption is requested."""
        chunk: list[Path] = []
        counts: Counter[Kind] = Counter()
        for entry in scan(self._paths, self._selection):
            if self.isInterruptionRequested():
                return
            counts[entry.kind] += 1
            if entry.kind in {Kind.FILE, Kind.RECORDING}:
                chunk.append(entry.path)
            if len(chunk) >= _CHUNK:
                self.found.emit(ScannedFiles(tuple(chunk)))
                chunk = []
        self.found.emit(
            ScannedFiles(
                tuple(chunk),
                last=True,
                folders=counts[Kind.FOLDER],
                from_folders=counts[Kind.RECORDING],
                left_out=counts[Kind.OTHER],
            )
        )
