"""Which changes deserve a notification: a batch is done, a call needs the rep, a recording is new.

No Qt; main thread.
"""

from dataclasses import dataclass

from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import Tone
from callup_desktop.presentation.view_state import Change, Phase, ViewState, phase_of


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification of the desktop."""

    tone: Tone
    title: str
    text: str


class Notifications(Translatable):
    """Turns changes into notifications; a call that needs the rep is notified once until it moves again.

    A try of the engine's own that fails again is no move.
    """

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages.language)
        self._messages = messages
        self._sent: list[str] = []
        self._notified: set[str] = set()
        self._found: set[str] = set()

    def take(self, changes: list[Change], state: ViewState, *, unsent: int) -> Notification | None:
        """The notification for these changes, or None; `unsent` is the number of calls that are not sent yet."""
        if any(change.reset for change in changes):
            self._notified = {job.id for job in state.jobs.values() if phase_of(job) is Phase.NEEDS_REP}
            self._found = {job.id for job in state.jobs.values() if job.watched}
            self._sent.clear()
            return None
        self._sent += [change.sent.path.name for change in changes if change.sent is not None]
        touched = {job_id for change in changes for job_id in (*change.touched, *change.arrived)}
        return self._needing(touched, state) or self._new(touched, state) or self._done(unsent)

    def _needing(self, touched: set[str], state: ViewState) -> Notification | None:
        jobs = [job for job_id in touched if (job := state.jobs.get(job_id)) is not None]
        needing = [job for job in jobs if phase_of(job) is Phase.NEEDS_REP and job.submitted_at is not None]
        self._notified -= {job.id for job in jobs if phase_of(job) is not Phase.NEEDS_REP and not job.attempts}
        new = [job for job in needing if job.id not in self._notified]
        self._notified |= {job.id for job in new}
        if not new:
            return None
        if len(new) > 1:
            return Notification(Tone.BAD, self.tr("%n calls need you", None, len(new)), "")
        trouble = new[0].trouble
        text = ""
        if trouble is not None:
            text = self._messages.of_call(trouble.code, trouble.params, edit_asked=new[0].awaits_edit)
        return Notification(Tone.BAD, self.tr("{name} needs you").format(name=new[0].path.name), text)

    def _new(self, touched: set[str], state: ViewState) -> Notification | None:
        """Drafts that the watched folder brought, once they are read."""
        jobs = [job for job_id in touched if (job := state.jobs.get(job_id)) is not None]
        new = [job for job in jobs if job.watched and job.recording is not None and job.id not in self._found]
        self._found |= {job.id for job in new}
        if not new:
            return None
        text = self.tr("Add the call details to send it.")
        if len(new) > 1:
            return Notification(Tone.PLAIN, self.tr("%n new recordings", None, len(new)), text)
        return Notification(Tone.PLAIN, self.tr("New recording: {name}").format(name=new[0].path.name), text)

    def _done(self, unsent: int) -> Notification | None:
        if unsent or not self._sent:
            return None
        names, self._sent = self._sent, []
        text = self.tr("They have arrived; the transcripts will begin shortly.")
        if len(names) == 1:
            text = self.tr("{name} has arrived; the transcript will begin shortly.").format(name=names[0])
        return Notification(Tone.OK, self.tr("%n call(s) sent", None, len(names)), text)
