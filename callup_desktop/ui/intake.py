"""Takes recordings in: what is dropped, pasted, chosen, opened with us or handed over. Main thread."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot

from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.folder_scan import FolderScan, ScannedFiles


class Intake(QObject):
    """Turns a drop into paths, or into the sentence why there are none."""

    gathered = Signal(object)
    """Some paths (tuple[Path, ...])."""
    said = Signal(object)
    """An Alert: what came of the drop."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing under way."""
        super().__init__(parent)
        self._walks: list[FolderScan] = []

    def take_drop(self, data: QMimeData) -> None:
        """Take what was dropped or pasted."""
        urls = data.urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile()]
        if not paths and not urls:
            paths = _paths_in(data.text())
        if paths:
            self.take(paths)
            return
        self.said.emit(
            Alert(Tone.WARNING, self.tr("Save this attachment to your computer first, then drop it here."), "")
        )

    def take(self, paths: Iterable[Path]) -> None:
        """Take files and folders; folders are walked on a thread of their own."""
        walk = FolderScan(tuple(paths), self)
        self._walks.append(walk)
        walk.found.connect(self._on_found)
        walk.finished.connect(self._on_finished)
        walk.start()

    def stop(self) -> None:
        """End all walks; returns when their threads are gone."""
        for walk in self._walks:
            walk.requestInterruption()
        for walk in self._walks:
            walk.wait()
        self._walks.clear()

    @Slot(object)
    def _on_found(self, found: ScannedFiles) -> None:
        if found.paths:
            self.gathered.emit(found.paths)
        if found.last and found.folders:
            self.said.emit(Alert(Tone.PLAIN, self._folder_sentence(found), ""))

    def _folder_sentence(self, found: ScannedFiles) -> str:
        if not found.from_folders:
            return self.tr("There is no MP3, WAV, M4A or FLAC recording in this folder.")
        if not found.left_out:
            return self.tr("Added %n recording(s) from this folder.", "", found.from_folders)
        left_out = self.tr("1 other file was left out")
        if found.left_out > 1:
            left_out = self.tr("%n other files were left out", "", found.left_out)
        added = self.tr("Added %n recording(s) from this folder; {left_out}.", "", found.from_folders)
        return added.format(left_out=left_out)

    @Slot()
    def _on_finished(self) -> None:
        done = [walk for walk in self._walks if walk.isFinished()]
        self._walks = [walk for walk in self._walks if not walk.isFinished()]
        for walk in done:
            walk.deleteLater()


def _paths_in(text: str) -> list[Path]:
    """Pasted text that is nothing but full paths, one a line."""
    lines = [line.strip().strip('"') for line in text.splitlines() if line.strip()]
    paths = [Path(line) for line in lines]
    return paths if paths and all(path.is_absolute() for path in paths) else []
