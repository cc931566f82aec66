"""Asks for the statuses of calls whose transcripts are awaited, also while nobody looks at them. Main thread."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event
from callup_desktop.engine.job import Job
from callup_desktop.presentation.transcripts import Transcripts
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.ui.timers import repeating

POLL_INTERVAL = 120_000
"""Milliseconds: a transcript takes minutes, and many programs ask."""


class TranscriptPoller(QObject):
    """Polls while there is something to await; runs from its making on."""

    found = Signal(object)
    """A Notification: transcripts are ready."""

    def __init__(
        self,
        commands: Commands,
        state: ViewState,
        transcripts: Transcripts,
        now: Callable[[], datetime],
        parent: QObject,
        *,
        every: int = POLL_INTERVAL,
    ) -> None:
        """`now` is the wall clock in UTC; `every` is in milliseconds."""
        super().__init__(parent)
        self._commands = commands
        self._state = state
        self._transcripts = transcripts
        self._now = now
        self._timer = repeating(self, every, self._poll)
        self._timer.start()

    def take(self, event: Event, sent: Job | None) -> None:
        """Hear what the engine reports; `sent` is the call that was sent by it."""
        notification = self._transcripts.take(event, sent)
        if notification is not None:
            self.found.emit(notification)

    def stop(self) -> None:
        """Ask no more."""
        self._timer.stop()

    @Slot()
    def _poll(self) -> None:
        status = self._state.status
        awaited = self._transcripts.awaited(self._now())
        if awaited and status is not None and status.online and status.blocked is None:
            self._commands.ask_statuses(awaited)
