"""Writes what the rep wants to keep into a file of the rep's choice. Main thread; a thread of its own writes."""

import queue
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from callup_desktop.config.atomic import write_atomically
from callup_desktop.engine.pool import Spawn, daemon_thread
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.timers import repeating

_POLL_INTERVAL = 50
"""Milliseconds between two looks for the answer of the thread, which may outlive this object."""


class SavedFile(QObject):
    """Asks where, writes there, and says how that went; a drive that hangs holds up nothing."""

    alert_raised = Signal(object)
    """An Alert: the file is there, or why it is not."""
    chosen = Signal(object)
    """Where the rep wants the file (Path)."""

    def __init__(self, window: QWidget, *, spawn: Spawn = daemon_thread) -> None:
        """The file dialog opens over `window`."""
        super().__init__(window)
        self._window = window
        self._spawn = spawn
        self._answers: queue.SimpleQueue[tuple[Path, OSError | None]] = queue.SimpleQueue()
        self._under_way = 0
        self._poll = repeating(self, _POLL_INTERVAL, self._on_poll)

    def ask(self, title: str, name: str, kind: str) -> None:
        """Let the rep choose a place; `name` is suggested, `kind` is the filter of the dialog."""
        dialog = QFileDialog(self._window, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kind)
        dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
        dialog.selectFile(name)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path, content: bytes) -> None:
        """Replace the file, or leave it whole; `alert_raised` follows."""
        self._under_way += 1
        self._poll.start()
        self._spawn("save a file", lambda: self._answers.put((path, _problem_of(path, content))))

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._poll.stop()

    @Slot(str)
    def _on_chosen(self, file: str) -> None:
        self.chosen.emit(Path(file))

    @Slot()
    def _on_poll(self) -> None:
        while not self._answers.empty():
            path, problem = self._answers.get_nowait()
            self._under_way -= 1
            if not self._under_way:
                self._poll.stop()
            self.alert_raised.emit(self._told(path, problem))

    def _told(self, path: Path, problem: OSError | None) -> Alert:
        if problem is None:
            return Alert(Tone.OK, self.tr("Saved: {name}").format(name=path.name), "")
        sentence = self.tr("{name} could not be saved: {reason}.")
        return Alert(Tone.BAD, sentence.format(name=path.name, reason=problem.strerror or problem), "")


def _problem_of(path: Path, content: bytes) -> OSError | None:
    try:
        write_atomically(path, content)
    except OSError as exc:
        return exc
    return None
