"""Asks the engine for the status of the sent calls in view. Main thread."""

import math
import time

from PySide6.QtCore import QObject, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.presentation.rows import Tab
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.ui.call_list.view import CallsView
from callup_desktop.ui.timers import repeating

_POLL_INTERVAL = 60_000
"""Milliseconds between two questions to the registry: a transcript takes minutes, and many windows ask."""
_LAST_STATUS = "completed"
"""The status after which the registry changes nothing."""


class StatusPoller(QObject):
    """Asks in one query for all calls in view, at most once in each interval, while the Sent tab is chosen."""

    def __init__(self, commands: Commands, state: ViewState, sent_view: CallsView) -> None:
        super().__init__(sent_view)
        self._commands = commands
        self._state = state
        self._view = sent_view
        self._polled_at = -math.inf
        self._timer = repeating(self, _POLL_INTERVAL, self.poll)

    @Slot(object)
    def on_tab_chosen(self, tab: Tab) -> None:
        """Start with the Sent tab, stop with any other."""
        if tab is Tab.SENT:
            self._timer.start()
            self.poll()
        else:
            self._timer.stop()

    @Slot()
    def poll(self) -> None:
        """Ask now, unless the last question is too recent, the registry cannot answer, or nobody sees the answer."""
        ids = self.unfinished_in_view()
        now = time.monotonic()
        due = now - self._polled_at >= _POLL_INTERVAL / 1000
        if ids and due and self._can_answer() and self._view.window().isVisible():
            self._polled_at = now
            self._commands.ask_statuses(ids)

    def unfinished_in_view(self) -> tuple[str, ...]:
        """The calls in view whose status can still change."""
        statuses = self._state.call_statuses
        return tuple(job_id for job_id in self._view.visible_ids() if statuses.get(job_id) != _LAST_STATUS)

    def _can_answer(self) -> bool:
        status = self._state.status
        return status is not None and status.online and status.blocked is None
