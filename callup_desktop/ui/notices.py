"""What the window says about something that just happened. Main thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import CommandRejected, Event, JobChanged, ResumedFromSleep, Snapshot
from callup_desktop.engine.job import Job
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.banner import Banner

_NOTICE_TIMEOUT = 8_000
"""Milliseconds that a notice is shown: enough to read two sentences."""
_REMEDY_TIMEOUT = 10_000
"""Milliseconds that one is shown which the rep can still do something about."""


class Notices(QObject):
    """Shows one notice at a time in its banner: for a while, or until the rep closes it."""

    def __init__(self, banner: Banner, messages: Messages, job_of: Callable[[str], Job | None]) -> None:
        """`job_of` finds the copy of a job by its id."""
        super().__init__(banner)
        self._banner = banner
        self._messages = messages
        self._job_of = job_of
        self._timer = single_shot(self, _NOTICE_TIMEOUT, self.close)
        banner.dismissed.connect(self.close)

    @Slot(object)
    def show(self, alert: Alert) -> None:
        """Show the alert for a while."""
        self._banner.show_alert(alert)
        self._timer.start(_REMEDY_TIMEOUT if alert.remedies else _NOTICE_TIMEOUT)

    def show_until_closed(self, alert: Alert) -> None:
        """Show the alert until the rep closes it or another one replaces it."""
        self._timer.stop()
        self._banner.show_alert(alert)

    @Slot()
    def close(self) -> None:
        """Show no notice."""
        self._timer.stop()
        self._banner.show_alert(None)

    def report(self, event: Event, *, unsent: int) -> None:
        """Say what the event means for the rep, if it means anything; `unsent` calls are on their way."""
        match event:
            case CommandRejected() if event.code is not Rejection.UNKNOWN:
                # UNKNOWN answers another program that asked about a call which is gone.
                job = self._job_of(event.job_id)
                self.show(Alert(Tone.WARNING, self._messages.of_code(event.code), job.path.name if job else ""))
            case ResumedFromSleep() if unsent:
                self.show(Alert(Tone.PLAIN, self._messages.resumed(), ""))
            case JobChanged() if event.relocated_to is not None:
                self.show(Alert(Tone.OK, self._messages.found_again(event.job.path.name), ""))
            case Snapshot() if event.repaired is not None:
                self.show_until_closed(Alert(Tone.WARNING, self._messages.repaired(event.repaired), ""))
            case Snapshot() if event.interrupted:
                self.show_until_closed(Alert(Tone.PLAIN, self._messages.interrupted(), ""))
