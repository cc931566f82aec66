"""Brings removed calls back, for a short while. Main thread."""

import uuid
from dataclasses import fields

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.commands import Commands, DetailsChange
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.queue_summary import Alert, Remedy
from callup_desktop.presentation.rows import Tone
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.ui.timers import single_shot

UNDO_TIMEOUT = 10_000
"""Milliseconds in which a removal can be undone."""
_MOVING = frozenset({State.QUEUED, State.RUNNING})


class UndoRemove(QObject):
    """Knows the last removed calls. What is undone is a new call of the same recording with the same details.

    Removing is never delayed for it: whenever the program ends, what was removed is removed.
    """

    alert_raised = Signal(object)
    """An Alert with the remedy UNDO."""
    undone = Signal(object)
    """Ids of the calls that come back (tuple[str, ...]), before the engine is asked for them."""

    def __init__(self, commands: Commands, state: ViewState, parent: QObject, *, within: int = UNDO_TIMEOUT) -> None:
        """`within` is in milliseconds."""
        super().__init__(parent)
        self._commands = commands
        self._state = state
        self._removed: tuple[Job, ...] = ()
        self._timer = single_shot(self, within, self.forget)

    @Slot(object)
    def note(self, jobs: tuple[Job, ...]) -> None:
        """These calls were removed. One that has arrived is only off the list, and stays so."""
        self._removed = tuple(job for job in jobs if job.registered_at is None)
        if not self._removed:
            return
        count = len(self._removed)
        said = self.tr("{name} was removed.").format(name=self._removed[0].path.name)
        if count > 1:
            said = self.tr("%n calls were removed.", "", count)
        self._timer.start()
        self.alert_raised.emit(Alert(Tone.PLAIN, said, "", (Remedy.UNDO,)))

    @Slot()
    def undo(self) -> None:
        """Bring them back as they were: drafts as drafts, and what was on its way from its beginning."""
        jobs, self._removed = self._removed, ()
        self._timer.stop()
        # A cancel that came too late removed nothing.
        gone = [job for job in jobs if (now := self._state.jobs.get(job.id)) is None or now.state is State.CANCELLED]
        if not gone:
            return
        ids = tuple(str(uuid.uuid4()) for _ in gone)
        self.undone.emit(ids)
        self._commands.add(tuple(job.path for job in gone), ids=ids)
        for job, job_id in zip(gone, ids, strict=True):
            if job.details != Details():
                typed = {field.name: getattr(job.details, field.name) for field in fields(Details)}
                self._commands.describe((job_id,), DetailsChange(**typed))
            if job.state in _MOVING or job.send_asked_at is not None:
                self._commands.send((job_id,), anyway=job.accepted, again=job.send_again)

    @Slot()
    def forget(self) -> None:
        """It is too late to bring them back."""
        self._removed = ()
        self._timer.stop()
