"""Asks the engine for the status of the sent calls in view. Main thread."""

import math
from time import monotonic

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.errors import Code
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tab, Tone
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.ui.queue_page import QueuePage
from callup_desktop.ui.timers import repeating

_INTERVAL = 50.0
"""Seconds between two questions about one call: with a tick and the answer, a status is shown within a minute."""
TICK = 5_000
"""Milliseconds between two looks at which calls are in view."""
_LAST_STATUS = "completed"
"""The status after which the registry changes nothing."""
_NOT_THE_REGISTRYS = frozenset(
    {Code.ACCESS_DENIED, Code.WRONG_BUCKET, Code.ENCRYPTION_DENIED, Code.KEYS_REVOKED, Code.KEYS_WRONG}
    | {Code.NO_CREDENTIALS, Code.STORAGE_BUSY, Code.QUEUE_DENIED, Code.QUEUE_UNREACHABLE, Code.CLOCK_WRONG}
)
"""Troubles of the other services, which the registry does not share."""


class StatusPoller(QObject):
    """Asks in one query for all calls in view that are due, each at most once in an interval."""

    alert_raised = Signal(object)
    """An Alert: the rep asked, and the registry cannot be asked."""

    def __init__(self, commands: Commands, state: ViewState, page: QueuePage) -> None:
        """Begin to look."""
        super().__init__(page)
        self._commands = commands
        self._state = state
        self._page = page
        self._asked_at: dict[str, float] = {}
        self._timer = repeating(self, TICK, self.poll)
        self._timer.start()

    @Slot(object)
    def on_tab_chosen(self, _tab: Tab) -> None:
        """Other calls are in view."""
        self.poll()

    @Slot()
    def poll(self) -> None:
        """Ask for what is due, unless the registry cannot answer or nobody sees the answer."""
        if self._page.window().isVisible() and self._can_answer():
            now = monotonic()
            ids = self.unfinished_in_view()
            self._ask(tuple(job_id for job_id in ids if now - self._asked_at.get(job_id, -math.inf) >= _INTERVAL))

    @Slot()
    def refresh(self) -> None:
        """Ask now for all calls in view."""
        self.refresh_these(self._page.sent_in_view())

    @Slot(object)
    def refresh_these(self, job_ids: tuple[str, ...]) -> None:
        """Ask now for these calls, or say why not."""
        if self._can_answer():
            self._ask(job_ids)
        else:
            sentence = self.tr("The statuses can't be read at the moment. They follow by themselves.")
            self.alert_raised.emit(Alert(Tone.WARNING, sentence, ""))

    def unfinished_in_view(self) -> tuple[str, ...]:
        """The calls in view whose status can still change."""
        statuses = self._state.call_statuses
        return tuple(job_id for job_id in self._page.sent_in_view() if statuses.get(job_id) != _LAST_STATUS)

    def _ask(self, job_ids: tuple[str, ...]) -> None:
        if not job_ids:
            return
        now = monotonic()
        self._asked_at = {job_id: at for job_id, at in self._asked_at.items() if now - at < _INTERVAL}
        self._asked_at |= dict.fromkeys(job_ids, now)
        self._commands.ask_statuses(job_ids)

    def _can_answer(self) -> bool:
        status = self._state.status
        if status is None or not status.online:
            return False
        return status.blocked is None or status.blocked.code in _NOT_THE_REGISTRYS
