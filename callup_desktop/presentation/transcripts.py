"""Which sent calls wait for their transcript, and the notification when one is there. No Qt; main thread."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.events import Event, JobChanged, SentPage, Statuses
from callup_desktop.engine.job import Job
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.rows import Tone

COMPLETED = "completed"
"""The status of a call whose transcript can be read."""
_AWAITED_FOR = timedelta(hours=24)
"""A transcript that takes longer is not asked for any more, except where its call is in view."""
_MOST_AWAITED = 500


@dataclass(frozen=True, slots=True)
class Awaited:
    """A sent call; `seen` once this program saw it before it was completed, so that its completion is news."""

    name: str
    announced_at: datetime
    seen: bool
    ready: bool = False


class Transcripts(Translatable):
    """Awaits the transcripts of the calls that were sent lately, those of an earlier start too."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages.language)
        self._calls: dict[str, Awaited] = {}

    def awaited(self, now: datetime) -> tuple[str, ...]:
        """The calls whose transcripts are not there yet, newest first."""
        self._calls = {job_id: call for job_id, call in self._calls.items() if now - call.announced_at < _AWAITED_FOR}
        found = [job_id for job_id, call in self._calls.items() if not call.ready]
        return tuple(sorted(found, key=lambda job_id: self._calls[job_id].announced_at, reverse=True)[:_MOST_AWAITED])

    def take(self, event: Event, sent: Job | None) -> Notification | None:
        """The notification for what the event says of transcripts, or None; `sent` is the call that it says is sent."""
        if sent is not None:
            self._await(sent, seen=True)
        match event:
            case JobChanged(gone=True):
                self._calls.pop(event.job.id, None)
            case SentPage(offset=0, search="", order=SentOrder.NEWEST):
                for job in event.jobs:
                    self._await(job, seen=False)
            case Statuses():
                return self._ready(event)
        return None

    def _await(self, job: Job, *, seen: bool) -> None:
        if job.announced_at is not None and job.id not in self._calls:
            self._calls[job.id] = Awaited(job.path.name, job.announced_at, seen)

    def _ready(self, event: Statuses) -> Notification | None:
        known = [(self._calls[job_id], job_id, status) for job_id, status in event.by_call if job_id in self._calls]
        news = [call.name for call, _, status in known if status == COMPLETED and call.seen and not call.ready]
        for call, job_id, status in known:
            self._calls[job_id] = replace(call, seen=True, ready=status == COMPLETED)
        if not news:
            return None
        if len(news) == 1:
            return Notification(Tone.OK, self.tr("The transcript of {name} is ready").format(name=news[0]), "")
        return Notification(Tone.OK, self.tr("%n transcripts are ready", None, len(news)), "")
