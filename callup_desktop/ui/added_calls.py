"""Adds found files as calls, and says which of them to select once they arrive. Main thread."""

import uuid
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from callup_desktop.engine.commands import Commands


class AddedCalls(QObject):
    """Follows the calls of the last drop from the command to their arrival."""

    def __init__(self, commands: Commands, parent: QObject) -> None:
        super().__init__(parent)
        self._commands = commands
        self._expected: set[str] = set()
        self._arrived: dict[str, None] = {}
        self._is_selection_due = False

    @Slot(object)
    def add(self, paths: tuple[Path, ...]) -> None:
        """Add a call for each file; they join a drop whose calls have not all arrived yet."""
        ids = tuple(str(uuid.uuid4()) for _ in paths)
        self.expect(ids)
        self._commands.add(paths, ids=ids)

    @Slot(object)
    def expect(self, ids: tuple[str, ...]) -> None:
        """Calls with these ids are being added."""
        if not self._expected:
            self._arrived = {}
        self._expected |= set(ids)

    def arrive(self, job_id: str) -> None:
        """The engine reported this call."""
        if job_id in self._expected:
            self._expected.discard(job_id)
            # Thousands of files arrive over seconds: the first one and the last one bring the selection.
            self._is_selection_due |= not self._arrived or not self._expected
            self._arrived[job_id] = None

    def take_selection(self) -> tuple[str, ...]:
        """The calls to select now, () to leave the selection as it is; the same answer is given only once."""
        due, self._is_selection_due = self._is_selection_due, False
        return tuple(self._arrived) if due else ()
