"""Takes recordings in: dropped, pasted, chosen, or handed over by the system. Main thread."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from callup_desktop.files.scan import Selection
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.recordings.formats import VIDEO_SUFFIXES
from callup_desktop.ui.carried_files import carries_nothing, clipboard_data, files_in, split_profiles
from callup_desktop.ui.folder_scan import FolderScan, ScannedFiles


class Intake(QObject):
    """Finds the files of a drop, or says why there are none."""

    files_found = Signal(object)
    """Some of the files (tuple[Path, ...])."""
    profile_found = Signal(object)
    """A `.callup` file (Path): it is no recording, but may be imported."""
    alert_raised = Signal(object)
    """An Alert: the result of the drop."""

    def __init__(self, selection: Selection, window: QWidget) -> None:
        """`selection` is what is taken of a folder; the file dialog opens over `window`."""
        super().__init__(window)
        self._selection = selection
        self._window = window
        self._scans: list[FolderScan] = []

    @Slot()
    def choose(self) -> None:
        """Let the rep choose files."""
        dialog = QFileDialog(self._window, self.tr("Choose recordings"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        recordings = self.tr("Recordings (*.mp3 *.wav *.m4a *.flac *.mp4 *.mov)")
        dialog.setNameFilters([recordings, self.tr("All files (*)")])
        dialog.filesSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def paste(self) -> None:
        """Take what is on the clipboard."""
        data = clipboard_data()
        if carries_nothing(data):
            self._warn(self.tr("There is nothing to paste. Copy recordings first."))
        else:
            self.take_drop(data)

    def take_drop(self, data: QMimeData) -> None:
        """Take files and folders, as links or as a text of full paths."""
        paths = files_in(data)
        if paths:
            self.take(paths)
        elif carries_nothing(data):
            self._warn(self.tr("Nothing arrived. Save an attachment to your computer first; drag files here again."))
        else:
            self._warn(self.tr("Save this attachment to your computer first, then drop it here."))

    def _warn(self, sentence: str) -> None:
        self.alert_raised.emit(Alert(Tone.WARNING, sentence, ""))

    def take(self, paths: Iterable[Path]) -> None:
        """Take files and folders; a thread scans the folders, `files_found` follows; of profiles the first counts."""
        profiles, others = split_profiles(paths)
        if profiles:
            self.profile_found.emit(profiles[0])
        if others or not profiles:
            self._scan(others)

    def _scan(self, paths: tuple[Path, ...]) -> None:
        scan = FolderScan(paths, self._selection, self)
        self._scans.append(scan)
        scan.found.connect(self._on_found)
        scan.finished.connect(self._on_finished)
        scan.start()

    def stop(self) -> None:
        """End all scans; returns when their threads are gone."""
        for scan in self._scans:
            scan.requestInterruption()
        for scan in self._scans:
            scan.wait()
        self._scans.clear()

    @Slot(list)
    def _on_chosen(self, files: list[str]) -> None:
        self.take(Path(file) for file in files)

    @Slot(object)
    def _on_found(self, found: ScannedFiles) -> None:
        if found.paths:
            self.files_found.emit(found.paths)
        if found.last and found.folders:
            self.alert_raised.emit(Alert(Tone.PLAIN, self._folder_sentence(found), ""))

    def _folder_sentence(self, found: ScannedFiles) -> str:
        if not found.from_folders and self._selection.suffixes >= VIDEO_SUFFIXES:
            return self.tr("There is no MP3, WAV, M4A or FLAC recording in this folder, and no MP4 or MOV video.")
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
        finished = [scan for scan in self._scans if scan.isFinished()]
        self._scans = [scan for scan in self._scans if not scan.isFinished()]
        for scan in finished:
            scan.deleteLater()
