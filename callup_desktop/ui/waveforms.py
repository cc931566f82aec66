"""Reads waveforms beside the window: one at a time, and only of what the rep rests on. Main thread; never blocks."""

import queue
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.engine.pool import Spawn, daemon_thread
from callup_desktop.ui.timers import repeating, single_shot

_REST = 150
"""Milliseconds that the rep stays at a call before its file is read: keys go through many."""
_POLL_INTERVAL = 30
"""Milliseconds between two looks for the answer of the thread, which may outlive this object."""
_MOST_KEPT = 64

Peaks = tuple[float, ...]


class Waveforms(QObject):
    """Knows the waveforms of the files that were looked at last."""

    found = Signal()
    """The waveform of the wanted file is there."""

    def __init__(self, parent: QObject | None = None, *, spawn: Spawn = daemon_thread) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._known: dict[Path, Peaks] = {}
        self._wanted: Path | None = None
        self._is_reading = False
        self._answers: queue.SimpleQueue[tuple[Path, Peaks]] = queue.SimpleQueue()
        self._rest = single_shot(self, _REST, self._read)
        self._poll = repeating(self, _POLL_INTERVAL, self._on_poll)

    def want(self, file: Path | None) -> Peaks:
        """The waveform of the file, as far as it is known; `found` follows if it is not. None wants none."""
        if file != self._wanted:
            self._wanted = file
            self._rest.stop()
            if file is not None and file not in self._known:
                self._rest.start()
        return self._known.get(file, ()) if file is not None else ()

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._rest.stop()
        self._poll.stop()

    @Slot()
    def _read(self) -> None:
        file, answers = self._wanted, self._answers
        if file is None or file in self._known or self._is_reading:
            return
        self._is_reading = True
        self._poll.start()
        self._spawn("read a waveform", lambda: answers.put((file, _read(file))))

    @Slot()
    def _on_poll(self) -> None:
        if self._answers.empty():
            return
        file, peaks = self._answers.get_nowait()
        self._is_reading = False
        self._poll.stop()
        self._known[file] = peaks
        if len(self._known) > _MOST_KEPT:
            del self._known[next(iter(self._known))]
        if file == self._wanted:
            self.found.emit()
        else:
            self._read()


def _read(file: Path) -> Peaks:
    """On the reader's thread: the window is painted before the readers of recordings are loaded."""
    from callup_desktop.recordings.waveform import waveform_of

    return waveform_of(file)
